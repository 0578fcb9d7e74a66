//! The routes of the WASI 0.3 guests. The crates that include this file differ in their SDK version only.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::SinkExt;
use futures::future::{join_all, select};
use spin_sdk::http::{
    FullBody, IntoResponse, Method, Request, Response, StatusCode, body, get, send,
};
use spin_sdk::time::sleep;
use spin_sdk::wasip3::clocks::{monotonic_clock, system_clock};
use spin_sdk::wasip3::http::types::{self, ErrorCode, Fields, HeaderError};
use spin_sdk::wasip3::random::random::get_random_bytes;
use spin_sdk::wasip3::{spawn, wit_future, wit_stream};
use spin_sdk::wit_bindgen::StreamWriter;

use crate::target::Target;
use crate::{GUEST, text, wait};

type Answer = Result<types::Response, ErrorCode>;

pub async fn answer(request: Request) -> Answer {
    let target = Target::parse(
        request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str()),
    );
    match target.path.as_str() {
        "/hello" => plain(200, format!("Hello, {GUEST}!")),
        "/echo" => echo(request),
        "/headers" => plain(200, describe(&request)),
        "/outbound" => outbound(request, target.text("url")).await,
        "/stdout" => stdout(target.text("text")),
        "/env" => plain(200, text::environment()),
        "/panic" => panic!("the request asked for a panic"),
        "/loop" => text::spin(),
        "/loop-host" => loop {
            monotonic_clock::now();
        },
        "/sleep" => {
            sleep(Duration::from_millis(target.number("ms"))).await;
            plain(200, "slept")
        }
        "/slow-body" => slow_body(target.number("chunks"), target.number("ms")),
        "/bytes" => bytes(target.number("n")),
        "/no-read" => plain(200, "ignored"),
        "/never" => wait::forever().await,
        "/no-response" => Err(ErrorCode::InternalError(Some(
            "the request asked for no response".into(),
        ))),
        "/bad-header" => plain(200, bad_headers(request)),
        "/status" => status(target.number("code")),
        "/random" => plain(200, text::hex(&random())),
        "/now" => plain(200, system_clock::now().seconds.to_string()),
        "/count" => plain(200, count()),
        "/fanout" => fanout(target.text("url"), target.number("n")).await,
        "/race" => race(target.text("a"), target.text("b")).await,
        "/spawn" => spawned(target.number("chunks"), target.number("ms")),
        "/background" => background(target.number("ms"), target.text("url")),
        "/barrier" => {
            let n = target.number("n");
            wait::meet(n as usize).await;
            plain(200, format!("met {n}"))
        }
        _ => plain(404, "no such route"),
    }
}

fn head(status: u16, content_type: impl AsRef<[u8]>) -> http::response::Builder {
    Response::builder()
        .status(status)
        .header("content-type", content_type.as_ref())
        .header("x-guest", GUEST)
}

fn plain(status: u16, text: impl Into<Bytes>) -> Answer {
    head(status, "text/plain")
        .body(FullBody::new(text.into()))
        .into_response()
}

/// Answers at once with a body that `write` goes on writing after the handler returned.
fn streamed<F>(write: impl FnOnce(StreamWriter<u8>) -> F) -> Answer
where
    F: Future<Output = ()> + 'static,
{
    let fields = [
        ("content-type".to_owned(), b"text/plain".to_vec()),
        ("x-guest".to_owned(), GUEST.into()),
    ];
    let headers = Fields::from_list(&fields).expect("both headers are well-formed");
    let (body, contents) = wit_stream::new();
    let (end, trailers) = wit_future::new(|| Ok(None));
    let writing = write(body);
    spawn(async move {
        writing.await;
        _ = end.write(Ok(None)).await;
    });
    let (response, _sent) = types::Response::new(headers, Some(contents), trailers);
    Ok(response)
}

/// An answer with a status and no body. A status that the host refuses is answered 400.
fn status(code: u64) -> Answer {
    let headers = Fields::from_list(&[("x-guest".to_owned(), GUEST.into())])
        .expect("the header is well-formed");
    let (end, trailers) = wit_future::new(|| Ok(None));
    drop(end);
    let (response, _sent) = types::Response::new(headers, None, trailers);
    match u16::try_from(code)
        .map_err(|_| ())
        .and_then(|code| response.set_status_code(code))
    {
        Ok(()) => Ok(response),
        Err(()) => plain(400, format!("the host refuses status {code}")),
    }
}

/// Hands the request's body to the response, trailers included. The SDK copies it piece by piece.
fn echo(request: Request) -> Answer {
    let content_type = content_type(&request).unwrap_or(b"application/octet-stream");
    let mut response = head(200, content_type);
    if let Some(announced) = request.headers().get("trailer") {
        response = response.header("trailer", announced);
    }
    response.body(request.into_body()).into_response()
}

fn content_type(request: &Request) -> Option<&[u8]> {
    request
        .headers()
        .get("content-type")
        .map(|value| value.as_bytes())
}

fn describe(request: &Request) -> String {
    let uri = request.uri();
    let target = [
        (":method", Some(request.method().as_str())),
        (":path", uri.path_and_query().map(|path| path.as_str())),
        (":scheme", uri.scheme_str()),
        (
            ":authority",
            uri.authority().map(|authority| authority.as_str()),
        ),
    ];
    let mut lines: String = target
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}: {}\n", value?)))
        .collect();
    let headers = request.headers().iter();
    lines += &text::header_lines(headers.map(|(name, value)| (name.as_str(), value.as_bytes())));
    lines
}

