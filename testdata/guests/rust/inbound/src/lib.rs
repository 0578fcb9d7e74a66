//! Serves requests as components of Spin 1 do, by fermyon:spin/inbound-http: shows what it sees of
//! them. A path that ends in /panic traps, one that ends in /loop computes for ever.

mod bindings {
    wit_bindgen::generate!({
        path: "../../../../trigger/http/internal/inbound/wit",
        world: "inbound",
    });
}

use bindings::exports::fermyon::spin::inbound_http::{Guest, Request, Response};

struct Inbound;

impl Guest for Inbound {
    fn handle_request(request: Request) -> Response {
        let path = request.uri.split('?').next().unwrap_or("");
        if path.ends_with("/panic") {
            panic!("as was asked for");
        }
        while path.ends_with("/loop") {
            std::hint::spin_loop();
        }
        let mut text = format!("{:?} {}\n", request.method, request.uri).into_bytes();
        for (name, value) in &request.headers {
            text.extend_from_slice(format!("{name}: {value}\n").as_bytes());
        }
        text.push(b'\n');
        text.extend_from_slice(&request.body.unwrap_or_default());
        Response {
            status: 200,
            headers: Some(vec![
                ("content-type".to_string(), "text/plain".to_string()),
                ("x-guest".to_string(), "inbound".to_string()),
            ]),
            body: Some(text),
        }
    }
}

bindings::export!(Inbound with_types_in bindings);
