//! Clients of databases and brokers, language models, HTTP as Spin 1 has it.

use crate::bindings::{fermyon, spin};
use crate::outcome::{Outcome, Pair, errors, unknown};

errors! {
    fermyon::spin::llm::Error { 1 ModelNotSupported, 2 RuntimeError(text), 3 InvalidInput(text) }
    fermyon::spin2_0_0::llm::Error { 1 ModelNotSupported, 2 RuntimeError(text), 3 InvalidInput(text) }
    fermyon::spin::http::HttpError { 1 Success, 2 DestinationNotAllowed, 6 TooManyRequests }
    fermyon::spin::redis::Error { 1 Success, 2 Error }
    fermyon::spin2_0_0::redis::Error { 1 InvalidAddress, 4 Other(text) }
    spin::redis::redis::Error { 1 InvalidAddress, 4 Other(text) }
    fermyon::spin2_0_0::mqtt::Error { 1 InvalidAddress, 3 ConnectionFailed(text), 4 Other(text) }
    spin::mqtt::mqtt::Error { 1 InvalidAddress, 3 ConnectionFailed(text), 4 Other(text) }
    fermyon::spin::mysql::Error { 2 ConnectionFailed(text), 6 OtherError(text) }
    fermyon::spin::postgres::Error { 2 ConnectionFailed(text), 6 OtherError(text) }
    fermyon::spin2_0_0::mysql::Error { 1 ConnectionFailed(text), 5 Other(text) }
    fermyon::spin2_0_0::postgres::Error { 1 ConnectionFailed(text), 5 Other(text) }
    spin::mysql::mysql::Error { 1 ConnectionFailed(text), 5 Other(text) }
    spin::postgres3_0_0::postgres::Error { 1 ConnectionFailed(text), 5 Other(text) }
    spin::postgres4_2_0::postgres::Error { 1 ConnectionFailed(text), 5 Other(text) }
}

const AT: &str = "tcp://db.example:1234";
const KEY: &str = "default";

macro_rules! models {
    ($($m:ident)::+, $function:expr) => {{
        use $($m)::+ as api;
        match $function {
            "infer" => api::infer(KEY, KEY, None).outcome(),
            "generate-embeddings" => api::generate_embeddings(KEY, &[]).outcome(),
            f => unknown(f),
        }
    }};
}

macro_rules! rdbms {
    ($($m:ident)::+, $function:expr) => {{
        use $($m)::+ as api;
        match $function {
            "query" => api::query(AT, "select 1", &[]).outcome(),
            "execute" => api::execute(AT, "select 1", &[]).outcome(),
            f => unknown(f),
        }
    }};
}

/// Calls of connections, by their names.
macro_rules! connections {
    ($($m:ident)::+, $function:expr, $($name:literal => $does:expr),+) => {{
        use $($m)::+::*;
        match $function {
            $($name => $does.outcome(),)+
            f => unknown(f),
        }
    }};
}

pub async fn call(id: &str, f: &str) -> Option<Pair> {
    Some(match id {
        "fermyon:spin/llm" => models!(fermyon::spin::llm, f),
        "fermyon:spin/llm@2.0.0" => models!(fermyon::spin2_0_0::llm, f),
        "fermyon:spin/http" => http(),
        "fermyon:spin/redis" => redis1(f),
        "fermyon:spin/redis@2.0.0" => connections!(fermyon::spin2_0_0::redis, f,
            "[static]connection.open" => Connection::open(AT),
            "[method]connection.get" => Connection::open(AT).unwrap().get(KEY)),
        "spin:redis/redis@3.0.0" => connections!(spin::redis::redis, f,
            "[static]connection.open" => Connection::open(AT.into()).await,
            "[method]connection.get" => Connection::open(AT.into()).await.unwrap().get(KEY.into()).await),
        "fermyon:spin/mqtt@2.0.0" => connections!(fermyon::spin2_0_0::mqtt, f,
            "[static]connection.open" => Connection::open(AT, KEY, KEY, 1),
            "[method]connection.publish" => Connection::open(AT, KEY, KEY, 1).unwrap().publish(KEY, &[], Qos::AtMostOnce)),
        "spin:mqtt/mqtt@3.0.0" => connections!(spin::mqtt::mqtt, f,
            "[static]connection.open" => Connection::open(AT.into(), KEY.into(), KEY.into(), 1).await,
            "[method]connection.publish" => Connection::open(AT.into(), KEY.into(), KEY.into(), 1).await.unwrap()
                .publish(KEY.into(), vec![], Qos::AtMostOnce).await),
        "fermyon:spin/mysql" => rdbms!(fermyon::spin::mysql, f),
        "fermyon:spin/postgres" => rdbms!(fermyon::spin::postgres, f),
        "fermyon:spin/mysql@2.0.0" => {
            connections!(fermyon::spin2_0_0::mysql, f, "[static]connection.open" => Connection::open(AT))
        }
        "fermyon:spin/postgres@2.0.0" => {
            connections!(fermyon::spin2_0_0::postgres, f, "[static]connection.open" => Connection::open(AT))
        }
        "spin:mysql/mysql@3.0.0" => {
            connections!(spin::mysql::mysql, f, "[static]connection.open" => Connection::open(AT.into()).await)
        }
        "spin:postgres/postgres@3.0.0" => {
            connections!(spin::postgres3_0_0::postgres, f, "[static]connection.open" => Connection::open(AT))
        }
        "spin:postgres/postgres@4.2.0" => connections!(spin::postgres4_2_0::postgres, f,
            "[static]connection.open" => Connection::open(AT),
            "[static]connection.open-async" => Connection::open_async(AT.into()).await,
            "[constructor]connection-builder" => drop(ConnectionBuilder::new(AT)),
            "[method]connection-builder.set-ca-root" => ConnectionBuilder::new(AT).set_ca_root(KEY),
            "[method]connection-builder.build" => ConnectionBuilder::new(AT).build(),
            "[method]connection-builder.build-async" => ConnectionBuilder::new(AT).build_async().await),
        _ => return None,
    })
}

fn http() -> Pair {
    use fermyon::spin::http as api;
    api::send_request(&api::Request {
        method: api::Method::Get,
        uri: "http://db.example".into(),
        headers: vec![],
        params: vec![],
        body: None,
    })
    .outcome()
}

fn redis1(function: &str) -> Pair {
    use fermyon::spin::redis as api;
    let keys = [KEY.to_string()];
    match function {
        "publish" => api::publish(AT, KEY, &[]).outcome(),
        "get" => api::get(AT, KEY).outcome(),
        "set" => api::set(AT, KEY, &[]).outcome(),
        "incr" => api::incr(AT, KEY).outcome(),
        "del" => api::del(AT, &keys).outcome(),
        "sadd" => api::sadd(AT, KEY, &keys).outcome(),
        "smembers" => api::smembers(AT, KEY).outcome(),
        "srem" => api::srem(AT, KEY, &keys).outcome(),
        "execute" => api::execute(AT, KEY, &[]).outcome(),
        f => unknown(f),
    }
}
