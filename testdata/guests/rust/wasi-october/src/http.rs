//! Fields, bodies and requests that the guest serves.

use crate::bindings::wasi::http::types::*;
use crate::bindings::wasi::io::poll::poll_one;
use crate::bindings::wasi::io::streams::StreamError;
use crate::check::*;

pub fn fields() -> Outcome {
    let f = Fields::new(&[
        ("a".into(), b"1".to_vec()),
        ("b".into(), b"2".to_vec()),
        ("A".into(), b"3".to_vec()),
    ]);
    want("get", f.get("a"), ["1", "3"].map(str::as_bytes))?;
    want("get of a name without values", f.get("c"), [b""; 0])?;
    f.append("c", b"4");
    f.append("C", b"5");
    want("append", f.get("c"), ["4", "5"].map(str::as_bytes))?;
    let copy = f.clone();
    f.set("c", &[b"6".to_vec()]);
    want("set", f.get("c"), [b"6"])?;
    f.delete("a");
    want("delete", lines(&f), "b: 2\nc: 6\n")?;
    want("clone", lines(&copy), "a: 1\na: 3\nb: 2\nc: 4\nc: 5\n")?;
    copy.set("b", &[]);
    want("set to nothing", copy.get("b"), [b""; 0])?;
    want("the other", f.get("b"), [b"2"])?;
    Ok(String::new())
}

/// Ends the guest.
pub fn bad_fields() -> Outcome {
    Fields::new(&[]).append("no name", b"");
    Err("the guest goes on".into())
}

/// Names and values in order, a line each.
pub fn lines(fields: &Fields) -> String {
    let mut list: Vec<_> = fields
        .entries()
        .into_iter()
        .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(&value)))
        .collect();
    list.sort();
    list.concat()
}

/// Reads a body to its end, and returns its trailers too.
pub fn read(body: IncomingBody) -> Result<(String, Trailers), String> {
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
    poll_one(&future.subscribe());
    let trailers = future
        .get()
        .named("future-trailers.get")?
        .named("trailers")?;
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
    let trailers = Fields::new(&[("x-sum".into(), trailer.into())]);
    OutgoingBody::finish(body, Some(trailers));
    Ok(())
}

/// Answers a request with what is in it, except at /fail.
pub fn serve(request: IncomingRequest, out: ResponseOutparam) {
    let path = request.path_with_query();
    let text = match describe(request) {
        _ if path.as_deref() == Some("/fail") => {
            return ResponseOutparam::set(
                out,
                Err(Error::TimeoutError("as it was asked to".into())),
            );
        }
        Ok(text) => text,
        Err(text) => format!("wrong: {text}"),
    };
    let headers = Fields::new(&[
        ("x-guest".into(), "wasi-october".into()),
        ("trailer".into(), "x-sum".into()),
    ]);
    let response = OutgoingResponse::new(203, &headers);
    drop(headers); // was only lent
    let body = response.write().unwrap();
    let again = response.write().is_err();
    ResponseOutparam::set(out, Ok(response));
    write(body, &text, if again { "7" } else { "8" }).unwrap();
}

fn describe(request: IncomingRequest) -> Outcome {
    let mut text = format!("{:?} {:?}\n", request.method(), request.scheme());
    text += &format!(
        "{:?} {:?}\n",
        request.authority(),
        request.path_with_query()
    );
    text += &lines(&request.headers());
    let body = request.consume().named("incoming-request.consume")?;
    ensure("consume a second time", request.consume().is_err())?;
    let (body, trailers) = read(body)?;
    Ok(text + &format!("{body}\n{}", lines(&trailers)))
}
