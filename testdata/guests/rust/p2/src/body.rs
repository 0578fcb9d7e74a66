//! The routes that answer through a stream.

use std::thread::sleep;
use std::time::Duration;

use futures::{Sink, SinkExt, Stream, StreamExt, join};
use spin_sdk::http::conversions::TryIntoOutgoingRequest;
use spin_sdk::http::{
    Headers, IncomingRequest, IncomingResponse, Method, OutgoingResponse, Request,
    ResponseOutparam, send,
};
use wasi::io::streams::{Error, StreamError};

use crate::{GUEST, text};

fn head(status: u16, content_type: &[u8]) -> OutgoingResponse {
    let fields = [
        ("content-type".to_owned(), content_type.to_vec()),
        ("x-guest".to_owned(), GUEST.into()),
    ];
    let response =
        OutgoingResponse::new(Headers::from_list(&fields).expect("the headers are well-formed"));
    response
        .set_status_code(status)
        .expect("the status is one that a host takes");
    response
}

/// Sends the head of the response and opens its body.
fn start(
    out: ResponseOutparam,
    head: OutgoingResponse,
) -> impl Sink<Vec<u8>, Error = StreamError> + Unpin {
    let body = head.take_body();
    out.set(head);
    Box::pin(body)
}

pub async fn plain(out: ResponseOutparam, status: u16, text: impl Into<Vec<u8>>) {
    _ = start(out, head(status, b"text/plain"))
        .send(text.into())
        .await;
}

/// An answer with a status and no body. A status that the host refuses is answered 400.
pub async fn status(out: ResponseOutparam, code: u64) {
    let headers = Headers::from_list(&[("x-guest".to_owned(), GUEST.into())])
        .expect("the header is well-formed");
    let response = OutgoingResponse::new(headers);
    match u16::try_from(code)
        .map_err(|_| ())
        .and_then(|code| response.set_status_code(code))
    {
        Ok(()) => out.set(response),
        Err(()) => plain(out, 400, format!("the host refuses status {code}")).await,
    }
}

pub async fn echo(request: IncomingRequest, out: ResponseOutparam) {
    let response = head(200, &content_type(&request.headers()));
    copy(request.into_body_stream(), start(out, response)).await;
}

fn content_type(headers: &Headers) -> Vec<u8> {
    let value = headers.get("content-type").into_iter().next();
    value.unwrap_or_else(|| b"application/octet-stream".to_vec())
}

/// Copies piece by piece until either end is gone.
async fn copy(
    from: impl Stream<Item = Result<Vec<u8>, Error>>,
    mut to: impl Sink<Vec<u8>, Error = StreamError> + Unpin,
) {
    let mut from = Box::pin(from);
    while let Some(Ok(piece)) = from.next().await {
        if to.send(piece).await.is_err() {
            return;
        }
    }
}

pub async fn outbound(request: IncomingRequest, url: &str, out: ResponseOutparam) {
    let post = matches!(request.method(), Method::Post);
    let mut forward = Request::builder();
    forward.uri(url);
    if post {
        forward.method(Method::Post);
        let content_type = content_type(&request.headers());
        forward.header("content-type", String::from_utf8_lossy(&content_type));
    }
    let forward = match forward.try_into_outgoing_request() {
        Ok((forward, _)) => forward,
        Err(error) => return plain(out, 502, error.to_string()).await,
    };
    if post {
        let body = forward.take_body();
        join!(copy(request.into_body_stream(), Box::pin(body)), async {
            pass_on(send(forward).await, out).await
        },);
    } else {
        pass_on(send(forward).await, out).await;
    }
}

/// Answers with the status and the body of another response, streaming it.
async fn pass_on(
    result: Result<IncomingResponse, spin_sdk::http::SendError>,
    out: ResponseOutparam,
) {
    match result {
        Ok(response) => {
            let head = head(response.status(), &content_type(&response.headers()));
            copy(response.take_body_stream(), start(out, head)).await;
        }
        Err(error) => plain(out, 502, error.to_string()).await,
    }
}

pub async fn slow(chunks: u64, ms: u64, out: ResponseOutparam) {
    let mut body = start(out, head(200, b"text/plain"));
    for i in 0..chunks {
        if i > 0 {
            sleep(Duration::from_millis(ms));
        }
        if body.send(format!("chunk {i}\n").into()).await.is_err() {
            eprintln!("client left");
            return;
        }
    }
}

pub async fn bytes(total: u64, out: ResponseOutparam) {
    let mut body = start(out, head(200, b"text/plain"));
    let mut offset = 0;
    while offset < total {
        let piece = text::pattern(offset, total);
        offset += piece.len() as u64;
        if body.send(piece).await.is_err() {
            return;
        }
    }
}
