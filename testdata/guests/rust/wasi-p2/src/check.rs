//! How checks fail.

use std::fmt::Debug;

/// What a check returns: something for the host to look at, or what was wrong.
pub type Outcome = Result<String, String>;

/// Fails unless two values look the same, whether or not they can be compared.
pub fn same(what: &str, got: impl Debug, want: impl Debug) -> Result<(), String> {
    let (got, want) = (format!("{got:?}"), format!("{want:?}"));
    that(&format!("{what}: got {got}, want {want}"), got == want)
}

/// Fails unless a call has failed so.
pub fn fails<T, E: Debug>(what: &str, got: Result<T, E>, want: E) -> Result<(), String> {
    match got {
        Ok(_) => Err(format!("{what}: succeeds, want {want:?}")),
        Err(err) => same(what, err, want),
    }
}

/// Fails, and says what, unless something holds.
pub fn that(what: &str, holds: bool) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.into()) }
}

/// Calls that have to succeed.
pub trait Must<T> {
    fn must(self, what: &str) -> Result<T, String>;
}

impl<T, E: Debug> Must<T> for Result<T, E> {
    fn must(self, what: &str) -> Result<T, String> {
        self.map_err(|err| format!("{what}: {err:?}"))
    }
}

/// The answer of a check of which the host need not know more.
pub fn done() -> Outcome {
    Ok(String::new())
}
