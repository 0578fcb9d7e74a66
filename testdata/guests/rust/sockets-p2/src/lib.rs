//! Uses sockets as Rust's standard library has them; testdata/guests/README.md lists the routes.

#[allow(dead_code)] // numbers
#[path = "../../common/target.rs"]
mod target;

use std::io::{Error, Read, Result, Write};
use std::net::{Shutdown, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};

use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::http_component;

use target::Target;

#[http_component]
fn handle(request: Request) -> impl IntoResponse {
    let target = Target::parse(request.path_and_query().unwrap_or_default());
    let (address, text) = (target.text("address"), target.text("text"));
    let answer = match target.path.as_str() {
        "/tcp" => tcp(address, text),
        "/tcp-large" => {
            tcp(address, &"0123456789".repeat(100_000)).map(|text| text.len().to_string())
        }
        "/listen" => TcpListener::bind(address).map(|_| "listening".into()),
        "/udp" => udp(address, text),
        "/udp-connected" => udp_connected(address, text),
        "/lookup" => lookup(address),
        _ => return Response::new(404, ""),
    };
    Response::new(200, answer.unwrap_or_else(failure))
}

fn failure(error: Error) -> String {
    format!("error: {:?}", error.kind())
}

/// Sends a text and returns all that comes back.
fn tcp(address: &str, text: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    let mut answer = vec![0; text.len()];
    for (sent, received) in text.as_bytes().chunks(8192).zip(answer.chunks_mut(8192)) {
        stream.write_all(sent)?;
        stream.read_exact(received)?;
    }
    stream.shutdown(Shutdown::Write)?;
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn udp(address: &str, text: &str) -> Result<String> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.send_to(text.as_bytes(), address)?;
    let mut buffer = [0; 2048];
    let (n, from) = socket.recv_from(&mut buffer)?;
    Ok(format!(
        "{} from {from}",
        String::from_utf8_lossy(&buffer[..n])
    ))
}

fn udp_connected(address: &str, text: &str) -> Result<String> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.connect(address)?;
    socket.send(text.as_bytes())?;
    let mut buffer = [0; 2048];
    let n = socket.recv(&mut buffer)?;
    Ok(format!(
        "{} from {}",
        String::from_utf8_lossy(&buffer[..n]),
        socket.peer_addr()?
    ))
}

/// The addresses of a name with a port, a line each.
fn lookup(address: &str) -> Result<String> {
    Ok(address
        .to_socket_addrs()?
        .map(|found| format!("{found}\n"))
        .collect())
}
