//! What is in folders.

use crate::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorType, ErrorCode, OpenFlags,
};
use crate::check::{Must, Outcome, done, fails, same};
use crate::files::{PLAIN, folder, open_in};

pub fn names() -> Outcome {
    let dir = folder("names")?;
    dir.create_directory_at("sub").must("create-directory-at")?;
    dir.create_directory_at("sub/empty")
        .must("create-directory-at")?;
    fails(
        "a folder again",
        dir.create_directory_at("sub"),
        ErrorCode::Exist,
    )?;
    fails(
        "a folder in none",
        dir.create_directory_at("no/sub"),
        ErrorCode::NoEntry,
    )?;
    let sub = open_in(&dir, "sub", OpenFlags::DIRECTORY, DescriptorFlags::READ)?;

    dir.rename_at("old", &sub, "new").must("rename-at")?;
    fails(
        "stat-at of the old name",
        dir.stat_at(PLAIN, "old"),
        ErrorCode::NoEntry,
    )?;
    same(
        "the new name's size",
        dir.stat_at(PLAIN, "sub/new").must("stat-at")?.size,
        5,
    )?;
    fails(
        "rename-at of nothing",
        dir.rename_at("old", &sub, "x"),
        ErrorCode::NoEntry,
    )?;
    dir.rename_at("second", &dir, "third")
        .must("rename-at over a file")?;

    listings(&dir, &sub)?;
    fails(
        "remove of a full one",
        dir.remove_directory_at("sub"),
        ErrorCode::NotEmpty,
    )?;
    fails(
        "remove of a file",
        dir.remove_directory_at("third"),
        ErrorCode::NotDirectory,
    )?;
    fails(
        "unlink of a folder",
        dir.unlink_file_at("sub"),
        ErrorCode::IsDirectory,
    )?;
    fails(
        "unlink of nothing",
        dir.unlink_file_at("no"),
        ErrorCode::NoEntry,
    )?;
    dir.remove_directory_at("sub/empty")
        .must("remove-directory-at")?;
    dir.unlink_file_at("gone").must("unlink-file-at")?;
    same(
        "what is left",
        list(&sub)?,
        [("new", DescriptorType::RegularFile)],
    )?;
    done()
}

fn listings(dir: &Descriptor, sub: &Descriptor) -> Result<(), String> {
    let (file, folder) = (DescriptorType::RegularFile, DescriptorType::Directory);
    let link = DescriptorType::SymbolicLink;
    same(
        "a folder",
        list(dir)?,
        [
            ("gone", file),
            ("link", link),
            ("sub", folder),
            ("third", file),
        ],
    )?;
    same("another", list(sub)?, [("empty", folder), ("new", file)])?;
    let third = open_in(dir, "third", OpenFlags::empty(), DescriptorFlags::READ)?;
    fails(
        "read-directory of a file",
        third.read_directory(),
        ErrorCode::NotDirectory,
    )
}

/// The entries of a folder, which come in any order, sorted by name.
fn list(dir: &Descriptor) -> Result<Vec<(String, DescriptorType)>, String> {
    let stream = dir.read_directory().must("read-directory")?;
    let mut entries = Vec::new();
    while let Some(entry) = stream.read_directory_entry().must("read-directory-entry")? {
        entries.push((entry.name, entry.type_));
    }
    same(
        "after the end",
        stream
            .read_directory_entry()
            .must("read-directory-entry")?
            .is_none(),
        true,
    )?;
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(entries)
}
