//! Tells browsers that pages from elsewhere may use the app: answers what they ask before a request
//! (OPTIONS), and adds to the responses of the next component.

use spin_sdk::http::{HeaderMap, HeaderValue, IntoResponse, Method, Request, Response, next};
use spin_sdk::http_service;
use spin_sdk::wasip3::http::types::ErrorCode;

#[http_service]
async fn handle(request: Request) -> Result<impl IntoResponse, ErrorCode> {
    let origin = request.headers().get("origin").cloned();
    let asks = request.method() == Method::OPTIONS && request.headers().contains_key("access-control-request-method");
    if asks {
        let mut answer = Response::builder()
            .status(204)
            .header("access-control-allow-methods", "GET, POST")
            .header("access-control-allow-headers", "authorization")
            .body(String::new())
            .map_err(|_| ErrorCode::HttpProtocolError)?;
        allow(answer.headers_mut(), origin);
        return answer.into_response();
    }
    let mut response = next(request).await?;
    allow(response.headers_mut(), origin);
    response.into_response()
}

/// Lets the pages of one origin read a response.
fn allow(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    if let Some(origin) = origin {
        headers.insert("access-control-allow-origin", origin);
        headers.append("vary", HeaderValue::from_static("origin"));
    }
}
