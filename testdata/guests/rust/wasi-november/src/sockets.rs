//! What TCP and UDP have in common, and the lookup of names.

use std::net::SocketAddr;

use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::ip_name_lookup::{ResolveAddressStream, resolve_addresses};
use crate::bindings::wasi::sockets::network::*;
use crate::check::*;

/// Returns an address as WASI has it.
pub fn parse(address: &str) -> Result<IpSocketAddress, String> {
    Ok(match address.parse().named(address)? {
        SocketAddr::V4(a) => {
            let [b0, b1, b2, b3] = a.ip().octets();
            IpSocketAddress::Ipv4(Ipv4SocketAddress {
                port: a.port(),
                address: (b0, b1, b2, b3),
            })
        }
        SocketAddr::V6(a) => {
            let [s0, s1, s2, s3, s4, s5, s6, s7] = a.ip().segments();
            let address = (s0, s1, s2, s3, s4, s5, s6, s7);
            IpSocketAddress::Ipv6(Ipv6SocketAddress {
                port: a.port(),
                flow_info: a.flowinfo(),
                address,
                scope_id: a.scope_id(),
            })
        }
    })
}

/// Returns an IPv4 address as text.
pub fn show(address: IpSocketAddress) -> String {
    match address {
        IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port,
            address: (a, b, c, d),
        }) => format!("{a}.{b}.{c}.{d}:{port}"),
        other => format!("{other:?}"),
    }
}

/// Returns all addresses of a name.
fn addresses(stream: &ResolveAddressStream) -> Result<Vec<IpAddress>, ErrorCode> {
    let mut list = Vec::new();
    while let Some(a) = stream.resolve_next_address()? {
        list.push(a);
    }
    Ok(list)
}

pub fn lookup(name: String, denied: String) -> Outcome {
    let net = instance_network();
    let start = |name: &str| resolve_addresses(&net, name).named("resolve-addresses");
    let stream = start(&name)?;
    fails(
        "before it is known",
        stream.resolve_next_address(),
        ErrorCode::WouldBlock,
    )?;
    crate::console::say("looks up")?;
    stream.subscribe().block();
    let both = addresses(&stream).named("resolve-next-address")?;
    gives("after the last", stream.resolve_next_address(), None::<()>)?;
    let literal = start("192.0.2.7")?;
    gives(
        "an address",
        addresses(&literal),
        [IpAddress::Ipv4((192, 0, 2, 7))],
    )?;
    let refused = start(&denied)?;
    refused.subscribe().block();
    fails(
        "denied",
        addresses(&refused),
        ErrorCode::PermanentResolverFailure,
    )?;
    let none = resolve_addresses(&net, "no name");
    fails("no name", none, ErrorCode::InvalidArgument)?;
    Ok(format!("{both:?}"))
}
