//! The texts that guests of every SDK version answer with.

use std::hint::black_box;
use std::sync::LazyLock;

/// The environment, one `K=V` a line, sorted.
pub fn environment() -> String {
    let mut variables: Vec<_> = std::env::vars()
        .map(|(key, value)| format!("{key}={value}\n"))
        .collect();
    variables.sort();
    variables.concat()
}

/// `name: value` lines, sorted. Values that are not UTF-8 appear with replacement characters.
pub fn header_lines<'a>(headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut lines: Vec<_> = headers
        .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value)))
        .collect();
    lines.sort();
    lines.concat()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The piece of /bytes that starts at `offset`: at most 64 KiB, ending at `total`. Byte i is i % 251.
/// It is copied from a table, for benchmarks to measure the host and not this.
pub fn pattern(offset: u64, total: u64) -> Vec<u8> {
    static TABLE: LazyLock<Vec<u8>> = LazyLock::new(|| (0..PIECE + 251).map(|i| (i % 251) as u8).collect());
    let at = (offset % 251) as usize;
    TABLE[at..at + (total - offset).min(PIECE) as usize].to_vec()
}

const PIECE: u64 = 64 * 1024;

/// Computes for ever without calling the host.
pub fn spin() -> ! {
    let mut turns = 0u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}
