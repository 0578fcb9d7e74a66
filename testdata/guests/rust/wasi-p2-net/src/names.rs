//! The lookup of names.

use crate::address::{ip, network};
use crate::bindings::wasi::sockets::ip_name_lookup::{ResolveAddressStream, resolve_addresses};
use crate::bindings::wasi::sockets::network::ErrorCode;
use crate::check::{Outcome, fails, holds, ok, same};

/// All addresses of a stream, each once.
fn all(stream: &ResolveAddressStream) -> Result<Vec<String>, String> {
    let mut list = Vec::new();
    stream.subscribe().block();
    while let Some(address) = ok("resolve-next-address", stream.resolve_next_address())? {
        list.push(ip(address));
    }
    let after = ok("after the last", stream.resolve_next_address())?;
    holds("nothing comes after the last", after.is_none())?;
    Ok(list)
}

/// Returns the addresses of a name, which the host holds back until it was asked for the second
/// name.
pub fn lookup(name: &str) -> Outcome {
    let net = network();
    let stream = ok("resolve-addresses", resolve_addresses(&net, name))?;
    holds("is not ready", !stream.subscribe().ready())?;
    let early = stream.resolve_next_address();
    fails("early", early, ErrorCode::WouldBlock)?;
    let go = format!("go.{name}");
    let second = ok("resolve-addresses", resolve_addresses(&net, &go))?;
    second.subscribe().block();
    Ok(all(&stream)?.join(" "))
}

/// Addresses need no lookup.
pub fn literals() -> Outcome {
    for literal in ["192.0.2.7", "2001:db8::7"] {
        let stream = ok("resolve-addresses", resolve_addresses(&network(), literal))?;
        same("addresses", all(&stream)?, vec![literal.to_string()])?;
    }
    for wrong in ["", "not a name", "http://example.com"] {
        let stream = resolve_addresses(&network(), wrong);
        fails(wrong, stream, ErrorCode::InvalidArgument)?;
    }
    Ok(String::new())
}

/// Returns why a name has no address.
pub fn failure(name: &str) -> Outcome {
    let stream = ok("resolve-addresses", resolve_addresses(&network(), name))?;
    stream.subscribe().block();
    match stream.resolve_next_address() {
        Err(e) => Ok(e.name().into()),
        Ok(found) => Err(format!("found {found:?}")),
    }
}
