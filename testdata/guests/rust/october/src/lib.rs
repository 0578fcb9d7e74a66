//! Serves requests on the snapshot of WASI of October 2023, through the Spin SDK 2, as a core module
//! on WASI preview 1: shows what it sees of them, or what another server answers.

use spin_sdk::http::{IntoResponse, Request, Response, send};
use spin_sdk::http_component;

#[http_component]
async fn serve(request: Request) -> impl IntoResponse {
    match request.path() {
        "/fetch" => fetch(Request::get(request.query()).build()).await,
        "/post" => {
            let to = Request::post(request.query(), request.body().to_vec()).build();
            fetch(to).await
        }
        "/panic" => panic!("as was asked for"),
        _ => echo(&request),
    }
}

/// Answers what another server has answered, or the error.
async fn fetch(request: Request) -> Response {
    match send::<_, Response>(request).await {
        Ok(response) => {
            let mut text = format!("{}\n", response.status());
            for (name, value) in response.headers() {
                text += &format!("{name}: {}\n", value.as_str().unwrap_or("?"));
            }
            let mut body = (text + "\n").into_bytes();
            body.extend_from_slice(response.body());
            Response::new(200, body)
        }
        Err(error) => Response::new(502, error.to_string()),
    }
}

/// Answers what it sees of a request.
fn echo(request: &Request) -> Response {
    let mut text = format!("{} {}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        text += &format!("{name}: {}\n", value.as_str().unwrap_or("?"));
    }
    let mut body = (text + "\n").into_bytes();
    body.extend_from_slice(request.body());
    Response::builder()
        .status(203)
        .header("x-guest", "october")
        .body(body)
        .build()
}
