//! What is known of files.

use crate::bindings::wasi::clocks::wall_clock::Datetime;
use crate::bindings::wasi::filesystem::types::*;
use crate::check::*;
use crate::files::{FOLLOW, create, root};

pub fn metadata() -> Outcome {
    let (d, f) = (root()?, create("metadata")?);
    f.write(b"12345", 0).named("write")?;
    let hash = f.metadata_hash().named("metadata-hash")?;
    gives(
        "metadata-hash-at",
        d.metadata_hash_at(FOLLOW, "metadata"),
        hash,
    )?;
    let stat = f.stat().named("stat")?;
    want(
        "stat",
        (stat.type_, stat.link_count, stat.size),
        (DescriptorType::RegularFile, 1, 5),
    )?;
    let other = d.metadata_hash_at(FOLLOW, "digits.txt");
    let other = other.named("metadata-hash-at")?;
    let same = format!("{hash:?}") == format!("{other:?}");
    ensure("the hash of another file", !same)?;
    f.set_size(6).named("set-size")?;
    let at = |seconds| Datetime {
        seconds,
        nanoseconds: 5000,
    };
    let (a, b) = (
        NewTimestamp::Timestamp(at(1_000_000_000)),
        NewTimestamp::Timestamp(at(1_100_000_000)),
    );
    f.set_times(a, b).named("set-times")?;
    let stat = d.stat_at(FOLLOW, "metadata").named("stat-at")?;
    want("size", stat.size, 6)?;
    want(
        "accessed",
        stat.data_access_timestamp,
        Some(at(1_000_000_000)),
    )?;
    want(
        "modified",
        stat.data_modification_timestamp,
        Some(at(1_100_000_000)),
    )?;
    ensure(
        "changed",
        stat.status_change_timestamp.named("changed")?.seconds > 1_100_000_000,
    )?;
    let now = d.set_times_at(
        FOLLOW,
        "metadata",
        NewTimestamp::Now,
        NewTimestamp::NoChange,
    );
    now.named("set-times-at")?;
    let stat = f.stat().named("stat")?;
    ensure(
        "accessed now",
        stat.data_access_timestamp.named("accessed")?.seconds > 1_100_000_000,
    )?;
    want(
        "modified before",
        stat.data_modification_timestamp,
        Some(at(1_100_000_000)),
    )?;
    let bad = NewTimestamp::Timestamp(Datetime {
        seconds: 1,
        nanoseconds: 1_000_000_000,
    });
    fails("no time", f.set_times(bad, bad), ErrorCode::Invalid)?;
    Ok(String::new())
}
