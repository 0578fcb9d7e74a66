//! How checks fail.

use std::fmt::Debug;

/// What a check returns, or what was wrong.
pub type Outcome = Result<(), String>;

pub fn same<T: Debug + PartialEq<U>, U: Debug>(what: &str, got: T, want: U) -> Outcome {
    if got == want {
        Ok(())
    } else {
        Err(format!("{what}: got {got:?}, want {want:?}"))
    }
}

pub fn that(what: &str, holds: bool) -> Outcome {
    if holds { Ok(()) } else { Err(what.into()) }
}

/// Calls a function that has to succeed.
#[macro_export]
macro_rules! must {
    ($f:ident($($arg:expr),* $(,)?)) => {
        match unsafe { $crate::sys::$f($($arg),*) } {
            0 => Ok(()),
            e => Err(format!("{}: error {e}", stringify!($f))),
        }?
    };
}

/// Calls a function that has to fail with an error.
#[macro_export]
macro_rules! fails {
    ($want:expr, $f:ident($($arg:expr),* $(,)?)) => {
        $crate::check::same(stringify!($f), unsafe { $crate::sys::$f($($arg),*) }, $want)?
    };
}

/// The number at an offset of what the host has filled in.
pub fn u64_at(b: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(b[at..at + 8].try_into().unwrap())
}

pub fn u32_at(b: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(b[at..at + 4].try_into().unwrap())
}
