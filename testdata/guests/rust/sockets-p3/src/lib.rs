//! Uses sockets of WASI 0.3; testdata/guests/README.md lists the routes.

#[allow(dead_code)] // numbers
#[path = "../../common/target.rs"]
mod target;

use std::net::SocketAddrV4;

use spin_sdk::http::{IntoResponse, Request};
use spin_sdk::http_service;
use spin_sdk::wasip3::sockets::ip_name_lookup::resolve_addresses;
use spin_sdk::wasip3::sockets::types::{
    ErrorCode, IpAddress, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, TcpSocket, UdpSocket,
};
use spin_sdk::wasip3::wit_stream;

use target::Target;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let target = Target::parse(
        request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str()),
    );
    let (address, text) = (target.text("address"), target.text("text"));
    let answer = match target.path.as_str() {
        "/tcp" => tcp(address, text.into()).await,
        "/tcp-large" => tcp(address, "0123456789".repeat(100_000))
            .await
            .map(|text| text.len().to_string()),
        "/listen" => listen(address),
        "/udp" => udp(address, text).await,
        "/udp-connected" => udp_connected(address, text).await,
        "/lookup" => return lookup(address).await,
        _ => return "no such route".into(),
    };
    answer.unwrap_or_else(|error| format!("error: {error:?}"))
}

fn parse(address: &str) -> Result<IpSocketAddress, ErrorCode> {
    let address: SocketAddrV4 = address.parse().map_err(|_| ErrorCode::InvalidArgument)?;
    Ok(socket_address(address.port(), address.ip().octets().into()))
}

fn socket_address(port: u16, address: (u8, u8, u8, u8)) -> IpSocketAddress {
    IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address })
}

/// The address that is written, or the first IPv4 address of the name in its place.
async fn find(address: &str) -> Result<IpSocketAddress, ErrorCode> {
    if let Ok(found) = parse(address) {
        return Ok(found);
    }
    let (name, port) = address.split_once(':').ok_or(ErrorCode::InvalidArgument)?;
    let port = port.parse().map_err(|_| ErrorCode::InvalidArgument)?;
    let found = resolve_addresses(name.into())
        .await
        .map_err(|error| ErrorCode::Other(Some(format!("{error:?}"))))?;
    found
        .into_iter()
        .find_map(|address| match address {
            IpAddress::Ipv4(address) => Some(socket_address(port, address)),
            IpAddress::Ipv6(_) => None,
        })
        .ok_or(ErrorCode::RemoteUnreachable)
}

/// Sends a text and returns all that comes back, both at once.
async fn tcp(address: &str, text: String) -> Result<String, ErrorCode> {
    let socket = TcpSocket::create(IpAddressFamily::Ipv4)?;
    socket.connect(find(address).await?).await?;
    let (mut writer, reader) = wit_stream::new();
    let sent = socket.send(reader);
    let (received, ended) = socket.receive();
    drop(socket);
    spin_sdk::wasip3::spawn(async move {
        writer.write_all(text.into_bytes()).await;
    });
    let answer = received.collect().await;
    sent.await?;
    ended.await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn listen(address: &str) -> Result<String, ErrorCode> {
    let socket = TcpSocket::create(IpAddressFamily::Ipv4)?;
    socket.bind(parse(address)?)?;
    socket.listen()?;
    Ok("listening".into())
}

async fn udp(address: &str, text: &str) -> Result<String, ErrorCode> {
    let socket = UdpSocket::create(IpAddressFamily::Ipv4)?;
    socket.send(text.into(), Some(parse(address)?)).await?;
    let (data, from) = socket.receive().await?;
    Ok(describe(data, from))
}

async fn udp_connected(address: &str, text: &str) -> Result<String, ErrorCode> {
    let socket = UdpSocket::create(IpAddressFamily::Ipv4)?;
    socket.connect(parse(address)?)?;
    socket.send(text.into(), None).await?;
    let (data, _) = socket.receive().await?;
    Ok(describe(data, socket.get_remote_address()?))
}

fn describe(data: Vec<u8>, from: IpSocketAddress) -> String {
    let text = String::from_utf8_lossy(&data).into_owned();
    match from {
        IpSocketAddress::Ipv4(from) => {
            let (a, b, c, d) = from.address;
            format!("{text} from {a}.{b}.{c}.{d}:{}", from.port)
        }
        IpSocketAddress::Ipv6(from) => format!("{text} from {from:?}"),
    }
}

/// The addresses of a name, a line each.
async fn lookup(name: &str) -> String {
    match resolve_addresses(name.into()).await {
        Ok(found) => found
            .iter()
            .map(|address| match address {
                IpAddress::Ipv4((a, b, c, d)) => format!("{a}.{b}.{c}.{d}\n"),
                IpAddress::Ipv6(address) => format!("{address:?}\n"),
            })
            .collect(),
        Err(error) => format!("error: {error:?}"),
    }
}
