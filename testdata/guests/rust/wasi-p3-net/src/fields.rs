//! Fields, for which no message is needed.

use crate::bindings::wasi::http::types::{Fields, HeaderError};
use crate::check::{fails, same, well};

/// More than fields may take.
const TOO_MUCH: usize = 128 << 10;

pub fn check() -> Result<String, String> {
    values()?;
    removal()?;
    copies()?;
    lists()?;
    syntax()?;
    size()?;
    Ok(String::new())
}

/// Names and values, separated by spaces.
pub fn text(fields: &Fields) -> String {
    let list = fields.copy_all();
    let list: Vec<String> = list
        .iter()
        .map(|(name, value)| format!("{name}={}", String::from_utf8_lossy(value)))
        .collect();
    list.join(" ")
}

/// Makes fields of names and values.
pub fn of(list: &[(&str, &str)]) -> Result<Fields, String> {
    let list: Vec<(String, Vec<u8>)> = list
        .iter()
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    well("from-list", Fields::from_list(&list))
}

fn list(values: &[&str]) -> Vec<Vec<u8>> {
    values.iter().map(|v| v.as_bytes().to_vec()).collect()
}

fn values() -> Result<(), String> {
    let fields = Fields::new();
    same("no fields", fields.copy_all().len(), 0)?;
    same("no value", fields.get("x-a"), list(&[]))?;
    same("no name", fields.has("x-a"), false)?;
    for (name, value) in [("X-A", "1"), ("x-b", "2"), ("x-A", "3")] {
        well("append", fields.append(name, value.as_bytes()))?;
    }
    same("values", fields.get("x-a"), list(&["1", "3"]))?;
    same("has", (fields.has("X-B"), fields.has("x-c")), (true, false))?;
    same("all", text(&fields), "x-a=1 x-a=3 x-b=2")?;
    well("set", fields.set("X-a", &list(&["4", "", "5"])))?;
    same("values", fields.get("x-a"), list(&["4", "", "5"]))?;
    well("set", fields.set("x-c", &[vec![0xff]]))?;
    same("bytes", fields.get("x-c"), vec![vec![0xff_u8]])?;
    well("set to nothing", fields.set("x-a", &[]))?;
    same("has nothing", fields.has("x-a"), false)?;
    well("set to the empty value", fields.set("x-a", &list(&[""])))?;
    same("has the empty value", fields.has("x-a"), true)
}

fn removal() -> Result<(), String> {
    let fields = of(&[("a", "1"), ("b", "2"), ("a", "3"), ("c", "4")])?;
    well("delete", fields.delete("B"))?;
    well("delete nothing", fields.delete("b"))?;
    same(
        "deleted",
        (fields.has("b"), text(&fields)),
        (false, "a=1 a=3 c=4"),
    )?;
    let values = well("get-and-delete", fields.get_and_delete("A"))?;
    same("got and deleted", values, list(&["1", "3"]))?;
    let none = well("get-and-delete", fields.get_and_delete("a"))?;
    same("got nothing", none, list(&[]))?;
    same("left", text(&fields), "c=4")
}

fn copies() -> Result<(), String> {
    let fields = of(&[("a", "1"), ("b", "2")])?;
    let copy = fields.clone();
    well("set", fields.set("a", &list(&["3"])))?;
    well("append", copy.append("b", b"4"))?;
    well("delete", copy.delete("a"))?;
    same("original", text(&fields), "a=3 b=2")?;
    same("copy", text(&copy), "b=2 b=4")?;
    drop(fields);
    same("copy alone", text(&copy), "b=2 b=4")
}

fn lists() -> Result<(), String> {
    same("no fields", text(&of(&[])?), "")?;
    let fields = of(&[("Content-Length", "3"), ("x", " "), ("X", "y")])?;
    same("the same name", fields.get("x").len(), 2)?;
    let copy = well("from-list", Fields::from_list(&fields.copy_all()))?;
    same("a list's list", text(&copy), text(&fields))
}

fn syntax() -> Result<(), String> {
    for (name, value, want) in [
        ("", "v", HeaderError::InvalidSyntax),
        ("a b", "v", HeaderError::InvalidSyntax),
        ("a:", "v", HeaderError::InvalidSyntax),
        ("ä", "v", HeaderError::InvalidSyntax),
        ("a", "v\n", HeaderError::InvalidSyntax),
        ("a", "v\0", HeaderError::InvalidSyntax),
        ("Connection", "close", HeaderError::Forbidden),
        ("host", "h", HeaderError::Forbidden),
        ("transfer-encoding", "chunked", HeaderError::Forbidden),
        ("upgrade", "h2c", HeaderError::Forbidden),
    ] {
        let fields = of(&[("b", "1")])?;
        let (bytes, call) = (value.as_bytes(), format!("{name:?}: {value:?}"));
        fails(&call, fields.append(name, bytes), want.clone())?;
        fails(&call, fields.set(name, &[bytes.to_vec()]), want.clone())?;
        let list = [(name.to_string(), bytes.to_vec())];
        fails(&call, Fields::from_list(&list), want.clone())?;
        if name != "a" {
            fails(&call, fields.delete(name), want.clone())?;
            fails(&call, fields.get_and_delete(name), want)?;
            same(
                &call,
                (fields.has(name), fields.get(name).len()),
                (false, 0),
            )?;
        }
        same(&call, text(&fields), "b=1")?;
    }
    Ok(())
}

fn size() -> Result<(), String> {
    let (fields, much) = (of(&[("a", "1")])?, vec![b'x'; TOO_MUCH]);
    let want = HeaderError::SizeExceeded;
    fails("append", fields.append("b", &much), want.clone())?;
    fails(
        "set",
        fields.set("a", std::slice::from_ref(&much)),
        want.clone(),
    )?;
    same("after it", text(&fields), "a=1")?;
    let list = [("b".to_string(), much)];
    fails("from-list", Fields::from_list(&list), want)
}

/// Fails unless fields cannot be changed; a copy of them can.
pub fn frozen(fields: &Fields) -> Result<(), String> {
    let (before, want) = (text(fields), HeaderError::Immutable);
    fails("append", fields.append("x-new", b"1"), want.clone())?;
    fails("set", fields.set("x-new", &list(&["1"])), want.clone())?;
    fails("delete", fields.delete("x-new"), want.clone())?;
    fails("get-and-delete", fields.get_and_delete("x-new"), want)?;
    same("frozen fields", text(fields), before)?;
    let copy = fields.clone();
    well("append to a copy", copy.append("x-new", b"1"))?;
    same(
        "the copy",
        (copy.has("x-new"), fields.has("x-new")),
        (true, false),
    )
}
