//! What all checks of wasi:filesystem use.

use crate::bindings::wasi::filesystem::preopens::get_directories;
pub use crate::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};
use crate::bindings::wit_stream;
use crate::check::Expect;
use wit_bindgen::{FutureReader, StreamReader};

pub const FOLLOW: PathFlags = PathFlags::SYMLINK_FOLLOW;
pub const ITSELF: PathFlags = PathFlags::empty();
pub const READ: DescriptorFlags = DescriptorFlags::READ;
pub const WRITE: DescriptorFlags = DescriptorFlags::WRITE;
pub const BOTH: DescriptorFlags = DescriptorFlags::READ.union(DescriptorFlags::WRITE);
pub const NEW: OpenFlags = OpenFlags::CREATE.union(OpenFlags::EXCLUSIVE);
pub const AS_IT_IS: OpenFlags = OpenFlags::empty();

pub fn mounts() -> String {
    let paths: Vec<_> = get_directories()
        .into_iter()
        .map(|(_, path)| path)
        .collect();
    format!("{paths:?}")
}

/// The first mount.
pub fn top() -> Descriptor {
    get_directories().remove(0).0
}

/// Makes a folder in the first mount.
pub async fn folder(name: &str) -> Result<Descriptor, String> {
    let top = top();
    top.create_directory_at(name.into()).await.good(name)?;
    open(&top, name, OpenFlags::DIRECTORY, READ)
        .await
        .good(name)
}

pub async fn open(
    dir: &Descriptor,
    path: &str,
    how: OpenFlags,
    flags: DescriptorFlags,
) -> Result<Descriptor, ErrorCode> {
    dir.open_at(FOLLOW, path.into(), how, flags).await
}

/// Makes a file.
pub async fn make(dir: &Descriptor, path: &str, text: &str) -> Result<Descriptor, String> {
    let file = open(dir, path, NEW, BOTH).await.good(path)?;
    write(&file, 0, text).await.good(path)?;
    Ok(file)
}

/// Writes all of a text.
pub async fn write(file: &Descriptor, offset: u64, text: &str) -> Result<(), ErrorCode> {
    send(text, |data| file.write_via_stream(data, offset)).await
}

pub async fn append(file: &Descriptor, text: &str) -> Result<(), ErrorCode> {
    send(text, |data| file.append_via_stream(data)).await
}

async fn send(
    text: &str,
    to: impl FnOnce(StreamReader<u8>) -> FutureReader<Result<(), ErrorCode>>,
) -> Result<(), ErrorCode> {
    let (mut writer, data) = wit_stream::new();
    let ended = to(data);
    writer.write_all(text.as_bytes().to_vec()).await;
    drop(writer);
    ended.await
}

/// Reads all from a place on.
pub async fn read(file: &Descriptor, offset: u64) -> Result<String, ErrorCode> {
    let (data, ended) = file.read_via_stream(offset);
    let all = data.collect().await;
    ended.await?;
    Ok(String::from_utf8_lossy(&all).into_owned())
}

/// Reads a file that is not open.
pub async fn text(dir: &Descriptor, path: &str) -> Result<String, ErrorCode> {
    read(&open(dir, path, AS_IT_IS, READ).await?, 0).await
}

/// Lists a folder: names and types, sorted.
pub async fn list(dir: &Descriptor) -> Result<Vec<(String, String)>, ErrorCode> {
    let (entries, ended) = dir.read_directory();
    let mut list = entries.collect().await;
    ended.await?;
    list.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(list.into_iter().map(|e| (e.name, kind(&e.type_))).collect())
}

/// The name of a type.
pub fn kind(t: &DescriptorType) -> String {
    format!("{t:?}").replace("DescriptorType::", "")
}
