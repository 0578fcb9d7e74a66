//! Sends and receives datagrams, and what of it is refused.

use crate::address::{V4, family, network, parse, text};
use crate::bindings::wasi::sockets::network::ErrorCode;
use crate::bindings::wasi::sockets::udp::*;
use crate::bindings::wasi::sockets::udp_create_socket::create_udp_socket;
use crate::check::{Outcome, fails, holds, ok, same};

pub type Pair = (IncomingDatagramStream, OutgoingDatagramStream);

/// A socket that is bound to any port of an address.
pub fn bind(local: &str) -> Result<UdpSocket, String> {
    let local = parse(local)?;
    let socket = ok("create-udp-socket", create_udp_socket(family(&local)))?;
    ok("start-bind", socket.start_bind(&network(), local))?;
    socket.subscribe().block();
    ok("finish-bind", socket.finish_bind())?;
    Ok(socket)
}

pub fn streams(socket: &UdpSocket, peer: Option<&str>) -> Result<Pair, String> {
    let peer = peer.map(parse).transpose()?;
    ok("stream", socket.stream(peer))
}

pub fn datagram(data: &[u8], to: Option<&str>) -> Result<OutgoingDatagram, String> {
    Ok(OutgoingDatagram {
        data: data.to_vec(),
        remote_address: to.map(parse).transpose()?,
    })
}

/// Sends all datagrams.
pub fn send(out: &OutgoingDatagramStream, list: &[OutgoingDatagram]) -> Result<(), String> {
    out.subscribe().block();
    let most = ok("check-send", out.check_send())?;
    holds("check-send allows it", most >= list.len() as u64)?;
    same("send", ok("send", out.send(list))?, list.len() as u64)
}

/// Waits for one datagram: its text and who has sent it.
pub fn receive(input: &IncomingDatagramStream) -> Result<(String, String), String> {
    loop {
        input.subscribe().block();
        let mut list = ok("receive", input.receive(1))?;
        if let Some(got) = list.pop() {
            holds("receive gives one at most", list.is_empty())?;
            let data = String::from_utf8_lossy(&got.data).into_owned();
            return Ok((data, text(got.remote_address)));
        }
    }
}

/// What cannot be sent or bound.
pub fn refused(peer: &str, denied: &str) -> Outcome {
    let socket = ok("create-udp-socket", create_udp_socket(V4))?;
    let elsewhere = socket.start_bind(&network(), parse("192.0.2.1:0")?);
    fails("start-bind", elsewhere, ErrorCode::AccessDenied)?;
    let socket = bind("0.0.0.0:0")?;
    let again = socket.start_bind(&network(), parse("0.0.0.0:0")?);
    fails("start-bind", again, ErrorCode::InvalidState)?;
    fails(
        "finish-bind",
        socket.finish_bind(),
        ErrorCode::NotInProgress,
    )?;
    let streams = socket.stream(Some(parse(denied)?));
    fails("stream", streams, ErrorCode::AccessDenied)?;
    let (_input, out) = ok("stream", socket.stream(None))?;
    let huge = vec![0; 65_536];
    for (datagram, want) in [
        (datagram(b"x", Some(denied))?, ErrorCode::AccessDenied),
        (datagram(b"x", None)?, ErrorCode::InvalidArgument),
        (datagram(&huge, Some(peer))?, ErrorCode::DatagramTooLarge),
        (
            datagram(&huge[..65_520], Some(peer))?,
            ErrorCode::DatagramTooLarge,
        ),
    ] {
        ok("check-send", out.check_send())?;
        fails("send", out.send(&[datagram]), want)?;
    }
    ok("check-send", out.check_send())?;
    let second_fails = [
        datagram(b"sent", Some(peer))?,
        datagram(b"x", Some(denied))?,
    ];
    same("sent before a failure", out.send(&second_fails), Ok(1))?;
    Ok(String::new())
}
