//! Fields, bodies and requests that the guest serves.

use crate::bindings::wasi::http::types::*;
use crate::bindings::wasi::io::streams::StreamError;
use crate::check::*;

/// Makes fields of names and values.
pub fn make(list: &[(&str, &str)]) -> Fields {
    let list: Vec<_> = list
        .iter()
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    Fields::from_list(&list).unwrap()
}

pub fn fields() -> Outcome {
    let f = make(&[("a", "1"), ("b", "2"), ("A", "3")]);
    want("get", f.get("a"), ["1", "3"].map(str::as_bytes))?;
    want("get of a name without values", f.get("c"), [b""; 0])?;
    f.append("c", b"4").named("append")?;
    f.append("C", b"5").named("append")?;
    want("append", f.get("c"), ["4", "5"].map(str::as_bytes))?;
    let copy = f.clone();
    f.set("c", &[b"6".to_vec()]).named("set")?;
    want("set", f.get("c"), [b"6"])?;
    f.delete("a").named("delete")?;
    want("delete", lines(&f), "b: 2\nc: 6\n")?;
    want("clone", lines(&copy), "a: 1\na: 3\nb: 2\nc: 4\nc: 5\n")?;
    copy.set("b", &[]).named("set")?;
    want("set to nothing", copy.get("b"), [b""; 0])?;
    want("the other", f.get("b"), [b"2"])?;
    let new = Fields::new();
    want("new fields", lines(&new), "")?;
    fails(
        "append",
        new.append("no name", b""),
        HeaderError::InvalidSyntax,
    )?;
    fails(
        "set",
        new.set("a", &[b"\n".to_vec()]),
        HeaderError::InvalidSyntax,
    )?;
    fails("delete", new.delete("no name"), HeaderError::InvalidSyntax)?;
    let list = [("no name".to_string(), Vec::new())];
    fails(
        "from-list",
        Fields::from_list(&list),
        HeaderError::InvalidSyntax,
    )?;
    let request = OutgoingRequest::new(new);
    let frozen = request.headers().append("a", b"1");
    fails("append to what has gone", frozen, HeaderError::Immutable)?;
    Ok(String::new())
}

/// Names and values in order, a line each.
pub fn lines(fields: &Fields) -> String {
    let line = |(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value));
    let list = fields.entries();
    let mut list: Vec<_> = list
        .iter()
        .map(|(name, value)| line((name, value)))
        .collect();
    list.sort();
    list.concat()
}

/// Reads a body to its end, and returns its trailers too.
pub fn read(body: IncomingBody) -> Result<(String, String), String> {
    let stream = body.stream().named("incoming-body.stream")?;
    ensure("stream a second time", body.stream().is_err())?;
    let mut bytes = Vec::new();
    let end = loop {
        match stream.blocking_read(1 << 16) {
            Ok(piece) => bytes.extend(piece),
            Err(e) => break e,
        }
    };
    want("the end of a body", end, StreamError::Closed)?;
    drop(stream);
    let future = IncomingBody::finish(body);
    future.subscribe().block();
    let trailers = future
        .get()
        .named("future-trailers.get")?
        .named("trailers")?;
    let trailers = trailers.map(|t| lines(&t)).unwrap_or_default();
    Ok((String::from_utf8_lossy(&bytes).into(), trailers))
}

/// Writes a body, with a trailer.
pub fn write(body: OutgoingBody, text: &str, trailer: &str) -> Result<(), String> {
    let stream = body.write().named("outgoing-body.write")?;
    ensure("write a second time", body.write().is_err())?;
    for piece in text.as_bytes().chunks(4096) {
        stream
            .blocking_write_and_flush(piece)
            .named("writing a body")?;
    }
    drop(stream);
    let trailers = make(&[("x-sum", trailer)]);
    OutgoingBody::finish(body, Some(trailers)).named("outgoing-body.finish")
}

/// Answers a request with what is in it, except at /fail.
pub fn serve(request: IncomingRequest, out: ResponseOutparam) {
    if request.path_with_query().as_deref() == Some("/fail") {
        let code = ErrorCode::InternalError(Some("as it was asked to".into()));
        return ResponseOutparam::set(out, Err(code));
    }
    let text = describe(request).unwrap_or_else(|text| format!("wrong: {text}"));
    let (response, trailer) = match respond() {
        Ok(response) => (response, "7"),
        Err(_) => (OutgoingResponse::new(Fields::new()), "8"),
    };
    let body = response.body().unwrap();
    let again = response.body().is_err();
    ResponseOutparam::set(out, Ok(response));
    write(body, &text, if again { trailer } else { "9" }).unwrap();
}

fn respond() -> Result<OutgoingResponse, String> {
    let response =
        OutgoingResponse::new(make(&[("x-guest", "wasi-november"), ("trailer", "x-sum")]));
    want(
        "headers",
        response.headers().get("x-guest"),
        [b"wasi-november"],
    )?;
    want("status-code", response.status_code(), 200)?;
    response.set_status_code(203).named("set-status-code")?;
    want("status-code", response.status_code(), 203)?;
    ensure(
        "set-status-code to none",
        response.set_status_code(1).is_err(),
    )?;
    Ok(response)
}

fn describe(request: IncomingRequest) -> Outcome {
    let mut text = format!("{:?} {:?}\n", request.method(), request.scheme());
    text += &format!(
        "{:?} {:?}\n",
        request.authority(),
        request.path_with_query()
    );
    text += &lines(&request.headers());
    let frozen = request.headers().delete("x-mine");
    fails("delete of what has come", frozen, HeaderError::Immutable)?;
    let body = request.consume().named("incoming-request.consume")?;
    ensure("consume a second time", request.consume().is_err())?;
    let (body, trailers) = read(body)?;
    Ok(text + &format!("{body}\n{trailers}"))
}
