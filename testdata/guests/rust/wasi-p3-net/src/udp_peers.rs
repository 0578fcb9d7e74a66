//! UDP sockets with peers.

use std::pin::pin;

use crate::address::{parse, text};
use crate::bindings::wasi::sockets::types::{ErrorCode, UdpSocket};
use crate::check::{fails, same, waits, well};
use crate::udp::{bound, create};

pub async fn peers(first: &str, second: &str) -> Result<String, String> {
    let (socket, local) = bound("127.0.0.1:0")?;
    connected(&socket, first, second).await?;
    strangers(&socket, &local, first).await?;
    well("disconnect", socket.disconnect())?;
    fails(
        "disconnect again",
        socket.disconnect(),
        ErrorCode::InvalidState,
    )?;
    let remote = socket.get_remote_address();
    fails("remote address", remote, ErrorCode::InvalidState)?;
    let kept = well("local address", socket.get_local_address())?;
    same("local address", text(kept), &local)?;
    let nowhere = socket.send(b"x".into(), None).await;
    fails("send to nobody", nowhere, ErrorCode::InvalidArgument)?;
    for peer in [second, first] {
        well(
            "send",
            socket.send(b"to any".into(), Some(parse(peer)?)).await,
        )?;
        receives(&socket, b"to any", peer).await?;
    }
    given_up(&socket, first).await?;
    unbound(first).await?;
    sizes(&socket, first).await?;
    Ok(local)
}

async fn receives(socket: &UdpSocket, want: &[u8], from: &str) -> Result<(), String> {
    let (data, sender) = well("receive", socket.receive().await)?;
    same("sender", text(sender), from)?;
    same(
        "data",
        String::from_utf8_lossy(&data),
        String::from_utf8_lossy(want),
    )
}

/// A socket that has a peer sends to nobody else. It may get another one.
async fn connected(socket: &UdpSocket, first: &str, second: &str) -> Result<(), String> {
    for (peer, other) in [(second, first), (first, second)] {
        well("connect", socket.connect(parse(peer)?))?;
        let remote = well("remote address", socket.get_remote_address())?;
        same("remote address", text(remote), peer)?;
        well("send", socket.send(b"to the peer".into(), None).await)?;
        receives(socket, b"to the peer", peer).await?;
        well(
            "send",
            socket.send(b"by name".into(), Some(parse(peer)?)).await,
        )?;
        receives(socket, b"by name", peer).await?;
        let elsewhere = socket.send(b"x".into(), Some(parse(other)?)).await;
        fails("send elsewhere", elsewhere, ErrorCode::InvalidArgument)?;
    }
    Ok(())
}

/// A socket that has a peer receives from nobody else.
async fn strangers(socket: &UdpSocket, local: &str, peer: &str) -> Result<(), String> {
    let (stranger, _) = bound("127.0.0.1:0")?;
    let sent = stranger.send(b"strange".into(), Some(parse(local)?)).await;
    well("send of a stranger", sent)?;
    well("send", socket.send(b"known".into(), None).await)?;
    receives(socket, b"known", peer).await
}

/// A datagram that comes after its receiver has given up is the next one's.
async fn given_up(socket: &UdpSocket, peer: &str) -> Result<(), String> {
    waits("receive", pin!(socket.receive()))?;
    let sent = socket.send(b"later".into(), Some(parse(peer)?)).await;
    well("send", sent)?;
    receives(socket, b"later", peer).await
}

/// A socket is bound by what it does first.
async fn unbound(peer: &str) -> Result<(), String> {
    let socket = create()?;
    well("connect", socket.connect(parse(peer)?))?;
    let local = text(well("local address", socket.get_local_address())?);
    same("local address", local.starts_with("127.0.0.1:"), true)?;
    same("port is 0", local.ends_with(":0"), false)?;
    let socket = create()?;
    well(
        "send",
        socket.send(b"first".into(), Some(parse(peer)?)).await,
    )?;
    let local = text(well("local address", socket.get_local_address())?);
    same("port is 0", local.ends_with(":0"), false)?;
    receives(&socket, b"first", peer).await
}

async fn sizes(socket: &UdpSocket, peer: &str) -> Result<(), String> {
    for size in [0, 1, 8000] {
        let data = vec![b'x'; size];
        well("send", socket.send(data.clone(), Some(parse(peer)?)).await)?;
        receives(socket, &data, peer).await?;
    }
    Ok(())
}
