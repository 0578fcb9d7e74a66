//! TCP sockets, but for their options.

use crate::address::{V4, V6, family, network, parse, text};
use crate::bindings::wasi::http::types::http_error_code;
use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::bindings::wasi::sockets::network::ErrorCode;
use crate::bindings::wasi::sockets::tcp::{ShutdownType, TcpSocket};
use crate::bindings::wasi::sockets::tcp_create_socket::create_tcp_socket;
use crate::check::{Outcome, fails, holds, ok, same};
use crate::streams::{read_all, read_exactly, write_all};

const STATE: ErrorCode = ErrorCode::InvalidState;
const IDLE: ErrorCode = ErrorCode::NotInProgress;

/// What a socket that is not connected refuses. It cannot be bound, so that it never listens.
pub fn unbound(denied: &str) -> Outcome {
    let (socket, net) = (ok("create-tcp-socket", create_tcp_socket(V4))?, network());
    let denied = parse(denied)?;
    same("address-family", socket.address_family(), V4)?;
    holds("is ready", socket.subscribe().ready())?;
    for local in ["127.0.0.1:0", "0.0.0.0:0"] {
        let bound = socket.start_bind(&net, parse(local)?);
        fails("start-bind", bound, ErrorCode::AccessDenied)?;
    }
    fails("finish-bind", socket.finish_bind(), IDLE)?;
    fails("start-listen", socket.start_listen(), STATE)?;
    fails("finish-listen", socket.finish_listen(), IDLE)?;
    fails("accept", socket.accept(), STATE)?;
    holds("does not listen", !socket.is_listening())?;
    fails("local-address", socket.local_address(), STATE)?;
    fails("remote-address", socket.remote_address(), STATE)?;
    fails("shutdown", socket.shutdown(ShutdownType::Both), STATE)?;
    let backlog = socket.set_listen_backlog_size(0);
    fails("backlog of 0", backlog, ErrorCode::InvalidArgument)?;
    ok("backlog", socket.set_listen_backlog_size(16))?;
    let connecting = socket.start_connect(&net, denied);
    fails("start-connect", connecting, ErrorCode::AccessDenied)?;
    fails("finish-connect", socket.finish_connect(), IDLE)?;
    let other = ok("create-tcp-socket", create_tcp_socket(V6))?;
    same("address-family", other.address_family(), V6)?;
    Ok(String::new())
}

pub fn connect(socket: &TcpSocket, peer: &str) -> Result<(InputStream, OutputStream), String> {
    ok(
        "start-connect",
        socket.start_connect(&network(), parse(peer)?),
    )?;
    socket.subscribe().block();
    ok("finish-connect", socket.finish_connect())
}

/// Connects to a peer that answers what it gets, and returns the local address.
pub fn exchange(peer: &str) -> Outcome {
    let (address, net) = (parse(peer)?, network());
    let other = if family(&address) == V4 { V6 } else { V4 };
    let wrong = ok("create-tcp-socket", create_tcp_socket(other))?.start_connect(&net, address);
    fails("of the other family", wrong, ErrorCode::InvalidArgument)?;
    let socket = ok("create-tcp-socket", create_tcp_socket(family(&address)))?;
    ok("start-connect", socket.start_connect(&net, address))?;
    let again = socket.start_connect(&net, address);
    fails("while connecting", again, ErrorCode::ConcurrencyConflict)?;
    let listening = socket.start_listen();
    fails(
        "while connecting",
        listening,
        ErrorCode::ConcurrencyConflict,
    )?;
    socket.subscribe().block();
    let (input, output) = ok("finish-connect", socket.finish_connect())?;
    holds("is ready", socket.subscribe().ready())?;
    fails("connected", socket.finish_connect(), IDLE)?;
    fails("connected", socket.start_connect(&net, address), STATE)?;
    fails("connected", socket.start_listen(), STATE)?;
    fails("connected", socket.accept(), STATE)?;
    fails("connected", socket.set_listen_backlog_size(16), STATE)?;
    holds("does not listen", !socket.is_listening())?;
    let remote = ok("remote-address", socket.remote_address())?;
    same("remote-address", text(remote).as_str(), peer)?;
    write_all(&output, b"hello")?;
    same("echo", read_exactly(&input, 5)?, b"hello".to_vec())?;
    Ok(text(ok("local-address", socket.local_address())?))
}

/// Ends one direction after the other of connections to a peer that answers what it gets, and then
/// says whether that has ended.
pub fn shutdown(peer: &str) -> Outcome {
    let socket = ok("create-tcp-socket", create_tcp_socket(V4))?;
    let (input, output) = connect(&socket, peer)?;
    write_all(&output, b"all of it")?;
    ok("shutdown", socket.shutdown(ShutdownType::Send))?;
    holds(
        "cannot be written",
        matches!(output.check_write(), Err(StreamError::Closed)),
    )?;
    let answer = String::from_utf8_lossy(&read_all(&input)?).into_owned();

    let socket = ok("create-tcp-socket", create_tcp_socket(V4))?;
    let (input, output) = connect(&socket, peer)?;
    write_all(&output, b"to be lost")?;
    input.subscribe().block();
    ok("shutdown", socket.shutdown(ShutdownType::Receive))?;
    holds(
        "has ended",
        matches!(input.read(10), Err(StreamError::Closed)),
    )?;
    ok("can be written", output.check_write())?;
    ok("shutdown", socket.shutdown(ShutdownType::Both))?;
    holds(
        "cannot be written",
        matches!(output.check_write(), Err(StreamError::Closed)),
    )?;
    Ok(answer)
}

/// Nobody listens there. The socket cannot be used afterwards.
pub fn refused(peer: &str) -> Outcome {
    let socket = ok("create-tcp-socket", create_tcp_socket(V4))?;
    let (net, peer) = (network(), parse(peer)?);
    ok("start-connect", socket.start_connect(&net, peer))?;
    socket.subscribe().block();
    let failed = socket.finish_connect();
    fails("finish-connect", failed, ErrorCode::ConnectionRefused)?;
    fails("once more", socket.start_connect(&net, peer), STATE)?;
    fails("hop-limit", socket.hop_limit(), STATE)?;
    Ok(String::new())
}

/// A peer that resets the connection. The error of the stream is none of HTTP.
pub fn reset(peer: &str) -> Outcome {
    let socket = ok("create-tcp-socket", create_tcp_socket(V4))?;
    let (input, output) = connect(&socket, peer)?;
    write_all(&output, b"x")?;
    match input.blocking_read(1) {
        Err(StreamError::LastOperationFailed(e)) => {
            holds("is no code of HTTP", http_error_code(&e).is_none())?;
            Ok(e.to_debug_string())
        }
        got => Err(format!("read after a reset: {got:?}")),
    }
}
