//! Options of sockets.

use std::fmt::Debug;

use crate::address::{family, parse};
use crate::bindings::wasi::sockets::types::{ErrorCode, IpAddressFamily, TcpSocket, UdpSocket};
use crate::check::{fails, same, well};

const SECOND: u64 = 1_000_000_000;

/// An option that is a number: it has a default, is never 0, and keeps what it is set to.
struct Number<'a, T> {
    name: &'a str,
    get: &'a dyn Fn() -> Result<T, ErrorCode>,
    set: &'a dyn Fn(T) -> Result<(), ErrorCode>,
}

impl<T: Copy + Debug + PartialOrd + Default> Number<'_, T> {
    /// Sets the option to values, and compares what is read with those beside them.
    fn check(&self, values: &[(T, T)]) -> Result<(), String> {
        let zero = T::default();
        let before = well(self.name, (self.get)())?;
        same(&format!("{} is 0", self.name), before == zero, false)?;
        fails(self.name, (self.set)(zero), ErrorCode::InvalidArgument)?;
        same(self.name, (self.get)(), Ok::<_, ()>(before))?;
        for (value, want) in values {
            well(self.name, (self.set)(*value))?;
            same(self.name, (self.get)(), Ok::<_, ()>(*want))?;
        }
        Ok(())
    }

    /// Sets the option to more than any host has: it is lowered, but to no less than this.
    fn check_most(&self, most: T, least: T) -> Result<(), String> {
        well(self.name, (self.set)(most))?;
        let got = well(self.name, (self.get)())?;
        same(
            &format!("{} at most", self.name),
            got >= least && got <= most,
            true,
        )
    }
}

pub async fn tcp(peer: &str) -> Result<String, String> {
    let to = parse(peer)?;
    for family in [IpAddressFamily::Ipv4, IpAddressFamily::Ipv6] {
        let socket = well("create", TcpSocket::create(family))?;
        keep_alive(&socket, true)?;
        tcp_sizes(&socket)?;
    }
    let socket = well("create", TcpSocket::create(family(&to)))?;
    keep_alive(&socket, true)?;
    tcp_sizes(&socket)?;
    well("connect", socket.connect(to).await)?;
    same(
        "idle time",
        socket.get_keep_alive_idle_time(),
        Ok::<_, ()>(42 * SECOND),
    )?;
    same("buffer", socket.get_send_buffer_size(), Ok::<_, ()>(30_000))?;
    same("hop limit", socket.get_hop_limit(), Ok::<_, ()>(7))?;
    keep_alive(&socket, false)?;
    tcp_sizes(&socket)?;
    Ok(String::new())
}

fn keep_alive(socket: &TcpSocket, fresh: bool) -> Result<(), String> {
    let enabled = || socket.get_keep_alive_enabled();
    same("keep-alive", enabled(), Ok::<_, ()>(!fresh))?;
    for on in [true, false, true] {
        well("set-keep-alive", socket.set_keep_alive_enabled(on))?;
        same("keep-alive", enabled(), Ok::<_, ()>(on))?;
    }
    let idle = Number {
        name: "idle time",
        get: &|| socket.get_keep_alive_idle_time(),
        set: &|v| socket.set_keep_alive_idle_time(v),
    };
    idle.check_most(u64::MAX, SECOND)?;
    idle.check(&[
        (1, SECOND),
        (41 * SECOND + 1, 42 * SECOND),
        (42 * SECOND, 42 * SECOND),
    ])?;
    let interval = Number {
        name: "interval",
        get: &|| socket.get_keep_alive_interval(),
        set: &|v| socket.set_keep_alive_interval(v),
    };
    interval.check_most(u64::MAX, SECOND)?;
    interval.check(&[(1, SECOND), (43 * SECOND, 43 * SECOND)])?;
    let count = Number {
        name: "count",
        get: &|| socket.get_keep_alive_count(),
        set: &|v| socket.set_keep_alive_count(v),
    };
    count.check_most(u32::MAX, 1)?;
    count.check(&[(1, 1), (5, 5)])
}

fn tcp_sizes(socket: &TcpSocket) -> Result<(), String> {
    let hops = Number {
        name: "hop limit",
        get: &|| socket.get_hop_limit(),
        set: &|v| socket.set_hop_limit(v),
    };
    hops.check(&[(1, 1), (255, 255), (7, 7)])?;
    buffer(Number {
        name: "receive buffer",
        get: &|| socket.get_receive_buffer_size(),
        set: &|v| socket.set_receive_buffer_size(v),
    })?;
    buffer(Number {
        name: "send buffer",
        get: &|| socket.get_send_buffer_size(),
        set: &|v| socket.set_send_buffer_size(v),
    })
}

/// What is read is what was set, though the kernel may take twice as much.
fn buffer(size: Number<'_, u64>) -> Result<(), String> {
    size.check_most(u64::MAX, 30_000)?;
    size.check(&[(20_000, 20_000), (30_000, 30_000)])
}

pub fn udp() -> Result<String, String> {
    for (family, local) in [
        (IpAddressFamily::Ipv4, "127.0.0.1:0"),
        (IpAddressFamily::Ipv6, ""),
    ] {
        let socket = well("create", UdpSocket::create(family))?;
        udp_options(&socket)?;
        if !local.is_empty() {
            well("bind", socket.bind(parse(local)?))?;
            same("hop limit", socket.get_unicast_hop_limit(), Ok::<_, ()>(7))?;
            udp_options(&socket)?;
        }
    }
    Ok(String::new())
}

fn udp_options(socket: &UdpSocket) -> Result<(), String> {
    let hops = Number {
        name: "hop limit",
        get: &|| socket.get_unicast_hop_limit(),
        set: &|v| socket.set_unicast_hop_limit(v),
    };
    hops.check(&[(1, 1), (255, 255), (7, 7)])?;
    buffer(Number {
        name: "receive buffer",
        get: &|| socket.get_receive_buffer_size(),
        set: &|v| socket.set_receive_buffer_size(v),
    })?;
    buffer(Number {
        name: "send buffer",
        get: &|| socket.get_send_buffer_size(),
        set: &|v| socket.set_send_buffer_size(v),
    })
}
