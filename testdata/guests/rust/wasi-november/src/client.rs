//! Requests that the guest sends.

use crate::bindings::wasi::filesystem::types::filesystem_error_code;
use crate::bindings::wasi::http::outgoing_handler::handle;
use crate::bindings::wasi::http::types::*;
use crate::bindings::wasi::io::streams::StreamError;
use crate::check::*;
use crate::http::{lines, make, read, write};

/// Makes a request, and sees that it is as it was made.
fn request(method: Method, authority: &str, path: &str) -> Result<OutgoingRequest, String> {
    let r = OutgoingRequest::new(make(&[("x-mine", "yes"), ("trailer", "x-sum")]));
    want("the usual method", r.method(), Method::Get)?;
    let rest = (r.scheme(), r.authority(), r.path_with_query());
    want("the usual rest", rest, (None::<()>, None::<()>, None::<()>))?;
    r.set_method(&method).named("set-method")?;
    r.set_scheme(Some(&Scheme::Http)).named("set-scheme")?;
    r.set_authority(Some(authority)).named("set-authority")?;
    r.set_path_with_query(Some(path))
        .named("set-path-with-query")?;
    want("method", r.method(), method)?;
    want("scheme", r.scheme(), Some(Scheme::Http))?;
    want("authority", r.authority(), Some(authority))?;
    want("path-with-query", r.path_with_query(), Some(path))?;
    want("headers", r.headers().get("x-mine"), [b"yes"])?;
    ensure(
        "no method",
        r.set_method(&Method::Other("a b".into())).is_err(),
    )?;
    ensure(
        "no scheme",
        r.set_scheme(Some(&Scheme::Other("1:".into()))).is_err(),
    )?;
    ensure("no authority", r.set_authority(Some("a b")).is_err())?;
    ensure("no path", r.set_path_with_query(Some("a b")).is_err())?;
    Ok(r)
}

const MINUTE: u64 = 60_000_000_000;

/// Makes options with times in nanoseconds, whatever their names say.
fn within(first_byte: u64) -> Result<RequestOptions, String> {
    let o = RequestOptions::new();
    want("no connect-timeout", o.connect_timeout_ms(), None::<()>)?;
    o.set_connect_timeout_ms(Some(MINUTE))
        .named("set-connect-timeout-ms")?;
    o.set_first_byte_timeout_ms(Some(first_byte))
        .named("set-first-byte-timeout-ms")?;
    o.set_between_bytes_timeout_ms(Some(MINUTE + 1))
        .named("set-between-bytes-timeout-ms")?;
    want("connect-timeout-ms", o.connect_timeout_ms(), Some(MINUTE))?;
    want(
        "first-byte-timeout-ms",
        o.first_byte_timeout_ms(),
        Some(first_byte),
    )?;
    want(
        "between-bytes-timeout-ms",
        o.between_bytes_timeout_ms(),
        Some(MINUTE + 1),
    )?;
    Ok(o)
}

/// Waits for a response, which is there once.
fn response(future: FutureIncomingResponse) -> Result<Result<IncomingResponse, ErrorCode>, String> {
    future.subscribe().block();
    let got = future
        .get()
        .named("future-incoming-response.get")?
        .named("the first time")?;
    let again = future.get().named("get after the response")?;
    ensure("a second response", again.is_err())?;
    Ok(got)
}

pub fn fetch(authority: String, path: String, text: String) -> Outcome {
    let request = request(Method::Put, &authority, &path)?;
    let body = request.body().named("outgoing-request.body")?;
    ensure("body a second time", request.body().is_err())?;
    let future = handle(request, Some(within(MINUTE)?)).named("handle")?;
    // The server waits for the body.
    ensure("get before the body is sent", future.get().is_none())?;
    write(body, &text, "5")?;
    let response = response(future)?.named("a response")?;
    let head = format!("{}\n{}", response.status(), lines(&response.headers()));
    let body = response.consume().named("incoming-response.consume")?;
    ensure("consume a second time", response.consume().is_err())?;
    let (body, trailers) = read(body)?;
    Ok(format!("{head}{body}\n{}", trailers))
}

pub fn denied(authority: String) -> Outcome {
    match handle(request(Method::Get, &authority, "/")?, None) {
        Err(e) => Ok(format!("{e:?}")),
        Ok(future) => Ok(format!("{:?}", response(future)?.err().named("an error")?)),
    }
}

pub fn late(authority: String) -> Outcome {
    let future = handle(
        request(Method::Get, &authority, "/late")?,
        Some(within(1_000_000)?),
    )
    .named("handle")?;
    let error = response(future)?.err().named("an error")?;
    Ok(format!("{error:?}"))
}

/// Returns the body of a response to a request without one.
fn get(authority: &str, path: &str) -> Result<IncomingBody, String> {
    let future = handle(request(Method::Get, authority, path)?, None).named("handle")?;
    let response = response(future)?.named("a response")?;
    response.consume().named("incoming-response.consume")
}

/// Waits for the trailers of a body.
fn trailers(body: IncomingBody) -> Result<FutureTrailers, String> {
    let future = IncomingBody::finish(body);
    future.subscribe().block();
    Ok(future)
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
    let code = http_error_code(&e).named("http-error-code")?;
    drop(stream);
    let got = trailers(body)?.get().named("future-trailers.get")?;
    want("http-error-code", code, got.err().named("an error")?)?;
    incomplete()
}

/// Returns why a body of fewer bytes than its header says cannot be finished.
fn incomplete() -> Outcome {
    let request = OutgoingRequest::new(make(&[("content-length", "5")]));
    let body = request.body().named("outgoing-request.body")?;
    let stream = body.write().named("outgoing-body.write")?;
    stream.write(b"").named("writing nothing")?;
    drop(stream);
    let finished = OutgoingBody::finish(body, None);
    Ok(format!("{:?}", finished.err().named("an error")?))
}

/// Returns what is said to trailers that were taken.
pub fn trailers_twice(authority: String) -> Outcome {
    let future = trailers(get(&authority, "/short")?)?;
    let first = future
        .get()
        .named("future-trailers.get")?
        .named("trailers")?;
    ensure("there are none", first.is_none())?;
    let again = future.get().named("future-trailers.get again")?;
    Ok(format!("{:?}", again.err().named("an error")?))
}
