//! Streams that are written to.

use crate::bindings::wasi::{
    cli::{stderr::get_stderr, stdout::get_stdout},
    filesystem::types::{DescriptorFlags, ErrorCode, OpenFlags, filesystem_error_code},
    io::streams::{OutputStream, StreamError},
};
use crate::check::{Must, Outcome, done, fails, same, that};
use crate::files::{folder, open_in};
use crate::input::failed;

pub fn write() -> Outcome {
    let out = get_stdout();
    that("room for six bytes", room(&out)? >= 6)?;
    out.write(b"one").must("write")?;
    out.write_zeroes(3).must("write-zeroes")?;
    out.flush().must("flush")?;
    let ready = out.subscribe();
    ready.block();
    that("ready after block", ready.ready())?;
    drop(ready); // as the stream may not be dropped before it
    that("room after flush", room(&out)? > 0)?;
    out.blocking_write_and_flush(b"two")
        .must("blocking-write-and-flush")?;
    out.blocking_write_zeroes_and_flush(2)
        .must("blocking-write-zeroes-and-flush")?;
    that("room for five bytes", room(&out)? >= 5)?;
    out.write(b"three").must("write")?;
    out.blocking_flush().must("blocking-flush")?;
    get_stderr()
        .blocking_write_and_flush(b"to stderr")
        .must("stderr")?;
    done()
}

pub fn write_by_turns() -> Outcome {
    for letter in b'a'..=b'h' {
        let out = get_stdout();
        that("room for a byte", room(&out)? >= 1)?;
        out.write(&[letter]).must("write")?;
    }
    get_stdout().blocking_flush().must("blocking-flush")?;
    done()
}

fn room(out: &OutputStream) -> Result<u64, String> {
    out.check_write().must("check-write")
}

pub fn broken_output() -> Outcome {
    let out = get_stdout();
    fails(
        "a write to what is closed",
        out.blocking_write_and_flush(b"x"),
        StreamError::Closed,
    )?;
    fails("check-write", out.check_write(), StreamError::Closed)?;
    fails("flush", out.flush(), StreamError::Closed)?;
    that("closed and not ready", out.subscribe().ready())?;

    let out = get_stderr();
    let err = failed("a write that fails", out.blocking_write_zeroes_and_flush(1))?;
    same("to-debug-string", err.to_debug_string(), "no disk")?;
    same(
        "filesystem-error-code",
        filesystem_error_code(&err).is_none(),
        true,
    )?;
    fails(
        "blocking-flush after it",
        out.blocking_flush(),
        StreamError::Closed,
    )?;
    done()
}

pub fn splice() -> Outcome {
    let dir = folder("splice")?;
    let from = open_in(&dir, "from", OpenFlags::empty(), DescriptorFlags::READ)?;
    let to = open_in(&dir, "to", OpenFlags::CREATE, DescriptorFlags::WRITE)?;
    let src = from.read_via_stream(2).must("read-via-stream")?;
    let dst = to.write_via_stream(0).must("write-via-stream")?;
    same(
        "blocking-splice",
        dst.blocking_splice(&src, 3).must("blocking-splice")?,
        3,
    )?;
    src.subscribe().block();
    dst.subscribe().block();
    same("splice", dst.splice(&src, 2).must("splice")?, 2)?;
    same("splice of nothing", dst.splice(&src, 0).must("splice")?, 0)?;
    same("skip", src.blocking_skip(1).must("blocking-skip")?, 1)?;
    same(
        "splice of all",
        dst.blocking_splice(&src, u64::MAX)
            .must("blocking-splice")?,
        2,
    )?;
    fails(
        "blocking-splice at the end",
        dst.blocking_splice(&src, 1),
        StreamError::Closed,
    )?;
    fails(
        "splice at the end",
        dst.splice(&src, 1),
        StreamError::Closed,
    )?;
    // It was the other stream that was closed.
    dst.blocking_write_and_flush(b"!")
        .must("blocking-write-and-flush")?;
    done()
}

pub fn stream_errors() -> Outcome {
    let dir = folder("stream-errors")?;
    let both = DescriptorFlags::READ | DescriptorFlags::WRITE;
    let file = open_in(&dir, "file", OpenFlags::CREATE, both)?;
    let out = file.write_via_stream(u64::MAX).must("write-via-stream")?;
    let err = failed(
        "a write behind all files",
        out.blocking_write_and_flush(b"x"),
    )?;
    same(
        "filesystem-error-code",
        filesystem_error_code(&err),
        Some(ErrorCode::FileTooLarge),
    )?;
    same("to-debug-string", err.to_debug_string(), "file-too-large")?;
    let input = file.read_via_stream(u64::MAX).must("read-via-stream")?;
    let err = failed("a read behind all files", input.blocking_read(1))?;
    same(
        "filesystem-error-code",
        filesystem_error_code(&err),
        Some(ErrorCode::Invalid),
    )?;
    done()
}