async fn outbound(request: Request, url: &str) -> Answer {
    let result = if request.method() == Method::POST {
        let mut forward = http::Request::post(url);
        if let Some(content_type) = content_type(&request) {
            forward = forward.header("content-type", content_type);
        }
        match forward.body(request.into_body()) {
            Ok(forward) => send(forward).await,
            Err(_) => Err(ErrorCode::HttpRequestUriInvalid),
        }
    } else {
        get(url).await
    };
    match result {
        Ok(response) => pass_on(response),
        Err(error) => plain(502, error.to_string()),
    }
}

/// Answers with the status and the body of another response, streaming it.
fn pass_on(response: Response) -> Answer {
    let content_type = response.headers().get("content-type").cloned();
    let content_type = content_type
        .as_ref()
        .map_or(&b"application/octet-stream"[..], |value| value.as_bytes());
    head(response.status().as_u16(), content_type)
        .body(response.into_body())
        .into_response()
}

fn stdout(line: &str) -> Answer {
    println!("{line}");
    eprintln!("err:{line}");
    status(204)
}

/// Streams through the SDK's channel: its consumer hears of a client that left and closes the channel.
fn slow_body(chunks: u64, ms: u64) -> Answer {
    let (mut body, contents) = body::stream::<String>();
    spawn(async move {
        for i in 0..chunks {
            if i > 0 {
                sleep(Duration::from_millis(ms)).await;
            }
            if body.send(format!("chunk {i}\n")).await.is_err() {
                eprintln!("client left");
                return;
            }
        }
    });
    head(200, "text/plain").body(contents).into_response()
}

/// The same stream as /slow-body, written straight into the component model's stream.
fn spawned(chunks: u64, ms: u64) -> Answer {
    streamed(async move |mut body: StreamWriter<u8>| {
        for i in 0..chunks {
            if i > 0 {
                sleep(Duration::from_millis(ms)).await;
            }
            if !body
                .write_all(format!("chunk {i}\n").into())
                .await
                .is_empty()
            {
                eprintln!("client left");
                return;
            }
        }
    })
}

fn bytes(total: u64) -> Answer {
    streamed(async move |mut body: StreamWriter<u8>| {
        let mut offset = 0;
        while offset < total {
            let piece = text::pattern(offset, total);
            offset += piece.len() as u64;
            if !body.write_all(piece).await.is_empty() {
                return;
            }
        }
    })
}

/// What the host says to headers that no response may carry.
fn bad_headers(request: Request) -> String {
    let try_list =
        |name: &str, value: &str| Fields::from_list(&[(name.to_owned(), value.into())]).map(drop);
    let request = request
        .into_body()
        .take_unstarted()
        .expect("the body was not read");
    let outcomes = [
        ("name", try_list("bad header\n", "x")),
        ("value", try_list("x-bad", "bad\nvalue")),
        ("forbidden", try_list("connection", "close")),
        ("immutable", request.get_headers().append("x-more", b"x")),
    ];
    let outcomes = outcomes.map(|(what, outcome)| {
        let answer = match outcome {
            Ok(()) => "ok",
            Err(HeaderError::InvalidSyntax) => "invalid-syntax",
            Err(HeaderError::Forbidden) => "forbidden",
            Err(HeaderError::Immutable) => "immutable",
            Err(HeaderError::SizeExceeded) => "size-exceeded",
            Err(HeaderError::Other(_)) => "other",
        };
        format!("{what}: {answer}\n")
    });
    outcomes.concat()
}

/// Sixteen random bytes. The host may give fewer than it is asked for, but never none.
fn random() -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < 16 {
        bytes.extend(get_random_bytes(16 - bytes.len() as u64));
    }
    bytes
}

fn count() -> String {
    static REQUESTS: AtomicU64 = AtomicU64::new(0);
    (REQUESTS.fetch_add(1, Ordering::Relaxed) + 1).to_string()
}

async fn fanout(url: &str, n: u64) -> Answer {
    let fetch = async || match get(url).await {
        Ok(response) if response.status() == StatusCode::OK => Ok(()),
        Ok(response) => Err(format!("status {}", response.status().as_u16())),
        Err(error) => Err(error.to_string()),
    };
    match join_all((0..n).map(|_| fetch()))
        .await
        .into_iter()
        .collect::<Result<(), _>>()
    {
        Ok(()) => plain(200, format!("ok {n}")),
        Err(error) => plain(502, error),
    }
}

/// The first answer wins; the other request is cancelled by dropping it.
async fn race(a: &str, b: &str) -> Answer {
    let (winner, loser) = select(Box::pin(get(a)), Box::pin(get(b)))
        .await
        .factor_first();
    drop(loser);
    match winner {
        Ok(response) => pass_on(response),
        Err(error) => plain(502, error.to_string()),
    }
}

/// Answers, and goes on working when the response has ended.
fn background(ms: u64, url: &str) -> Answer {
    let url = url.to_owned();
    spawn(async move {
        sleep(Duration::from_millis(ms)).await;
        match get(url).await {
            Ok(response) => println!("background: {}", response.status().as_u16()),
            Err(error) => println!("background: {error}"),
        }
    });
    plain(200, "started")
}
