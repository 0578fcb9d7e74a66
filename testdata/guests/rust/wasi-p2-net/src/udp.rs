//! UDP sockets.

use crate::address::{V4, V6, family, network, parse, text};
use crate::bindings::wasi::sockets::network::ErrorCode;
use crate::bindings::wasi::sockets::udp::UdpSocket;
use crate::bindings::wasi::sockets::udp_create_socket::create_udp_socket;
use crate::check::{Outcome, fails, holds, ok, same};
use crate::datagrams::{bind, datagram, receive, send, streams};

const STATE: ErrorCode = ErrorCode::InvalidState;
const ARGUMENT: ErrorCode = ErrorCode::InvalidArgument;

/// What a socket that is not bound refuses.
pub fn unbound(denied: &str) -> Outcome {
    let socket = ok("create-udp-socket", create_udp_socket(V4))?;
    same("address-family", socket.address_family(), V4)?;
    holds("is ready", socket.subscribe().ready())?;
    fails(
        "finish-bind",
        socket.finish_bind(),
        ErrorCode::NotInProgress,
    )?;
    fails("stream", socket.stream(None), STATE)?;
    fails("local-address", socket.local_address(), STATE)?;
    fails("remote-address", socket.remote_address(), STATE)?;
    let bound = socket.start_bind(&network(), parse(denied)?);
    fails("start-bind", bound, ErrorCode::AccessDenied)?;
    let other = ok("create-udp-socket", create_udp_socket(V6))?;
    same("address-family", other.address_family(), V6)?;
    let wrong = other.start_bind(&network(), parse("0.0.0.0:0")?);
    fails("bind to the other family", wrong, ARGUMENT)?;
    Ok(String::new())
}

/// The address of this machine that is like another, with any port.
fn beside(peer: &str) -> Result<&'static str, String> {
    let ipv4 = family(&parse(peer)?) == V4;
    Ok(if ipv4 { "127.0.0.1:0" } else { "[::1]:0" })
}

/// Sends two datagrams to a peer that answers them, and returns the local address.
pub fn any(peer: &str) -> Outcome {
    let socket = bind(beside(peer)?)?;
    let (input, out) = streams(&socket, None)?;
    same("receive before", ok("receive", input.receive(9))?.len(), 0)?;
    holds("nothing to receive", !input.subscribe().ready())?;
    send(
        &out,
        &[datagram(b"one", Some(peer))?, datagram(b"", Some(peer))?],
    )?;
    // One after the other, on the way of the loopback interface.
    same(
        "first answer",
        receive(&input)?,
        ("one".into(), peer.into()),
    )?;
    same(
        "second answer",
        receive(&input)?,
        (String::new(), peer.into()),
    )?;
    fails("remote-address", socket.remote_address(), STATE)?;
    Ok(text(ok("local-address", socket.local_address())?))
}

/// Exchanges datagrams with a peer, while others send some too: they are not seen. Returns the
/// local address.
pub fn connected(peer: &str) -> Outcome {
    let socket = bind("0.0.0.0:0")?;
    let (input, out) = streams(&socket, Some(peer))?;
    let remote = ok("remote-address", socket.remote_address())?;
    same("remote-address", text(remote).as_str(), peer)?;
    let local = text(ok("local-address", socket.local_address())?);
    send(&out, &[datagram(b"without", None)?])?;
    let answer = receive(&input)?;
    same("answer", answer, ("without".into(), peer.into()))?;
    send(&out, &[datagram(b"with", Some(peer))?])?;
    same("answer", receive(&input)?, ("with".into(), peer.into()))?;
    ok("check-send", out.check_send())?;
    let other = out.send(&[datagram(b"x", Some("127.0.0.1:9"))?]);
    fails("to another", other, ARGUMENT)?;
    drop((input, out));
    let (_input, out) = streams(&socket, None)?;
    fails("remote-address", socket.remote_address(), STATE)?;
    ok("check-send", out.check_send())?;
    fails("to nobody", out.send(&[datagram(b"x", None)?]), ARGUMENT)?;
    Ok(local)
}

/// Sends a datagram each with a hop limit that was set before the socket was bound, and after.
pub fn options(peer: &str) -> Outcome {
    let socket = ok("create-udp-socket", create_udp_socket(V4))?;
    for (what, got) in [
        ("hop-limit", socket.unicast_hop_limit().map(u64::from)),
        ("receive-buffer-size", socket.receive_buffer_size()),
        ("send-buffer-size", socket.send_buffer_size()),
    ] {
        holds(what, ok(what, got)? > 0)?;
    }
    set(&socket, 7, 20_000)?;
    ok(
        "start-bind",
        socket.start_bind(&network(), parse("127.0.0.1:0")?),
    )?;
    let early = socket.local_address();
    fails("while binding", early, ErrorCode::ConcurrencyConflict)?;
    fails("while binding", socket.stream(None), STATE)?;
    ok("finish-bind", socket.finish_bind())?;
    let (input, out) = streams(&socket, Some(peer))?;
    for (text, hops, size) in [("before", 7, 20_000), ("after", 9, 30_000)] {
        set(&socket, hops, size)?;
        send(&out, &[datagram(text.as_bytes(), None)?])?;
        same("answer", receive(&input)?.0.as_str(), text)?;
    }
    Ok(String::new())
}

/// Sets options, and reads them.
fn set(s: &UdpSocket, hops: u8, size: u64) -> Result<(), String> {
    ok("hop-limit", s.set_unicast_hop_limit(hops))?;
    ok("receive-buffer", s.set_receive_buffer_size(size))?;
    ok("send-buffer", s.set_send_buffer_size(size + 1))?;
    fails("hop-limit", s.set_unicast_hop_limit(0), ARGUMENT)?;
    fails("receive-buffer", s.set_receive_buffer_size(0), ARGUMENT)?;
    fails("send-buffer", s.set_send_buffer_size(0), ARGUMENT)?;
    same("hop-limit", s.unicast_hop_limit(), Ok(hops))?;
    same("receive-buffer", s.receive_buffer_size(), Ok(size))?;
    same("send-buffer", s.send_buffer_size(), Ok(size + 1))
}
