//! Datagrams.

use crate::bindings::wasi::io::poll::poll_one;
use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily, IpSocketAddress};
use crate::bindings::wasi::sockets::udp::{Datagram, UdpSocket};
use crate::bindings::wasi::sockets::udp_create_socket::create_udp_socket;
use crate::check::*;
use crate::sockets::{parse, show};

pub const ANY: &str = "0.0.0.0:0";

pub fn socket(family: IpAddressFamily) -> Result<UdpSocket, String> {
    let s = create_udp_socket(family).named("create-udp-socket")?;
    want("address-family", s.address_family(), family)?;
    Ok(s)
}

fn datagram(text: &str, to: IpSocketAddress) -> Datagram {
    Datagram {
        data: text.into(),
        remote_address: to,
    }
}

/// Receives n datagrams that an address has sent.
fn receive(s: &UdpSocket, n: usize, from: IpSocketAddress) -> Result<Vec<String>, String> {
    let mut texts = Vec::new();
    while texts.len() < n {
        poll_one(&s.subscribe());
        for d in s.receive(10).named("receive")? {
            want("who has sent it", d.remote_address, from)?;
            texts.push(String::from_utf8_lossy(&d.data).into());
        }
    }
    Ok(texts)
}

/// Sends datagrams to a server that sends them back.
pub fn datagrams(address: String) -> Outcome {
    let (s, net, to) = (
        socket(IpAddressFamily::Ipv4)?,
        instance_network(),
        parse(&address)?,
    );
    fails(
        "local-address before",
        s.local_address(),
        ErrorCode::InvalidState,
    )?;
    fails("finish-bind", s.finish_bind(), ErrorCode::NotInProgress)?;
    fails("receive before", s.receive(1), ErrorCode::InvalidState)?;
    fails(
        "send before",
        s.send(&[datagram("x", to)]),
        ErrorCode::InvalidState,
    )?;
    s.start_bind(&net, parse(ANY)?).named("start-bind")?;
    fails(
        "send meanwhile",
        s.send(&[datagram("x", to)]),
        ErrorCode::ConcurrencyConflict,
    )?;
    poll_one(&s.subscribe());
    s.finish_bind().named("finish-bind")?;
    fails(
        "start-bind again",
        s.start_bind(&net, parse(ANY)?),
        ErrorCode::InvalidState,
    )?;
    let local = show(s.local_address().named("local-address")?);
    ensure(
        "local-address",
        local.starts_with("0.0.0.0:") && local != ANY,
    )?;
    fails(
        "remote-address",
        s.remote_address(),
        ErrorCode::InvalidState,
    )?;
    fails(
        "receive of what has not come",
        s.receive(1),
        ErrorCode::WouldBlock,
    )?;
    gives("receive of nothing", s.receive(0), [(); 0])?;
    gives("send of nothing", s.send(&[]), 0)?;
    gives(
        "send",
        s.send(&["one", "", "three"].map(|text| datagram(text, to))),
        3,
    )?;
    let texts = receive(&s, 3, to)?;
    let port = local.trim_start_matches("0.0.0.0:");
    Ok(format!("{port}: {}", texts.join(",")))
}

/// Does the same with a peer.
pub fn peer(address: String) -> Outcome {
    let (s, net, to) = (
        socket(IpAddressFamily::Ipv4)?,
        instance_network(),
        parse(&address)?,
    );
    fails(
        "finish-connect",
        s.finish_connect(),
        ErrorCode::NotInProgress,
    )?;
    s.start_connect(&net, to).named("start-connect")?;
    fails(
        "start-connect twice",
        s.start_connect(&net, to),
        ErrorCode::ConcurrencyConflict,
    )?;
    poll_one(&s.subscribe());
    s.finish_connect().named("finish-connect")?;
    gives("remote-address", s.remote_address(), to)?;
    let local = show(s.local_address().named("local-address")?);
    ensure("local-address", local.starts_with("127.0.0.1:"))?;
    gives("send", s.send(&[datagram("hello", to)]), 1)?;
    let other = datagram("hello", parse("127.0.0.1:1")?);
    fails(
        "send to another",
        s.send(&[other]),
        ErrorCode::InvalidArgument,
    )?;
    Ok(format!("{local}: {}", receive(&s, 1, to)?.concat()))
}

/// Tries what a guest may not do, and what fails.
pub fn refusals(denied: String) -> Outcome {
    let (s, net, to) = (
        socket(IpAddressFamily::Ipv4)?,
        instance_network(),
        parse(&denied)?,
    );
    fails(
        "start-bind",
        s.start_bind(&net, parse("127.0.0.1:0")?),
        ErrorCode::AccessDenied,
    )?;
    fails(
        "start-connect",
        s.start_connect(&net, to),
        ErrorCode::AccessDenied,
    )?;
    s.start_bind(&net, parse(ANY)?).named("start-bind")?;
    s.finish_bind().named("finish-bind")?;
    fails(
        "send",
        s.send(&[datagram("x", to)]),
        ErrorCode::AccessDenied,
    )?;
    let large = datagram(&"x".repeat(70_000), to);
    fails(
        "send of too much",
        s.send(&[large]),
        ErrorCode::DatagramTooLarge,
    )?;
    Ok(String::new())
}
