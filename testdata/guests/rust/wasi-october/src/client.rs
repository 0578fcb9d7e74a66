//! Requests that the guest sends.

use crate::bindings::wasi::filesystem::types::filesystem_error_code;
use crate::bindings::wasi::http::outgoing_handler::handle;
use crate::bindings::wasi::http::types::*;
use crate::bindings::wasi::io::poll::poll_one;
use crate::bindings::wasi::io::streams::StreamError;
use crate::check::*;
use crate::http::{lines, read, write};

fn request(method: Method, authority: &str, path: &str) -> OutgoingRequest {
    let headers = Fields::new(&[
        ("x-mine".into(), "yes".into()),
        ("trailer".into(), "x-sum".into()),
    ]);
    OutgoingRequest::new(
        &method,
        Some(path),
        Some(&Scheme::Http),
        Some(authority),
        &headers,
    )
}

fn within(first_byte_ms: u32) -> Option<RequestOptions> {
    Some(RequestOptions {
        connect_timeout_ms: Some(60_000),
        first_byte_timeout_ms: Some(first_byte_ms),
        between_bytes_timeout_ms: Some(60_000),
    })
}

/// Waits for a response, which is there once.
fn response(future: FutureIncomingResponse) -> Result<Result<IncomingResponse, Error>, String> {
    poll_one(&future.subscribe());
    let got = future
        .get()
        .named("future-incoming-response.get")?
        .named("the first time")?;
    let again = future.get().named("get after the response")?;
    ensure("a second response", again.is_err())?;
    Ok(got)
}

pub fn fetch(authority: String, path: String, text: String) -> Outcome {
    let request = request(Method::Put, &authority, &path);
    let body = request.write().named("outgoing-request.write")?;
    ensure("write a second time", request.write().is_err())?;
    let future = handle(request, within(60_000)).named("handle")?;
    // The server waits for the body.
    ensure("get before the body is sent", future.get().is_none())?;
    write(body, &text, "5")?;
    let response = response(future)?.named("a response")?;
    let head = format!("{}\n{}", response.status(), lines(&response.headers()));
    let body = response.consume().named("incoming-response.consume")?;
    ensure("consume a second time", response.consume().is_err())?;
    let (body, trailers) = read(body)?;
    Ok(format!("{head}{body}\n{}", lines(&trailers)))
}

pub fn denied(authority: String) -> Outcome {
    match handle(request(Method::Get, &authority, "/"), None) {
        Err(e) => Ok(format!("{e:?}")),
        Ok(future) => Ok(format!("{:?}", response(future)?.err().named("an error")?)),
    }
}

pub fn late(authority: String) -> Outcome {
    let future = handle(request(Method::Get, &authority, "/late"), within(1)).named("handle")?;
    let error = response(future)?.err().named("an error")?;
    Ok(format!("{error:?}"))
}

/// Returns the body of a response to a request without one.
fn get(authority: &str, path: &str) -> Result<IncomingBody, String> {
    let future = handle(request(Method::Get, authority, path), None).named("handle")?;
    let response = response(future)?.named("a response")?;
    response.consume().named("incoming-response.consume")
}

pub fn broken(authority: String) -> Outcome {
    let body = get(&authority, "/broken")?;
    let stream = body.stream().named("incoming-body.stream")?;
    let mut bytes = Vec::new();
    let end = loop {
        match stream.blocking_read(1 << 16) {
            Ok(piece) => bytes.extend(piece),
            Err(e) => break e,
        }
    };
    want("what has come", bytes, b"half")?;
    let StreamError::LastOperationFailed(e) = end else {
        return Err("the body ends as if it were whole".into());
    };
    want(
        "filesystem-error-code",
        filesystem_error_code(&e),
        None::<()>,
    )?;
    drop(stream);
    let future = IncomingBody::finish(body);
    poll_one(&future.subscribe());
    let error = future
        .get()
        .named("future-trailers.get")?
        .err()
        .named("an error")?;
    Ok(format!("{error:?}"))
}

/// Ends the guest.
pub fn trailers_twice(authority: String) -> Outcome {
    let future = IncomingBody::finish(get(&authority, "/short")?);
    poll_one(&future.subscribe());
    future
        .get()
        .named("future-trailers.get")?
        .named("trailers")?;
    future.get();
    Err("the guest goes on".into())
}
