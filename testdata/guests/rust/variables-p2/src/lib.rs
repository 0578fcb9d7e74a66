//! Reads variables by every interface that is not async; testdata/guests/README.md lists the routes.

#[allow(dead_code)] // numbers
#[path = "../../common/target.rs"]
mod target;

use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::http_component;
use spin_sdk::variables::{self, Error};
use spin_sdk::wit::wasi::config::store;

use target::Target;

/// The interface of Spin 1, which the SDK has no longer.
mod spin1 {
    spin_sdk::wit_bindgen::generate!({
        inline: "
            package fermyon:spin;
            interface config {
                variant error {
                    provider(string),
                    invalid-key(string),
                    invalid-schema(string),
                    other(string),
                }
                get-config: func(key: string) -> result<string, error>;
            }
            world reader { import config; }
        ",
        runtime_path: "spin_sdk::wit_bindgen::rt",
    });
    pub use fermyon::spin::config::{Error, get_config};
}

#[http_component]
fn handle(request: Request) -> impl IntoResponse {
    let target = Target::parse(request.path_and_query().unwrap_or_default());
    let name = target.text("name");
    let answer = match target.path.as_str() {
        "/v1" => v1(name),
        "/v2" => v2(name),
        "/config" => config(name),
        "/config-all" => config_all(),
        _ => return Response::new(404, ""),
    };
    Response::new(200, answer)
}

fn v1(name: &str) -> String {
    match spin1::get_config(name) {
        Ok(value) => format!("ok: {value}"),
        Err(spin1::Error::Provider(text)) => format!("provider: {text}"),
        Err(spin1::Error::InvalidKey(text)) => format!("invalid-key: {text}"),
        Err(spin1::Error::InvalidSchema(text)) => format!("invalid-schema: {text}"),
        Err(spin1::Error::Other(text)) => format!("other: {text}"),
    }
}

fn v2(name: &str) -> String {
    match variables::get(name) {
        Ok(value) => format!("ok: {value}"),
        Err(Error::InvalidName(text)) => format!("invalid-name: {text}"),
        Err(Error::Undefined(text)) => format!("undefined: {text}"),
        Err(Error::Provider(text)) => format!("provider: {text}"),
        Err(Error::Other(text)) => format!("other: {text}"),
    }
}

fn config(name: &str) -> String {
    match store::get(name) {
        Ok(Some(value)) => format!("ok: {value}"),
        Ok(None) => "none".into(),
        Err(error) => failure(error),
    }
}

fn config_all() -> String {
    match store::get_all() {
        Ok(list) => list
            .iter()
            .map(|(name, value)| format!("{name}={value}\n"))
            .collect(),
        Err(error) => failure(error),
    }
}

fn failure(error: store::Error) -> String {
    match error {
        store::Error::Upstream(text) => format!("upstream: {text}"),
        store::Error::Io(text) => format!("io: {text}"),
    }
}
