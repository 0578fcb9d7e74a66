//! UDP sockets without peers.

use crate::address::{parse, text};
use crate::bindings::wasi::sockets::types::{ErrorCode, IpAddressFamily, UdpSocket};
use crate::check::{fails, same, well};

pub fn create() -> Result<UdpSocket, String> {
    well("create", UdpSocket::create(IpAddressFamily::Ipv4))
}

/// A socket that is bound, and its address.
pub fn bound(address: &str) -> Result<(UdpSocket, String), String> {
    let socket = create()?;
    well("bind", socket.bind(parse(address)?))?;
    let local = text(well("local address", socket.get_local_address())?);
    Ok((socket, local))
}

pub async fn states() -> Result<String, String> {
    let state = ErrorCode::InvalidState;
    for family in [IpAddressFamily::Ipv4, IpAddressFamily::Ipv6] {
        let socket = well("create", UdpSocket::create(family))?;
        same("family", socket.get_address_family(), family)?;
        fails("local address", socket.get_local_address(), state.clone())?;
        fails("remote address", socket.get_remote_address(), state.clone())?;
        fails("disconnect", socket.disconnect(), state.clone())?;
        fails("receive", socket.receive().await, state.clone())?;
        let nowhere = socket.send(b"x".into(), None).await;
        fails("send to nobody", nowhere, ErrorCode::InvalidArgument)?;
    }
    for to in ["127.0.0.1:0", "0.0.0.0:80", "[::1]:80"] {
        let (socket, to) = (create()?, parse(to)?);
        fails("connect", socket.connect(to), ErrorCode::InvalidArgument)?;
        let sent = socket.send(b"x".into(), Some(to)).await;
        fails("send", sent, ErrorCode::InvalidArgument)?;
        fails("remote address", socket.get_remote_address(), state.clone())?;
    }
    let (socket, to) = (create()?, parse("127.0.0.1:9")?);
    let large = socket.send(vec![0; 1 << 16], Some(to)).await;
    fails("a large datagram", large, ErrorCode::DatagramTooLarge)?;
    Ok(String::new())
}

pub fn bind() -> Result<String, String> {
    let (socket, local) = bound("127.0.0.1:0")?;
    let (ip, port) = local.rsplit_once(':').unwrap_or_default();
    same("address", ip, "127.0.0.1")?;
    same("port is 0", port == "0", false)?;
    let again = socket.bind(parse("127.0.0.1:0")?);
    fails("bind again", again, ErrorCode::InvalidState)?;
    same("remote", socket.get_remote_address().is_ok(), false)?;
    for (address, want) in [
        (local.as_str(), ErrorCode::AddressInUse),
        ("192.0.2.1:0", ErrorCode::AddressNotBindable),
        ("[::1]:0", ErrorCode::InvalidArgument),
    ] {
        let other = create()?;
        fails(address, other.bind(parse(address)?), want)?;
        well("bind after a failure", other.bind(parse("127.0.0.1:0")?))?;
    }
    drop(socket);
    bound(&local)?; // which is free again
    let (_any, local) = bound("0.0.0.0:0")?;
    same("any address", local.starts_with("0.0.0.0:"), true)?;
    Ok(String::new())
}

pub async fn denied(peer: &str, other: &str) -> Result<String, String> {
    let denied = ErrorCode::AccessDenied;
    let (peer, other) = (parse(peer)?, parse(other)?);
    let socket = create()?;
    fails("bind", socket.bind(parse("127.0.0.1:0")?), denied.clone())?;
    fails("connect elsewhere", socket.connect(other), denied.clone())?;
    let elsewhere = socket.send(b"x".into(), Some(other)).await;
    fails("send elsewhere", elsewhere, denied.clone())?;
    // To send binds the socket to any address, which takes an entry of its own.
    let unbound = socket.send(b"x".into(), Some(peer)).await;
    fails("send", unbound, denied.clone())?;
    fails("any address", socket.bind(parse("0.0.0.0:0")?), denied)?;
    // A peer includes the right to be bound for it.
    well("connect", socket.connect(peer))?;
    well(
        "send to the peer",
        socket.send(b"allowed".into(), None).await,
    )?;
    let (data, _) = well("receive", socket.receive().await)?;
    Ok(String::from_utf8_lossy(&data).into_owned())
}
