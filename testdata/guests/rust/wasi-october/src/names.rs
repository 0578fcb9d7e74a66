//! Names in directories.

use crate::bindings::wasi::filesystem::types::*;
use crate::check::*;
use crate::files::{FOLLOW, contents, create, open, root};

const NOT: PathFlags = PathFlags::empty();

fn exists(d: &Descriptor, path: &str) -> Result<(), ErrorCode> {
    d.stat_at(NOT, path).map(drop)
}

pub fn names() -> Outcome {
    let d = root()?;
    d.create_directory_at("names")
        .named("create-directory-at")?;
    fails(
        "it exists",
        d.create_directory_at("names"),
        ErrorCode::Exist,
    )?;
    let sub = open("names", DescriptorFlags::READ)?;
    create("names/a")?.write(b"text", 0).named("write")?;
    d.rename_at("names/a", &sub, "b").named("rename-at")?;
    fails("the name before", exists(&sub, "a"), ErrorCode::NoEntry)?;
    want("the name after", contents("names/b")?, b"text")?;
    d.link_at(NOT, "names/b", &sub, "c").named("link-at")?;
    let stat = sub.stat_at(NOT, "c").named("stat-at")?;
    want("links", stat.link_count, 2)?;
    let (b, c) = (
        open("names/b", DescriptorFlags::READ)?,
        open("names/c", DescriptorFlags::READ)?,
    );
    ensure("is-same-object", b.is_same_object(&c))?;
    ensure("is-same-object of another", !b.is_same_object(&sub))?;
    fails(
        "a link in place",
        d.link_at(NOT, "names/b", &sub, "c"),
        ErrorCode::Exist,
    )?;
    sub.symlink_at("b", "s").named("symlink-at")?;
    gives("readlink-at", sub.readlink_at("s"), "b")?;
    fails(
        "readlink-at of a file",
        sub.readlink_at("b"),
        ErrorCode::Invalid,
    )?;
    want("through a link", contents("names/s")?, b"text")?;
    removing(&d, &sub)?;
    Ok(String::new())
}

/// Removes all but the file c.
fn removing(d: &Descriptor, sub: &Descriptor) -> Result<(), String> {
    fails(
        "a full directory",
        d.remove_directory_at("names"),
        ErrorCode::NotEmpty,
    )?;
    fails(
        "not a directory",
        sub.remove_directory_at("b"),
        ErrorCode::NotDirectory,
    )?;
    sub.unlink_file_at("b").named("unlink-file-at")?;
    fails("what was removed", exists(sub, "b"), ErrorCode::NoEntry)?;
    exists(sub, "s").named("stat-at of a link")?;
    let follow = sub.stat_at(FOLLOW, "s");
    fails("where the link leads", follow, ErrorCode::NoEntry)?;
    sub.unlink_file_at("s").named("unlink-file-at of a link")?;
    sub.create_directory_at("e").named("create-directory-at")?;
    fails(
        "unlink-file-at of a directory",
        sub.unlink_file_at("e"),
        ErrorCode::IsDirectory,
    )?;
    sub.remove_directory_at("e").named("remove-directory-at")?;
    fails("the directory", exists(sub, "e"), ErrorCode::NoEntry)
}

/// Lists the directory dir, which the host has made.
pub fn listing() -> Outcome {
    let dir = open("dir", DescriptorFlags::READ)?;
    let entries = dir.read_directory().named("read-directory")?;
    let mut list = Vec::new();
    while let Some(e) = entries
        .read_directory_entry()
        .named("read-directory-entry")?
    {
        list.push(format!("{} {:?}", e.name, e.type_));
    }
    ensure(
        "after the last",
        entries.read_directory_entry().named("again")?.is_none(),
    )?;
    let file = open("digits.txt", DescriptorFlags::READ)?;
    fails(
        "read-directory of a file",
        file.read_directory(),
        ErrorCode::NotDirectory,
    )?;
    list.sort();
    Ok(list.join("\n"))
}
