//! What is known of files.

use crate::bindings::wasi::{
    clocks::wall_clock::Datetime,
    filesystem::types::{
        Descriptor, DescriptorFlags, DescriptorStat, ErrorCode, MetadataHashValue, NewTimestamp,
        OpenFlags,
    },
};
use crate::check::{Must, Outcome, done, fails, same, that};
use crate::files::{FOLLOW, PLAIN, folder, open_in};

const NO_CHANGE: NewTimestamp = NewTimestamp::NoChange;

fn at(seconds: u64, nanoseconds: u32) -> NewTimestamp {
    NewTimestamp::Timestamp(Datetime {
        seconds,
        nanoseconds,
    })
}

/// Seconds of access and modification.
fn seconds(stat: DescriptorStat) -> Result<(u64, u64), String> {
    let seconds = |time: Option<Datetime>| time.map(|t| t.seconds).ok_or("a time is not known");
    that(
        "status-change-timestamp",
        stat.status_change_timestamp.is_some(),
    )?;
    Ok((
        seconds(stat.data_access_timestamp)?,
        seconds(stat.data_modification_timestamp)?,
    ))
}

pub fn times() -> Outcome {
    let dir = folder("times")?;
    let file = open_in(&dir, "file", OpenFlags::empty(), DescriptorFlags::WRITE)?;
    file.set_times(at(1_000_000_001, 0), at(1_000_000_002, 5))
        .must("set-times")?;
    let stat = file.stat().must("stat")?;
    same(
        "nanoseconds",
        stat.data_modification_timestamp.map(|t| t.nanoseconds),
        Some(5),
    )?;
    same("both", seconds(stat)?, (1_000_000_001, 1_000_000_002))?;
    file.set_times(at(1_000_000_003, 0), NO_CHANGE)
        .must("set-times")?;
    same(
        "one of them",
        seconds(file.stat().must("stat")?)?,
        (1_000_000_003, 1_000_000_002),
    )?;
    fails(
        "too many nanoseconds",
        file.set_times(NO_CHANGE, at(1, 1_000_000_000)),
        ErrorCode::Invalid,
    )?;
    times_at(&dir)?;
    done()
}

fn times_at(dir: &Descriptor) -> Result<(), String> {
    let stat = |flags, path| seconds(dir.stat_at(flags, path).must("stat-at")?);
    dir.set_times_at(PLAIN, "link", at(1, 0), at(2, 0))
        .must("set-times-at of a link")?;
    same("a link", stat(PLAIN, "link")?, (1, 2))?;
    same(
        "what it leads to",
        stat(PLAIN, "file")?,
        (1_000_000_003, 1_000_000_002),
    )?;
    dir.set_times_at(FOLLOW, "link", NO_CHANGE, at(4, 0))
        .must("set-times-at that follows")?;
    same(
        "what it leads to, changed",
        stat(PLAIN, "file")?,
        (1_000_000_003, 4),
    )?;
    same("the link, unchanged", stat(PLAIN, "link")?.1, 2)?;

    dir.set_times_at(PLAIN, "sub", at(5, 0), at(6, 0))
        .must("set-times-at of a folder")?;
    same("a folder", stat(PLAIN, "sub")?, (5, 6))?;
    dir.set_times_at(PLAIN, "now", at(7, 0), NewTimestamp::Now)
        .must("set-times-at")?;
    that("not now", stat(PLAIN, "now")?.1 >= 1_000_000_000)?;
    fails(
        "set-times-at of nothing",
        dir.set_times_at(PLAIN, "no", NO_CHANGE, at(1, 0)),
        ErrorCode::NoEntry,
    )
}

/// Hashes are the same for a file by whatever name, and no other's.
pub fn hashes() -> Outcome {
    let dir = folder("hashes")?;
    let one = open_in(&dir, "one", OpenFlags::empty(), DescriptorFlags::READ)?;
    let hash = one.metadata_hash().must("metadata-hash")?;
    let hash_at = |flags, path| dir.metadata_hash_at(flags, path).must("metadata-hash-at");
    wants(
        "again",
        one.metadata_hash().must("metadata-hash")?,
        hash,
        true,
    )?;
    wants("of its name", hash_at(PLAIN, "one")?, hash, true)?;
    wants("of a link to it", hash_at(FOLLOW, "link")?, hash, true)?;
    wants("of the link", hash_at(PLAIN, "link")?, hash, false)?;
    wants("of another file", hash_at(PLAIN, "two")?, hash, false)?;
    wants(
        "of the folder",
        dir.metadata_hash().must("metadata-hash")?,
        hash,
        false,
    )?;
    dir.rename_at("one", &dir, "three").must("rename-at")?;
    wants("of its new name", hash_at(PLAIN, "three")?, hash, true)?;
    fails(
        "metadata-hash-at of nothing",
        dir.metadata_hash_at(PLAIN, "one"),
        ErrorCode::NoEntry,
    )?;
    done()
}

fn wants(
    what: &str,
    got: MetadataHashValue,
    hash: MetadataHashValue,
    equal: bool,
) -> Result<(), String> {
    let is = (got.lower, got.upper) == (hash.lower, hash.upper);
    that(
        &format!("the hash {what}: got {got:?}, that of the file is {hash:?}"),
        is == equal,
    )
}
