//! Serves requests on the snapshot of WASI of November 2023, by bindings of its own: sends the body of
//! each to the URL in its query, and answers what the server there does, with its trailers.

#[allow(unused)]
mod bindings {
    wit_bindgen::generate!({ world: "november", path: "wit", generate_all });
}

use bindings::exports::wasi::http::incoming_handler::Guest;
use bindings::wasi::http::outgoing_handler;
use bindings::wasi::http::types::*;

struct November;

impl Guest for November {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = request.path_with_query().unwrap_or_default();
        let (_, url) = target.split_once('?').unwrap_or_default();
        let (status, text) = match fetch(url, &read(request.consume().unwrap())) {
            Ok(text) => (200, text),
            Err(code) => (502, format!("{code:?}")),
        };
        let fields = Fields::new();
        fields.append("x-guest", b"november").unwrap();
        let response = OutgoingResponse::new(fields);
        response.set_status_code(status).unwrap();
        let body = response.body().unwrap();
        ResponseOutparam::set(out, Ok(response));
        write(body, text.as_bytes());
    }
}

/// Sends a body and returns the response as text.
fn fetch(url: &str, body: &[u8]) -> Result<String, ErrorCode> {
    let (authority, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let request = OutgoingRequest::new(Fields::new());
    request.set_method(&Method::Post).unwrap();
    request.set_scheme(Some(&Scheme::Http)).unwrap();
    request.set_authority(Some(authority)).unwrap();
    request
        .set_path_with_query(Some(&format!("/{path}")))
        .unwrap();
    let options = RequestOptions::new();
    // Nanoseconds, whatever the name says.
    options
        .set_connect_timeout_ms(Some(60_000_000_000))
        .unwrap();
    options
        .set_first_byte_timeout_ms(Some(60_000_000_000))
        .unwrap();
    let mut text = format!("within {:?}\n", options.first_byte_timeout_ms());
    let out = request.body().unwrap();
    let future = outgoing_handler::handle(request, Some(options))?;
    write(out, body);
    future.subscribe().block();
    let response = future.get().unwrap().unwrap()?;
    text += &format!("{}\n", response.status());
    text += &lines(&response.headers());
    let body = response.consume().unwrap();
    let stream = body.stream().unwrap();
    let mut bytes = Vec::new();
    while let Ok(piece) = stream.blocking_read(1 << 16) {
        bytes.extend(piece);
    }
    drop(stream);
    text += &String::from_utf8_lossy(&bytes);
    let trailers = IncomingBody::finish(body);
    trailers.subscribe().block();
    if let Some(fields) = trailers.get().unwrap()? {
        text += &format!("\n{}", lines(&fields));
    }
    Ok(text)
}

/// Names and values, a line each.
fn lines(fields: &Fields) -> String {
    let list = fields.entries();
    list.iter()
        .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value)))
        .collect()
}

fn read(body: IncomingBody) -> Vec<u8> {
    let stream = body.stream().unwrap();
    let mut bytes = Vec::new();
    while let Ok(piece) = stream.blocking_read(1 << 16) {
        bytes.extend(piece);
    }
    bytes
}

fn write(body: OutgoingBody, bytes: &[u8]) {
    let stream = body.write().unwrap();
    for piece in bytes.chunks(4096) {
        stream.blocking_write_and_flush(piece).unwrap();
    }
    drop(stream);
    OutgoingBody::finish(body, None).unwrap();
}

bindings::export!(November with_types_in bindings);
