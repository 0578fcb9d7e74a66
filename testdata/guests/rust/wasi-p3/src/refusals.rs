//! What is not allowed on a mount that is read-only.

use crate::bindings::wasi::filesystem::types::{Advice, NewTimestamp};
use crate::check::{Expect, Outcome, same};
use crate::disk::*;

pub async fn check() -> Outcome {
    let top = top();
    same("flags", top.get_flags().await, Ok::<_, ()>(READ))?;
    for (path, how, flags) in [
        ("a.txt", AS_IT_IS, BOTH),
        ("a.txt", AS_IT_IS, WRITE),
        ("a.txt", OpenFlags::TRUNCATE, READ),
        ("a.txt", OpenFlags::CREATE, READ),
        ("new.txt", NEW, BOTH),
    ] {
        let got = open(&top, path, how, flags).await;
        got.fails(
            &format!("{path} {how:?} {flags:?}"),
            ErrorCode::NotPermitted,
        )?;
    }
    files(&top).await?;
    folders(&top).await?;
    Ok(format!("{:?}", list(&top).await.good("list")?))
}

async fn files(top: &Descriptor) -> Result<(), String> {
    use NewTimestamp::Now;
    let file = open(top, "a.txt", AS_IT_IS, READ).await.good("a.txt")?;
    write(&file, 0, "x")
        .await
        .fails("write", ErrorCode::BadDescriptor)?;
    append(&file, "x")
        .await
        .fails("append", ErrorCode::BadDescriptor)?;
    let no = || ErrorCode::NotPermitted;
    file.set_size(0).await.fails("set-size", no())?;
    file.set_times(Now, Now).await.fails("set-times", no())?;
    file.advise(0, 0, Advice::WillNeed).await.good("advise")?;
    file.sync_data().await.good("sync-data")?;
    file.sync().await.good("sync")?;
    top.sync().await.good("sync of a folder")?;
    same("flags", file.get_flags().await, Ok::<_, ()>(READ))?;
    same("read", read(&file, 2).await, Ok::<_, ()>("llo"))
}

async fn folders(top: &Descriptor) -> Result<(), String> {
    use NewTimestamp::Now;
    let no = || ErrorCode::NotPermitted;
    let (a, b) = ("a.txt".to_string(), "b.txt".to_string());
    let got = top.create_directory_at("new".into()).await;
    got.fails("create-directory-at", no())?;
    let got = top.remove_directory_at("sub".into()).await;
    got.fails("remove-directory-at", no())?;
    top.set_times(Now, Now).await.fails("set-times", no())?;
    let got = top.set_times_at(FOLLOW, a.clone(), Now, Now).await;
    got.fails("set-times-at", no())?;
    let got = top.link_at(ITSELF, a.clone(), top, b.clone()).await;
    got.fails("link-at", no())?;
    let got = top.rename_at(a.clone(), top, b.clone()).await;
    got.fails("rename-at", no())?;
    let got = top.symlink_at(a.clone(), b).await;
    got.fails("symlink-at", no())?;
    top.unlink_file_at(a).await.fails("unlink-file-at", no())
}
