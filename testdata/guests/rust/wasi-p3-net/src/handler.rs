//! Serves requests.

use std::cell::RefCell;

use crate::Checks;
use crate::bindings::exports::wasi::http::handler::Guest;
use crate::bindings::wasi::http::client;
use crate::bindings::wasi::http::types::{ErrorCode, Fields, Method, Request, Response, Scheme};
use crate::body::{Trailers, Writer, body, fine};
use crate::check::{same, well};
use crate::fields;
use wit_bindgen::{FutureReader, StreamReader, spawn};

impl Guest for Checks {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        let path = request.get_path_with_query().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').collect();
        let answer = match parts[..] {
            ["", "forward", authority] => return forward(request, authority).await,
            ["", "echo", ..] => echo(request),
            ["", "sent"] => watched(Ok(None)),
            ["", "aborted"] => watched(Err(ErrorCode::LoopDetected)),
            ["", "outcome"] => tell(OUTCOME.with_borrow(String::clone)),
            _ => return Err(ErrorCode::DestinationNotFound),
        };
        answer.map_err(|text| ErrorCode::InternalError(Some(text)))
    }
}

/// Sends a request on as it came, and hands out the response as it comes.
async fn forward(request: Request, authority: &str) -> Result<Response, ErrorCode> {
    let aimed = request.set_scheme(Some(&Scheme::Http)).is_ok()
        && request.set_authority(Some(authority)).is_ok()
        && request.set_method(&Method::Put).is_ok()
        && request.set_path_with_query(Some("/forwarded?yes")).is_ok();
    if !aimed {
        return Err(ErrorCode::HttpRequestUriInvalid);
    }
    client::send(request).await
}

/// Answers with what the request has: its head and fields as headers, its body as it comes, and its
/// trailers.
fn echo(request: Request) -> Result<Response, String> {
    let headers = request.get_headers();
    fields::frozen(&headers)?;
    same("options", request.get_options().is_some(), false)?;
    let answer = Fields::new();
    let method = format!("{:?}", request.get_method());
    let scheme = format!("{:?}", request.get_scheme());
    let path = request.get_path_with_query().unwrap_or_default();
    let authority = request.get_authority().unwrap_or_default();
    for (name, value) in [
        ("x-method", method),
        ("x-scheme", scheme),
        ("x-path", path),
        ("x-authority", authority),
        ("trailer", "x-sum".into()),
    ] {
        well(name, answer.append(name, value.as_bytes()))?;
    }
    well("x-a", answer.set("x-a", &headers.get("X-A")))?;
    let (writer, contents, end) = body();
    let (response, _) = Response::new(answer, Some(contents), end);
    same("status", response.get_status_code(), 200)?;
    same("600", response.set_status_code(600).is_ok(), false)?;
    well("status", response.set_status_code(418))?;
    fields::frozen(&response.get_headers())?;
    let (data, trailers) = Request::consume_body(request, fine());
    same("headers after the request", headers.has("x-a"), true)?;
    spawn(copy(data, trailers, writer));
    Ok(response)
}

/// Writes what it reads, piece by piece.
async fn copy(mut data: StreamReader<u8>, trailers: FutureReader<Trailers>, mut writer: Writer) {
    loop {
        let (result, piece) = data.read(Vec::with_capacity(4096)).await;
        if writer.begin(&piece).await.is_err() {
            return; // the client has left
        }
        if result == wit_bindgen::StreamResult::Dropped {
            break;
        }
    }
    writer.finish(trailers.await).await;
}

thread_local! {
    /// What became of the last response of watched.
    static OUTCOME: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Answers with some bytes and an end, and notes what became of the response.
fn watched(end: Trailers) -> Result<Response, String> {
    let (mut writer, contents, trailers) = body();
    let (response, sent) = Response::new(Fields::new(), Some(contents), trailers);
    OUTCOME.set("open".into());
    spawn(async move {
        let _ = writer.begin(&[b'x'; 100_000]).await;
        writer.finish(end).await;
        OUTCOME.set(format!("{:?}", sent.await));
    });
    Ok(response)
}

/// Answers with a text.
fn tell(text: String) -> Result<Response, String> {
    let (mut writer, contents, trailers) = body();
    let (response, _) = Response::new(Fields::new(), Some(contents), trailers);
    spawn(async move {
        let _ = writer.begin(text.as_bytes()).await;
        writer.finish(Ok(None)).await;
    });
    Ok(response)
}
