//! Uses SQLite databases through fermyon:spin/sqlite@2.0.0 and spin:sqlite 3.0; testdata/guests/README.md lists the routes.

#[allow(dead_code)] // numbers
#[path = "../../common/target.rs"]
mod target;

use std::fmt::Write;

use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::{http_component, sqlite, sqlite3};
use target::Target;

#[http_component]
fn handle(request: Request) -> impl IntoResponse {
    let target = Target::parse(request.path_and_query().unwrap_or("/"));
    let text = match target.path.as_str() {
        "/2/run" => run2(&target),
        "/3/run" => run3(&target),
        _ => "no such route\n".into(),
    };
    Response::builder()
        .status(200)
        .header("content-type", "text/plain")
        .body(text)
        .build()
}

/// Runs statements one after the other, each with the same parameters.
fn run2(target: &Target) -> String {
    use sqlite::{Connection, Value};
    let db = match Connection::open(target.text("db")) {
        Ok(db) => db,
        Err(error) => return format!("{error:?}\n"),
    };
    let parameters = [
        Value::Integer(i64::MIN),
        Value::Real(2.5),
        Value::Text("grüße".into()),
        Value::Blob(vec![0, 255]),
        Value::Null,
    ];
    let mut text = String::new();
    for sql in target.text("sql").lines() {
        let parameters = &parameters[..sql.matches('?').count().min(5)];
        match db.execute(sql, parameters) {
            Ok(result) => {
                write!(text, "{:?}", result.columns).unwrap();
                for row in &result.rows {
                    write!(text, " {:?}", row.values).unwrap();
                }
                text.push('\n');
            }
            Err(error) => writeln!(text, "{error:?}").unwrap(),
        }
    }
    text
}

fn run3(target: &Target) -> String {
    use sqlite3::{Connection, Value};
    let db = match Connection::open(target.text("db")) {
        Ok(db) => db,
        Err(error) => return format!("{error:?}\n"),
    };
    let parameters = [
        Value::Integer(i64::MIN),
        Value::Real(2.5),
        Value::Text("grüße".into()),
        Value::Blob(vec![0, 255]),
        Value::Null,
    ];
    let mut text = String::new();
    for sql in target.text("sql").lines() {
        let parameters = &parameters[..sql.matches('?').count().min(5)];
        match db.execute(sql, parameters) {
            Ok(result) => {
                write!(text, "{:?}", result.columns).unwrap();
                for row in &result.rows {
                    write!(text, " {:?}", row.values).unwrap();
                }
                text.push('\n');
            }
            Err(error) => writeln!(text, "{error:?}").unwrap(),
        }
    }
    let (rowid, changes) = (db.last_insert_rowid(), db.changes());
    writeln!(text, "rowid {rowid} changes {changes}").unwrap();
    text
}
