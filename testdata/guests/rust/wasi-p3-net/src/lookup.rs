//! Names.

use crate::address::{ip_text, text};
use crate::bindings::wasi::sockets::ip_name_lookup::resolve_addresses;
use crate::bindings::wasi::sockets::types::{
    IpAddress, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, TcpSocket,
};
use crate::check::well;

pub async fn look_up(name: String) -> Result<String, String> {
    match resolve_addresses(name).await {
        Ok(found) => {
            let list: Vec<String> = found.into_iter().map(ip_text).collect();
            Ok(list.join(" "))
        }
        Err(error) => Ok(format!("{error:?}")),
    }
}

pub async fn connect(name: String, port: u16) -> Result<String, String> {
    let found = well("look up", resolve_addresses(name).await)?;
    let first = found.into_iter().find_map(|a| match a {
        IpAddress::Ipv4(address) => Some(address),
        IpAddress::Ipv6(_) => None,
    });
    let address = first.ok_or("the name has no IPv4 address")?;
    let socket = well("create", TcpSocket::create(IpAddressFamily::Ipv4))?;
    let to = IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address });
    well("connect", socket.connect(to).await)?;
    Ok(text(well("remote address", socket.get_remote_address())?))
}
