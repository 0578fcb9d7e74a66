use std::net::{Ipv6Addr, SocketAddr};

use crate::bindings::wasi::sockets::types::{
    IpAddress, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress,
};

/// Reads an address with port.
pub fn parse(text: &str) -> Result<IpSocketAddress, String> {
    let address: SocketAddr = text.parse().map_err(|_| format!("{text} is no address"))?;
    Ok(match address {
        SocketAddr::V4(a) => IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port: a.port(),
            address: a.ip().octets().into(),
        }),
        SocketAddr::V6(a) => IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port: a.port(),
            flow_info: 0,
            address: a.ip().segments().into(),
            scope_id: 0,
        }),
    })
}

/// Writes an address as parse reads it.
pub fn text(address: IpSocketAddress) -> String {
    let (ip, port) = match address {
        IpSocketAddress::Ipv4(a) => (ip_text(IpAddress::Ipv4(a.address)), a.port),
        IpSocketAddress::Ipv6(a) => (format!("[{}]", ip_text(IpAddress::Ipv6(a.address))), a.port),
    };
    format!("{ip}:{port}")
}

pub fn ip_text(address: IpAddress) -> String {
    match address {
        IpAddress::Ipv4((a, b, c, d)) => format!("{a}.{b}.{c}.{d}"),
        IpAddress::Ipv6((a, b, c, d, e, f, g, h)) => {
            Ipv6Addr::new(a, b, c, d, e, f, g, h).to_string()
        }
    }
}

pub fn family(address: &IpSocketAddress) -> IpAddressFamily {
    match address {
        IpSocketAddress::Ipv4(_) => IpAddressFamily::Ipv4,
        IpSocketAddress::Ipv6(_) => IpAddressFamily::Ipv6,
    }
}
