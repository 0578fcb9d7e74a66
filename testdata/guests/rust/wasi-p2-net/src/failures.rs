//! Requests that fail, as a whole or amid a body.

use crate::bindings::wasi::http::outgoing_handler::handle;
use crate::bindings::wasi::http::types::*;
use crate::bindings::wasi::io::streams::StreamError;
use crate::check::{Outcome, ok, same};
use crate::exchanges::{request, wait};
use crate::streams::{read_exactly, write_all};

/// Little enough to wait for, in nanoseconds.
const SOON: Option<u64> = Some(20_000_000);

/// Sends a GET and returns why there is no response.
fn code(url: &str, options: Option<RequestOptions>) -> Outcome {
    match wait(&ok("handle", handle(request(url, &[])?, options))?)? {
        Err(e) => Ok(format!("{e:?}")),
        Ok(r) => Err(format!("there is a response with status {}", r.status())),
    }
}

pub fn failure(url: &str) -> Outcome {
    code(url, None)
}

/// The server does not begin to answer.
pub fn late_head(url: &str) -> Outcome {
    let o = RequestOptions::new();
    ok("set-first-byte", o.set_first_byte_timeout(SOON))?;
    code(url, Some(o))
}

/// The server accepts the connection and does nothing.
pub fn late_handshake(url: &str) -> Outcome {
    let o = RequestOptions::new();
    ok("set-connect", o.set_connect_timeout(SOON))?;
    code(url, Some(o))
}

/// The server sends the beginning of the body, and nothing else. The error of the stream has a
/// code.
pub fn late_body(url: &str) -> Outcome {
    let o = RequestOptions::new();
    ok("set-between-bytes", o.set_between_bytes_timeout(SOON))?;
    let response = wait(&ok("handle", handle(request(url, &[])?, Some(o)))?)?;
    let body = ok("consume", ok("response", response)?.consume())?;
    let stream = ok("stream", body.stream())?;
    same("beginning", read_exactly(&stream, 5)?, b"begin".to_vec())?;
    match stream.blocking_read(1) {
        Err(StreamError::LastOperationFailed(e)) => Ok(format!("{:?}", http_error_code(&e))),
        got => Err(format!("read: {got:?}")),
    }
}

/// A body that is shorter than the request has said cannot be finished, and the request fails.
pub fn short_body(url: &str) -> Outcome {
    let r = request(url, &[("content-length", "10")])?;
    ok("set-method", r.set_method(&Method::Post))?;
    let body = ok("body", r.body())?;
    let future = ok("handle", handle(r, None))?;
    let stream = ok("write", body.write())?;
    write_all(&stream, b"short")?;
    drop(stream);
    let finished = match OutgoingBody::finish(body, None) {
        Err(e) => format!("{e:?}"),
        Ok(()) => return Err("a short body was finished".into()),
    };
    match wait(&future)? {
        Err(e) => same("response", format!("{e:?}"), finished.clone())?,
        Ok(r) => return Err(format!("there is a response with status {}", r.status())),
    }
    Ok(finished)
}
