//! The options of TCP sockets, before there is a connection and after.

use crate::address::V4;
use crate::bindings::wasi::sockets::network::ErrorCode;
use crate::bindings::wasi::sockets::tcp::TcpSocket;
use crate::bindings::wasi::sockets::tcp_create_socket::create_tcp_socket;
use crate::check::{Outcome, fails, holds, ok, same};
use crate::streams::{read_exactly, write_all};
use crate::tcp::connect;

const SECOND: u64 = 1_000_000_000;
const ARGUMENT: ErrorCode = ErrorCode::InvalidArgument;

/// Sets options of two sockets, and waits for an answer of the peer, which may look at them
/// meanwhile.
pub fn check(peer: &str) -> Outcome {
    for first in [true, false] {
        let socket = ok("create-tcp-socket", create_tcp_socket(V4))?;
        defaults(&socket)?;
        if first {
            set(&socket)?;
        }
        let (input, output) = connect(&socket, peer)?;
        if first {
            get(&socket)?;
        } else {
            set(&socket)?;
        }
        zeroes(&socket)?;
        get(&socket)?;
        write_all(&output, b"set")?;
        same("echo", read_exactly(&input, 3)?, b"set".to_vec())?;
    }
    most()
}

fn defaults(s: &TcpSocket) -> Result<(), String> {
    same("keep-alive-enabled", s.keep_alive_enabled(), Ok(false))?;
    for (what, got) in [
        ("keep-alive-idle-time", s.keep_alive_idle_time()),
        ("keep-alive-interval", s.keep_alive_interval()),
        ("keep-alive-count", s.keep_alive_count().map(u64::from)),
        ("hop-limit", s.hop_limit().map(u64::from)),
        ("receive-buffer-size", s.receive_buffer_size()),
        ("send-buffer-size", s.send_buffer_size()),
    ] {
        holds(what, ok(what, got)? > 0)?;
    }
    Ok(())
}

/// Times are rounded up to seconds.
fn set(s: &TcpSocket) -> Result<(), String> {
    for (what, got) in [
        ("keep-alive-enabled", s.set_keep_alive_enabled(true)),
        ("idle-time", s.set_keep_alive_idle_time(61 * SECOND + 1)),
        ("keep-alive-interval", s.set_keep_alive_interval(1)),
        ("keep-alive-count", s.set_keep_alive_count(5)),
        ("hop-limit", s.set_hop_limit(7)),
        ("receive-buffer-size", s.set_receive_buffer_size(20_000)),
        ("send-buffer-size", s.set_send_buffer_size(30_000)),
    ] {
        ok(what, got)?;
    }
    Ok(())
}

fn get(s: &TcpSocket) -> Result<(), String> {
    same("keep-alive-enabled", s.keep_alive_enabled(), Ok(true))?;
    same("idle-time", s.keep_alive_idle_time(), Ok(62 * SECOND))?;
    same("keep-alive-interval", s.keep_alive_interval(), Ok(SECOND))?;
    same("keep-alive-count", s.keep_alive_count(), Ok(5))?;
    same("hop-limit", s.hop_limit(), Ok(7))?;
    same("receive-buffer-size", s.receive_buffer_size(), Ok(20_000))?;
    same("send-buffer-size", s.send_buffer_size(), Ok(30_000))
}

fn zeroes(s: &TcpSocket) -> Result<(), String> {
    fails("idle-time", s.set_keep_alive_idle_time(0), ARGUMENT)?;
    fails("interval", s.set_keep_alive_interval(0), ARGUMENT)?;
    fails("count", s.set_keep_alive_count(0), ARGUMENT)?;
    fails("hop-limit", s.set_hop_limit(0), ARGUMENT)?;
    fails("receive-buffer", s.set_receive_buffer_size(0), ARGUMENT)?;
    fails("send-buffer", s.set_send_buffer_size(0), ARGUMENT)
}

/// Too much is lowered to what can be had. Keep-alive can be switched off again.
fn most() -> Outcome {
    let s = ok("create-tcp-socket", create_tcp_socket(V4))?;
    set(&s)?;
    ok("count", s.set_keep_alive_count(u32::MAX))?;
    ok("idle-time", s.set_keep_alive_idle_time(u64::MAX))?;
    ok("receive-buffer", s.set_receive_buffer_size(u64::MAX))?;
    ok("keep-alive-enabled", s.set_keep_alive_enabled(false))?;
    same("keep-alive-enabled", s.keep_alive_enabled(), Ok(false))?;
    let count = ok("count", s.keep_alive_count())?;
    holds("count", count > 5 && count < u32::MAX)?;
    let idle = ok("idle-time", s.keep_alive_idle_time())?;
    holds("idle-time", idle > 62 * SECOND && idle < u64::MAX)?;
    let size = ok("receive-buffer", s.receive_buffer_size())?;
    holds("receive-buffer", size > 20_000 && size < u64::MAX)?;
    Ok(String::new())
}
