//! What a guest does with its files through Rust's standard library.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// The lines of an answer.
pub struct Log(pub String);

impl Log {
    pub fn line<T: Debug>(&mut self, what: &str, result: Result<T, impl Debug>) {
        self.0 += &match result {
            Ok(value) => format!("{what}: {value:?}\n"),
            Err(error) => format!("{what}: error {error:?}\n"),
        };
    }

    fn io<T: Debug>(&mut self, what: &str, result: io::Result<T>) {
        self.line(what, result.map_err(|error| error.kind()));
    }
}

pub fn read(path: &str) -> String {
    let mut log = Log(String::new());
    log.io("read", fs::read_to_string(path));
    log.0
}

pub fn size(path: &str) -> String {
    let mut log = Log(String::new());
    log.io("size", fs::read(path).map(|bytes| bytes.len()));
    log.io("metadata", fs::metadata(path).map(|meta| meta.len()));
    log.0
}

pub fn list(path: &str) -> String {
    let mut log = Log(String::new());
    log.io("list", names(path));
    log.0
}

fn names(path: &str) -> io::Result<Vec<String>> {
    let mut names = vec![];
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let kind = if entry.file_type()?.is_dir() { "/" } else { "" };
        names.push(format!("{}{kind}", entry.file_name().to_string_lossy()));
    }
    names.sort();
    Ok(names)
}

/// Changes what is in a folder, which must be empty, in every way that the library has.
pub fn tour(dir: &str) -> String {
    let mut log = Log(String::new());
    let at = |name: &str| Path::new(dir).join(name);
    log.io("write", fs::write(at("a.txt"), "hello"));
    log.io("create new", File::create_new(at("a.txt")).map(drop));
    log.io("append", append(&at("a.txt"), ", world"));
    log.io("read", fs::read_to_string(at("a.txt")));
    log.io("patch", patch(&at("a.txt")));
    log.io("read", fs::read_to_string(at("a.txt")));
    log.io("mkdir", fs::create_dir_all(at("sub/deep")));
    log.io("rename", fs::rename(at("a.txt"), at("sub/deep/b.txt")));
    log.io("link", fs::hard_link(at("sub/deep/b.txt"), at("c.txt")));
    log.io("copy", fs::copy(at("c.txt"), at("d.txt")));
    log.io("list", names(dir));
    log.io("times", times(&at("d.txt")));
    log.io("remove", fs::remove_file(at("c.txt")));
    log.io("rmdir of a full one", fs::remove_dir(at("sub")));
    log.io("remove all", fs::remove_dir_all(at("sub")));
    log.io("outside", fs::read(at("../../etc/passwd")).map(|b| b.len()));
    log.io("list", names(dir));
    log.0
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Writes into the middle, reads back, and cuts.
fn patch(path: &Path) -> io::Result<(String, u64)> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    file.seek(SeekFrom::Start(7))?;
    file.write_all(b"W")?;
    file.seek(SeekFrom::End(-5))?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    file.set_len(8)?;
    Ok((text, file.metadata()?.len()))
}

fn times(path: &Path) -> io::Result<u64> {
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    OpenOptions::new()
        .write(true)
        .open(path)?
        .set_modified(then)?;
    let modified = fs::metadata(path)?.modified()?;
    Ok(modified
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |d| d.as_secs()))
}
