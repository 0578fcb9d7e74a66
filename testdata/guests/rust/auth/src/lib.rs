//! Lets requests pass that show who sends them: those with "authorization: Bearer NAME" go on to
//! the next component with x-user: NAME, all others are answered here.

use spin_sdk::http::{HeaderValue, IntoResponse, Request, Response, next};
use spin_sdk::http_service;
use spin_sdk::wasip3::http::types::ErrorCode;

#[http_service]
async fn handle(mut request: Request) -> Result<impl IntoResponse, ErrorCode> {
    let shown = request.headers().get("authorization").and_then(|v| v.to_str().ok());
    let user = shown.and_then(|v| v.strip_prefix("Bearer ")).map(str::to_owned);
    let headers = request.headers_mut();
    headers.remove("x-user");
    match user.as_deref() {
        Some("mallory") => panic!("mallory has found a way to break this"),
        Some(name) => {
            headers.insert("x-user", HeaderValue::from_str(name).map_err(|_| ErrorCode::HttpProtocolError)?);
            next(request).await?.into_response()
        }
        None => Response::builder()
            .status(401)
            .header("www-authenticate", "Bearer")
            .body("who are you?".to_string())
            .into_response(),
    }
}
