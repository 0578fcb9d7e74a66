//! Calls every function of the snapshot of WASI of October 2023, by bindings of its own, and checks
//! what each does as far as that can be seen from inside.

mod access;
mod check;
mod client;
mod clocks;
mod console;
mod files;
mod http;
mod metadata;
mod names;
mod sockets;
mod streams;
mod tcp;
mod tcpoptions;
mod udp;
mod udpoptions;

#[allow(unused)]
mod bindings {
    wit_bindgen::generate!({
        world: "test:wasi-october/wasi-october",
        path: [
            "../../../../hostapi/wasi/wit/october/io",
            "../../../../hostapi/wasi/wit/october/clocks",
            "../../../../hostapi/wasi/wit/october/random",
            "../../../../hostapi/wasi/wit/october/cli",
            "../../../../hostapi/wasi/wit/october/filesystem",
            "../../../../hostapi/wasi/wit/october/sockets",
            "../../../../hostapi/wasi/wit/october/http",
            "wit",
        ],
        generate_all,
    });
}

use bindings::exports::test::wasi_october::checks;
use bindings::exports::wasi::http::incoming_handler;
use bindings::wasi::http::types::{IncomingRequest, ResponseOutparam};
use bindings::wasi::io::poll::{Pollable, poll_one};
use check::Outcome;

/// Waits for what the snapshots do not wait for in the same way.
fn wait(p: &Pollable) {
    poll_one(p);
}

struct October;

/// Exports functions under the names that the world has for them.
macro_rules! checks {
    ($($name:ident($($arg:ident: $t:ty),*) = $($f:ident)::+;)+) => {
        impl checks::Guest for October {
            $(fn $name($($arg: $t),*) -> Outcome { $($f)::+($($arg),*) })+
        }
    };
}

checks! {
    poll() = clocks::poll;
    clocks() = clocks::clocks;
    random() = clocks::random;
    input() = streams::input;
    output() = streams::output;
    moving() = streams::moving;
    failing() = streams::failing;
    environment() = console::environment;
    console() = console::console;
    exit(ok: bool) = console::exit;
    reading() = files::reading;
    writing() = files::writing;
    read_only() = files::read_only;
    names() = names::names;
    listing() = names::listing;
    metadata() = metadata::metadata;
    unsupported() = access::unsupported;
    fields() = http::fields;
    bad_fields() = http::bad_fields;
    fetch(authority: String, path: String, body: String) = client::fetch;
    denied_request(authority: String) = client::denied;
    late(authority: String) = client::late;
    broken(authority: String) = client::broken;
    trailers_twice(authority: String) = client::trailers_twice;
    connection(address: String) = tcp::connection;
    deaf(address: String) = tcp::deaf;
    tcp_refusals(refusing: String, denied: String) = tcp::refusals;
    tcp_options(address: String) = tcpoptions::options;
    datagrams(address: String) = udp::datagrams;
    peer(address: String) = udp::peer;
    udp_refusals(denied: String) = udp::refusals;
    udp_options() = udpoptions::options;
    lookup(name: String, denied: String) = sockets::lookup;
}

impl incoming_handler::Guest for October {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        http::serve(request, out);
    }
}

bindings::export!(October with_types_in bindings);
