//! How files and folders are opened.

use crate::check::{Expect, Outcome, same};
use crate::disk::*;

pub async fn check() -> Outcome {
    let dir = folder("openings").await?;
    flags(&dir).await?;
    ways(&dir).await?;
    outside(&dir).await?;
    identity(&dir).await?;
    Ok(String::new())
}

async fn flags(dir: &Descriptor) -> Result<(), String> {
    drop(make(dir, "flags.txt", "hello").await?);
    for flags in [READ, WRITE, BOTH] {
        let file = open(dir, "flags.txt", AS_IT_IS, flags).await.good("open")?;
        same("flags", file.get_flags().await, Ok::<_, ()>(flags))?;
        let kind = file.get_type().await;
        same("type", kind, Ok::<_, ()>(DescriptorType::RegularFile))?;
    }
    let want = READ | DescriptorFlags::MUTATE_DIRECTORY;
    same("of a folder", dir.get_flags().await, Ok::<_, ()>(want))?;
    let kind = dir.get_type().await;
    same("of a folder", kind, Ok::<_, ()>(DescriptorType::Directory))
}

async fn ways(dir: &Descriptor) -> Result<(), String> {
    const NOTHING: OpenFlags = AS_IT_IS;
    const DIRECTORY: OpenFlags = OpenFlags::DIRECTORY;
    const TRUNCATE: OpenFlags = OpenFlags::TRUNCATE;
    const SYNC: DescriptorFlags = DescriptorFlags::FILE_INTEGRITY_SYNC;
    drop(make(dir, "old.txt", "hello").await?);
    dir.create_directory_at("sub".into()).await.good("sub")?;
    for (path, how, flags, want) in [
        ("none", NOTHING, READ, ErrorCode::NoEntry),
        ("none/none", OpenFlags::CREATE, BOTH, ErrorCode::NoEntry),
        ("", NOTHING, READ, ErrorCode::NoEntry),
        ("old.txt", NEW, BOTH, ErrorCode::Exist),
        ("old.txt", DIRECTORY, READ, ErrorCode::NotDirectory),
        ("old.txt/", NOTHING, READ, ErrorCode::NotDirectory),
        ("old.txt/x", NOTHING, READ, ErrorCode::NotDirectory),
        ("sub", NOTHING, BOTH, ErrorCode::IsDirectory),
        ("old.txt", NOTHING, WRITE | SYNC, ErrorCode::Unsupported),
        ("sub", DIRECTORY | TRUNCATE, BOTH, ErrorCode::Invalid),
    ] {
        let got = open(dir, path, how, flags).await;
        got.fails(&format!("{path:?} {how:?} {flags:?}"), want)?;
    }
    let long = open(dir, &"x".repeat(256), NOTHING, READ).await;
    long.fails("a long name", ErrorCode::NameTooLong)?;
    let file = open(dir, "old.txt", OpenFlags::CREATE, BOTH).await;
    let file = file.good("create what is there")?;
    same("it", read(&file, 0).await, Ok::<_, ()>("hello"))?;
    drop(
        open(dir, "old.txt", TRUNCATE, BOTH)
            .await
            .good("truncate")?,
    );
    same("truncated", read(&file, 0).await, Ok::<_, ()>(""))?;
    let sub = open(dir, "./sub/../sub/", DIRECTORY, READ)
        .await
        .good("sub")?;
    same("in it", list(&sub).await, Ok::<_, ()>([0; 0]))
}

async fn outside(dir: &Descriptor) -> Result<(), String> {
    for path in [
        "..",
        "../openings/old.txt",
        "sub/../../contents",
        "/",
        "/etc/passwd",
    ] {
        let no = || ErrorCode::NotPermitted;
        let got = open(dir, path, AS_IT_IS, READ).await;
        got.fails(&format!("open {path}"), no())?;
        let got = dir.stat_at(FOLLOW, path.into()).await;
        got.fails(&format!("stat-at {path}"), no())?;
        let got = dir.metadata_hash_at(FOLLOW, path.into()).await;
        got.fails(&format!("metadata-hash-at {path}"), no())?;
        let got = dir.readlink_at(path.into()).await;
        got.fails(&format!("readlink-at {path}"), no())?;
    }
    Ok(())
}

async fn identity(dir: &Descriptor) -> Result<(), String> {
    let a = make(dir, "a.txt", "same").await?;
    let b = make(dir, "b.txt", "same").await?;
    let again = open(dir, "sub/../a.txt", AS_IT_IS, READ).await.good("a")?;
    let sub = open(dir, "sub", AS_IT_IS, READ).await.good("sub")?;
    let twin = open(&top(), "openings/sub", AS_IT_IS, READ)
        .await
        .good("sub")?;
    for (what, one, other, want) in [
        ("itself", &a, &a, true),
        ("opened twice", &a, &again, true),
        ("of the same bytes", &a, &b, false),
        ("a file and a folder", &a, &sub, false),
        ("a folder", &sub, &twin, true),
        ("two folders", dir, &sub, false),
    ] {
        same(what, one.is_same_object(other).await, want)?;
    }
    Ok(())
}
