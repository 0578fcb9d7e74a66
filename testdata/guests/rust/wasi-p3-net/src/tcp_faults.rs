//! What TCP sockets cannot do, or may not.

use crate::address::parse;
use crate::bindings::wasi::sockets::types::{ErrorCode, IpAddressFamily, TcpSocket};
use crate::bindings::wit_stream;
use crate::check::{fails, same, well};
use crate::tcp::connect;

pub async fn failures(closed: &str) -> Result<String, String> {
    for (family, to) in [
        (IpAddressFamily::Ipv4, "127.0.0.1:0"),
        (IpAddressFamily::Ipv4, "0.0.0.0:80"),
        (IpAddressFamily::Ipv4, "224.0.0.1:80"),
        (IpAddressFamily::Ipv4, "255.255.255.255:80"),
        (IpAddressFamily::Ipv4, "[::1]:80"),
        (IpAddressFamily::Ipv6, "127.0.0.1:80"),
        (IpAddressFamily::Ipv6, "[::]:80"),
        (IpAddressFamily::Ipv6, "[ff02::1]:80"),
        (IpAddressFamily::Ipv6, "[::ffff:127.0.0.1]:80"),
    ] {
        let socket = well("create", TcpSocket::create(family))?;
        let result = socket.connect(parse(to)?).await;
        fails(
            &format!("{family:?} to {to}"),
            result,
            ErrorCode::InvalidArgument,
        )?;
    }
    refused(closed).await?;
    Ok(String::new())
}

/// A socket whose connection failed is of no further use.
async fn refused(closed: &str) -> Result<(), String> {
    let socket = well("create", TcpSocket::create(IpAddressFamily::Ipv4))?;
    let to = parse(closed)?;
    fails(
        "nobody listens",
        socket.connect(to).await,
        ErrorCode::ConnectionRefused,
    )?;
    let state = ErrorCode::InvalidState;
    fails("connect again", socket.connect(to).await, state.clone())?;
    fails("local address", socket.get_local_address(), state.clone())?;
    fails("remote address", socket.get_remote_address(), state.clone())?;
    fails("hop limit", socket.get_hop_limit(), state.clone())?;
    fails("set-hop-limit", socket.set_hop_limit(7), state.clone())?;
    fails("receive", socket.receive().1.await, state)
}

pub async fn reset(peer: &str) -> Result<String, String> {
    let socket = connect(peer).await?;
    let (mut received, ended) = socket.receive();
    let (mut writer, reader) = wit_stream::new();
    let sent = socket.send(reader);
    let first = received.next().await;
    writer.write_all(b"reset".to_vec()).await;
    same("the end", received.next().await, None::<u8>)?;
    fails("receiving", ended.await, ErrorCode::ConnectionReset)?;
    writer.write_all(b"more".to_vec()).await;
    drop(writer);
    match sent.await {
        Err(ErrorCode::ConnectionBroken | ErrorCode::ConnectionReset) => {}
        other => return Err(format!("sending after a reset: {other:?}")),
    }
    Ok(format!("{first:?}"))
}

pub async fn denied(peer: &str, other: &str) -> Result<String, String> {
    let denied = ErrorCode::AccessDenied;
    let socket = well("create", TcpSocket::create(IpAddressFamily::Ipv4))?;
    let elsewhere = socket.connect(parse(other)?).await;
    fails("connect elsewhere", elsewhere, denied.clone())?;
    for address in ["127.0.0.1:0", "0.0.0.0:0", peer] {
        fails("bind", socket.bind(parse(address)?), denied.clone())?;
    }
    fails("listen", socket.listen(), denied)?;
    same("listening", socket.get_is_listening(), false)?;
    // None of it has spoiled the socket.
    well("connect", socket.connect(parse(peer)?).await)?;
    Ok(String::new())
}
