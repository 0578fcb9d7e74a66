//! What a version of the key-value interface is put through. Every version gives the same text.

use std::fmt::{Debug, Write};

/// An open store, as one version has it. Errors are the names of their cases.
pub trait Store: Sized {
    async fn open(label: &str) -> Result<Self, String>;
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, String>;
    async fn set(&self, key: &str, value: &[u8]) -> Result<(), String>;
    async fn delete(&self, key: &str) -> Result<(), String>;
    async fn exists(&self, key: &str) -> Result<bool, String>;
    async fn keys(&self) -> Result<Vec<String>, String>;
}

/// A line for each call.
pub struct Log(pub String);

impl Log {
    pub fn line<T: Debug>(&mut self, call: &str, result: Result<T, impl Debug>) {
        match result {
            Ok(value) => writeln!(self.0, "{call}: {value:?}").unwrap(),
            Err(error) => writeln!(self.0, "{call}: error {error:?}").unwrap(),
        }
    }
}

/// Calls every function, and leaves the store "default" as it was if that was empty.
pub async fn tour<S: Store>() -> String {
    let mut log = Log(String::new());
    log.line("open unlisted", S::open("unlisted").await.map(drop));
    let store = match S::open("default").await {
        Ok(store) => store,
        Err(error) => {
            log.line::<()>("open default", Err(error));
            return log.0;
        }
    };
    log.line("delete a", store.delete("a").await);
    log.line("exists a", store.exists("a").await);
    log.line("get a", store.get("a").await);
    log.line("keys", store.keys().await);
    log.line("set a", store.set("a", b"one").await);
    log.line("keys", store.keys().await);
    log.line("exists a", store.exists("a").await);
    log.line("get a", store.get("a").await);
    log.line("set a", store.set("a", &[0, 255]).await);
    log.line("get a", store.get("a").await);
    log.line("set empty", store.set("", b"").await);
    log.line("get empty", store.get("").await);
    let large = vec![7; 1 << 20];
    log.line("set large", store.set("large", &large).await);
    log.line(
        "get large",
        store.get("large").await.map(|v| v == Some(large)),
    );
    let mut keys = store.keys().await;
    if let Ok(keys) = &mut keys {
        keys.sort();
    }
    log.line("keys", keys);
    for key in ["a", "a", "", "large"] {
        log.line("delete", store.delete(key).await);
    }
    log.line("keys", store.keys().await);
    log.line("open second", S::open("second").await.map(drop));
    log.0
}

/// Gets a key as often as asked for; the last value, or the first error.
pub async fn get<S: Store>(label: &str, key: &str, times: u64) -> String {
    let mut last = None;
    for _ in 0..times.max(1) {
        match open_get::<S>(label, key).await {
            Ok(value) => last = value,
            Err(error) => return format!("error {error:?}"),
        }
    }
    last.map_or("none".into(), |v| String::from_utf8_lossy(&v).into_owned())
}

async fn open_get<S: Store>(label: &str, key: &str) -> Result<Option<Vec<u8>>, String> {
    S::open(label).await?.get(key).await
}

/// Sets a key.
pub async fn set<S: Store>(label: &str, key: &str, value: &str) -> String {
    let result = match S::open(label).await {
        Ok(store) => store.set(key, value.as_bytes()).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => "set".into(),
        Err(error) => format!("error {error:?}"),
    }
}
