//! Uses its files through wasi:filesystem 0.3, and through the standard library beside it, which
//! is on 0.2; testdata/guests/README.md lists the routes.

#[path = "../../files-common/files.rs"]
mod files;
#[path = "../../common/target.rs"]
mod target;

use files::Log;
use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::http_service;
use spin_sdk::wasip3::filesystem::preopens::get_directories;
use spin_sdk::wasip3::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};
use spin_sdk::wasip3::wit_stream;
use target::Target;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let target = Target::parse(
        request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str()),
    );
    let path = target.text("path");
    let text = match target.path.as_str() {
        "/std/read" => files::read(path),
        "/std/size" => files::size(path),
        "/std/list" => files::list(path),
        "/std/tour" => files::tour(path),
        "/3/mounts" => {
            let mut log = Log(String::new());
            let paths = get_directories().into_iter().map(|(_, path)| path);
            log.line("mounts", Ok::<_, ()>(paths.collect::<Vec<_>>()));
            log.0
        }
        "/3/read" => {
            let mut log = Log(String::new());
            let offset = target.number("from");
            log.line("read", read(&top(), path, offset).await.map(text_of));
            log.0
        }
        "/3/size" => {
            let mut log = Log(String::new());
            log.line("size", read(&top(), path, 0).await.map(|all| all.len()));
            log.0
        }
        "/3/list" => {
            let mut log = Log(String::new());
            log.line("list", list(path).await);
            log.0
        }
        "/3/tour" => tour(&top()).await,
        _ => "no such route\n".into(),
    };
    Response::builder()
        .header("content-type", "text/plain")
        .body(text)
}

/// The first mount.
fn top() -> Descriptor {
    get_directories().remove(0).0
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn open(
    top: &Descriptor,
    path: &str,
    how: OpenFlags,
    flags: DescriptorFlags,
) -> Result<Descriptor, ErrorCode> {
    top.open_at(PathFlags::SYMLINK_FOLLOW, path.into(), how, flags)
        .await
}

async fn read(top: &Descriptor, path: &str, offset: u64) -> Result<Vec<u8>, ErrorCode> {
    let file = open(top, path, OpenFlags::empty(), DescriptorFlags::READ).await?;
    let (stream, end) = file.read_via_stream(offset);
    drop(file);
    let all = stream.collect().await;
    end.await?;
    Ok(all)
}

async fn list(path: &str) -> Result<Vec<String>, ErrorCode> {
    let folder = open(&top(), path, OpenFlags::DIRECTORY, DescriptorFlags::READ).await?;
    let (stream, end) = folder.read_directory();
    let mut names = vec![];
    for entry in stream.collect().await {
        let kind = if matches!(entry.type_, DescriptorType::Directory) {
            "/"
        } else {
            ""
        };
        names.push(format!("{}{kind}", entry.name));
    }
    end.await?;
    names.sort();
    Ok(names)
}

async fn write(file: &Descriptor, text: &str, offset: Option<u64>) -> Result<(), ErrorCode> {
    let (mut writer, data) = wit_stream::new();
    let end = match offset {
        Some(offset) => file.write_via_stream(data, offset),
        None => file.append_via_stream(data),
    };
    writer.write_all(text.as_bytes().to_vec()).await;
    drop(writer);
    end.await
}

/// Changes what is in the folder, which must be empty.
async fn tour(top: &Descriptor) -> String {
    let mut log = Log(String::new());
    let both = DescriptorFlags::READ | DescriptorFlags::WRITE;
    let file = match open(top, "a.txt", OpenFlags::CREATE | OpenFlags::EXCLUSIVE, both).await {
        Ok(file) => file,
        Err(error) => {
            log.line::<()>("create", Err(error));
            return log.0;
        }
    };
    log.line("flags", file.get_flags().await);
    log.line("type", file.get_type().await);
    log.line("write", write(&file, "hello", Some(0)).await);
    log.line("append", write(&file, ", world", None).await);
    log.line("patch", write(&file, "W", Some(7)).await);
    log.line("read", read(top, "a.txt", 5).await.map(text_of));
    log.line("set-size", file.set_size(8).await);
    log.line("sync", file.sync().await);
    log.line(
        "stat",
        file.stat().await.map(|stat| (stat.size, stat.link_count)),
    );
    log.line("mkdir", top.create_directory_at("sub".into()).await);
    let sub = open(top, "sub", OpenFlags::DIRECTORY, DescriptorFlags::READ)
        .await
        .unwrap();
    log.line(
        "link",
        top.link_at(PathFlags::empty(), "a.txt".into(), &sub, "b.txt".into())
            .await,
    );
    log.line(
        "rename",
        sub.rename_at("b.txt".into(), top, "c.txt".into()).await,
    );
    log.line(
        "symlink",
        top.symlink_at("../c.txt".into(), "sub/l".into()).await,
    );
    log.line("readlink", top.readlink_at("sub/l".into()).await);
    log.line("read through it", read(top, "sub/l", 0).await.map(text_of));
    log.line("from below", read(&sub, "l", 0).await.map(text_of));
    let linked = open(top, "c.txt", OpenFlags::empty(), DescriptorFlags::READ)
        .await
        .unwrap();
    log.line("same", Ok::<_, ()>(file.is_same_object(&linked).await));
    log.line("unlink", top.unlink_file_at("sub/l".into()).await);
    log.line("unlink", top.unlink_file_at("c.txt".into()).await);
    log.line("rmdir", top.remove_directory_at("sub".into()).await);
    log.line("outside", read(top, "../etc/passwd", 0).await.map(text_of));
    log.line("list", list(".").await);
    log.0
}
