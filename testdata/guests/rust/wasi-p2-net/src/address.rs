//! Addresses as text.

use std::net::{IpAddr, SocketAddr};

use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::network::*;

pub const V4: IpAddressFamily = IpAddressFamily::Ipv4;
pub const V6: IpAddressFamily = IpAddressFamily::Ipv6;

pub fn network() -> Network {
    instance_network()
}

pub fn parse(text: &str) -> Result<IpSocketAddress, String> {
    match text.parse() {
        Ok(SocketAddr::V4(a)) => Ok(IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port: a.port(),
            address: a.ip().octets().into(),
        })),
        Ok(SocketAddr::V6(a)) => Ok(IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port: a.port(),
            flow_info: 0,
            address: a.ip().segments().into(),
            scope_id: 0,
        })),
        Err(e) => Err(format!("{text}: {e}")),
    }
}

pub fn family(a: &IpSocketAddress) -> IpAddressFamily {
    match a {
        IpSocketAddress::Ipv4(_) => V4,
        IpSocketAddress::Ipv6(_) => V6,
    }
}

/// The address as Go writes it too.
pub fn text(a: IpSocketAddress) -> String {
    match a {
        IpSocketAddress::Ipv4(a) => format!("{}:{}", ip(IpAddress::Ipv4(a.address)), a.port),
        IpSocketAddress::Ipv6(a) => format!("[{}]:{}", ip(IpAddress::Ipv6(a.address)), a.port),
    }
}

pub fn ip(a: IpAddress) -> String {
    match a {
        IpAddress::Ipv4(a) => IpAddr::from(<[u8; 4]>::from(a)),
        IpAddress::Ipv6(a) => IpAddr::from(<[u16; 8]>::from(a)),
    }
    .to_string()
}
