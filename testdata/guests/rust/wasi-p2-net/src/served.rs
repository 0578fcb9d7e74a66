//! Requests that the guest serves.

use crate::Net;
use crate::bindings::exports::wasi::http::incoming_handler::Guest;
use crate::bindings::wasi::http::types::*;
use crate::check::{fails, ok};
use crate::exchanges::trailers;
use crate::fields::{frozen, make};
use crate::streams::{read_all, write_all};

impl Guest for Net {
    /// Answers with what it sees of the request. The path /fail gets an error in place of a
    /// response, /empty a response without a body.
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        match request.path_with_query().as_deref() {
            Some("/fail") => {
                let code = ErrorCode::InternalError(Some("as was asked for".into()));
                return ResponseOutparam::set(out, Err(code));
            }
            Some("/empty") => return ResponseOutparam::set(out, Ok(respond(204).unwrap())),
            _ => {}
        }
        let (status, text) = match seen(&request) {
            Ok(text) => (203, text),
            Err(text) => (500, text),
        };
        let response = respond(status).unwrap();
        let body = response.body().unwrap();
        ResponseOutparam::set(out, Ok(response));
        let stream = body.write().unwrap();
        write_all(&stream, text.as_bytes()).unwrap();
        drop(stream);
        let sum = make(&[("x-length", &text.len().to_string())]).unwrap();
        OutgoingBody::finish(body, Some(sum)).unwrap();
    }
}

fn respond(status: u16) -> Result<OutgoingResponse, String> {
    let response = OutgoingResponse::new(make(&[
        ("x-guest", "wasi-p2-net"),
        ("trailer", "x-length"),
    ])?);
    ok("set-status-code", response.set_status_code(status))?;
    Ok(response)
}

/// Request line, fields, body and trailers of a request.
fn seen(r: &IncomingRequest) -> Result<String, String> {
    let mut text = format!(
        "{:?} {:?} {:?} {:?}\n",
        r.method(),
        r.scheme(),
        r.authority(),
        r.path_with_query()
    );
    frozen(&r.headers())?;
    text += &lines(&r.headers());
    let body = ok("consume", r.consume())?;
    fails("consume", r.consume(), ())?;
    let stream = ok("stream", body.stream())?;
    fails("stream", body.stream(), ())?;
    text += &format!("\n{}\n", String::from_utf8_lossy(&read_all(&stream)?));
    drop(stream);
    match trailers(body)? {
        None => text += "no trailers\n",
        Some(fields) => {
            frozen(&fields)?;
            text += &lines(&fields);
        }
    }
    Ok(text)
}

fn lines(fields: &Fields) -> String {
    let line =
        |(name, value): &(String, Vec<u8>)| format!("{name}: {}\n", String::from_utf8_lossy(value));
    fields.entries().iter().map(line).collect()
}
