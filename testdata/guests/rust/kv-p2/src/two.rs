//! Stores of Spin 2 and 3, through the SDK.

use spin_sdk::key_value::{self, Error};

use crate::kv;

pub struct Store(key_value::Store);

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
        key_value::Store::open(label).map(Store).map_err(name)
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, String> {
        self.0.get(key).map_err(name)
    }

    async fn set(&self, key: &str, value: &[u8]) -> Result<(), String> {
        self.0.set(key, value).map_err(name)
    }

    async fn delete(&self, key: &str) -> Result<(), String> {
        self.0.delete(key).map_err(name)
    }

    async fn exists(&self, key: &str) -> Result<bool, String> {
        self.0.exists(key).map_err(name)
    }

    async fn keys(&self) -> Result<Vec<String>, String> {
        self.0.get_keys().map_err(name)
    }
}
