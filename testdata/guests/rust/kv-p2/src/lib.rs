//! Uses key-value stores through both versions of fermyon:spin/key-value and through
//! wasi:keyvalue; testdata/guests/README.md lists the routes.

#[path = "../../kv-common/kv.rs"]
mod kv;
mod one;
#[path = "../../common/target.rs"]
mod target;
mod two;
mod wasi;

use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::http_component;
use target::Target;

mod bindings {
    wit_bindgen::generate!({
        path: ["../../../../hostapi/keyvalue/wit/v1", "../../../../hostapi/keyvalue/wit/wasi"],
        inline: "package guest:kv;
            world stores {
                import fermyon:spin/key-value;
                import wasi:keyvalue/store@0.2.0-draft2;
                import wasi:keyvalue/batch@0.2.0-draft2;
                import wasi:keyvalue/atomics@0.2.0-draft2;
            }",
        world: "guest:kv/stores",
        generate_all,
    });
}

#[http_component]
async fn handle(request: Request) -> impl IntoResponse {
    let target = Target::parse(request.path_and_query().unwrap_or("/"));
    let (label, key) = (target.text("store"), target.text("key"));
    let text = match target.path.as_str() {
        "/1/tour" => kv::tour::<one::Store>().await,
        "/1/closed" => one::closed(),
        "/2/tour" => kv::tour::<two::Store>().await,
        "/2/get" => kv::get::<two::Store>(label, key, target.number("times")).await,
        "/2/set" => kv::set::<two::Store>(label, key, target.text("value")).await,
        "/wasi/tour" => kv::tour::<wasi::Store>().await,
        "/wasi/batch" => wasi::batch(),
        "/wasi/atomics" => wasi::atomics(),
        _ => "no such route\n".into(),
    };
    Response::builder()
        .status(200)
        .header("content-type", "text/plain")
        .body(text)
        .build()
}
