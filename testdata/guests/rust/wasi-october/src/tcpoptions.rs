//! Options of TCP sockets.

use crate::bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily};
use crate::bindings::wasi::sockets::tcp::TcpSocket;
use crate::check::*;
use crate::tcp::{connect, socket};

pub fn options(address: String) -> Outcome {
    let s = socket(IpAddressFamily::Ipv4)?;
    s.set_listen_backlog_size(5)
        .named("set-listen-backlog-size")?;
    fails(
        "no backlog",
        s.set_listen_backlog_size(0),
        ErrorCode::InvalidArgument,
    )?;
    gives("no-delay", s.no_delay(), true)?;
    gives("keep-alive", s.keep_alive(), false)?;
    set(&s, false, true, 7)?;
    let streams = connect(&s, &address)?;
    have(&s, false, true, 7)?; // those that were set before
    set(&s, true, false, 9)?;
    drop(streams);
    fails("ipv6-only of IPv4", s.ipv6_only(), ErrorCode::NotSupported)?;
    fails(
        "set-ipv6-only of IPv4",
        s.set_ipv6_only(true),
        ErrorCode::NotSupported,
    )?;
    let six = socket(IpAddressFamily::Ipv6)?;
    gives("ipv6-only", six.ipv6_only(), true)?;
    six.set_ipv6_only(true).named("set-ipv6-only")?;
    fails(
        "set-ipv6-only to false",
        six.set_ipv6_only(false),
        ErrorCode::NotSupported,
    )?;
    Ok(String::new())
}

fn set(s: &TcpSocket, no_delay: bool, keep_alive: bool, hops: u8) -> Result<(), String> {
    s.set_no_delay(no_delay).named("set-no-delay")?;
    s.set_keep_alive(keep_alive).named("set-keep-alive")?;
    s.set_unicast_hop_limit(hops)
        .named("set-unicast-hop-limit")?;
    s.set_receive_buffer_size(20_000)
        .named("set-receive-buffer-size")?;
    s.set_send_buffer_size(30_000)
        .named("set-send-buffer-size")?;
    fails(
        "no hops",
        s.set_unicast_hop_limit(0),
        ErrorCode::InvalidArgument,
    )?;
    fails(
        "no receive buffer",
        s.set_receive_buffer_size(0),
        ErrorCode::InvalidArgument,
    )?;
    fails(
        "no send buffer",
        s.set_send_buffer_size(0),
        ErrorCode::InvalidArgument,
    )?;
    have(s, no_delay, keep_alive, hops)
}

fn have(s: &TcpSocket, no_delay: bool, keep_alive: bool, hops: u8) -> Result<(), String> {
    gives("no-delay", s.no_delay(), no_delay)?;
    gives("keep-alive", s.keep_alive(), keep_alive)?;
    gives("unicast-hop-limit", s.unicast_hop_limit(), hops)?;
    gives("receive-buffer-size", s.receive_buffer_size(), 20_000)?;
    gives("send-buffer-size", s.send_buffer_size(), 30_000)
}
