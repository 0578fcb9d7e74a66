//! Uses its files through the standard library, which is on wasi:filesystem 0.2;
//! testdata/guests/README.md lists the routes.

#[path = "../../files-common/files.rs"]
mod files;
#[path = "../../common/target.rs"]
#[allow(dead_code)] // no route has a number
mod target;

use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::http_component;
use target::Target;

#[http_component]
fn handle(request: Request) -> impl IntoResponse {
    let target = Target::parse(request.path_and_query().unwrap_or("/"));
    let path = target.text("path");
    let text = match target.path.as_str() {
        "/2/read" => files::read(path),
        "/2/size" => files::size(path),
        "/2/list" => files::list(path),
        "/2/tour" => files::tour(path),
        _ => "no such route\n".into(),
    };
    Response::builder()
        .header("content-type", "text/plain")
        .body(text)
        .build()
}
