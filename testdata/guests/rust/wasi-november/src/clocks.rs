//! Clocks, timers and random numbers.

use crate::bindings::wasi::clocks::{monotonic_clock, wall_clock};
use crate::bindings::wasi::io::poll;
use crate::bindings::wasi::random::{insecure, insecure_seed, random};
use crate::check::*;

const MILLISECOND: u64 = 1_000_000;
const HOUR: u64 = 3_600_000 * MILLISECOND;

pub fn poll() -> Outcome {
    let later = monotonic_clock::subscribe_duration(HOUR);
    let past = monotonic_clock::subscribe_instant(0);
    let now = monotonic_clock::subscribe_duration(0);
    want(
        "two that are ready",
        poll::poll(&[&past, &later, &now]),
        [0, 2],
    )?;
    want("ready", (past.ready(), later.ready()), (true, false))?;
    let soon = monotonic_clock::subscribe_duration(MILLISECOND);
    want("one that becomes ready", poll::poll(&[&later, &soon]), [1])?;
    want("it stays so", poll::poll(&[&soon, &later]), [0])?;
    soon.block();
    ensure("ready", soon.ready())?;
    Ok(String::new())
}

pub fn clocks() -> Outcome {
    let start = monotonic_clock::now();
    let end = start + 2 * MILLISECOND;
    monotonic_clock::subscribe_instant(end).block();
    ensure("a time has come", monotonic_clock::now() >= end)?;
    let start = monotonic_clock::now();
    monotonic_clock::subscribe_duration(2 * MILLISECOND).block();
    let passed = monotonic_clock::now() - start;
    ensure("a duration has passed", passed >= 2 * MILLISECOND)?;
    let tick = monotonic_clock::resolution();
    ensure("resolution", (1..=MILLISECOND).contains(&tick))?;
    let tick = wall_clock::resolution();
    ensure("seconds of resolution", tick.seconds == 0)?;
    ensure("resolution of wall-clock", tick.nanoseconds > 0)?;
    let now = wall_clock::now();
    ensure("nanoseconds", now.nanoseconds < 1_000_000_000)?;
    Ok(format!("{} {}", now.seconds, now.nanoseconds))
}

pub fn random() -> Outcome {
    for (what, bytes) in [
        (
            "get-random-bytes",
            random::get_random_bytes as fn(u64) -> Vec<u8>,
        ),
        (
            "get-insecure-random-bytes",
            insecure::get_insecure_random_bytes,
        ),
    ] {
        let (a, b) = (bytes(32), bytes(32));
        want(what, (a.len(), b.len()), (32, 32))?;
        ensure(&format!("{what} twice"), a != b)?;
        want(what, bytes(0).len(), 0)?;
    }
    for (what, number) in [
        ("get-random-u64", random::get_random_u64 as fn() -> u64),
        ("get-insecure-random-u64", insecure::get_insecure_random_u64),
    ] {
        ensure(what, number() != number())?;
    }
    let seed = insecure_seed::insecure_seed();
    want("the same seed", insecure_seed::insecure_seed(), seed)?;
    ensure("a seed", seed != (0, 0))?;
    Ok(String::new())
}
