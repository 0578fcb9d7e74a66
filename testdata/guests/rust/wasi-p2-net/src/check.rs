//! Compares what calls return with what they should.

use std::fmt::Debug;

pub type Outcome = Result<String, String>;

/// Fails unless both are the same.
pub fn same<T: PartialEq + Debug>(what: &str, got: T, want: T) -> Result<(), String> {
    if got == want {
        return Ok(());
    }
    Err(format!("{what}: got {got:?}, want {want:?}"))
}

/// Fails unless it holds.
pub fn holds(what: &str, it: bool) -> Result<(), String> {
    same(what, it, true)
}

/// Returns what a call has returned that should succeed.
pub fn ok<T, E: Debug>(what: &str, got: Result<T, E>) -> Result<T, String> {
    got.map_err(|e| format!("{what}: {e:?}"))
}

/// Fails unless a call has failed with that error.
pub fn fails<T, E: PartialEq + Debug>(
    what: &str,
    got: Result<T, E>,
    want: E,
) -> Result<(), String> {
    match got {
        Ok(_) => Err(format!("{what}: no error, want {want:?}")),
        Err(e) => same(what, e, want),
    }
}

/// Is fails for errors that can only be compared as they are printed.
pub fn fails_as<T, E: Debug>(what: &str, got: Result<T, E>, want: &str) -> Result<(), String> {
    fails(what, got.map_err(|e| format!("{e:?}")), want.into())
}
