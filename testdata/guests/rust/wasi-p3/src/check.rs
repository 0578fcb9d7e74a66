//! Comparing what comes with what should.

use std::fmt::Debug;

/// What a group of checks has seen, or what was wrong.
pub type Outcome = Result<String, String>;

/// Fails unless both look the same.
pub fn same(what: &str, got: impl Debug, want: impl Debug) -> Result<(), String> {
    let (got, want) = (format!("{got:?}"), format!("{want:?}"));
    holds(got == want, || format!("{what}: {got}, not {want}"))
}

/// Fails, with what was wrong, unless it holds.
pub fn holds(ok: bool, wrong: impl FnOnce() -> String) -> Result<(), String> {
    if ok { Ok(()) } else { Err(wrong()) }
}

/// What is expected of a result.
pub trait Expect<T> {
    /// Fails unless it is good.
    fn good(self, what: &str) -> Result<T, String>;
    /// Fails unless it is this error.
    fn fails(self, what: &str, want: impl Debug) -> Result<(), String>;
}

impl<T: Debug, E: Debug> Expect<T> for Result<T, E> {
    fn good(self, what: &str) -> Result<T, String> {
        self.map_err(|error| format!("{what}: {error:?}"))
    }

    fn fails(self, what: &str, want: impl Debug) -> Result<(), String> {
        match self {
            Ok(value) => Err(format!("{what}: {value:?}, not the error {want:?}")),
            Err(error) => same(what, error, want),
        }
    }
}
