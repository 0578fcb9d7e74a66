//! Answers every request with "Hello, world!", through the Spin SDK for WASI 0.3.0.

use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::http_service;

#[http_service]
async fn hello(_request: Request) -> impl IntoResponse {
    Response::builder()
        .header("content-type", "text/plain")
        .body("Hello, world!".to_string())
}
