//! A guest of many routes; testdata/guests/README.md lists them.

#[path = "../../shared/service.rs"]
mod service;
#[path = "../../shared/target.rs"]
mod target;
#[path = "../../shared/text.rs"]
mod text;
#[path = "../../shared/wait.rs"]
mod wait;

use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;

const GUEST: &str = "rust-rc";

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    service::answer(request).await
}
