//! What is in folders.

use crate::bindings::wasi::filesystem::preopens::get_directories;
use crate::check::{Expect, Outcome, same};
use crate::disk::*;

pub async fn check() -> Outcome {
    let dir = folder("folders").await?;
    for (path, want) in [
        ("sub", None),
        ("sub/inner", None),
        ("sub", Some(ErrorCode::Exist)),
        (".", Some(ErrorCode::Exist)),
        ("none/inner", Some(ErrorCode::NoEntry)),
        ("../outside", Some(ErrorCode::NotPermitted)),
    ] {
        let got = dir.create_directory_at(path.into()).await;
        same(path, got, want.map_or(Ok(()), Err))?;
    }
    drop(make(&dir, "file", "x").await?);
    dir.symlink_at("file".into(), "link".into())
        .await
        .good("link")?;
    let want = [
        ("file", "RegularFile"),
        ("link", "SymbolicLink"),
        ("sub", "Directory"),
    ];
    same("list", list(&dir).await, Ok::<_, ()>(want))?;
    same("again", list(&dir).await, Ok::<_, ()>(want))?;
    long_listing(&dir).await?;
    removals(&dir).await?;
    same(
        "in the end",
        list(&dir).await,
        Ok::<_, ()>([("link", "SymbolicLink")]),
    )?;
    Ok(String::new())
}

/// More entries than a host reads at once.
async fn long_listing(dir: &Descriptor) -> Result<(), String> {
    let sub = open(dir, "sub", OpenFlags::DIRECTORY, READ)
        .await
        .good("sub")?;
    for n in 0..200 {
        drop(make(&sub, &format!("{n:03}"), "").await?);
    }
    let names: Vec<_> = list(&sub).await.good("list")?;
    same("names", names.len(), 201)?;
    same("the last but one", &names[199].0, "199")?;
    let (mut entries, ended) = sub.read_directory();
    same("an entry", entries.next().await.is_some(), true)?;
    drop(entries); // no error: it was enough
    ended.await.good("a listing that is dropped")?;
    for n in 0..200 {
        let got = sub.unlink_file_at(format!("{n:03}")).await;
        got.good("unlink")?;
    }
    same(
        "empty but for",
        list(&sub).await,
        Ok::<_, ()>([("inner", "Directory")]),
    )
}

async fn removals(dir: &Descriptor) -> Result<(), String> {
    for (path, want) in [
        ("sub", Some(ErrorCode::NotEmpty)),
        ("file", Some(ErrorCode::NotDirectory)),
        ("link", Some(ErrorCode::NotDirectory)),
        ("none", Some(ErrorCode::NoEntry)),
        (".", Some(ErrorCode::Invalid)),
        ("sub/inner", None),
        ("sub", None),
        ("sub", Some(ErrorCode::NoEntry)),
    ] {
        let got = dir.remove_directory_at(path.into()).await;
        same(&format!("remove {path}"), got, want.map_or(Ok(()), Err))?;
    }
    let file = open(dir, "file", AS_IT_IS, READ).await.good("file")?;
    dir.create_directory_at("made".into()).await.good("made")?;
    for (path, want) in [
        ("made", Some(ErrorCode::IsDirectory)),
        ("none", Some(ErrorCode::NoEntry)),
        ("file/", Some(ErrorCode::NotDirectory)),
        ("file", None),
        ("file", Some(ErrorCode::NoEntry)),
    ] {
        let got = dir.unlink_file_at(path.into()).await;
        same(&format!("unlink {path}"), got, want.map_or(Ok(()), Err))?;
    }
    same("open still", read(&file, 0).await, Ok::<_, ()>("x"))?;
    dir.remove_directory_at("made".into()).await.good("made")
}

pub async fn renames() -> Outcome {
    let dir = folder("renames").await?;
    dir.create_directory_at("sub".into()).await.good("sub")?;
    let sub = open(&dir, "sub", AS_IT_IS, READ).await.good("sub")?;
    let a = make(&dir, "a", "of a").await?;
    drop(make(&dir, "b", "of b").await?);
    for (from, to, path, want) in [
        ("a", &dir, "c", None),
        ("a", &dir, "d", Some(ErrorCode::NoEntry)),
        ("c", &sub, "c", None),
        ("b", &sub, "c", None), // in its place
        ("sub", &dir, "sub/inner", Some(ErrorCode::Invalid)),
        ("sub", &dir, "folder", None),
    ] {
        let got = dir.rename_at(from.into(), to, path.into()).await;
        same(&format!("{from} to {path}"), got, want.map_or(Ok(()), Err))?;
    }
    same("a, replaced", read(&a, 0).await, Ok::<_, ()>("of a"))?;
    same("what is in c", text(&sub, "c").await, Ok::<_, ()>("of b"))?;
    same(
        "all",
        list(&dir).await,
        Ok::<_, ()>([("folder", "Directory")]),
    )?;
    drop(make(&dir, "file", "x").await?);
    dir.create_directory_at("empty".into())
        .await
        .good("empty")?;
    for (from, to, want) in [
        ("empty", "folder", Some(ErrorCode::NotEmpty)),
        ("empty", "file", Some(ErrorCode::NotDirectory)),
        ("file", "empty", Some(ErrorCode::IsDirectory)),
        ("folder", "empty", None), // which gives way
        ("file", "../outside", Some(ErrorCode::NotPermitted)),
    ] {
        let got = dir.rename_at(from.into(), &dir, to.into()).await;
        same(&format!("{from} to {to}"), got, want.map_or(Ok(()), Err))?;
    }
    same("moved", text(&dir, "empty/c").await, Ok::<_, ()>("of b"))?;
    let (second, _) = get_directories().remove(1);
    let got = dir.rename_at("file".into(), &second, "moved".into()).await;
    got.good("into another mount")?;
    same("there", text(&second, "moved").await, Ok::<_, ()>("x"))?;
    Ok(String::new())
}
