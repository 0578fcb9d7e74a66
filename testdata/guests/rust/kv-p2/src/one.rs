//! Stores of Spin 1, which are numbers.

use crate::bindings::fermyon::spin::key_value::{self, Error};
use crate::kv::{self, Log};

pub struct Store(u32);

impl Drop for Store {
    fn drop(&mut self) {
        key_value::close(self.0);
    }
}

fn name(error: Error) -> String {
    match error {
        Error::StoreTableFull => "store-table-full".into(),
        Error::NoSuchStore => "no-such-store".into(),
        Error::AccessDenied => "access-denied".into(),
        Error::InvalidStore => "invalid-store".into(),
        Error::NoSuchKey => "no-such-key".into(),
        Error::Io(text) => text,
    }
}

impl kv::Store for Store {
    async fn open(label: &str) -> Result<Self, String> {
        key_value::open(label).map(Store).map_err(name)
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, String> {
        match key_value::get(self.0, key) {
            Err(Error::NoSuchKey) => Ok(None),
            result => result.map(Some).map_err(name),
        }
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), String> {
        key_value::set(self.0, key, value).map_err(name)
    }

    async fn delete(&self, key: &str) -> Result<(), String> {
        key_value::delete(self.0, key).map_err(name)
    }

    async fn exists(&self, key: &str) -> Result<bool, String> {
        key_value::exists(self.0, key).map_err(name)
    }

    async fn keys(&self) -> Result<Vec<String>, String> {
        key_value::get_keys(self.0).map_err(name)
    }
}

/// Uses a store that was closed.
pub fn closed() -> String {
    let mut log = Log(String::new());
    match key_value::open("default") {
        Ok(store) => {
            key_value::close(store);
            key_value::close(store);
            log.line("get", key_value::get(store, "a").map_err(name));
            log.line("set", key_value::set(store, "a", b"").map_err(name));
            log.line("delete", key_value::delete(store, "a").map_err(name));
            log.line("exists", key_value::exists(store, "a").map_err(name));
            log.line("keys", key_value::get_keys(store).map_err(name));
        }
        Err(error) => log.line::<()>("open", Err(name(error))),
    }
    log.0
}
