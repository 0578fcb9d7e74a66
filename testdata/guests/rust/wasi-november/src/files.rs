//! Reading and writing of files.

use crate::bindings::wasi::filesystem::preopens::get_directories;
use crate::bindings::wasi::filesystem::types::*;
use crate::check::*;

pub const FOLLOW: PathFlags = PathFlags::SYMLINK_FOLLOW;
const WRITE: DescriptorFlags = DescriptorFlags::READ.union(DescriptorFlags::WRITE);

/// The directory of the guest.
pub fn root() -> Result<Descriptor, String> {
    let (dir, path) = get_directories().pop().named("get-directories")?;
    want("the path of the directory", path, "/data")?;
    Ok(dir)
}

pub fn open(path: &str, flags: DescriptorFlags) -> Result<Descriptor, String> {
    let none = OpenFlags::empty();
    root()?.open_at(FOLLOW, path, none, flags).named(path)
}

/// Makes a file for reading and writing, or empties it.
pub fn create(path: &str) -> Result<Descriptor, String> {
    let empty = OpenFlags::CREATE | OpenFlags::TRUNCATE;
    root()?.open_at(FOLLOW, path, empty, WRITE).named(path)
}

/// Returns all of a small file.
pub fn contents(path: &str) -> Result<Vec<u8>, String> {
    let (bytes, end) = open(path, DescriptorFlags::READ)?
        .read(1 << 16, 0)
        .named("read")?;
    ensure("the end of the file", end || bytes.is_empty())?;
    Ok(bytes)
}

pub fn reading() -> Outcome {
    let f = open("digits.txt", DescriptorFlags::READ)?;
    gives("get-type", f.get_type(), DescriptorType::RegularFile)?;
    gives("get-flags", f.get_flags(), DescriptorFlags::READ)?;
    gives("read", f.read(3, 4), (b"456", false))?;
    gives("read over the end", f.read(100, 7), (b"789", true))?;
    gives("read at the end", f.read(1, 10), (b"", true))?;
    for advice in [Advice::Sequential, Advice::WillNeed, Advice::DontNeed] {
        f.advise(0, 5, advice).named("advise")?;
    }
    fails(
        "advise of too much",
        f.advise(0, u64::MAX, Advice::Normal),
        ErrorCode::Invalid,
    )?;
    fails("write", f.write(b"x", 0), ErrorCode::BadDescriptor)?;
    fails(
        "write-via-stream",
        f.write_via_stream(0),
        ErrorCode::BadDescriptor,
    )?;
    fails(
        "append-via-stream",
        f.append_via_stream(),
        ErrorCode::BadDescriptor,
    )?;
    let d = root()?;
    gives(
        "get-type of a directory",
        d.get_type(),
        DescriptorType::Directory,
    )?;
    fails(
        "read-via-stream of it",
        d.read_via_stream(0),
        ErrorCode::BadDescriptor,
    )?;
    opening(&d)?;
    Ok(String::new())
}

/// Fails to open files, for each reason that there is.
fn opening(d: &Descriptor) -> Result<(), String> {
    use ErrorCode::*;
    let (read, none) = (DescriptorFlags::READ, OpenFlags::empty());
    let new = OpenFlags::CREATE | OpenFlags::EXCLUSIVE;
    let synced = WRITE | DescriptorFlags::FILE_INTEGRITY_SYNC;
    for (path, open, flags, code) in [
        ("nothing", none, read, NoEntry),
        ("../secret", none, read, NotPermitted),
        ("/data/digits.txt", none, read, NotPermitted),
        ("digits.txt", OpenFlags::DIRECTORY, read, NotDirectory),
        ("digits.txt/x", none, read, NotDirectory),
        ("digits.txt", new, WRITE, Exist),
        ("digits.txt", none, synced, Unsupported),
        ("dir", none, WRITE, IsDirectory),
    ] {
        fails(path, d.open_at(FOLLOW, path, open, flags), code)?;
    }
    Ok(())
}

pub fn writing() -> Outcome {
    let f = create("writing")?;
    gives("get-flags", f.get_flags(), WRITE)?;
    gives("write", f.write(b"hello, world", 0), 12)?;
    gives("write elsewhere", f.write(b"W", 7), 1)?;
    let s = f.append_via_stream().named("append-via-stream")?;
    s.blocking_write_and_flush(b"!").named("appending")?;
    want("the file", contents("writing")?, b"hello, World!")?;
    f.set_size(5).named("set-size")?;
    f.set_size(7).named("set-size to more")?;
    s.blocking_write_and_flush(b"?").named("appending again")?;
    f.sync_data().named("sync-data")?;
    f.sync().named("sync")?;
    want("the file at last", contents("writing")?, b"hello\0\0?")?;
    fails("set-size", f.set_size(u64::MAX), ErrorCode::FileTooLarge)?;
    Ok(String::new())
}

/// What cannot be changed in a directory that is for reading alone.
pub fn read_only() -> Outcome {
    use ErrorCode::NotPermitted;
    let d = root()?;
    let flags = DescriptorFlags::READ;
    gives("get-flags", d.get_flags(), flags)?;
    let create = d.open_at(FOLLOW, "x", OpenFlags::CREATE, WRITE);
    fails("open-at", create, NotPermitted)?;
    fails(
        "create-directory-at",
        d.create_directory_at("x"),
        NotPermitted,
    )?;
    fails(
        "unlink-file-at",
        d.unlink_file_at("digits.txt"),
        NotPermitted,
    )?;
    fails(
        "rename-at",
        d.rename_at("digits.txt", &d, "x"),
        NotPermitted,
    )?;
    fails("symlink-at", d.symlink_at("digits.txt", "x"), NotPermitted)?;
    let link = d.link_at(PathFlags::empty(), "digits.txt", &d, "x");
    fails("link-at", link, NotPermitted)?;
    fails(
        "remove-directory-at",
        d.remove_directory_at("dir"),
        NotPermitted,
    )?;
    let (now, f) = (NewTimestamp::Now, open("digits.txt", flags)?);
    fails("set-times", f.set_times(now, now), NotPermitted)?;
    fails(
        "set-times-at",
        d.set_times_at(FOLLOW, "dir", now, now),
        NotPermitted,
    )?;
    want("the file", contents("digits.txt")?, b"0123456789")?;
    Ok(String::new())
}
