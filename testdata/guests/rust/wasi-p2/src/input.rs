//! Streams that are read, of stdin.

use crate::bindings::wasi::{
    cli::stdin::get_stdin,
    clocks::monotonic_clock::subscribe_duration,
    filesystem::types::filesystem_error_code,
    io::{
        error::Error,
        poll::poll,
        streams::{InputStream, StreamError},
    },
};
use crate::check::{Must, Outcome, done, fails, same, that};
use crate::cli::print;

pub fn read() -> Outcome {
    let input = get_stdin();
    same("blocking-read", text(input.blocking_read(4))?, "0123")?;
    same(
        "blocking-skip",
        input.blocking_skip(3).must("blocking-skip")?,
        3,
    )?;
    // All else is there too, as it came at once.
    same("read", text(input.read(2))?, "78")?;
    same("skip", input.skip(2).must("skip")?, 2)?;
    same("read of nothing", text(input.read(0))?, "")?;
    same("skip of nothing", input.skip(0).must("skip")?, 0)?;
    same(
        "read of too much",
        text(input.blocking_read(u64::MAX))?,
        "bcdef",
    )?;
    input.subscribe().block();
    fails("read at the end", input.read(1), StreamError::Closed)?;
    fails(
        "blocking-read at the end",
        input.blocking_read(1),
        StreamError::Closed,
    )?;
    fails("skip at the end", input.skip(1), StreamError::Closed)?;
    fails(
        "blocking-skip at the end",
        input.blocking_skip(1),
        StreamError::Closed,
    )?;
    that("the end is not ready", input.subscribe().ready())?;
    done()
}

/// Each stream goes on where the others are, whether or not they are still there.
pub fn read_by_turns() -> Outcome {
    let (first, second) = (get_stdin(), get_stdin());
    same("the first", text(first.blocking_read(4))?, "0123")?;
    same("the second", text(second.blocking_read(4))?, "4567")?;
    same("the first again", text(first.blocking_read(2))?, "89")?;
    drop((first, second));
    same("a third", text(get_stdin().blocking_read(2))?, "ab")?;
    same("the rest", rest(&get_stdin())?, "cdef")?;
    fails(
        "read at the end",
        get_stdin().blocking_read(1),
        StreamError::Closed,
    )?;
    done()
}

pub fn wait() -> Outcome {
    let input = get_stdin();
    let (some, never) = (input.subscribe(), subscribe_duration(u64::MAX));
    that("nothing is ready", !some.ready())?;
    same("read", text(input.read(10))?, "")?;
    same("skip", input.skip(10).must("skip")?, 0)?;
    print("waiting")?;
    same("poll", poll(&[&never, &some]), [1])?;
    that("something is not ready", some.ready())?;
    same("read", text(input.read(10))?, "news")?;
    done()
}

pub fn broken_input() -> Outcome {
    let input = get_stdin();
    same("blocking-read", text(input.blocking_read(10))?, "part")?;
    let err = failed("blocking-skip", input.blocking_skip(10))?;
    same("to-debug-string", err.to_debug_string(), "no disk")?;
    same(
        "filesystem-error-code",
        filesystem_error_code(&err).is_none(),
        true,
    )?;
    fails(
        "blocking-read of it again",
        input.blocking_read(1),
        StreamError::Closed,
    )?;
    done()
}

/// What was read, which is text.
pub fn text(read: Result<Vec<u8>, StreamError>) -> Result<String, String> {
    String::from_utf8(read.must("read")?).must("read")
}

/// What is left.
pub fn rest(input: &InputStream) -> Result<String, String> {
    let mut bytes = Vec::new();
    loop {
        match input.blocking_read(1 << 10) {
            Ok(piece) => bytes.extend(piece),
            Err(StreamError::Closed) => return text(Ok(bytes)),
            Err(err) => return Err(format!("read: {err:?}")),
        }
    }
}

/// The error that an operation has failed with, not as the stream was closed.
pub fn failed<T>(what: &str, got: Result<T, StreamError>) -> Result<Error, String> {
    match got {
        Ok(_) => Err(format!("{what} succeeds")),
        Err(StreamError::Closed) => Err(format!("{what}: the stream is closed")),
        Err(StreamError::LastOperationFailed(err)) => Ok(err),
    }
}
