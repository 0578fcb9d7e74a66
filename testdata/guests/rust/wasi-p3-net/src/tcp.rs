//! TCP sockets as they should be.

use crate::address::{family, parse, text};
use crate::bindings::wasi::sockets::types::{ErrorCode, IpAddressFamily, TcpSocket};
use crate::bindings::wit_stream;
use crate::check::{both, fails, same, well};

/// A socket that is connected.
pub async fn connect(peer: &str) -> Result<TcpSocket, String> {
    let to = parse(peer)?;
    let socket = well("create", TcpSocket::create(family(&to)))?;
    well("connect", socket.connect(to).await)?;
    Ok(socket)
}

pub async fn states(peer: &str) -> Result<String, String> {
    for family in [IpAddressFamily::Ipv4, IpAddressFamily::Ipv6] {
        let socket = well("create", TcpSocket::create(family))?;
        same("family", socket.get_address_family(), family)?;
        unconnected(&socket).await?;
    }
    let socket = connect(peer).await?;
    connected(&socket, peer).await?;
    let (writer, reader) = wit_stream::new();
    let sent = socket.send(reader);
    let (mut received, ended) = socket.receive();
    once(&socket).await?;
    drop(writer);
    same("sending nothing", sent.await, Ok::<_, ()>(()))?;
    same("the end", received.next().await, None::<u8>)?;
    same("receiving", ended.await, Ok::<_, ()>(()))?;
    one_way(peer).await?;
    Ok(String::new())
}

/// Who receives nothing can still send.
async fn one_way(peer: &str) -> Result<(), String> {
    let socket = connect(peer).await?;
    let (received, ended) = socket.receive();
    drop(received);
    same("receiving nothing", ended.await, Ok::<_, ()>(()))?;
    let (mut writer, reader) = wit_stream::new();
    let sent = socket.send(reader);
    let left = writer.write_all(b"one way".to_vec()).await;
    same("bytes not sent", left.len(), 0)?;
    drop(writer);
    same("sending one way", sent.await, Ok::<_, ()>(()))
}

async fn unconnected(socket: &TcpSocket) -> Result<(), String> {
    let state = ErrorCode::InvalidState;
    fails("local address", socket.get_local_address(), state.clone())?;
    fails("remote address", socket.get_remote_address(), state.clone())?;
    once(socket).await?;
    same("listening", socket.get_is_listening(), false)?;
    let none = socket.set_listen_backlog_size(0);
    fails("a backlog of 0", none, ErrorCode::InvalidArgument)?;
    for size in [1, 32, u64::MAX] {
        well("backlog", socket.set_listen_backlog_size(size))?;
    }
    Ok(())
}

/// A socket that has no direction, or both are in use.
async fn once(socket: &TcpSocket) -> Result<(), String> {
    let (_writer, reader) = wit_stream::new();
    fails("send", socket.send(reader).await, ErrorCode::InvalidState)?;
    let (mut received, ended) = socket.receive();
    same("what comes", received.next().await, None::<u8>)?;
    fails("receive", ended.await, ErrorCode::InvalidState)
}

async fn connected(socket: &TcpSocket, peer: &str) -> Result<(), String> {
    let state = ErrorCode::InvalidState;
    let remote = well("remote address", socket.get_remote_address())?;
    same("remote address", text(remote), peer)?;
    same("listening", socket.get_is_listening(), false)?;
    fails(
        "connecting again",
        socket.connect(remote).await,
        state.clone(),
    )?;
    fails("listening", socket.listen(), state.clone())?;
    fails("backlog", socket.set_listen_backlog_size(1), state)
}

/// How many bytes are sent: more than the host buffers.
const MUCH: usize = 1 << 20;

pub async fn exchange(peer: &str) -> Result<String, String> {
    let socket = connect(peer).await?;
    let local = text(well("local address", socket.get_local_address())?);
    let (mut writer, reader) = wit_stream::new();
    let sent = socket.send(reader);
    let (received, ended) = socket.receive();
    drop(socket); // the streams hold the connection
    let data: Vec<u8> = (0..MUCH).map(|i| (i % 251) as u8).collect();
    let (left, back) = both(
        async {
            let left = writer.write_all(data.clone()).await.len();
            drop(writer); // tells the peer that nothing follows
            left
        },
        received.collect(),
    )
    .await;
    same("bytes not sent", left, 0)?;
    same("bytes received", back.len(), MUCH)?;
    same("what was received", back == data, true)?;
    same("sending", sent.await, Ok::<_, ()>(()))?;
    same("receiving", ended.await, Ok::<_, ()>(()))?;
    Ok(local)
}
