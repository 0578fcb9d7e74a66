//! wasi:random.

use crate::bindings::wasi::random::insecure::{get_insecure_random_bytes, get_insecure_random_u64};
use crate::bindings::wasi::random::insecure_seed::get_insecure_seed;
use crate::bindings::wasi::random::random::{get_random_bytes, get_random_u64};
use crate::check::{Outcome, holds, same};

/// Returns the seed.
pub fn check() -> Outcome {
    bytes("random", get_random_bytes)?;
    bytes("insecure", get_insecure_random_bytes)?;
    let huge = get_random_bytes(u64::MAX).len();
    holds(huge > 0, || "no bytes, where many are asked for".into())?;
    numbers("random", get_random_u64)?;
    numbers("insecure", get_insecure_random_u64)?;
    let seed = get_insecure_seed();
    same("the seed, asked for again", get_insecure_seed(), seed)?;
    Ok(format!("{seed:?}"))
}

fn bytes(what: &str, draw: fn(u64) -> Vec<u8>) -> Result<(), String> {
    same(what, draw(0), [0u8; 0])?;
    for most in [1, 7, 64, 100_000] {
        let got = draw(most).len() as u64;
        holds(got >= 1 && got <= most, || {
            format!("{what}: {got} bytes of {most}")
        })?;
    }
    let (a, b) = (draw(64), draw(64));
    holds(a.len() < 32 || a != b, || format!("{what}: twice {a:?}"))?;
    let many = draw(100_000);
    let kinds = (0..=255).filter(|byte| many.contains(byte)).count();
    holds(many.len() < 100_000 || kinds == 256, || {
        format!("{what}: {kinds} kinds of bytes")
    })
}

fn numbers(what: &str, draw: fn() -> u64) -> Result<(), String> {
    let list: Vec<u64> = (0..64).map(|_| draw()).collect();
    let (some, all) = list
        .iter()
        .fold((0, u64::MAX), |(some, all), n| (some | n, all & n));
    holds(some == u64::MAX && all == 0, || {
        format!(
            "{what}: bits that are always the same, {all:x} and {:x}",
            !some
        )
    })
}
