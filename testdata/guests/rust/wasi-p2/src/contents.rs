//! What is in files.

use crate::bindings::wasi::filesystem::types::{
    Advice, Descriptor, DescriptorFlags, ErrorCode, OpenFlags,
};
use crate::check::{Must, Outcome, done, fails, same};
use crate::files::{folder, open_in};
use crate::input::rest;

const BOTH: DescriptorFlags = DescriptorFlags::READ.union(DescriptorFlags::WRITE);

pub fn contents() -> Outcome {
    let dir = folder("contents")?;
    let file = open_in(&dir, "text", OpenFlags::CREATE, BOTH)?;
    same("write", file.write(b"hello world", 0).must("write")?, 11)?;
    same("write in the middle", file.write(b"W", 6).must("write")?, 1)?;
    wants(&file, (3, 6), "Wor", false)?;
    wants(&file, (100, 6), "World", true)?;
    wants(&file, (1, 100), "", true)?;
    file.set_size(8).must("set-size")?;
    wants(&file, (100, 0), "hello Wo", true)?;
    file.set_size(10).must("set-size")?;
    wants(&file, (100, 6), "Wo\0\0", true)?;
    same(
        "write behind the end",
        file.write(b"!", 12).must("write")?,
        1,
    )?;
    file.sync_data().must("sync-data")?;
    file.sync().must("sync")?;
    dir.sync_data().must("sync-data of a folder")?;
    dir.sync().must("sync of a folder")?;
    advise(&dir, &file)?;
    for (what, got) in [
        ("read", dir.read(1, 0).map(drop)),
        ("set-size", dir.set_size(1)),
    ] {
        fails(
            &format!("{what} of a folder"),
            got,
            ErrorCode::BadDescriptor,
        )?;
    }
    fails(
        "write to a folder",
        dir.write(b"x", 0),
        ErrorCode::BadDescriptor,
    )?;
    done()
}

/// Checks a read of a length at an offset, and whether it meets the end.
fn wants(file: &Descriptor, at: (u64, u64), text: &str, end: bool) -> Result<(), String> {
    let got = file.read(at.0, at.1).must("read")?;
    same(&format!("read of {at:?}"), got, (text.as_bytes(), end))
}

fn advise(dir: &Descriptor, file: &Descriptor) -> Result<(), String> {
    for advice in [
        Advice::Normal,
        Advice::Sequential,
        Advice::Random,
        Advice::WillNeed,
        Advice::DontNeed,
        Advice::NoReuse,
    ] {
        file.advise(0, 100, advice).must("advise")?;
        fails(
            "advise on a folder",
            dir.advise(0, 1, advice),
            ErrorCode::BadDescriptor,
        )?;
    }
    fails(
        "advise too far",
        file.advise(u64::MAX, 1, Advice::Normal),
        ErrorCode::Invalid,
    )?;
    wants(file, (5, 0), "hello", false) // whatever is not needed
}

pub fn file_streams() -> Outcome {
    let dir = folder("file-streams")?;
    let file = open_in(&dir, "log", OpenFlags::empty(), BOTH)?;
    let middle = file.write_via_stream(3).must("write-via-stream")?;
    let end = file.append_via_stream().must("append-via-stream")?;
    let before = file.read_via_stream(8).must("read-via-stream")?;
    drop(file); // streams go on without it
    middle.blocking_write_and_flush(b"ab").must("write")?;
    end.blocking_write_and_flush(b"X").must("append")?;
    middle.blocking_write_and_flush(b"c").must("write")?;
    end.blocking_write_and_flush(b"Y").must("append")?;
    same("read of what was appended", rest(&before)?, "89XY")?;

    let file = open_in(&dir, "log", OpenFlags::empty(), DescriptorFlags::READ)?;
    let all = file.read_via_stream(0).must("read-via-stream")?;
    same("read of all", rest(&all)?, "012abc6789XY")?;
    let none = file.read_via_stream(100).must("read-via-stream")?;
    same("read behind the end", rest(&none)?, "")?;
    let bad = ErrorCode::BadDescriptor;
    fails(
        "write-via-stream of a file to read",
        file.write_via_stream(0),
        bad,
    )?;
    fails(
        "append-via-stream of a file to read",
        file.append_via_stream(),
        bad,
    )?;
    fails("read-via-stream of a folder", dir.read_via_stream(0), bad)?;
    done()
}
