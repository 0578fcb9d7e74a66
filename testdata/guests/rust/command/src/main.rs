//! A program of WASI preview 1, in nothing but Rust's standard library. Its first argument says
//! what it does.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::time::{Duration, Instant, SystemTime};

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    match args.get(1).map(String::as_str) {
        Some("env") => environment(&args),
        Some("echo") => echo()?,
        Some("lines") => lines()?,
        Some("sleep") => sleep(args[2].parse().unwrap()),
        Some("exit") => std::process::exit(args[2].parse().unwrap()),
        Some("panic") => panic!("as asked"),
        Some("files") => files(&args[2])?,
        Some("bytes") => bytes(args[2].parse().unwrap())?,
        _ => println!("args {}", args.len()),
    }
    Ok(())
}

/// Prints the arguments, then the environment in order.
fn environment(args: &[String]) {
    println!("{args:?}");
    for (k, v) in std::env::vars().collect::<BTreeMap<_, _>>() {
        println!("{k}={v}");
    }
    assert!(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() > 1_600_000_000);
    eprintln!("done");
}

/// Copies its input.
fn echo() -> io::Result<()> {
    io::copy(&mut io::stdin().lock(), &mut io::stdout().lock())?;
    Ok(())
}

/// Prints each line of its input as soon as it is there, with its number.
fn lines() -> io::Result<()> {
    for (n, line) in io::stdin().lock().lines().enumerate() {
        println!("{n}: {}", line?);
    }
    Ok(())
}

fn sleep(ms: u64) {
    let begin = Instant::now();
    std::thread::sleep(Duration::from_millis(ms));
    assert!(begin.elapsed() >= Duration::from_millis(ms));
    println!("slept");
}

/// Prints n bytes, byte i being i mod 251.
fn bytes(n: usize) -> io::Result<()> {
    let all: Vec<u8> = (0..n).map(|i| (i % 251) as u8).collect();
    io::stdout().write_all(&all)
}

/// Tries what can be done with files below a directory, and prints what it found.
fn files(dir: &str) -> io::Result<()> {
    let at = |name: &str| format!("{dir}/{name}");
    fs::create_dir(at("sub"))?;
    fs::write(at("sub/one"), "first line\n")?;
    OpenOptions::new().append(true).open(at("sub/one"))?.write_all(b"second\n")?;
    println!("read {:?}", fs::read_to_string(at("sub/one"))?);

    let mut f = OpenOptions::new().read(true).write(true).open(at("sub/one"))?;
    f.seek(SeekFrom::End(-7))?;
    let mut rest = String::new();
    f.read_to_string(&mut rest)?;
    println!("end {rest:?} at {}", f.stream_position()?);
    f.seek(SeekFrom::Start(0))?;
    f.write_all(b"FIRST")?;
    f.set_len(10)?;
    f.sync_all()?;
    println!("size {} {:?}", f.metadata()?.len(), fs::read_to_string(at("sub/one"))?);
    println!("before the beginning: {:?}", f.seek(SeekFrom::Current(-100)).unwrap_err().kind());
    drop(f);

    fs::rename(at("sub/one"), at("sub/two"))?;
    fs::hard_link(at("sub/two"), at("sub/three"))?;
    for i in 0..40 {
        File::create(at(&format!("sub/many-{i:02}")))?;
    }
    let mut names: Vec<String> =
        fs::read_dir(at("sub"))?.map(|e| e.map(|e| e.file_name().into_string().unwrap())).collect::<Result<_, _>>()?;
    names.sort();
    println!("{} entries from {} to {}", names.len(), names[0], names[names.len() - 1]);
    println!("links {:?}", fs::metadata(at("sub/two"))?.is_file());
    println!("missing: {:?}", fs::read(at("none")).unwrap_err().kind());
    println!("twice: {:?}", fs::create_dir(at("sub")).unwrap_err().kind());
    println!("full: {:?}", fs::remove_dir(at("sub")).unwrap_err().kind());
    println!("outside: {}", fs::read(at("../../etc/passwd")).is_err());
    fs::remove_dir_all(at("sub"))?;
    println!("gone: {}", fs::metadata(at("sub")).is_err());
    Ok(())
}
