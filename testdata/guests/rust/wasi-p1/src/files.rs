//! What can be done with descriptors.

use crate::check::*;
use crate::sys::*;
use crate::{fails, must};

/// The descriptor of the only folder.
pub const DIR: u32 = 3;

// How a file is opened.
pub const CREATE: u32 = 1;
const DIRECTORY: u32 = 2;
pub const EXCLUSIVE: u32 = 4;

/// Opens a file to read and write it.
pub fn open(path: &str, how: u32) -> Result<u32, String> {
    open_with(path, how, u64::MAX >> 35)
}

/// Opens a folder to list it.
pub fn open_dir(path: &str) -> Result<u32, String> {
    open_with(path, DIRECTORY, 1 << 14)
}

fn open_with(path: &str, how: u32, rights: u64) -> Result<u32, String> {
    let (text, len, mut fd) = (path.as_ptr(), path.len(), 0);
    must!(path_open(
        DIR, 0, text, len, how, rights, rights, 0, &mut fd
    ));
    Ok(fd)
}

fn write(fd: u32, text: &str) -> Outcome {
    let (first, rest) = text.split_at(1); // in two parts
    let parts = [
        Part(first.as_ptr(), first.len()),
        Part(rest.as_ptr(), rest.len()),
    ];
    let mut n = 0;
    must!(fd_write(fd, parts.as_ptr(), 2, &mut n));
    same("bytes written", n as usize, text.len())
}

fn read(fd: u32, max: usize) -> Result<String, String> {
    let (mut buf, mut n) = (vec![0u8; max], 0);
    must!(fd_read(fd, &Part(buf.as_mut_ptr(), max), 1, &mut n));
    buf.truncate(n as usize);
    String::from_utf8(buf).map_err(|e| e.to_string())
}

fn tell(fd: u32) -> Result<u64, String> {
    let mut at = 0;
    must!(fd_tell(fd, &mut at));
    Ok(at)
}

fn stat(fd: u32) -> Result<[u8; 64], String> {
    let mut s = [0; 64];
    must!(fd_filestat_get(fd, s.as_mut_ptr()));
    Ok(s)
}

fn size(fd: u32) -> Result<u64, String> {
    Ok(u64_at(&stat(fd)?, 32))
}

/// Leaves "Jell!" in file.
pub fn files() -> Outcome {
    let f = open("file", CREATE | EXCLUSIVE)?;
    write(f, "hello world")?;
    same("fd_tell", tell(f)?, 11)?;
    let mut at = 0;
    must!(fd_seek(f, -5, 2, &mut at));
    same("fd_seek", at, 6)?;
    same("fd_read", read(f, 100)?, "world")?;
    same("fd_read at the end", read(f, 100)?, "")?;
    fails!(INVAL, fd_seek(f, -1, 0, &mut at));
    let (mut buf, mut n) = ([0u8; 5], 0);
    must!(fd_pread(f, &Part(buf.as_mut_ptr(), 5), 1, 6, &mut n));
    same("fd_pread", (&buf, n), (b"world", 5))?;
    must!(fd_pwrite(f, &Part(b"J".as_ptr(), 1), 1, 0, &mut n));
    same("fd_tell as before", (tell(f)?, n), (11, 1))?;
    must!(fd_allocate(f, 10, 10));
    same("size with what was allocated", size(f)?, 20)?;
    must!(fd_allocate(f, 0, 1));
    same("size not made less", size(f)?, 20)?;
    fails!(INVAL, fd_allocate(f, 0, 0));
    must!(fd_filestat_set_size(f, 4));
    same("size that was set", size(f)?, 4)?;
    must!(fd_fdstat_set_flags(f, 1)); // append
    must!(fd_seek(f, 0, 0, &mut at));
    write(f, "!!")?;
    same("size with what was appended", size(f)?, 6)?;
    must!(fd_filestat_set_size(f, 5));
    must!(fd_advise(f, 0, 0, 2));
    fails!(INVAL, fd_advise(f, 0, 0, 9));
    must!(fd_datasync(f));
    must!(fd_sync(f));
    must!(fd_close(f));
    fails!(BADF, fd_close(f));
    Ok(())
}

/// Leaves a file with times of its own.
pub fn descriptors() -> Outcome {
    let mut prestat = [1; 2];
    must!(fd_prestat_get(DIR, prestat.as_mut_ptr()));
    same("fd_prestat_get", prestat[1], 5)?;
    let mut name = [0u8; 5];
    must!(fd_prestat_dir_name(DIR, name.as_mut_ptr(), 5));
    same("fd_prestat_dir_name", &name, b"/data")?;
    fails!(BADF, fd_prestat_get(4, prestat.as_mut_ptr()));

    let (one, two) = (open("times", CREATE)?, open("other", CREATE)?);
    must!(fd_filestat_set_times(
        one,
        5_000_000_000,
        7_000_000_000,
        1 | 4
    ));
    let s = stat(one)?;
    same(
        "times",
        (u64_at(&s, 40), u64_at(&s, 48)),
        (5_000_000_000, 7_000_000_000),
    )?;
    fails!(INVAL, fd_filestat_set_times(one, 0, 0, 1 | 2)); // as given and as it is
    let mut fdstat = [0u8; 24];
    must!(fd_fdstat_get(one, fdstat.as_mut_ptr()));
    same("kind and flags", (fdstat[0], fdstat[2]), (4, 0))?;
    must!(fd_fdstat_set_flags(one, 1));
    must!(fd_fdstat_get(one, fdstat.as_mut_ptr()));
    same("flags that were set", fdstat[2], 1)?;
    fails!(INVAL, fd_fdstat_set_flags(one, 1 << 7));
    fails!(NOTSUP, fd_fdstat_set_rights(one, 0, 0));
    must!(fd_renumber(one, two));
    same(
        "what was renumbered",
        u64_at(&stat(two)?, 48),
        7_000_000_000,
    )?;
    fails!(BADF, fd_filestat_get(one, [0u8; 64].as_mut_ptr()));
    must!(fd_close(two));
    Ok(())
}
