//! Datagrams.

use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily, IpSocketAddress};
use crate::bindings::wasi::sockets::udp::*;
use crate::bindings::wasi::sockets::udp_create_socket::create_udp_socket;
use crate::check::*;
use crate::sockets::{parse, show};

pub const ANY: &str = "0.0.0.0:0";

pub fn socket(family: IpAddressFamily) -> Result<UdpSocket, String> {
    let s = create_udp_socket(family).named("create-udp-socket")?;
    want("address-family", s.address_family(), family)?;
    Ok(s)
}

/// Returns a socket that is bound to a port of its own.
fn bound() -> Result<UdpSocket, String> {
    let (s, net) = (socket(IpAddressFamily::Ipv4)?, instance_network());
    fails(
        "local-address before",
        s.local_address(),
        ErrorCode::InvalidState,
    )?;
    fails("finish-bind", s.finish_bind(), ErrorCode::NotInProgress)?;
    fails("stream before", s.stream(None), ErrorCode::InvalidState)?;
    s.start_bind(&net, parse(ANY)?).named("start-bind")?;
    s.subscribe().block();
    s.finish_bind().named("finish-bind")?;
    fails(
        "start-bind again",
        s.start_bind(&net, parse(ANY)?),
        ErrorCode::InvalidState,
    )?;
    Ok(s)
}

fn datagram(text: &str, to: Option<IpSocketAddress>) -> OutgoingDatagram {
    OutgoingDatagram {
        data: text.into(),
        remote_address: to,
    }
}

/// Sends one datagram.
fn send(out: &OutgoingDatagramStream, d: OutgoingDatagram) -> Result<u64, ErrorCode> {
    out.subscribe().block();
    out.check_send()?;
    out.send(&[d])
}

/// Receives n datagrams that an address has sent.
fn receive(
    s: &IncomingDatagramStream,
    n: usize,
    from: IpSocketAddress,
) -> Result<Vec<String>, String> {
    let mut texts = Vec::new();
    while texts.len() < n {
        s.subscribe().block();
        for d in s.receive(10).named("receive")? {
            want("who has sent it", d.remote_address, from)?;
            texts.push(String::from_utf8_lossy(&d.data).into());
        }
    }
    Ok(texts)
}

/// Sends datagrams to a server that sends them back.
pub fn datagrams(address: String) -> Outcome {
    let (s, to) = (bound()?, parse(&address)?);
    let local = show(s.local_address().named("local-address")?);
    ensure(
        "local-address",
        local.starts_with("0.0.0.0:") && local != ANY,
    )?;
    let (input, output) = s.stream(None).named("stream")?;
    fails(
        "remote-address",
        s.remote_address(),
        ErrorCode::InvalidState,
    )?;
    gives("receive of what has not come", input.receive(1), [(); 0])?;
    gives("receive of nothing", input.receive(0), [(); 0])?;
    output.subscribe().block();
    ensure("check-send", output.check_send().named("check-send")? >= 3)?;
    let three = ["one", "", "three"].map(|text| datagram(text, Some(to)));
    gives("send", output.send(&three), 3)?;
    let nowhere = send(&output, datagram("x", None));
    fails("send to nobody", nowhere, ErrorCode::InvalidArgument)?;
    let texts = receive(&input, 3, to)?;
    let port = local.trim_start_matches("0.0.0.0:");
    Ok(format!("{port}: {}", texts.join(",")))
}

/// Does the same with a peer.
pub fn peer(address: String) -> Outcome {
    let (s, to) = (bound()?, parse(&address)?);
    let (input, output) = s.stream(Some(to)).named("stream")?;
    gives("remote-address", s.remote_address(), to)?;
    let local = show(s.local_address().named("local-address")?);
    ensure("local-address", local.starts_with("127.0.0.1:"))?;
    gives("send", send(&output, datagram("hel", None)), 1)?;
    gives(
        "send to the peer",
        send(&output, datagram("lo", Some(to))),
        1,
    )?;
    let other = datagram("hello", Some(parse("127.0.0.1:1")?));
    fails(
        "send to another",
        send(&output, other),
        ErrorCode::InvalidArgument,
    )?;
    Ok(format!("{local}: {}", receive(&input, 2, to)?.concat()))
}

/// Tries what a guest may not do, and what fails.
pub fn refusals(denied: String) -> Outcome {
    let (unbound, to) = (socket(IpAddressFamily::Ipv4)?, parse(&denied)?);
    let bind = unbound.start_bind(&instance_network(), parse("127.0.0.1:0")?);
    fails("start-bind", bind, ErrorCode::AccessDenied)?;
    let s = bound()?;
    fails("stream", s.stream(Some(to)), ErrorCode::AccessDenied)?;
    let (_, output) = s.stream(None).named("stream")?;
    let sent = send(&output, datagram("x", Some(to)));
    fails("send", sent, ErrorCode::AccessDenied)?;
    let sent = send(&output, datagram(&"x".repeat(70_000), Some(to)));
    fails("send of too much", sent, ErrorCode::DatagramTooLarge)?;
    Ok(String::new())
}
