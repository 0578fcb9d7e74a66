//! How checks say what was wrong.

use std::fmt::Debug;

/// What a check returns: a text for the host, or what was wrong.
pub type Outcome = Result<String, String>;

/// Fails unless both look alike. Texts are compared, as many types of the bindings have no equality.
pub fn want(what: &str, got: impl Debug, want: impl Debug) -> Result<(), String> {
    let (got, want) = (format!("{got:?}"), format!("{want:?}"));
    if got == want {
        return Ok(());
    }
    Err(format!("{what}: got {got}, want {want}"))
}

/// Fails unless something holds.
pub fn ensure(what: &str, holds: bool) -> Result<(), String> {
    want(what, holds, true)
}

/// Fails unless a call has returned a value.
pub fn gives<T: Debug, E: Debug>(
    what: &str,
    got: Result<T, E>,
    value: impl Debug,
) -> Result<(), String> {
    want(what, got.named(what)?, value)
}

/// Fails unless a call has failed with an error.
pub fn fails<T, E: Debug>(what: &str, got: Result<T, E>, error: E) -> Result<(), String> {
    match got {
        Ok(_) => Err(format!("{what} succeeds, want {error:?}")),
        Err(got) => want(what, got, error),
    }
}

/// What a call has returned, or which one has failed.
pub trait Named<T> {
    fn named(self, what: &str) -> Result<T, String>;
}

impl<T, E: Debug> Named<T> for Result<T, E> {
    fn named(self, what: &str) -> Result<T, String> {
        self.map_err(|e| format!("{what}: {e:?}"))
    }
}

impl<T> Named<T> for Option<T> {
    fn named(self, what: &str) -> Result<T, String> {
        self.ok_or_else(|| format!("{what}: none"))
    }
}
