//! Fields of messages.

use crate::bindings::wasi::http::types::Fields;
use crate::check::{Outcome, fails_as, holds, ok, same};

const FORBIDDEN: &str = "HeaderError::Forbidden";
const SYNTAX: &str = "HeaderError::InvalidSyntax";

pub fn bytes(list: &[&str]) -> Vec<Vec<u8>> {
    list.iter().map(|v| v.as_bytes().to_vec()).collect()
}

pub fn list(entries: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let own = |(name, value): &(&str, &str)| (name.to_string(), value.as_bytes().to_vec());
    entries.iter().map(own).collect()
}

pub fn make(entries: &[(&str, &str)]) -> Result<Fields, String> {
    ok("from-list", Fields::from_list(&list(entries)))
}

/// Fails if the fields can be changed.
pub fn frozen(fields: &Fields) -> Result<(), String> {
    const IMMUTABLE: &str = "HeaderError::Immutable";
    let before = fields.entries();
    fails_as("set", fields.set("x-new", &bytes(&["v"])), IMMUTABLE)?;
    fails_as("append", fields.append("x-new", b"v"), IMMUTABLE)?;
    fails_as("delete", fields.delete("x-new"), IMMUTABLE)?;
    same("entries", fields.entries(), before)
}

pub fn check() -> Outcome {
    let f = make(&[("X-A", "1"), ("x-b", "2"), ("x-a", "3")])?;
    same("get", f.get("x-A"), bytes(&["1", "3"]))?;
    same("get of none", f.get("x-none"), bytes(&[]))?;
    holds("has", f.has("X-a") && f.has("x-b") && !f.has("x-none"))?;
    ok("append", f.append("x-A", b"4"))?;
    same("get", f.get("x-a"), bytes(&["1", "3", "4"]))?;
    ok("set", f.set("X-B", &bytes(&["5", "6"])))?;
    same("get", f.get("x-b"), bytes(&["5", "6"]))?;
    let copy = f.clone();
    ok("delete", f.delete("X-a"))?;
    holds("has not", !f.has("x-a"))?;
    same("entries", f.entries(), list(&[("x-b", "5"), ("x-b", "6")]))?;
    same("the copy", copy.get("x-a"), bytes(&["1", "3", "4"]))?;
    ok("set to nothing", f.set("x-b", &[]))?;
    same("entries", f.entries(), list(&[]))?;
    ok("delete of none", f.delete("x-none"))?;
    refused(&Fields::new())?;
    Ok(String::new())
}

/// What fields cannot have. They stay as they are.
fn refused(f: &Fields) -> Result<(), String> {
    let made = |name: &str, value: &str| Fields::from_list(&list(&[(name, value)]));
    fails_as("from-list", made("a b", "v"), SYNTAX)?;
    fails_as("from-list", made("x", "v\n"), SYNTAX)?;
    fails_as("from-list", made("Host", "v"), FORBIDDEN)?;
    for (name, value, want) in [
        ("", "v", SYNTAX),
        ("a b", "v", SYNTAX),
        ("x", "v\r\nx-more: w", SYNTAX),
        ("Transfer-Encoding", "chunked", FORBIDDEN),
        ("connection", "close", FORBIDDEN),
    ] {
        fails_as(name, f.set(name, &bytes(&[value])), want)?;
        fails_as(name, f.append(name, value.as_bytes()), want)?;
    }
    fails_as("delete", f.delete("a b"), SYNTAX)?;
    fails_as("delete", f.delete("host"), FORBIDDEN)?;
    holds("has of a wrong name", !f.has("a b"))?;
    same("get of a wrong name", f.get("a b"), bytes(&[]))?;
    same("entries", f.entries(), list(&[]))
}
