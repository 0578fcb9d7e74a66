//! Key-value stores, SQLite databases, variables.

use crate::bindings::{fermyon, spin, wasi};
use crate::outcome::{Error, Outcome, Pair, errors, unknown};

errors! {
    fermyon::spin::key_value::Error { 3 AccessDenied, 4 InvalidStore }
    fermyon::spin2_0_0::key_value::Error { 2 NoSuchStore, 3 AccessDenied, 4 Other(text) }
    spin::key_value::key_value::Error { 2 NoSuchStore, 3 AccessDenied, 4 Other(text) }
    wasi::keyvalue::store::Error { 1 NoSuchStore, 2 AccessDenied, 3 Other(text) }
    fermyon::spin::sqlite::Error { 2 AccessDenied, 3 InvalidConnection, 5 Io(text) }
    fermyon::spin2_0_0::sqlite::Error { 2 AccessDenied, 3 InvalidConnection, 5 Io(text) }
    spin::sqlite::sqlite::Error { 2 AccessDenied, 3 InvalidConnection, 5 Io(text) }
    fermyon::spin::config::Error { 1 Provider(text), 2 InvalidKey(text), 4 Other(text) }
    fermyon::spin2_0_0::variables::Error { 1 InvalidName(text), 2 Undefined(text), 4 Other(text) }
    spin::variables::variables::Error { 1 InvalidName(text), 2 Undefined(text), 4 Other(text) }
    wasi::config::store::Error { 1 Upstream(text), 2 Io(text) }
}

impl Error for wasi::keyvalue::atomics::CasError {
    fn pair(self) -> Pair {
        match self {
            Self::StoreError(_) => (1, String::new()),
            Self::CasFailed(_) => (2, String::new()),
        }
    }
}

const NAME: &str = "default";

macro_rules! stores {
    ($($m:ident)::+, $function:expr $(, $wait:tt)?) => {{
        use $($m)::+::Store;
        match $function {
            "[static]store.open" => Store::open(NAME.into())$(.$wait)?.outcome(),
            "[method]store.exists" => Store::open(NAME.into())$(.$wait)?.unwrap().exists(NAME.into())$(.$wait)?.outcome(),
            f => unknown(f),
        }
    }};
}

macro_rules! databases {
    ($($m:ident)::+, $function:expr, $($asynchronous:tt)*) => {{
        use $($m)::+::Connection;
        match $function {
            "[static]connection.open" => Connection::open(NAME).outcome(),
            "[method]connection.execute" => Connection::open(NAME).unwrap().execute(NAME, &[]).outcome(),
            $($asynchronous)*
            f => unknown(f),
        }
    }};
}

pub async fn call(id: &str, function: &str) -> Option<Pair> {
    Some(match id {
        "fermyon:spin/key-value" => stores1(function),
        "fermyon:spin/key-value@2.0.0" => {
            use fermyon::spin2_0_0::key_value::Store;
            match function {
                "[static]store.open" => Store::open(NAME).outcome(),
                "[method]store.exists" => Store::open(NAME).unwrap().exists(NAME).outcome(),
                f => unknown(f),
            }
        }
        "spin:key-value/key-value@3.0.0" => stores!(spin::key_value::key_value, function, await),
        "wasi:keyvalue/store@0.2.0-draft2" => match function {
            "open" => wasi::keyvalue::store::open(NAME).outcome(),
            "[method]bucket.exists" => bucket().exists(NAME).outcome(),
            f => unknown(f),
        },
        "wasi:keyvalue/batch@0.2.0-draft2" => batch(function),
        "wasi:keyvalue/atomics@0.2.0-draft2" => atomics(function),
        "fermyon:spin/sqlite" => sqlite1(function),
        "fermyon:spin/sqlite@2.0.0" => databases!(fermyon::spin2_0_0::sqlite, function,),
        "spin:sqlite/sqlite@3.1.0" => databases!(spin::sqlite::sqlite, function,
            "[static]connection.open-async" => Connection::open_async(NAME.into()).await.outcome(),),
        "fermyon:spin/config" => fermyon::spin::config::get_config(NAME).outcome(),
        "fermyon:spin/variables@2.0.0" => fermyon::spin2_0_0::variables::get(NAME).outcome(),
        "spin:variables/variables@3.0.0" => {
            spin::variables::variables::get(NAME.into()).await.outcome()
        }
        "wasi:config/store@0.2.0-draft-2024-09-27" => match function {
            "get" => wasi::config::store::get(NAME).outcome(),
            "get-all" => wasi::config::store::get_all().outcome(),
            f => unknown(f),
        },
        _ => return None,
    })
}

fn stores1(function: &str) -> Pair {
    use fermyon::spin::key_value as api;
    match function {
        "open" => api::open(NAME).outcome(),
        "get" => api::get(0, NAME).outcome(),
        "set" => api::set(0, NAME, &[]).outcome(),
        "delete" => api::delete(0, NAME).outcome(),
        "exists" => api::exists(0, NAME).outcome(),
        "get-keys" => api::get_keys(0).outcome(),
        "close" => api::close(0).outcome(),
        f => unknown(f),
    }
}

fn sqlite1(function: &str) -> Pair {
    use fermyon::spin::sqlite as api;
    match function {
        "open" => api::open(NAME).outcome(),
        "execute" => api::execute(0, NAME, &[]).outcome(),
        "close" => api::close(0).outcome(),
        f => unknown(f),
    }
}

fn bucket() -> wasi::keyvalue::store::Bucket {
    wasi::keyvalue::store::open(NAME).unwrap()
}

fn batch(function: &str) -> Pair {
    use wasi::keyvalue::batch as api;
    match function {
        "get-many" => api::get_many(&bucket(), &[]).outcome(),
        "set-many" => api::set_many(&bucket(), &[]).outcome(),
        "delete-many" => api::delete_many(&bucket(), &[]).outcome(),
        f => unknown(f),
    }
}

fn atomics(function: &str) -> Pair {
    use wasi::keyvalue::atomics as api;
    let cas = || api::Cas::new(&bucket(), NAME);
    match function {
        "increment" => api::increment(&bucket(), NAME, 1).outcome(),
        "[static]cas.new" => cas().outcome(),
        "[method]cas.current" => cas().unwrap().current().outcome(),
        "swap" => api::swap(cas().unwrap(), &[]).outcome(),
        f => unknown(f),
    }
}
