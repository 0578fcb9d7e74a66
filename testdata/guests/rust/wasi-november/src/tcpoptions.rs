//! Options of TCP sockets.

use crate::bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily};
use crate::bindings::wasi::sockets::tcp::TcpSocket;
use crate::check::*;
use crate::tcp::{connect, socket};

/// What options of a socket are set to.
#[derive(Clone, Copy)]
struct Options {
    keep_alive: bool,
    idle: u64,
    interval: u64,
    count: u32,
    hops: u8,
}

const SECOND: u64 = 1_000_000_000;

pub fn options(address: String) -> Outcome {
    let s = socket(IpAddressFamily::Ipv4)?;
    ensure("is-listening", !s.is_listening())?;
    s.set_listen_backlog_size(5)
        .named("set-listen-backlog-size")?;
    let refuses = |what: &str, set| fails(what, set, ErrorCode::InvalidArgument);
    refuses("no backlog", s.set_listen_backlog_size(0))?;
    gives("keep-alive-enabled", s.keep_alive_enabled(), false)?;
    let before = Options {
        keep_alive: true,
        idle: 7 * SECOND,
        interval: 8 * SECOND,
        count: 9,
        hops: 10,
    };
    set(&s, before)?;
    let streams = connect(&s, &address)?;
    have(&s, before)?;
    set(
        &s,
        Options {
            keep_alive: false,
            idle: 11 * SECOND,
            interval: 12 * SECOND,
            count: 13,
            hops: 14,
        },
    )?;
    drop(streams);
    refuses("no idle time", s.set_keep_alive_idle_time(0))?;
    refuses("no interval", s.set_keep_alive_interval(0))?;
    refuses("no count", s.set_keep_alive_count(0))?;
    refuses("no hops", s.set_hop_limit(0))?;
    refuses("no receive buffer", s.set_receive_buffer_size(0))?;
    refuses("no send buffer", s.set_send_buffer_size(0))?;
    ipv6_only()?;
    Ok(String::new())
}

fn ipv6_only() -> Result<(), String> {
    let four = socket(IpAddressFamily::Ipv4)?;
    fails(
        "ipv6-only of IPv4",
        four.ipv6_only(),
        ErrorCode::NotSupported,
    )?;
    fails(
        "set-ipv6-only of IPv4",
        four.set_ipv6_only(true),
        ErrorCode::NotSupported,
    )?;
    let six = socket(IpAddressFamily::Ipv6)?;
    gives("ipv6-only", six.ipv6_only(), true)?;
    six.set_ipv6_only(true).named("set-ipv6-only")?;
    fails(
        "set-ipv6-only to false",
        six.set_ipv6_only(false),
        ErrorCode::NotSupported,
    )
}

fn set(s: &TcpSocket, o: Options) -> Result<(), String> {
    s.set_keep_alive_enabled(o.keep_alive)
        .named("set-keep-alive-enabled")?;
    s.set_keep_alive_idle_time(o.idle)
        .named("set-keep-alive-idle-time")?;
    s.set_keep_alive_interval(o.interval)
        .named("set-keep-alive-interval")?;
    s.set_keep_alive_count(o.count)
        .named("set-keep-alive-count")?;
    s.set_hop_limit(o.hops).named("set-hop-limit")?;
    s.set_receive_buffer_size(20_000)
        .named("set-receive-buffer-size")?;
    s.set_send_buffer_size(30_000)
        .named("set-send-buffer-size")?;
    have(s, o)
}

fn have(s: &TcpSocket, o: Options) -> Result<(), String> {
    gives("keep-alive-enabled", s.keep_alive_enabled(), o.keep_alive)?;
    gives("keep-alive-idle-time", s.keep_alive_idle_time(), o.idle)?;
    gives("keep-alive-interval", s.keep_alive_interval(), o.interval)?;
    gives("keep-alive-count", s.keep_alive_count(), o.count)?;
    gives("hop-limit", s.hop_limit(), o.hops)?;
    gives("receive-buffer-size", s.receive_buffer_size(), 20_000)?;
    gives("send-buffer-size", s.send_buffer_size(), 30_000)
}
