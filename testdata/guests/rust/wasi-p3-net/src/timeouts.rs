//! Requests that take longer than anybody waits.

use crate::bindings::wasi::http::client;
use crate::bindings::wasi::http::types::{ErrorCode, RequestOptions, Response, Scheme};
use crate::body::{fine, read};
use crate::check::{fails, same, waits, well};
use crate::send::get;

/// Gives a request up when the server has got it, and waits until the server has noticed.
pub async fn abandon(authority: &str) -> Result<String, String> {
    let to = |path: &str| {
        let request = get(Scheme::Http, authority, None)?;
        well("set-path", request.set_path_with_query(Some(path)))?;
        Ok::<_, String>(request)
    };
    let mut sending = Box::pin(client::send(to("/first")?));
    waits("send", sending.as_mut())?;
    well("arrived", client::send(to("/arrived")?).await)?;
    drop(sending);
    let noticed = well("noticed", client::send(to("/noticed")?).await)?;
    Ok(noticed.get_status_code().to_string())
}

/// A millisecond, which has passed in any case before a server answers that never does.
const SOON: Option<u64> = Some(1_000_000);

pub async fn check(silent: &str, stalling: &str, unconnected: &str) -> Result<String, String> {
    let options = RequestOptions::new();
    well("set", options.set_first_byte_timeout(SOON))?;
    let response = client::send(get(Scheme::Http, silent, Some(options))?).await;
    fails("silence", response, ErrorCode::ConnectionReadTimeout)?;

    let options = RequestOptions::new();
    well("set", options.set_connect_timeout(SOON))?;
    let response = client::send(get(Scheme::Https, unconnected, Some(options))?).await;
    fails("no connection", response, ErrorCode::ConnectionTimeout)?;

    let options = RequestOptions::new();
    well("set", options.set_between_bytes_timeout(SOON))?;
    let response = client::send(get(Scheme::Http, stalling, Some(options))?).await;
    let response = well("the beginning", response)?;
    let (data, end) = read(Response::consume_body(response, fine())).await;
    same("what comes", String::from_utf8_lossy(&data), "partial")?;
    fails("the rest", end, ErrorCode::ConnectionReadTimeout)?;
    Ok(String::new())
}
