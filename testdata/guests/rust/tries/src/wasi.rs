//! The interfaces of WASI that carry a capability, in all tracks.

use crate::bindings::{self, wasi};
use crate::candidate::{self, wasi as rc};
use crate::outcome::{Outcome, Pair, errors, unknown};

errors! {
    wasi::http0_2_12::types::ErrorCode { 16 HttpRequestDenied, 39 InternalError(text) }
    wasi::http0_2_0_rc_2023_11_10::types::ErrorCode { 16 HttpRequestDenied, 39 InternalError(text) }
    wasi::http0_2_0_rc_2023_10_18::types::Error { 1 InvalidUrl(text), 3 ProtocolError(text), 4 UnexpectedError(text) }
    wasi::http0_3_0::types::ErrorCode { 16 HttpRequestDenied, 39 InternalError(text) }
    rc::http0_3_0_rc_2026_03_15::types::ErrorCode { 16 HttpRequestDenied, 39 InternalError(text) }
    wasi::sockets0_2_12::network::ErrorCode { 1 Unknown, 2 AccessDenied }
    wasi::sockets0_2_0_rc_2023_10_18::network::ErrorCode { 1 Unknown, 2 AccessDenied }
    wasi::sockets0_2_0_rc_2023_11_10::network::ErrorCode { 1 Unknown, 2 AccessDenied }
    wasi::sockets0_3_0::types::ErrorCode { 1 AccessDenied, 2 NotSupported }
    rc::sockets0_3_0_rc_2026_03_15::types::ErrorCode { 1 AccessDenied, 2 NotSupported }
    wasi::sockets0_3_0::ip_name_lookup::ErrorCode { 1 AccessDenied, 3 NameUnresolvable }
    rc::sockets0_3_0_rc_2026_03_15::ip_name_lookup::ErrorCode { 1 AccessDenied, 3 NameUnresolvable }
}

const HOST: &str = "db.example";

macro_rules! environment {
    ($($m:ident)::+, $function:expr, $cwd:ident) => {
        match $function {
            "get-environment" => $($m)::+::environment::get_environment().outcome(),
            "get-arguments" => $($m)::+::environment::get_arguments().outcome(),
            "initial-cwd" | "get-initial-cwd" => $($m)::+::environment::$cwd().outcome(),
            f => unknown(f),
        }
    };
}

macro_rules! request {
    ($m:ident) => {{
        use wasi::$m::{outgoing_handler, types};
        let request = types::OutgoingRequest::new(types::Fields::new());
        request.set_authority(Some(HOST)).unwrap();
        outgoing_handler::handle(request, None).outcome()
    }};
}

/// Sends a request without trailers.
macro_rules! send {
    ($w:ident, $($m:ident)::+) => {{
        use $($m)::+::{client, types};
        let (trailers, none) = $w::wit_future::new(|| Ok(None));
        drop(trailers); // writes what the function returns
        let (request, _sent) = types::Request::new(types::Fields::new(), None, none, None);
        request.set_authority(Some(HOST)).unwrap();
        client::send(request).await.outcome()
    }};
}

macro_rules! sockets {
    ($m:ident, $function:expr $(, $more:expr)*) => {{
        use wasi::$m::{
            instance_network, ip_name_lookup, network::IpAddressFamily, tcp_create_socket,
            udp_create_socket,
        };
        match $function {
            "create-tcp-socket" => {
                tcp_create_socket::create_tcp_socket(IpAddressFamily::Ipv4).outcome()
            }
            "create-udp-socket" => {
                udp_create_socket::create_udp_socket(IpAddressFamily::Ipv4).outcome()
            }
            "[method]tcp-socket.address-family" => family(
                tcp_create_socket::create_tcp_socket(IpAddressFamily::Ipv4)
                    .unwrap()
                    .address_family() as u32,
            ),
            "[method]udp-socket.address-family" => family(
                udp_create_socket::create_udp_socket(IpAddressFamily::Ipv4)
                    .unwrap()
                    .address_family() as u32,
            ),
            "resolve-addresses" => {
                ip_name_lookup::resolve_addresses(&instance_network::instance_network(), HOST $(, $more)*)
                    .outcome()
            }
            f => unknown(f),
        }
    }};
}

