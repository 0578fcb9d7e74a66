//! Connections.

use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily};
use crate::bindings::wasi::sockets::tcp::{ShutdownType, TcpSocket};
use crate::bindings::wasi::sockets::tcp_create_socket::create_tcp_socket;
use crate::check::*;
use crate::sockets::{parse, show};
use crate::wait;

pub fn socket(family: IpAddressFamily) -> Result<TcpSocket, String> {
    let s = create_tcp_socket(family).named("create-tcp-socket")?;
    want("address-family", s.address_family(), family)?;
    Ok(s)
}

/// Connects a socket, and has started before.
fn finish(s: &TcpSocket) -> Result<(InputStream, OutputStream), ErrorCode> {
    wait(&s.subscribe());
    s.finish_connect()
}

pub fn connect(s: &TcpSocket, address: &str) -> Result<(InputStream, OutputStream), String> {
    s.start_connect(&instance_network(), parse(address)?)
        .named("start-connect")?;
    finish(s).named("finish-connect")
}

pub fn connection(address: String) -> Outcome {
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
    fails(
        "local-address before",
        s.local_address(),
        ErrorCode::InvalidState,
    )?;
    fails(
        "remote-address before",
        s.remote_address(),
        ErrorCode::InvalidState,
    )?;
    fails(
        "shutdown before",
        s.shutdown(ShutdownType::Both),
        ErrorCode::InvalidState,
    )?;
    s.start_connect(&net, to).named("start-connect")?;
    fails(
        "start-connect twice",
        s.start_connect(&net, to),
        ErrorCode::ConcurrencyConflict,
    )?;
    let (input, output) = finish(&s).named("finish-connect")?;
    fails(
        "finish-connect twice",
        s.finish_connect(),
        ErrorCode::NotInProgress,
    )?;
    fails(
        "start-connect again",
        s.start_connect(&net, to),
        ErrorCode::InvalidState,
    )?;
    gives("remote-address", s.remote_address(), to)?;
    let local = s.local_address().named("local-address")?;
    gives("read of what has not come", input.read(10), b"")?;
    output.blocking_write_and_flush(b"hello").named("writing")?;
    // The server answers when it has seen the end.
    s.shutdown(ShutdownType::Send).named("shutdown")?;
    fails(
        "writing after that",
        output.blocking_write_and_flush(b"x"),
        StreamError::Closed,
    )?;
    let mut answer = Vec::new();
    while let Ok(piece) = input.blocking_read(100) {
        answer.extend(piece);
    }
    Ok(format!(
        "{}: {}",
        show(local),
        String::from_utf8_lossy(&answer)
    ))
}

/// Ends the receiving of a connection, then the rest.
pub fn deaf(address: String) -> Outcome {
    let s = socket(IpAddressFamily::Ipv4)?;
    let (input, output) = connect(&s, &address)?;
    s.shutdown(ShutdownType::Receive).named("shutdown")?;
    fails("reading", input.blocking_read(1), StreamError::Closed)?;
    output
        .blocking_write_and_flush(b"still here")
        .named("writing")?;
    s.shutdown(ShutdownType::Both).named("shutdown of both")?;
    fails(
        "writing",
        output.blocking_write_and_flush(b"x"),
        StreamError::Closed,
    )?;
    Ok(String::new())
}

/// Tries what a guest may not do, and what fails.
pub fn refusals(refusing: String, denied: String) -> Outcome {
    let (s, net) = (socket(IpAddressFamily::Ipv4)?, instance_network());
    fails(
        "start-bind",
        s.start_bind(&net, parse("127.0.0.1:0")?),
        ErrorCode::AccessDenied,
    )?;
    fails("finish-bind", s.finish_bind(), ErrorCode::NotInProgress)?;
    fails("start-listen", s.start_listen(), ErrorCode::InvalidState)?;
    fails("finish-listen", s.finish_listen(), ErrorCode::NotInProgress)?;
    fails("accept", s.accept(), ErrorCode::InvalidState)?;
    fails(
        "denied",
        s.start_connect(&net, parse(&denied)?),
        ErrorCode::AccessDenied,
    )?;
    let six = socket(IpAddressFamily::Ipv6)?;
    let other = six.start_connect(&net, parse(&refusing)?);
    fails(
        "an address of the other family",
        other,
        ErrorCode::InvalidArgument,
    )?;
    s.start_connect(&net, parse(&refusing)?)
        .named("start-connect")?;
    fails("refused", finish(&s), ErrorCode::ConnectionRefused)?;
    let again = s.start_connect(&net, parse(&refusing)?);
    fails("after it was refused", again, ErrorCode::InvalidState)?;
    Ok(String::new())
}
