//! A guest of many routes for WASI 0.2; testdata/guests/README.md lists them.

mod body;
#[path = "../../common/target.rs"]
mod target;
#[path = "../../common/text.rs"]
mod text;

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use spin_sdk::http::{Headers, IncomingRequest, ResponseOutparam, Scheme};
use spin_sdk::http_component;
use spin_sdk::wit::wasi::http0_2_0::types::HeaderError;

use body::{plain, status};
use target::Target;

const GUEST: &str = "rust-p2";

#[http_component]
async fn handle(request: IncomingRequest, out: ResponseOutparam) {
    let target = Target::parse(&request.path_with_query().unwrap_or_default());
    match target.path.as_str() {
        "/hello" => plain(out, 200, format!("Hello, {GUEST}!")).await,
        "/echo" => body::echo(request, out).await,
        "/headers" => plain(out, 200, describe(&request)).await,
        "/outbound" => body::outbound(request, target.text("url"), out).await,
        "/stdout" => {
            println!("{}", target.text("text"));
            eprintln!("err:{}", target.text("text"));
            status(out, 204).await
        }
        "/env" => plain(out, 200, text::environment()).await,
        "/panic" => panic!("the request asked for a panic"),
        "/loop" => text::spin(),
        "/loop-host" => loop {
            let _ = Instant::now();
        },
        "/sleep" => {
            sleep(Duration::from_millis(target.number("ms")));
            plain(out, 200, "slept").await
        }
        "/slow-body" => body::slow(target.number("chunks"), target.number("ms"), out).await,
        "/bytes" => body::bytes(target.number("n"), out).await,
        "/no-read" => plain(out, 200, "ignored").await,
        "/never" => loop {
            sleep(Duration::from_secs(3600));
        },
        "/no-response" => drop(out),
        "/bad-header" => plain(out, 200, bad_headers(&request)).await,
        "/status" => status(out, target.number("code")).await,
        "/random" => {
            plain(
                out,
                200,
                text::hex(&wasi::random::random::get_random_bytes(16)),
            )
            .await
        }
        "/now" => plain(out, 200, now()).await,
        "/count" => plain(out, 200, count()).await,
        _ => plain(out, 404, "no such route").await,
    }
}

fn describe(request: &IncomingRequest) -> String {
    let scheme = request.scheme().map(|scheme| match scheme {
        Scheme::Http => "http".to_owned(),
        Scheme::Https => "https".to_owned(),
        Scheme::Other(name) => name,
    });
    let target = [
        (":method", Some(request.method().to_string())),
        (":path", request.path_with_query()),
        (":scheme", scheme),
        (":authority", request.authority()),
    ];
    let mut lines: String = target
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}: {}\n", value?)))
        .collect();
    let headers = request.headers().entries();
    lines += &text::header_lines(
        headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice())),
    );
    lines
}

/// What the host says to headers that no response may carry.
fn bad_headers(request: &IncomingRequest) -> String {
    let try_list =
        |name: &str, value: &str| Headers::from_list(&[(name.to_owned(), value.into())]).map(drop);
    let outcomes = [
        ("name", try_list("bad header\n", "x")),
        ("value", try_list("x-bad", "bad\nvalue")),
        ("forbidden", try_list("connection", "close")),
        ("immutable", request.headers().append("x-more", b"x")),
    ];
    let outcomes = outcomes.map(|(what, outcome)| {
        let answer = match outcome {
            Ok(()) => "ok",
            Err(HeaderError::InvalidSyntax) => "invalid-syntax",
            Err(HeaderError::Forbidden) => "forbidden",
            Err(HeaderError::Immutable) => "immutable",
        };
        format!("{what}: {answer}\n")
    });
    outcomes.concat()
}

fn now() -> String {
    let since_1970 = SystemTime::UNIX_EPOCH
        .elapsed()
        .expect("the clock is past 1970");
    since_1970.as_secs().to_string()
}

fn count() -> String {
    static REQUESTS: AtomicU64 = AtomicU64::new(0);
    (REQUESTS.fetch_add(1, Ordering::Relaxed) + 1).to_string()
}
