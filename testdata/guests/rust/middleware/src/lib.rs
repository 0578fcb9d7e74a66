//! Stands before another component, which it calls by wasi:http/handler of WASI 0.3.0, and does
//! what the request's header x-mw asks for.

use spin_sdk::http::{HeaderValue, IntoResponse, Request, Response, next};
use spin_sdk::http_service;
use spin_sdk::wasip3::http::types::ErrorCode;

#[http_service]
async fn handle(mut request: Request) -> Result<impl IntoResponse, ErrorCode> {
    let asked = request.headers().get("x-mw").and_then(|v| v.to_str().ok()).unwrap_or("").to_string();
    match asked.as_str() {
        // Answers itself.
        "stop" => {
            return Response::builder()
                .status(401)
                .header("x-by", "middleware")
                .body("who are you?".to_string())
                .into_response();
        }
        "trap" => panic!("as was asked for"),
        _ => {}
    }
    // What the next one sees, and what the client sees of the host's environment.
    let seen = std::env::vars().count();
    request.headers_mut().append("x-passed", HeaderValue::from(seen));
    let mut response = next(request).await?;
    response.headers_mut().append("x-by", HeaderValue::from_static("middleware"));
    response.headers_mut().append("x-seen", HeaderValue::from(seen));
    response.into_response()
}
