//! Streams, of files: what is done with them in other places is not repeated here.

use crate::bindings::wasi::filesystem::types::{self as files, DescriptorFlags};
use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::check::*;
use crate::files::{contents, create, open};

/// Opens the file with the ten digits for reading.
fn digits(from: u64) -> Result<InputStream, String> {
    let file = open("digits.txt", DescriptorFlags::READ)?;
    file.read_via_stream(from).named("read-via-stream")
}

/// Opens a new file for writing.
fn sink(path: &str, from: u64) -> Result<OutputStream, String> {
    create(path)?
        .write_via_stream(from)
        .named("write-via-stream")
}

pub fn input() -> Outcome {
    let s = digits(1)?;
    gives("blocking-read", s.blocking_read(2), b"12")?;
    s.subscribe().block();
    gives("read", s.read(2), b"34")?;
    gives("read of nothing", s.read(0), b"")?;
    s.subscribe().block();
    gives("skip", s.skip(1), 1)?;
    gives("blocking-skip", s.blocking_skip(2), 2)?;
    gives("what follows", s.blocking_read(100), b"89")?;
    fails(
        "blocking-read at the end",
        s.blocking_read(1),
        StreamError::Closed,
    )?;
    s.subscribe().block(); // the end does not have to be waited for
    fails("read after the end", s.read(1), StreamError::Closed)?;
    fails("skip after the end", s.skip(1), StreamError::Closed)?;
    fails(
        "blocking-skip after the end",
        s.blocking_skip(1),
        StreamError::Closed,
    )?;
    Ok(String::new())
}

/// Waits until bytes can be written, and returns how many.
fn room(s: &OutputStream) -> Result<u64, String> {
    s.subscribe().block();
    let n = s.check_write().named("check-write")?;
    ensure("check-write once the stream is ready", n > 0)?;
    Ok(n)
}

pub fn output() -> Outcome {
    let s = sink("output", 2)?;
    room(&s)?;
    s.write(b"ab").named("write")?;
    s.flush().named("flush")?;
    room(&s)?;
    s.write_zeroes(3).named("write-zeroes")?;
    s.blocking_flush().named("blocking-flush")?;
    want("what is flushed", contents("output")?, b"\0\0ab\0\0\0")?;
    s.blocking_write_and_flush(b"cd")
        .named("blocking-write-and-flush")?;
    s.blocking_write_zeroes_and_flush(2)
        .named("blocking-write-zeroes-and-flush")?;
    want("the file", contents("output")?, b"\0\0ab\0\0\0cd\0\0")?;
    Ok(String::new())
}

pub fn moving() -> Outcome {
    let s = sink("moving", 0)?;
    let src = digits(0)?;
    src.subscribe().block();
    room(&s)?;
    gives("splice", s.splice(&src, 4), 4)?;
    gives("blocking-splice", s.blocking_splice(&src, 3), 3)?;
    s.blocking_flush().named("blocking-flush")?;
    gives("the rest of the source", src.blocking_read(100), b"789")?;
    want("the file", contents("moving")?, b"0123456")?;
    let past = digits(10)?;
    fails("the end", past.blocking_read(1), StreamError::Closed)?;
    fails(
        "splice of what has ended",
        s.splice(&past, 1),
        StreamError::Closed,
    )?;
    Ok(String::new())
}

/// Reads where no file has bytes.
pub fn failing() -> Outcome {
    let s = digits(u64::MAX)?;
    let Err(StreamError::LastOperationFailed(e)) = s.blocking_read(1) else {
        return Err("blocking-read does not fail".into());
    };
    let code = files::filesystem_error_code(&e);
    want(
        "filesystem-error-code",
        code,
        Some(files::ErrorCode::Invalid),
    )?;
    fails("after a failure", s.blocking_read(1), StreamError::Closed)?;
    Ok(e.to_debug_string())
}
