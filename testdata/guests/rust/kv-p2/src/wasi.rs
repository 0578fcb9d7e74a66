//! Stores of wasi:keyvalue.

use crate::bindings::wasi::keyvalue::atomics::{self, Cas, CasError};
use crate::bindings::wasi::keyvalue::batch::{delete_many, get_many, set_many};
use crate::bindings::wasi::keyvalue::store::{self, Bucket, Error};
use crate::kv::{self, Log};

pub struct Store(Bucket);

fn name(error: Error) -> String {
    match error {
        Error::NoSuchStore => "no-such-store".into(),
        Error::AccessDenied => "access-denied".into(),
        Error::Other(text) => text,
    }
}

impl kv::Store for Store {
    async fn open(label: &str) -> Result<Self, String> {
        store::open(label).map(Store).map_err(name)
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
        match self.0.list_keys(Some("x")).map_err(name) {
            Err(text) if text == "list_keys: cursor not supported" => {}
            other => return Err(format!("a cursor gives {:?}", other.map(|r| r.keys))),
        }
        let response = self.0.list_keys(None).map_err(name)?;
        match response.cursor {
            None => Ok(response.keys),
            Some(cursor) => Err(format!("there is a cursor {cursor}")),
        }
    }
}

/// Works on several keys at once.
pub fn batch() -> String {
    let mut log = Log(String::new());
    let bucket = match store::open("default") {
        Ok(bucket) => bucket,
        Err(error) => {
            log.line::<()>("open", Err(name(error)));
            return log.0;
        }
    };
    let pairs = [
        ("a".to_string(), b"1".to_vec()),
        ("b".to_string(), Vec::new()),
        ("c".to_string(), b"3".to_vec()),
    ];
    let keys = |list: &[&str]| list.iter().map(|k| k.to_string()).collect::<Vec<_>>();
    let get = |list: &[&str]| {
        get_many(&bucket, &keys(list))
            .map_err(name)
            .map(|mut found| {
                found.sort();
                found
            })
    };
    log.line("set nothing", set_many(&bucket, &[]).map_err(name));
    log.line("set", set_many(&bucket, &pairs).map_err(name));
    log.line("get", get(&["c", "none", "b", "a"]));
    log.line("get nothing", get(&[]));
    log.line("delete nothing", delete_many(&bucket, &[]).map_err(name));
    log.line(
        "delete",
        delete_many(&bucket, &keys(&["a", "none", "b"])).map_err(name),
    );
    log.line("get", get(&["a", "b", "c"]));
    log.line("delete", delete_many(&bucket, &keys(&["c"])).map_err(name));
    log.0
}

/// Counts and swaps.
pub fn atomics() -> String {
    let mut log = Log(String::new());
    let bucket = match store::open("default") {
        Ok(bucket) => bucket,
        Err(error) => {
            log.line::<()>("open", Err(name(error)));
            return log.0;
        }
    };
    let add = |delta| atomics::increment(&bucket, "n", delta).map_err(name);
    log.line("increment", add(10));
    log.line("increment", add(5));
    log.line("increment", add(-16));
    log.line("increment", add(i64::MIN));
    log.line("stored", bucket.get("n").map_err(name));
    log.line("set", bucket.set("n", b"abc").map_err(name));
    log.line("increment", add(1));
    log.line("stored", bucket.get("n").map_err(name));

    let blind = Cas::new(&bucket, "n").map_err(name);
    log.line("new", blind.as_ref().map(|_| ()));
    if let Ok(cas) = blind {
        log.line("swap unseen", swap(cas, b"v0").map(|again| again.is_none()));
    }
    if let Ok(cas) = Cas::new(&bucket, "n") {
        log.line("current", cas.current().map_err(name));
        log.line("set", bucket.set("n", b"v1").map_err(name));
        match swap(cas, b"v2") {
            Ok(Some(again)) => {
                log.line("current", again.current().map_err(name));
                log.line("swap", swap(again, b"v3").map(|again| again.is_none()));
            }
            other => log.line("swap too late", other.map(|again| again.is_some())),
        }
    }
    log.line("stored", bucket.get("n").map_err(name));
    log.line("delete", bucket.delete("n").map_err(name));
    log.0
}

/// The new operation if the swap came too late.
fn swap(cas: Cas, value: &[u8]) -> Result<Option<Cas>, String> {
    match atomics::swap(cas, value) {
        Ok(()) => Ok(None),
        Err(CasError::CasFailed(again)) => Ok(Some(again)),
        Err(CasError::StoreError(error)) => Err(name(error)),
    }
}
