//! What has to do with the program as a whole.

use crate::check::*;
use crate::sys::*;
use crate::{fails, must};

type Sizes = unsafe extern "C" fn(*mut u32, *mut u32) -> u32;
type Get = unsafe extern "C" fn(*mut *const u8, *mut u8) -> u32;

/// Arguments or variables: texts that end with zeros, and where each begins.
fn texts(sizes: Sizes, get: Get) -> Result<Vec<String>, String> {
    let (mut count, mut size) = (0, 0);
    same("sizes", unsafe { sizes(&mut count, &mut size) }, 0)?;
    let mut list = vec![std::ptr::null(); count as usize];
    let mut buf = vec![0u8; size as usize];
    same(
        "get",
        unsafe { get(list.as_mut_ptr(), buf.as_mut_ptr()) },
        0,
    )?;
    let begin = buf.as_ptr() as usize;
    let text = |at: &*const u8| {
        let rest = &buf[*at as usize - begin..];
        let end = rest.iter().position(|&b| b == 0).ok_or("no zero")?;
        String::from_utf8(rest[..end].to_vec()).map_err(|e| e.to_string())
    };
    list.iter().map(text).collect()
}

pub fn process() -> Outcome {
    same(
        "arguments",
        texts(args_sizes_get, args_get)?,
        ["program", "process", ""],
    )?;
    let variables = texts(environ_sizes_get, environ_get)?;
    same("variables", variables, ["KEPT=1", "SPIN_LEVEL=run"])?;
    for clock in [0, 1] {
        let (mut resolution, mut before, mut after) = (0, 0, 0);
        must!(clock_res_get(clock, &mut resolution));
        must!(clock_time_get(clock, 1, &mut before));
        must!(clock_time_get(clock, 1, &mut after));
        that("resolution", resolution > 0 && resolution < 1_000_000_000)?;
        that("order of times", before <= after)?;
        that("the year", clock == 1 || before > 1_600_000_000_000_000_000)?;
    }
    fails!(INVAL, clock_res_get(9, &mut 0));
    fails!(INVAL, clock_time_get(9, 1, &mut 0));
    let (mut a, mut b) = ([0u8; 32], [0u8; 32]);
    must!(random_get(a.as_mut_ptr(), a.len()));
    must!(random_get(b.as_mut_ptr(), b.len()));
    that("randomness", a != b && a != [0; 32])?;
    must!(sched_yield());
    fails!(NOTSUP, proc_raise(15));
    Ok(())
}

/// A subscription of 48 bytes to a clock, or if it is less than 3 to a descriptor that can be written.
fn subscription(user: u64, tag: u8, of: u32, timeout: u64) -> [u8; 48] {
    let mut s = [0; 48];
    s[..8].copy_from_slice(&user.to_le_bytes());
    s[8] = tag;
    s[16..20].copy_from_slice(&of.to_le_bytes());
    s[24..32].copy_from_slice(&timeout.to_le_bytes());
    s
}

/// Waits, and returns what comes: whose it is, its error and its kind.
fn wait(list: &[[u8; 48]]) -> Result<Vec<(u64, u16, u8)>, String> {
    let (mut events, mut n) = (vec![[0u8; 32]; list.len()], 0);
    must!(poll_oneoff(
        list.as_ptr().cast(),
        events.as_mut_ptr().cast(),
        list.len(),
        &mut n
    ));
    let event = |e: &[u8; 32]| (u64_at(e, 0), u16::from_le_bytes([e[8], e[9]]), e[10]);
    Ok(events[..n as usize].iter().map(event).collect())
}

pub fn poll() -> Outcome {
    const CLOCK: u8 = 0;
    const WRITE: u8 = 2;
    let (mut before, mut after) = (0, 0);
    must!(clock_time_get(1, 1, &mut before));
    let soon = subscription(11, CLOCK, 1, 2_000_000);
    let late = subscription(12, CLOCK, 1, 3_600_000_000_000);
    same(
        "the first of two clocks",
        wait(&[late, soon])?,
        [(11, 0, CLOCK)],
    )?;
    must!(clock_time_get(1, 1, &mut after));
    that("the time waited for", after - before >= 2_000_000)?;
    let out = subscription(13, WRITE, 1, 0);
    same("an output", wait(&[late, out])?, [(13, 0, WRITE)])?;
    let nothing = subscription(14, WRITE, 99, 0);
    same(
        "no descriptor",
        wait(&[nothing, late])?,
        [(14, BADF as u16, WRITE)],
    )?;
    fails!(
        INVAL,
        poll_oneoff(late.as_ptr(), [0; 32].as_mut_ptr(), 0, &mut 0)
    );
    Ok(())
}

/// There are functions of sockets, and no sockets.
pub fn sockets() -> Outcome {
    for (fd, want) in [(1, NOTSOCK), (99, BADF)] {
        let part = Part([0].as_ptr(), 1);
        fails!(want, sock_accept(fd, 0, &mut 0));
        fails!(want, sock_recv(fd, &part, 1, 0, &mut 0, &mut 0));
        fails!(want, sock_send(fd, &part, 1, 0, &mut 0));
        fails!(want, sock_shutdown(fd, 3));
    }
    Ok(())
}