macro_rules! sockets3 {
    ($($m:ident)::+, $function:expr) => {{
        use $($m)::+::{ip_name_lookup, types};
        match $function {
            "[static]tcp-socket.create" => types::TcpSocket::create(types::IpAddressFamily::Ipv4).outcome(),
            "[static]udp-socket.create" => types::UdpSocket::create(types::IpAddressFamily::Ipv4).outcome(),
            "resolve-addresses" => ip_name_lookup::resolve_addresses(HOST.into()).await.outcome(),
            f => unknown(f),
        }
    }};
}

fn family(number: u32) -> Pair {
    (number, String::new())
}

pub async fn call(id: &str, f: &str) -> Option<Pair> {
    let (name, version) = id.split_once('@')?;
    Some(match (name, version) {
        ("wasi:cli/environment", "0.2.12") => environment!(wasi::cli0_2_12, f, initial_cwd),
        ("wasi:cli/environment", "0.2.0-rc-2023-10-18") => {
            environment!(wasi::cli0_2_0_rc_2023_10_18, f, initial_cwd)
        }
        ("wasi:cli/environment", "0.2.0-rc-2023-11-10") => {
            environment!(wasi::cli0_2_0_rc_2023_11_10, f, initial_cwd)
        }
        ("wasi:cli/environment", "0.3.0") => environment!(wasi::cli0_3_0, f, get_initial_cwd),
        ("wasi:cli/environment", "0.3.0-rc-2026-03-15") => {
            environment!(rc::cli0_3_0_rc_2026_03_15, f, get_initial_cwd)
        }
        ("wasi:filesystem/preopens", "0.2.12") => {
            wasi::filesystem0_2_12::preopens::get_directories().outcome()
        }
        ("wasi:filesystem/preopens", "0.2.0-rc-2023-10-18") => {
            wasi::filesystem0_2_0_rc_2023_10_18::preopens::get_directories().outcome()
        }
        ("wasi:filesystem/preopens", "0.2.0-rc-2023-11-10") => {
            wasi::filesystem0_2_0_rc_2023_11_10::preopens::get_directories().outcome()
        }
        ("wasi:filesystem/preopens", "0.3.0") => {
            wasi::filesystem0_3_0::preopens::get_directories().outcome()
        }
        ("wasi:filesystem/preopens", "0.3.0-rc-2026-03-15") => {
            rc::filesystem0_3_0_rc_2026_03_15::preopens::get_directories().outcome()
        }
        ("wasi:http/outgoing-handler", "0.2.12") => request!(http0_2_12),
        ("wasi:http/outgoing-handler", "0.2.0-rc-2023-11-10") => request!(http0_2_0_rc_2023_11_10),
        ("wasi:http/outgoing-handler", "0.2.0-rc-2023-10-18") => october(),
        ("wasi:http/client", "0.3.0") => send!(bindings, wasi::http0_3_0),
        ("wasi:http/client", "0.3.0-rc-2026-03-15") => {
            send!(candidate, rc::http0_3_0_rc_2026_03_15)
        }
        (_, "0.2.12") if name.starts_with("wasi:sockets/") => sockets!(sockets0_2_12, f),
        (_, "0.2.0-rc-2023-10-18") if name.starts_with("wasi:sockets/") => {
            sockets!(sockets0_2_0_rc_2023_10_18, f, None, true)
        }
        (_, "0.2.0-rc-2023-11-10") if name.starts_with("wasi:sockets/") => {
            sockets!(sockets0_2_0_rc_2023_11_10, f)
        }
        (_, "0.3.0") if name.starts_with("wasi:sockets/") => sockets3!(wasi::sockets0_3_0, f),
        (_, "0.3.0-rc-2026-03-15") if name.starts_with("wasi:sockets/") => {
            sockets3!(rc::sockets0_3_0_rc_2026_03_15, f)
        }
        _ => return None,
    })
}

/// The first snapshot makes requests in another way.
fn october() -> Pair {
    use wasi::http0_2_0_rc_2023_10_18::{outgoing_handler, types};
    let request = types::OutgoingRequest::new(
        &types::Method::Get,
        None,
        None,
        Some(HOST),
        &types::Fields::new(&[]),
    );
    outgoing_handler::handle(request, None).outcome()
}
