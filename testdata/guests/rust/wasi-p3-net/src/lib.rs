//! Calls every function of wasi:sockets and wasi:http 0.3, and tells what is not as it should be.

mod address;
mod body;
mod check;
mod fields;
mod handler;
mod lookup;
mod messages;
mod options;
mod send;
mod settings;
mod tcp;
mod tcp_faults;
mod timeouts;
mod udp;
mod udp_peers;

mod bindings {
    wit_bindgen::generate!({
        path: [
            "../../../../hostapi/wasi/wit/p3/clocks",
            "../../../../hostapi/wasi/wit/p3/sockets",
            "../../../../hostapi/wasi/wit/p3/http",
            "wit",
        ],
        world: "acme:wasi-p3-net/wasi-p3-net",
        generate_all,
    });
}

use bindings::exports::acme::wasi_p3_net::checks::Guest;

type Outcome = Result<String, String>;

struct Checks;

impl Guest for Checks {
    async fn tcp_states(peer: String) -> Outcome {
        tcp::states(&peer).await
    }
    async fn tcp_exchange(peer: String) -> Outcome {
        tcp::exchange(&peer).await
    }
    async fn tcp_failures(closed: String) -> Outcome {
        tcp_faults::failures(&closed).await
    }
    async fn tcp_reset(peer: String) -> Outcome {
        tcp_faults::reset(&peer).await
    }
    async fn tcp_options(peer: String) -> Outcome {
        settings::tcp(&peer).await
    }
    async fn tcp_denied(peer: String, other: String) -> Outcome {
        tcp_faults::denied(&peer, &other).await
    }
    async fn udp_states() -> Outcome {
        udp::states().await
    }
    async fn udp_bind() -> Outcome {
        udp::bind()
    }
    async fn udp_peers(first: String, second: String) -> Outcome {
        udp_peers::peers(&first, &second).await
    }
    async fn udp_options() -> Outcome {
        settings::udp()
    }
    async fn udp_denied(peer: String, other: String) -> Outcome {
        udp::denied(&peer, &other).await
    }
    async fn look_up(name: String) -> Outcome {
        lookup::look_up(name).await
    }
    async fn connect_by_name(name: String, port: u16) -> Outcome {
        lookup::connect(name, port).await
    }
    async fn fields() -> Outcome {
        fields::check()
    }
    async fn request_options() -> Outcome {
        options::check()
    }
    async fn messages() -> Outcome {
        messages::check().await
    }
    async fn send(authority: String) -> Outcome {
        send::exchange(&authority).await
    }
    async fn send_failures(authority: String, closed: String) -> Outcome {
        send::failures(&authority, &closed).await
    }
    async fn abandon(authority: String) -> Outcome {
        timeouts::abandon(&authority).await
    }
    async fn timeouts(silent: String, stalling: String, unconnected: String) -> Outcome {
        timeouts::check(&silent, &stalling, &unconnected).await
    }
}

bindings::export!(Checks with_types_in bindings);
