//! Requests that are sent.

use crate::bindings::wasi::http::client;
use crate::bindings::wasi::http::types::{
    ErrorCode, Fields, Method, Request, RequestOptions, Response, Scheme,
};
use crate::bindings::wit_future;
use crate::body::{Sent, Trailers, body, fine, read};
use crate::check::{both, fails, same, well};
use crate::fields;
use wit_bindgen::FutureReader;

/// A request without body.
pub fn get(
    scheme: Scheme,
    authority: &str,
    options: Option<RequestOptions>,
) -> Result<Request, String> {
    let (_, trailers) = wit_future::new(|| Ok(None));
    let (request, _) = Request::new(Fields::new(), None, trailers, options);
    aim(&request, scheme, authority, "/")?;
    Ok(request)
}

fn aim(request: &Request, scheme: Scheme, authority: &str, path: &str) -> Result<(), String> {
    well("set-scheme", request.set_scheme(Some(&scheme)))?;
    well("set-authority", request.set_authority(Some(authority)))?;
    well("set-path", request.set_path_with_query(Some(path)))
}

pub async fn exchange(authority: &str) -> Result<String, String> {
    let data: Vec<u8> = (0..300_000).map(|i| (i % 251) as u8).collect();
    let headers = fields::of(&[
        ("x-a", "1"),
        ("x-b", "2"),
        ("x-a", "3"),
        ("trailer", "x-sum"),
    ])?;
    let options = RequestOptions::new();
    well(
        "set-connect-timeout",
        options.set_connect_timeout(Some(60_000_000_000)),
    )?;
    let (writer, contents, end) = body();
    let (request, sent) = Request::new(headers, Some(contents), end, Some(options));
    aim(&request, Scheme::Http, authority, "/a%20b?c=d&e")?;
    well(
        "set-method",
        request.set_method(&Method::Other("FROB".into())),
    )?;
    let trailers = Ok(Some(fields::of(&[("x-sum", "7")])?));
    let (written, response) = both(writer.write(&data, trailers), client::send(request)).await;
    written?;
    let response = well("send", response)?;
    same("the request is sent", sent.await, Ok::<_, ()>(()))?;
    answer(response, &data).await
}

/// Tells status, headers and trailers of a response, and how its body differs.
async fn answer(response: Response, want: &[u8]) -> Result<String, String> {
    let (status, headers) = (response.get_status_code(), response.get_headers());
    fields::frozen(&headers)?;
    let (data, end) = read(Response::consume_body(response, fine())).await;
    same("body", (data.len(), data == want), (want.len(), true))?;
    let trailers = well("the end", end)?.ok_or("the response has no trailers")?;
    fields::frozen(&trailers)?;
    let peer: Vec<String> = headers
        .get("X-Peer")
        .into_iter()
        .map(|v| String::from_utf8_lossy(&v).into_owned())
        .collect();
    Ok(format!(
        "{status}; {}; {}",
        peer.join(", "),
        fields::text(&trailers)
    ))
}

pub async fn failures(authority: &str, closed: &str) -> Result<String, String> {
    for (scheme, authority, want) in [
        (Scheme::Http, "denied.example", ErrorCode::HttpRequestDenied),
        (Scheme::Http, closed, ErrorCode::ConnectionRefused),
        (Scheme::Https, authority, ErrorCode::TlsProtocolError),
        (
            Scheme::Other("ftp".into()),
            authority,
            ErrorCode::HttpProtocolError,
        ),
    ] {
        let response = client::send(get(scheme, authority, None)?).await;
        fails(authority, response, want)?;
    }
    let nowhere = get(Scheme::Http, authority, None)?;
    well("no authority", nowhere.set_authority(None))?;
    let response = client::send(nowhere).await;
    fails("no authority", response, ErrorCode::HttpRequestUriInvalid)?;

    let reason = ErrorCode::InternalError(Some("on purpose".into()));
    aborted(authority, &[], Err(reason.clone()), reason).await?;
    let lengths = [("content-length", "5")];
    let long = ErrorCode::HttpRequestBodySize(Some(4));
    aborted(authority, &lengths, Ok(None), long).await?;
    Ok(String::new())
}

/// Sends a request with four bytes that cannot be complete.
async fn aborted(
    authority: &str,
    headers: &[(&str, &str)],
    end: Trailers,
    want: ErrorCode,
) -> Result<(), String> {
    let (mut writer, contents, trailers) = body();
    let headers = fields::of(headers)?;
    let (request, sent): (_, FutureReader<Sent>) =
        Request::new(headers, Some(contents), trailers, None);
    aim(&request, Scheme::Http, authority, "/aborted")?;
    well("set-method", request.set_method(&Method::Post))?;
    let writing = async {
        let begun = writer.begin(b"some").await;
        writer.finish(end).await;
        begun
    };
    let (begun, response) = both(writing, client::send(request)).await;
    begun?;
    fails("send", response, want.clone())?;
    fails("the request is sent", sent.await, want)
}
