//! Options of UDP sockets.

use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily};
use crate::bindings::wasi::sockets::udp::UdpSocket;
use crate::check::*;
use crate::sockets::parse;
use crate::udp::{ANY, socket};

pub fn options() -> Outcome {
    let s = socket(IpAddressFamily::Ipv4)?;
    set(&s, 7)?;
    s.start_bind(&instance_network(), parse(ANY)?)
        .named("start-bind")?;
    s.finish_bind().named("finish-bind")?;
    have(&s, 7)?; // what was set before
    set(&s, 9)?;
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

fn set(s: &UdpSocket, hops: u8) -> Result<(), String> {
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
    have(s, hops)
}

fn have(s: &UdpSocket, hops: u8) -> Result<(), String> {
    gives("unicast-hop-limit", s.unicast_hop_limit(), hops)?;
    gives("receive-buffer-size", s.receive_buffer_size(), 20_000)?;
    gives("send-buffer-size", s.send_buffer_size(), 30_000)
}
