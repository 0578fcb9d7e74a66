//! Requests and responses that are not sent.

use crate::bindings::wasi::http::types::{ErrorCode, Method, Request, Response, Scheme};
use crate::bindings::wit_future;
use crate::body::{Trailers, body, fine, read};
use crate::check::{both, fails, same, well};
use crate::fields;

pub async fn check() -> Result<String, String> {
    heads()?;
    statuses()?;
    own_bodies().await?;
    outcomes().await?;
    Ok(String::new())
}

fn request() -> Result<Request, String> {
    let (_, trailers) = wit_future::new(|| Ok(None));
    let headers = fields::of(&[("x-a", "1")])?;
    Ok(Request::new(headers, None, trailers, None).0)
}

fn heads() -> Result<(), String> {
    let request = request()?;
    same("method", request.get_method(), Method::Get)?;
    same("path", request.get_path_with_query(), None::<&str>)?;
    same("scheme", request.get_scheme(), None::<Scheme>)?;
    same("authority", request.get_authority(), None::<&str>)?;
    fields::frozen(&request.get_headers())?;
    methods(&request)?;
    targets(&request)
}

fn methods(request: &Request) -> Result<(), String> {
    for method in [
        Method::Head,
        Method::Post,
        Method::Put,
        Method::Delete,
        Method::Connect,
        Method::Options,
        Method::Trace,
        Method::Patch,
        Method::Get,
        Method::Other("FROB".into()),
    ] {
        well("set-method", request.set_method(&method))?;
        same("method", request.get_method(), method)?;
    }
    for name in ["", "A B", "A\n"] {
        fails(name, request.set_method(&Method::Other(name.into())), ())?;
    }
    same("method", request.get_method(), Method::Other("FROB".into()))
}

fn targets(request: &Request) -> Result<(), String> {
    for path in [Some("/"), Some("/a/b?c=%20&d"), Some("*"), None, Some("/x")] {
        well("set-path", request.set_path_with_query(path))?;
        same("path", request.get_path_with_query(), path)?;
    }
    for path in ["", "/a b", "/a\n", "a"] {
        fails(path, request.set_path_with_query(Some(path)), ())?;
    }
    same("path", request.get_path_with_query(), Some("/x"))?;
    let other = Scheme::Other("ftp+x".into());
    for scheme in [Some(Scheme::Http), None, Some(other), Some(Scheme::Https)] {
        well("set-scheme", request.set_scheme(scheme.as_ref()))?;
        same("scheme", request.get_scheme(), scheme)?;
    }
    for name in ["", "1x", "a b"] {
        let scheme = Scheme::Other(name.into());
        fails(name, request.set_scheme(Some(&scheme)), ())?;
    }
    same("scheme", request.get_scheme(), Some(Scheme::Https))?;
    for authority in ["example.com", "u@h.example:80", "127.0.0.1:8080", "[::1]:1"] {
        well("set-authority", request.set_authority(Some(authority)))?;
        same("authority", request.get_authority(), Some(authority))?;
    }
    for authority in ["", "a b", "h:port", "h/x"] {
        fails(authority, request.set_authority(Some(authority)), ())?;
    }
    well("no authority", request.set_authority(None))?;
    same("authority", request.get_authority(), None::<&str>)
}

fn statuses() -> Result<(), String> {
    let (_, trailers) = wit_future::new(|| Ok(None));
    let (response, _) = Response::new(fields::of(&[("x-b", "2")])?, None, trailers);
    same("status", response.get_status_code(), 200)?;
    fields::frozen(&response.get_headers())?;
    same("headers", fields::text(&response.get_headers()), "x-b=2")?;
    for code in [100, 204, 418, 599] {
        well("set-status-code", response.set_status_code(code))?;
        same("status", response.get_status_code(), code)?;
    }
    for code in [0, 99, 600, 1000, u16::MAX] {
        fails("set-status-code", response.set_status_code(code), ())?;
    }
    same("status", response.get_status_code(), 599)
}

/// A guest can read what it has made itself.
async fn own_bodies() -> Result<(), String> {
    let data = vec![b'x'; 300_000]; // more than the host buffers
    let (writer, contents, end) = body();
    let (request, _) = Request::new(fields::of(&[])?, Some(contents), end, None);
    let kept = request.get_headers();
    let trailers = Ok(Some(fields::of(&[("x-sum", "7")])?));
    let reading = read(Request::consume_body(request, fine()));
    let (written, got) = both(writer.write(&data, trailers), reading).await;
    written?;
    whole("request", got, &data, "x-sum=7")?;
    same("kept headers", fields::text(&kept), "")?;

    let (writer, contents, end) = body();
    let (response, _) = Response::new(fields::of(&[])?, Some(contents), end);
    let reading = read(Response::consume_body(response, fine()));
    let (written, got) = both(writer.write(&data, Ok(None)), reading).await;
    written?;
    whole("response", got, &data, "none")?;

    let got = read(Request::consume_body(self::request()?, fine())).await;
    whole("empty request", got, b"", "none")
}

fn whole(
    what: &str,
    (data, end): (Vec<u8>, Trailers),
    want: &[u8],
    trailers: &str,
) -> Result<(), String> {
    same(what, (data.len(), data == want), (want.len(), true))?;
    let end = well(what, end)?;
    let text = end.map(|fields| fields::text(&fields));
    same(what, text.as_deref().unwrap_or("none"), trailers)
}

/// Who made a message learns what its reader says of it, and the reader what the maker says.
async fn outcomes() -> Result<(), String> {
    let reason = || ErrorCode::InternalError(Some("on purpose".into()));
    for (ended, said, want) in [
        (Ok(()), Ok(()), Ok(())),
        (Ok(()), Err(reason()), Err(reason())),
        (Err(reason()), Ok(()), Err(reason())),
    ] {
        let (writer, contents, end) = body();
        let (response, sent) = Response::new(fields::of(&[])?, Some(contents), end);
        let (judge, judgement) = wit_future::new(|| Ok(()));
        let (_, known) = both(
            judge.write(said),
            both(writer.write(b"some", ended.clone().map(|()| None)), async {
                let (data, end) = read(Response::consume_body(response, judgement)).await;
                (data.len(), end.map(|_| ()))
            }),
        )
        .await;
        same("what was read", known.1, (4, ended))?;
        same("outcome", sent.await, want)?;
    }
    Ok(())
}
