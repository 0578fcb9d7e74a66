//! Uses key-value stores through spin:key-value 3.0; testdata/guests/README.md lists the routes.

#[path = "../../kv-common/kv.rs"]
mod kv;
#[path = "../../common/target.rs"]
mod target;

use kv::Log;
use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::http_service;
use spin_sdk::key_value::{self, Error};
use target::Target;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let target = Target::parse(
        request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str()),
    );
    let (label, key) = (target.text("store"), target.text("key"));
    let text = match target.path.as_str() {
        "/3/tour" => kv::tour::<Store>().await,
        "/3/get" => kv::get::<Store>(label, key, target.number("times")).await,
        "/3/set" => kv::set::<Store>(label, key, target.text("value")).await,
        "/3/keys" => keys(target.number("n")).await,
        "/3/drop" => dropped(target.number("n")).await,
        _ => "no such route\n".into(),
    };
    Response::builder()
        .header("content-type", "text/plain")
        .body(text)
}

struct Store(key_value::Store);

fn name(error: Error) -> String {
    match error {
        Error::StoreTableFull => "store-table-full".into(),
        Error::NoSuchStore => "no-such-store".into(),
        Error::AccessDenied => "access-denied".into(),
        Error::Other(text) => text,
    }
}

impl kv::Store for Store {
    async fn open(label: &str) -> Result<Self, String> {
        key_value::Store::open(label).await.map(Store).map_err(name)
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, String> {
        self.0.get(key).await.map_err(name)
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), String> {
        self.0.set(key, value).await.map_err(name)
    }

    async fn delete(&self, key: &str) -> Result<(), String> {
        self.0.delete(key).await.map_err(name)
    }

    async fn exists(&self, key: &str) -> Result<bool, String> {
        self.0.exists(key).await.map_err(name)
    }

    async fn keys(&self) -> Result<Vec<String>, String> {
        self.0.get_keys().await.collect().await.map_err(name)
    }
}

async fn filled(n: u64) -> Result<key_value::Store, Error> {
    let store = key_value::Store::open_default().await?;
    for i in 0..n {
        store.set(format!("key-{i}"), b"").await?;
    }
    Ok(store)
}

/// Deletes each of n keys when the stream has told it.
async fn keys(n: u64) -> String {
    let mut log = Log(String::new());
    let store = match filled(n).await {
        Ok(store) => store,
        Err(error) => return format!("error {:?}", name(error)),
    };
    let mut keys = store.get_keys().await;
    let mut seen = 0;
    while let Some(key) = keys.next().await {
        seen += 1;
        if let Err(error) = store.delete(key).await {
            log.line::<()>("delete", Err(name(error)));
        }
    }
    log.line("result", keys.result().await.map_err(name));
    log.line::<u64>("seen", Ok::<_, String>(seen));
    let left = store.get_keys().await.collect().await;
    log.line("left", left.map_err(name));
    log.0
}

/// Drops the stream of n keys after the first, and goes on.
async fn dropped(n: u64) -> String {
    let mut log = Log(String::new());
    let store = match filled(n).await {
        Ok(store) => store,
        Err(error) => return format!("error {:?}", name(error)),
    };
    let mut keys = store.get_keys().await;
    log.line::<bool>("first", Ok::<_, String>(keys.next().await.is_some()));
    let (stream, result) = keys.into_inner();
    drop(stream);
    log.line("result", result.await.map_err(name));
    for i in 0..n {
        if let Err(error) = store.delete(format!("key-{i}")).await {
            log.line::<()>("delete", Err(name(error)));
        }
    }
    log.line("left", store.get_keys().await.collect().await.map_err(name));
    log.0
}
