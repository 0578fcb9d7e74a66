//! Reads and writes whole streams.

use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::check::ok;

/// All bytes up to the end of a stream.
pub fn read_all(stream: &InputStream) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    loop {
        match stream.blocking_read(1 << 16) {
            Ok(piece) => bytes.extend(piece),
            Err(StreamError::Closed) => return Ok(bytes),
            Err(e) => return Err(format!("after {} bytes: {e:?}", bytes.len())),
        }
    }
}

/// That many bytes of a stream.
pub fn read_exactly(stream: &InputStream, n: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while bytes.len() < n {
        let left = (n - bytes.len()) as u64;
        bytes.extend(ok("blocking-read", stream.blocking_read(left))?);
    }
    Ok(bytes)
}

pub fn write_all(stream: &OutputStream, bytes: &[u8]) -> Result<(), String> {
    for piece in bytes.chunks(4096) {
        ok("write", stream.blocking_write_and_flush(piece))?;
    }
    Ok(())
}
