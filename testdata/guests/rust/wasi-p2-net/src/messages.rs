//! Requests and responses that a guest makes, and the options of requests, without sending any.

use crate::bindings::wasi::http::types::*;
use crate::check::{Outcome, fails, holds, ok, same};
use crate::fields::{frozen, list, make};

pub fn options() -> Outcome {
    let o = RequestOptions::new();
    same("connect", o.connect_timeout(), None)?;
    same("first-byte", o.first_byte_timeout(), None)?;
    same("between-bytes", o.between_bytes_timeout(), None)?;
    for (a, b, c) in [
        (Some(1), Some(2), Some(3)),
        (Some(4), None, Some(u64::MAX)),
        (None, Some(0), None),
    ] {
        ok("set-connect", o.set_connect_timeout(a))?;
        ok("set-first-byte", o.set_first_byte_timeout(b))?;
        ok("set-between-bytes", o.set_between_bytes_timeout(c))?;
        same("connect", o.connect_timeout(), a)?;
        same("first-byte", o.first_byte_timeout(), b)?;
        same("between-bytes", o.between_bytes_timeout(), c)?;
    }
    Ok(String::new())
}

/// The text of a request's parts.
fn parts(r: &OutgoingRequest) -> String {
    format!(
        "{:?} {:?} {:?} {:?}",
        r.method(),
        r.scheme(),
        r.authority(),
        r.path_with_query()
    )
}

pub fn request() -> Outcome {
    let r = OutgoingRequest::new(make(&[("x-a", "1")])?);
    same(
        "a new request",
        parts(&r),
        "Method::Get None None None".into(),
    )?;
    ok("set-method", r.set_method(&Method::Other("BREW".into())))?;
    ok(
        "set-scheme",
        r.set_scheme(Some(&Scheme::Other("coap".into()))),
    )?;
    ok(
        "set-authority",
        r.set_authority(Some("user@example.com:81")),
    )?;
    ok("set-path", r.set_path_with_query(Some("/a?b=c")))?;
    let set = r#"Method::Other("BREW") Some(Scheme::Other("coap")) Some("user@example.com:81") Some("/a?b=c")"#;
    same("what was set", parts(&r), set.into())?;
    fails("set-method", r.set_method(&Method::Other("a b".into())), ())?;
    fails(
        "set-scheme",
        r.set_scheme(Some(&Scheme::Other("1:".into()))),
        (),
    )?;
    for wrong in ["", "a b", "example.com:", "example.com/a"] {
        fails("set-authority", r.set_authority(Some(wrong)), ())?;
    }
    for wrong in ["", "a", "/a b"] {
        fails("set-path", r.set_path_with_query(Some(wrong)), ())?;
    }
    same("what was refused", parts(&r), set.into())?;
    ok("set-method", r.set_method(&Method::Patch))?;
    ok("set-scheme", r.set_scheme(Some(&Scheme::Https)))?;
    ok("set-authority", r.set_authority(None))?;
    ok("set-path", r.set_path_with_query(None))?;
    let reset = "Method::Patch Some(Scheme::Https) None None";
    same("set again", parts(&r), reset.into())?;
    ok("set-scheme", r.set_scheme(None))?;
    holds("no scheme", r.scheme().is_none())?;
    frozen(&r.headers())?;
    same("headers", r.headers().entries(), list(&[("x-a", "1")]))?;
    let body = ok("body", r.body())?;
    fails("body", r.body(), ())?;
    once(body, None)
}

/// The stream of a body is given once. Returns why the message cannot be finished, if it cannot.
fn once(body: OutgoingBody, content: Option<&[u8]>) -> Outcome {
    let stream = ok("write", body.write())?;
    fails("write", body.write(), ())?;
    if let Some(content) = content {
        ok("write", stream.blocking_write_and_flush(content))?;
    }
    drop(stream);
    match OutgoingBody::finish(body, None) {
        Ok(()) => Ok(String::new()),
        Err(e) => Ok(format!("{e:?}")),
    }
}

pub fn response() -> Outcome {
    let r = OutgoingResponse::new(make(&[("content-length", "5")])?);
    same("status-code", r.status_code(), 200)?;
    ok("set-status-code", r.set_status_code(418))?;
    for wrong in [0, 99, 1000] {
        fails("set-status-code", r.set_status_code(wrong), ())?;
    }
    same("status-code", r.status_code(), 418)?;
    frozen(&r.headers())?;
    let length = list(&[("content-length", "5")]);
    same("headers", r.headers().entries(), length)?;
    let body = ok("body", r.body())?;
    fails("body", r.body(), ())?;
    let short = once(body, Some(b"123"))?;
    same(
        "a short body",
        short.as_str(),
        "ErrorCode::HttpResponseBodySize(Some(3))",
    )?;
    Ok(String::new())
}
