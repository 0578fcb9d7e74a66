//! A guest of many routes; testdata/guests/README.md lists them.

#[path = "../../common/service.rs"]
mod service;
#[path = "../../common/target.rs"]
mod target;
#[path = "../../common/text.rs"]
mod text;
#[path = "../../common/wait.rs"]
mod wait;

use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

const GUEST: &str = "rust-p3";

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    service::answer(request).await
}
