//! How files are opened.

use crate::bindings::wasi::filesystem::{
    preopens::get_directories,
    types::{Descriptor, DescriptorFlags, DescriptorType, ErrorCode, OpenFlags, PathFlags},
};
use crate::check::{Must, Outcome, done, fails, same};

/// Links at the end of paths are not followed.
pub const PLAIN: PathFlags = PathFlags::empty();
pub const FOLLOW: PathFlags = PathFlags::SYMLINK_FOLLOW;

const READ: DescriptorFlags = DescriptorFlags::READ;
const WRITE: DescriptorFlags = DescriptorFlags::WRITE;

/// The folder of one check.
pub fn folder(name: &str) -> Result<Descriptor, String> {
    let mounts = get_directories();
    let paths: Vec<&str> = mounts.iter().map(|(_, path)| path.as_str()).collect();
    same("get-directories", paths, ["/data"])?;
    open_in(&mounts[0].0, name, OpenFlags::DIRECTORY, READ)
}

/// Opens what has to open.
pub fn open_in(
    dir: &Descriptor,
    path: &str,
    how: OpenFlags,
    flags: DescriptorFlags,
) -> Result<Descriptor, String> {
    dir.open_at(PLAIN, path, how, flags)
        .must(&format!("open-at of {path}"))
}

fn describe(file: &Descriptor) -> Result<(DescriptorType, DescriptorFlags), String> {
    Ok((
        file.get_type().must("get-type")?,
        file.get_flags().must("get-flags")?,
    ))
}

pub fn open() -> Outcome {
    let dir = folder("open")?;
    let want = (
        DescriptorType::Directory,
        READ | DescriptorFlags::MUTATE_DIRECTORY,
    );
    same("the folder", describe(&dir)?, want)?;
    create(&dir)?;
    let old = open_in(&dir, "old", OpenFlags::empty(), READ)?;
    same(
        "a file to read",
        describe(&old)?,
        (DescriptorType::RegularFile, READ),
    )?;
    same("its size", old.stat().must("stat")?.size, 8)?;
    fails("write to it", old.write(b"x", 0), ErrorCode::BadDescriptor)?;
    let both = open_in(&dir, "old", OpenFlags::TRUNCATE, READ | WRITE)?;
    same(
        "a file for both",
        describe(&both)?,
        (DescriptorType::RegularFile, READ | WRITE),
    )?;
    same(
        "the size of what was truncated",
        old.stat().must("stat")?.size,
        0,
    )?;
    refused(&dir)?;
    done()
}

fn create(dir: &Descriptor) -> Result<(), String> {
    let how = OpenFlags::CREATE | OpenFlags::EXCLUSIVE;
    let new = open_in(dir, "new", how, WRITE)?;
    same(
        "a new file",
        describe(&new)?,
        (DescriptorType::RegularFile, WRITE),
    )?;
    fails("read of it", new.read(1, 0), ErrorCode::BadDescriptor)?;
    fails(
        "a new file again",
        dir.open_at(PLAIN, "new", how, WRITE),
        ErrorCode::Exist,
    )
}

fn refused(dir: &Descriptor) -> Result<(), String> {
    let none = OpenFlags::empty();
    for (path, how, want) in [
        ("no", none, ErrorCode::NoEntry),
        ("old", OpenFlags::DIRECTORY, ErrorCode::NotDirectory),
        ("old/", none, ErrorCode::NotDirectory),
        ("old/file", none, ErrorCode::NotDirectory),
        ("link", none, ErrorCode::Loop),
        ("../names", none, ErrorCode::NotPermitted),
        ("/data", none, ErrorCode::NotPermitted),
        ("", none, ErrorCode::NoEntry),
    ] {
        fails(
            &format!("open-at of {path}"),
            dir.open_at(PLAIN, path, how, READ),
            want,
        )?;
    }
    let linked = dir
        .open_at(FOLLOW, "link", none, READ)
        .must("open-at that follows")?;
    same(
        "what a link leads to",
        linked.get_type().must("get-type")?,
        DescriptorType::RegularFile,
    )
}
