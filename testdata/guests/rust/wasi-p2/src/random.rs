//! Random numbers. What is checked of them fails by chance once in more than 2^100 times.

use crate::bindings::wasi::random::{insecure as weak, insecure_seed as seed, random as strong};
use crate::check::{Outcome, done, same, that};

pub fn random() -> Outcome {
    bytes(strong::get_random_bytes)?;
    numbers(strong::get_random_u64)
}

pub fn insecure() -> Outcome {
    bytes(weak::get_insecure_random_bytes)?;
    numbers(weak::get_insecure_random_u64)
}

pub fn insecure_seed() -> Outcome {
    let got = seed::insecure_seed();
    same("the seed, asked for again", seed::insecure_seed(), got)?;
    Ok(format!("{got:?}"))
}

fn bytes(get: fn(u64) -> Vec<u8>) -> Result<(), String> {
    same("no bytes", get(0), [0u8; 0])?;
    let (a, b) = (get(1 << 16), get(1 << 16));
    same("length", (a.len(), b.len()), (1 << 16, 1 << 16))?;
    that("the same bytes again", a != b)?;
    let values = (0..=255).filter(|value| a.contains(value)).count();
    same("how many values the bytes have", values, 256)
}

fn numbers(get: fn() -> u64) -> Outcome {
    let list: Vec<u64> = (0..128).map(|_| get()).collect();
    same(
        "bits that are never set",
        !list.iter().fold(0, |all, n| all | n),
        0,
    )?;
    same(
        "bits that are always set",
        list.iter().fold(u64::MAX, |all, n| all & n),
        0,
    )?;
    done()
}
