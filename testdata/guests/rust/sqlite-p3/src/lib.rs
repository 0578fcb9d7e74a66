//! Uses SQLite databases through spin:sqlite 3.1; testdata/guests/README.md lists the routes.

#[path = "../../common/target.rs"]
mod target;

use std::fmt::Write;

use futures::future::{Either, select};
use spin_sdk::http::{IntoResponse, Request, Response};
use spin_sdk::http_service;
use spin_sdk::sqlite::{Connection, Error, Value};
use std::pin::pin;
use target::Target;

#[http_service]
async fn handle(request: Request) -> impl IntoResponse {
    let target = Target::parse(
        request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str()),
    );
    let text = answer(&target)
        .await
        .unwrap_or_else(|error| format!("{error:?}\n"));
    Response::builder()
        .header("content-type", "text/plain")
        .body(text)
}

async fn answer(target: &Target) -> Result<String, Error> {
    let db = Connection::open(target.text("db")).await?;
    match target.path.as_str() {
        "/run" => run(&db, target.text("sql").lines()).await,
        "/values" => values(&db).await,
        "/drop" => drop_early(&db, target.text("sql"), target.number("n")).await,
        "/exec" => exec(&db, target.text("sql")).await,
        "/sum" => sum(&db, target.text("sql")).await,
        "/beside" => beside(&db, target).await,
        "/open" => open(target, target.number("n")).await,
        _ => Ok("no such route\n".into()),
    }
}

/// Runs statements one after the other.
async fn run(db: &Connection, statements: std::str::Lines<'_>) -> Result<String, Error> {
    let mut text = String::new();
    for sql in statements {
        show(db, sql, vec![], &mut text).await?;
    }
    let (rowid, changes) = (db.last_insert_rowid().await, db.changes().await);
    writeln!(text, "rowid {rowid} changes {changes}").unwrap();
    Ok(text)
}

async fn show(
    db: &Connection,
    sql: &str,
    parameters: Vec<Value>,
    text: &mut String,
) -> Result<(), Error> {
    let mut result = db.execute(sql, parameters).await?;
    write!(text, "{:?}", result.columns()).unwrap();
    while let Some(row) = result.next().await {
        write!(text, " {:?}", row.values).unwrap();
    }
    writeln!(text, " {:?}", result.result().await).unwrap();
    Ok(())
}

async fn values(db: &Connection) -> Result<String, Error> {
    let mut text = String::new();
    let parameters = vec![
        Value::Integer(i64::MIN),
        Value::Real(2.5),
        Value::Text("grüße".into()),
        Value::Blob(vec![0, 255]),
        Value::Null,
    ];
    show(db, "SELECT ?, ?, ?, ?, ?", parameters, &mut text).await?;
    Ok(text)
}

/// Reads n rows, drops the stream, then waits for the future.
async fn drop_early(db: &Connection, sql: &str, n: u64) -> Result<String, Error> {
    let mut result = db.execute(sql, []).await?;
    let mut rows = 0;
    while rows < n && result.next().await.is_some() {
        rows += 1;
    }
    let mut text = format!("{rows} rows, {:?}\n", {
        let (_, stream, future) = result.into_inner();
        drop(stream);
        future.await
    });
    show(db, "SELECT 'next'", vec![], &mut text).await?;
    Ok(text)
}

/// Drops the stream before it looks at anything.
async fn exec(db: &Connection, sql: &str) -> Result<String, Error> {
    let (_, stream, future) = db.execute(sql, []).await?.into_inner();
    drop(stream);
    let result = future.await;
    let (rowid, changes) = (db.last_insert_rowid().await, db.changes().await);
    Ok(format!("{result:?} rowid {rowid} changes {changes}\n"))
}

/// Counts the rows and adds up their first column.
async fn sum(db: &Connection, sql: &str) -> Result<String, Error> {
    let mut result = db.execute(sql, []).await?;
    let (mut rows, mut total) = (0u64, 0i64);
    while let Some(row) = result.next().await {
        rows += 1;
        total += row.get::<i64>(0).unwrap_or(0);
    }
    Ok(format!("{rows} rows, sum {total}, {:?}\n", result.result().await))
}

/// Runs a statement while another one that does not end runs on a connection of its own.
async fn beside(db: &Connection, target: &Target) -> Result<String, Error> {
    let other = Connection::open(target.text("db")).await?;
    let slow = pin!(sum(&other, target.text("slow")));
    let quick = pin!(sum(db, target.text("sql")));
    match select(slow, quick).await {
        Either::Left((slow, _)) => Ok(format!("slow first: {slow:?}\n")),
        Either::Right((quick, _)) => quick,
    }
}

/// Opens n connections beside the first.
async fn open(target: &Target, n: u64) -> Result<String, Error> {
    let mut list = vec![];
    for _ in 0..n {
        match Connection::open(target.text("db")).await {
            Ok(db) => list.push(db),
            Err(error) => return Ok(format!("{} opened, then {error:?}\n", list.len() + 1)),
        }
    }
    Ok(format!("{} opened\n", list.len() + 1))
}
