//! Several names of a file.

use crate::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorType, ErrorCode, OpenFlags,
};
use crate::check::{Must, Outcome, done, fails, same, that};
use crate::files::{FOLLOW, PLAIN, folder, open_in};

pub fn links() -> Outcome {
    let dir = folder("links")?;
    hard(&dir)?;
    symbolic(&dir)?;
    done()
}

fn hard(dir: &Descriptor) -> Result<(), String> {
    dir.link_at(PLAIN, "file", dir, "same").must("link-at")?;
    fails(
        "link-at over a file",
        dir.link_at(PLAIN, "file", dir, "other"),
        ErrorCode::Exist,
    )?;
    fails(
        "link-at that follows",
        dir.link_at(FOLLOW, "file", dir, "x"),
        ErrorCode::Invalid,
    )?;
    fails(
        "link-at of a folder",
        dir.link_at(PLAIN, "sub", dir, "x"),
        ErrorCode::NotPermitted,
    )?;

    let open = |name| open_in(dir, name, OpenFlags::empty(), DescriptorFlags::READ);
    let (file, link, other) = (open("file")?, open("same")?, open("other")?);
    same("link-count", file.stat().must("stat")?.link_count, 2)?;
    that(
        "two names of a file are the same",
        file.is_same_object(&link),
    )?;
    that("two files are not the same", !file.is_same_object(&other))?;
    that("a file is not its folder", !file.is_same_object(dir))?;
    that("a folder is the same", dir.is_same_object(&open(".")?))
}

fn symbolic(dir: &Descriptor) -> Result<(), String> {
    dir.symlink_at("../file", "sub/link").must("symlink-at")?;
    same(
        "readlink-at",
        dir.readlink_at("sub/link").must("readlink-at")?,
        "../file",
    )?;
    let stat = dir.stat_at(PLAIN, "sub/link").must("stat-at")?;
    same(
        "the link",
        (stat.type_, stat.size),
        (DescriptorType::SymbolicLink, 7),
    )?;
    let stat = dir
        .stat_at(FOLLOW, "sub/link")
        .must("stat-at that follows")?;
    same(
        "what it leads to",
        (stat.type_, stat.size),
        (DescriptorType::RegularFile, 4),
    )?;

    // Whether it leads out depends on where one starts.
    let sub = open_in(dir, "sub", OpenFlags::DIRECTORY, DescriptorFlags::READ)?;
    fails(
        "stat-at of what leads out",
        sub.stat_at(FOLLOW, "link"),
        ErrorCode::NotPermitted,
    )?;
    same(
        "readlink-at of the same",
        sub.readlink_at("link").must("readlink-at")?,
        "../file",
    )?;

    dir.symlink_at("nothing", "dangling")
        .must("symlink-at to nothing")?;
    fails(
        "stat-at of it",
        dir.stat_at(FOLLOW, "dangling"),
        ErrorCode::NoEntry,
    )?;
    fails(
        "symlink-at over a file",
        dir.symlink_at("x", "file"),
        ErrorCode::Exist,
    )?;
    fails(
        "symlink-at to a root",
        dir.symlink_at("/x", "root"),
        ErrorCode::NotPermitted,
    )?;
    fails(
        "readlink-at of a file",
        dir.readlink_at("file"),
        ErrorCode::Invalid,
    )
}
