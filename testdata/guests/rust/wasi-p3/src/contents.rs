//! What is in files.

use crate::bindings::wasi::filesystem::types::Advice;
use crate::check::{Expect, Outcome, holds, same};
use crate::disk::*;

pub async fn check() -> Outcome {
    let dir = folder("contents").await?;
    streams(&dir).await?;
    sizes(&dir).await?;
    large(&dir).await?;
    advice(&dir).await?;
    wrong_descriptors(&dir).await?;
    Ok(String::new())
}

async fn streams(dir: &Descriptor) -> Result<(), String> {
    let file = make(dir, "streams.txt", "hello").await?;
    append(&file, ", world").await.good("append")?;
    write(&file, 7, "W").await.good("write in the middle")?;
    append(&file, "!").await.good("append again")?;
    for (offset, want) in [(0, "hello, World!"), (7, "World!"), (13, ""), (1000, "")] {
        same("read", read(&file, offset).await, Ok::<_, ()>(want))?;
    }
    write(&file, 15, "far").await.good("write past the end")?;
    let want = "hello, World!\0\0far";
    same("with a gap", read(&file, 0).await, Ok::<_, ()>(want))?;
    same(
        "through another",
        text(dir, "streams.txt").await,
        Ok::<_, ()>(want),
    )?;
    file.sync_data().await.good("sync-data")?;
    file.sync().await.good("sync")?;
    dir.sync_data().await.good("sync-data of a folder")?;
    dir.sync().await.good("sync of a folder")
}

async fn sizes(dir: &Descriptor) -> Result<(), String> {
    let file = make(dir, "sizes.txt", "hello, world").await?;
    for (size, want) in [(5, "hello"), (8, "hello\0\0\0"), (0, ""), (2, "\0\0")] {
        file.set_size(size).await.good("set-size")?;
        same("size", file.stat().await.good("stat")?.size, size)?;
        same("cut", read(&file, 0).await, Ok::<_, ()>(want))?;
    }
    let huge = file.set_size(u64::MAX).await;
    huge.fails("a huge size", ErrorCode::FileTooLarge)?;
    let far = write(&file, u64::MAX, "x").await;
    far.fails("a huge offset", ErrorCode::FileTooLarge)?;
    same("after that", read(&file, 0).await, Ok::<_, ()>("\0\0"))
}

/// What takes many reads and writes.
async fn large(dir: &Descriptor) -> Result<(), String> {
    let all: String = (0..200_000).map(|n| format!("{n}\n")).collect();
    let file = make(dir, "large.txt", &all).await?;
    holds(read(&file, 0).await.good("large")? == all, || {
        "a large file comes back otherwise".into()
    })?;
    let (mut data, ended) = file.read_via_stream(2);
    same("first", data.next().await, Some(b'1'))?;
    drop(data); // no error: it was enough
    ended.await.good("a stream that is dropped")
}

async fn advice(dir: &Descriptor) -> Result<(), String> {
    let file = make(dir, "advice.txt", "hello").await?;
    for advice in [
        Advice::Normal,
        Advice::Sequential,
        Advice::Random,
        Advice::WillNeed,
        Advice::DontNeed,
        Advice::NoReuse,
    ] {
        for (offset, length) in [(0, 0), (1, 3), (100, 1 << 40)] {
            let got = file.advise(offset, length, advice).await;
            got.good(&format!("{advice:?} of {length} from {offset}"))?;
        }
    }
    let far = file.advise(u64::MAX, 1, Advice::Normal).await;
    far.fails("advise far away", ErrorCode::Invalid)?;
    let folder = dir.advise(0, 0, Advice::Normal).await;
    folder.fails("advise of a folder", ErrorCode::BadDescriptor)?;
    same("advised", read(&file, 0).await, Ok::<_, ()>("hello"))
}

/// Descriptors do no more than they were opened for.
async fn wrong_descriptors(dir: &Descriptor) -> Result<(), String> {
    drop(make(dir, "wrong.txt", "hello").await?);
    let bad = ErrorCode::BadDescriptor;
    let reader = open(dir, "wrong.txt", AS_IT_IS, READ).await.good("open")?;
    write(&reader, 0, "x").await.fails("write", bad.clone())?;
    append(&reader, "x").await.fails("append", bad.clone())?;
    reader.set_size(1).await.fails("set-size", bad.clone())?;
    let writer = open(dir, "wrong.txt", AS_IT_IS, WRITE).await.good("open")?;
    read(&writer, 0).await.fails("read", bad.clone())?;
    write(&writer, 4, "!").await.good("write only")?;
    same("read only", read(&reader, 0).await, Ok::<_, ()>("hell!"))?;
    read(dir, 0).await.fails("read a folder", bad.clone())?;
    write(dir, 0, "x")
        .await
        .fails("write a folder", bad.clone())?;
    append(dir, "x")
        .await
        .fails("append to a folder", bad.clone())?;
    dir.set_size(0).await.fails("cut a folder", bad)?;
    let listing = list(&reader).await;
    listing.fails("list a file", ErrorCode::NotDirectory)
}
