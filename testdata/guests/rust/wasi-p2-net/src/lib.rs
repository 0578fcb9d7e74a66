//! Calls all functions of wasi:sockets and wasi:http 0.2, and checks what they do.

mod address;
mod check;
mod datagrams;
mod exchanges;
mod failures;
mod fields;
mod messages;
mod names;
mod served;
mod streams;
mod tcp;
mod tcp_options;
mod traps;
mod udp;

mod bindings {
    wit_bindgen::generate!({
        world: "acme:wasi-p2-net/wasi-p2-net",
        path: [
            "../../../../hostapi/wasi/wit/p2/io",
            "../../../../hostapi/wasi/wit/p2/clocks",
            "../../../../hostapi/wasi/wit/p2/sockets",
            "../../../../hostapi/wasi/wit/p2/http",
            "wit",
        ],
        generate_all,
    });
}

use check::Outcome;

struct Net;

impl bindings::exports::acme::wasi_p2_net::checks::Guest for Net {
    fn tcp_unbound(denied: String) -> Outcome {
        tcp::unbound(&denied)
    }
    fn tcp_exchange(peer: String) -> Outcome {
        tcp::exchange(&peer)
    }
    fn tcp_shutdown(peer: String) -> Outcome {
        tcp::shutdown(&peer)
    }
    fn tcp_options(peer: String) -> Outcome {
        tcp_options::check(&peer)
    }
    fn tcp_refused(peer: String) -> Outcome {
        tcp::refused(&peer)
    }
    fn tcp_reset(peer: String) -> Outcome {
        tcp::reset(&peer)
    }
    fn udp_unbound(denied: String) -> Outcome {
        udp::unbound(&denied)
    }
    fn udp_any(peer: String) -> Outcome {
        udp::any(&peer)
    }
    fn udp_connected(peer: String) -> Outcome {
        udp::connected(&peer)
    }
    fn udp_options(peer: String) -> Outcome {
        udp::options(&peer)
    }
    fn udp_refused(peer: String, denied: String) -> Outcome {
        datagrams::refused(&peer, &denied)
    }
    fn lookup(name: String) -> Outcome {
        names::lookup(&name)
    }
    fn lookup_literals() -> Outcome {
        names::literals()
    }
    fn lookup_failure(name: String) -> Outcome {
        names::failure(&name)
    }
    fn http_fields() -> Outcome {
        fields::check()
    }
    fn http_options() -> Outcome {
        messages::options()
    }
    fn http_request() -> Outcome {
        messages::request()
    }
    fn http_response() -> Outcome {
        messages::response()
    }
    fn http_exchange(url: String) -> Outcome {
        exchanges::exchange(&url)
    }
    fn http_short_body(url: String) -> Outcome {
        failures::short_body(&url)
    }
    fn http_failure(url: String) -> Outcome {
        failures::failure(&url)
    }
    fn http_late_head(url: String) -> Outcome {
        failures::late_head(&url)
    }
    fn http_late_body(url: String) -> Outcome {
        failures::late_body(&url)
    }
    fn http_late_handshake(url: String) -> Outcome {
        failures::late_handshake(&url)
    }
    fn mistake(what: String, url: String) -> Outcome {
        traps::make(&what, &url)
    }
}

bindings::export!(Net with_types_in bindings);
