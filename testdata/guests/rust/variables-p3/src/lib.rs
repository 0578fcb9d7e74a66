//! Reads variables by the async interface; testdata/guests/README.md lists the routes.

#[allow(dead_code)] // numbers
#[path = "../../common/target.rs"]
mod target;

use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;
use spin_sdk::variables::{self, Error};

use target::Target;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let target = Target::parse(
        request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str()),
    );
    match target.path.as_str() {
        "/hello" => "hello".into(),
        _ => v3(target.text("name")).await,
    }
}

async fn v3(name: &str) -> String {
    match variables::get(name).await {
        Ok(value) => format!("ok: {value}"),
        Err(Error::InvalidName(text)) => format!("invalid-name: {text}"),
        Err(Error::Undefined(text)) => format!("undefined: {text}"),
        Err(Error::Provider(text)) => format!("provider: {text}"),
        Err(Error::Other(text)) => format!("other: {text}"),
    }
}
