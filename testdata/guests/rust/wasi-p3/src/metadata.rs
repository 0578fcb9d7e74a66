//! What is known of files and folders.

use crate::bindings::wasi::clocks::system_clock::Instant;
use crate::bindings::wasi::filesystem::types::{DescriptorStat, NewTimestamp};
use crate::check::{Expect, Outcome, holds, same};
use crate::disk::*;

pub async fn check() -> Outcome {
    let dir = folder("metadata").await?;
    let file = make(&dir, "file", "hello").await?;
    dir.symlink_at("file".into(), "link".into())
        .await
        .good("link")?;
    for (flags, path, want) in [
        (ITSELF, "file", ("RegularFile", 1, 5)),
        (FOLLOW, "link", ("RegularFile", 1, 5)),
        (ITSELF, "link", ("SymbolicLink", 1, 4)),
    ] {
        let got = dir.stat_at(flags, path.into()).await.good(path)?;
        same(path, (kind(&got.type_), got.link_count, got.size), want)?;
    }
    let got = file.stat().await.good("stat")?;
    let want = dir.stat_at(ITSELF, "file".into()).await.good("stat-at")?;
    same("stat and stat-at", got, want)?;
    let missing = dir.stat_at(ITSELF, "none".into()).await;
    missing.fails("stat-at none", ErrorCode::NoEntry)?;
    let own = dir.stat().await.good("stat of a folder")?;
    same("a folder", kind(&own.type_), "Directory")?;
    same(
        "a folder by .",
        dir.stat_at(ITSELF, ".".into()).await,
        Ok::<_, ()>(own),
    )?;
    hashes(&dir, &file).await?;
    Ok(String::new())
}

async fn hashes(dir: &Descriptor, file: &Descriptor) -> Result<(), String> {
    drop(make(dir, "other", "hello").await?);
    let at = async |flags, path: &str| {
        let hash = dir.metadata_hash_at(flags, path.into()).await;
        Ok::<_, String>(format!("{:?}", hash.good(path)?))
    };
    let hash = format!("{:?}", file.metadata_hash().await.good("metadata-hash")?);
    for (flags, path, equal) in [
        (ITSELF, "file", true),
        (FOLLOW, "link", true),
        (ITSELF, "link", false),
        (ITSELF, "other", false),
        (ITSELF, ".", false),
    ] {
        let got = at(flags, path).await?;
        holds((got == hash) == equal, || {
            format!("hashes of file and {path}, {flags:?}: {hash} and {got}")
        })?;
    }
    let own = dir
        .metadata_hash()
        .await
        .good("metadata-hash of a folder")?;
    same("a folder by .", at(ITSELF, ".").await?, format!("{own:?}"))?;
    let missing = dir.metadata_hash_at(ITSELF, "none".into()).await;
    missing.fails("metadata-hash-at none", ErrorCode::NoEntry)?;
    let old = at(ITSELF, "other").await?;
    let other = dir.rename_at("other".into(), dir, "file".into()).await;
    other.good("put another in its place")?;
    same("it keeps its hash", at(ITSELF, "file").await?, old)?;
    holds(at(ITSELF, "file").await? != hash, || {
        "a file that was replaced has the same hash".into()
    })
}

fn at(seconds: i64, nanoseconds: u32) -> NewTimestamp {
    NewTimestamp::Timestamp(Instant {
        seconds,
        nanoseconds,
    })
}

/// Access and modification, as seconds and nanoseconds.
fn stamps(s: DescriptorStat) -> [Option<(i64, u32)>; 2] {
    [s.data_access_timestamp, s.data_modification_timestamp]
        .map(|t| t.map(|t| (t.seconds, t.nanoseconds)))
}

pub async fn times() -> Outcome {
    use NewTimestamp::{NoChange, Now};
    let dir = folder("times").await?;
    let file = make(&dir, "file", "hello").await?;
    let first = file.stat().await.good("stat")?;
    let (old, older) = ((1_000_000_000, 5), (-5, 250_000_000));
    for (accessed, modified, want) in [
        (at(1_000_000_000, 5), at(-5, 250_000_000), [old, older]),
        (NoChange, NoChange, [old, older]),
        (NoChange, at(1_000_000_000, 5), [old, old]),
        (at(-5, 250_000_000), NoChange, [older, old]),
    ] {
        file.set_times(accessed, modified).await.good("set-times")?;
        same(
            "times",
            stamps(file.stat().await.good("stat")?),
            want.map(Some),
        )?;
    }
    file.set_times(NoChange, Now).await.good("now")?;
    let got = stamps(file.stat().await.good("stat")?);
    holds(got[0] == Some(older) && got[1] >= stamps(first)[1], || {
        format!("now: {got:?}")
    })?;
    for (time, want) in [
        (at(0, 1_000_000_000), ErrorCode::Invalid),
        (at(i64::MAX, 0), ErrorCode::Overflow),
        (at(i64::MIN, 0), ErrorCode::Overflow),
    ] {
        let what = format!("{time:?}");
        file.set_times(NoChange, time)
            .await
            .fails(&what, want.clone())?;
        let got = dir
            .set_times_at(FOLLOW, "file".into(), time, NoChange)
            .await;
        got.fails(&what, want)?;
    }
    same("kept", stamps(file.stat().await.good("stat")?), got)?;
    times_at(&dir).await?;
    dir.set_times(at(7, 0), at(8, 0))
        .await
        .good("of a folder")?;
    let got = stamps(dir.stat().await.good("stat")?);
    same("of a folder", got, [Some((7, 0)), Some((8, 0))])?;
    Ok(String::new())
}

async fn times_at(dir: &Descriptor) -> Result<(), String> {
    dir.symlink_at("file".into(), "link".into())
        .await
        .good("link")?;
    for (flags, seconds) in [(FOLLOW, 100), (ITSELF, 200)] {
        let (a, m) = (at(seconds, 1), at(seconds + 1, 2));
        dir.set_times_at(flags, "link".into(), a, m)
            .await
            .good("set-times-at")?;
    }
    for (path, seconds) in [("file", 100), ("link", 200)] {
        let got = dir.stat_at(ITSELF, path.into()).await.good(path)?;
        let want = [(seconds, 1), (seconds + 1, 2)].map(Some);
        same(path, stamps(got), want)?;
    }
    let missing = dir
        .set_times_at(FOLLOW, "none".into(), at(0, 0), at(0, 0))
        .await;
    missing.fails("of none", ErrorCode::NoEntry)?;
    let outside = dir
        .set_times_at(FOLLOW, "..".into(), at(0, 0), at(0, 0))
        .await;
    outside.fails("of ..", ErrorCode::NotPermitted)
}
