//! Requests that are answered.

use crate::bindings::wasi::http::outgoing_handler::handle;
use crate::bindings::wasi::http::types::*;
use crate::check::{Outcome, fails, holds, ok, same};
use crate::fields::{bytes, frozen, make};
use crate::streams::{read_all, write_all};

/// Makes a request for a URL.
pub fn request(url: &str, fields: &[(&str, &str)]) -> Result<OutgoingRequest, String> {
    let (scheme, rest) = url.split_once("://").ok_or("no scheme")?;
    let (authority, path) = rest.split_once('/').ok_or("no path")?;
    let r = OutgoingRequest::new(make(fields)?);
    let scheme = if scheme == "https" {
        Scheme::Https
    } else {
        Scheme::Http
    };
    ok("set-scheme", r.set_scheme(Some(&scheme)))?;
    ok("set-authority", r.set_authority(Some(authority)))?;
    ok("set-path", r.set_path_with_query(Some(&format!("/{path}"))))?;
    Ok(r)
}

/// Waits for the response, or why there is none.
pub fn wait(
    future: &FutureIncomingResponse,
) -> Result<Result<IncomingResponse, ErrorCode>, String> {
    future.subscribe().block();
    let got = future.get().ok_or("ready, but there is no response")?;
    let got = ok("get", got)?;
    let again = future
        .get()
        .ok_or("there was a response, and now there is none")?;
    fails("get once more", again, ())?;
    Ok(got)
}

/// Waits for the trailers after a body.
pub fn trailers(body: IncomingBody) -> Result<Option<Fields>, String> {
    let future = IncomingBody::finish(body);
    future.subscribe().block();
    let got = future.get().ok_or("ready, but there are no trailers")?;
    let got = ok("trailers", ok("get", got)?)?;
    let again = future
        .get()
        .ok_or("there were trailers, and now there are none")?;
    fails("get once more", again, ())?;
    Ok(got)
}

/// Sends a request with body and trailers to a server that answers with fields, the body that it
/// has got and trailers. It does so only when the body has ended.
pub fn exchange(url: &str) -> Outcome {
    let r = request(url, &[("x-a", "1"), ("x-a", "2"), ("trailer", "x-sum")])?;
    ok("set-method", r.set_method(&Method::Post))?;
    let body = ok("body", r.body())?;
    let options = RequestOptions::new();
    let minute = Some(60_000_000_000);
    ok("set-connect", options.set_connect_timeout(minute))?;
    ok("set-first-byte", options.set_first_byte_timeout(minute))?;
    ok(
        "set-between-bytes",
        options.set_between_bytes_timeout(minute),
    )?;
    let future = ok("handle", handle(r, Some(options)))?;
    holds("no response yet", future.get().is_none())?;
    let stream = ok("write", body.write())?;
    write_all(&stream, b"some bytes")?;
    drop(stream);
    let sum = make(&[("x-sum", "10")])?;
    ok("finish", OutgoingBody::finish(body, Some(sum)))?;
    let response = ok("response", wait(&future)?)?;
    same("status", response.status(), 418)?;
    frozen(&response.headers())?;
    same("x-peer", response.headers().get("X-Peer"), bytes(&["yes"]))?;
    received(&response)
}

/// Takes the body of a response, and its trailers.
fn received(response: &IncomingResponse) -> Outcome {
    let body = ok("consume", response.consume())?;
    fails("consume", response.consume(), ())?;
    let stream = ok("stream", body.stream())?;
    fails("stream", body.stream(), ())?;
    let text = String::from_utf8_lossy(&read_all(&stream)?).into_owned();
    drop(stream);
    let fields = trailers(body)?.ok_or("no trailers")?;
    frozen(&fields)?;
    same("trailer", fields.get("x-sum"), bytes(&["7"]))?;
    Ok(text)
}
