//! Hard and symbolic links.

use crate::check::{Expect, Outcome, same};
use crate::disk::*;

pub async fn check() -> Outcome {
    let dir = folder("links").await?;
    dir.create_directory_at("sub".into()).await.good("sub")?;
    drop(make(&dir, "file", "hello").await?);
    hard(&dir).await?;
    symbolic(&dir).await?;
    targets(&dir).await?;
    Ok(String::new())
}

async fn hard(dir: &Descriptor) -> Result<(), String> {
    let sub = open(dir, "sub", AS_IT_IS, READ).await.good("sub")?;
    for (flags, from, to, want) in [
        (ITSELF, "file", "hard", None),
        (ITSELF, "file", "hard", Some(ErrorCode::Exist)),
        (ITSELF, "none", "other", Some(ErrorCode::NoEntry)),
        (ITSELF, "sub", "other", Some(ErrorCode::NotPermitted)),
        (FOLLOW, "file", "other", Some(ErrorCode::Invalid)),
        (ITSELF, "file", "../other", Some(ErrorCode::NotPermitted)),
    ] {
        let got = dir.link_at(flags, from.into(), &sub, to.into()).await;
        let what = format!("link {from} at {to}, {flags:?}");
        same(&what, got, want.map_or(Ok(()), Err))?;
    }
    let file = open(dir, "file", AS_IT_IS, READ).await.good("file")?;
    let link = open(&sub, "hard", AS_IT_IS, BOTH).await.good("hard")?;
    same("links", file.stat().await.good("stat")?.link_count, 2)?;
    same("the same", file.is_same_object(&link).await, true)?;
    append(&link, "!").await.good("append")?;
    same("by the other", read(&file, 0).await, Ok::<_, ()>("hello!"))?;
    dir.unlink_file_at("sub/hard".into()).await.good("unlink")?;
    same("links", file.stat().await.good("stat")?.link_count, 1)
}

async fn symbolic(dir: &Descriptor) -> Result<(), String> {
    for (target, path, want) in [
        ("../file", "sub/link", None),
        ("file", "sub/link", Some(ErrorCode::Exist)),
        ("file", "none/link", Some(ErrorCode::NoEntry)),
        ("sub", "folder", None),
        ("nowhere", "dangling", None),
        ("loop", "loop", None),
    ] {
        let got = dir.symlink_at(target.into(), path.into()).await;
        same(
            &format!("{path} to {target}"),
            got,
            want.map_or(Ok(()), Err),
        )?;
    }
    for (path, want) in [
        ("sub/link", Ok("../file")),
        ("folder", Ok("sub")),
        ("dangling", Ok("nowhere")),
        ("file", Err(ErrorCode::Invalid)),
        ("none", Err(ErrorCode::NoEntry)),
    ] {
        same(path, dir.readlink_at(path.into()).await, want)?;
    }
    for (flags, path, want) in [
        (FOLLOW, "sub/link", Ok(DescriptorType::RegularFile)),
        (FOLLOW, "folder", Ok(DescriptorType::Directory)),
        (ITSELF, "folder/link", Err(ErrorCode::Loop)),
        (FOLLOW, "folder/link", Ok(DescriptorType::RegularFile)),
        (FOLLOW, "dangling", Err(ErrorCode::NoEntry)),
        (FOLLOW, "loop", Err(ErrorCode::Loop)),
    ] {
        let got = match dir.open_at(flags, path.into(), AS_IT_IS, READ).await {
            Ok(opened) => opened.get_type().await,
            Err(error) => Err(error),
        };
        same(&format!("open {path}, {flags:?}"), got, want)?;
    }
    Ok(())
}

/// Where links may lead: what could be opened is not known when one is made.
async fn targets(dir: &Descriptor) -> Result<(), String> {
    let absolute = dir.symlink_at("/etc".into(), "absolute".into()).await;
    absolute.fails("an absolute link", ErrorCode::NotPermitted)?;
    let up = dir.symlink_at("../outside".into(), "up".into()).await;
    up.good("a link that leads out")?;
    let followed = open(dir, "up", AS_IT_IS, READ).await;
    followed.fails("follow it", ErrorCode::NotPermitted)?;
    dir.unlink_file_at("up".into()).await.good("unlink it")?;
    let gone = dir.readlink_at("up".into()).await;
    gone.fails("what is removed", ErrorCode::NoEntry)
}
