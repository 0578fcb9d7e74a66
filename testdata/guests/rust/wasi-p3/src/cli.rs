//! wasi:cli.

use crate::bindings::wasi::cli::types::ErrorCode;
use crate::bindings::wasi::cli::{
    environment as env, exit as exits, stderr, stdin, stdout, terminal_stderr, terminal_stdin,
    terminal_stdout,
};
use crate::bindings::wit_stream;
use crate::check::{Expect, Outcome, holds, same};
use wit_bindgen::{FutureReader, StreamReader};

type Ended = FutureReader<Result<(), ErrorCode>>;

/// Returns the arguments, the environment and the directory, a line each.
pub fn environment() -> Outcome {
    let mut vars = env::get_environment();
    vars.sort();
    Ok(format!(
        "{:?}\n{vars:?}\n{:?}",
        env::get_arguments(),
        env::get_initial_cwd()
    ))
}

pub fn terminals() -> Outcome {
    let input = terminal_stdin::get_terminal_stdin();
    let output = terminal_stdout::get_terminal_stdout();
    let errors = terminal_stderr::get_terminal_stderr();
    holds(input.is_none(), || format!("stdin: {input:?}"))?;
    holds(output.is_none(), || format!("stdout: {output:?}"))?;
    holds(errors.is_none(), || format!("stderr: {errors:?}"))?;
    Ok(String::new())
}

/// Writes all of a text. What is not taken is lost.
async fn write(to: fn(StreamReader<u8>) -> Ended, text: &str) -> Result<(), ErrorCode> {
    let (mut writer, data) = wit_stream::new();
    let ended = to(data);
    writer.write_all(text.as_bytes().to_vec()).await;
    drop(writer);
    ended.await
}

/// Returns how reading ended.
pub async fn copy() -> Outcome {
    let (mut input, input_ended) = stdin::read_via_stream();
    let (mut output, data) = wit_stream::new();
    let output_ended = stdout::write_via_stream(data);
    let mut length = 0;
    while let Some(byte) = input.next().await {
        length += 1;
        let lost = output.write_all(vec![byte]).await;
        same("stdout leaves", lost, [0u8; 0])?;
    }
    drop(output);
    output_ended.await.good("stdout")?;
    write(stderr::write_via_stream, &length.to_string())
        .await
        .good("stderr")?;
    Ok(format!("{:?}", input_ended.await))
}

/// Returns what was read, and how reading ended.
pub async fn head(bytes: usize) -> Outcome {
    let (mut input, ended) = stdin::read_via_stream();
    let mut got = vec![];
    while got.len() < bytes {
        match input.next().await {
            Some(byte) => got.push(byte),
            None => break,
        }
    }
    drop(input);
    Ok(format!(
        "{} {:?}",
        String::from_utf8_lossy(&got),
        ended.await
    ))
}

pub async fn print(text: &str) -> Outcome {
    let out = write(stdout::write_via_stream, text).await;
    let errors = write(stderr::write_via_stream, text).await;
    Ok(format!("{out:?} {errors:?}"))
}

pub async fn exit(ok: bool) {
    let _ = write(stdout::write_via_stream, "so far").await;
    exits::exit(if ok { Ok(()) } else { Err(()) });
    let _ = write(stdout::write_via_stream, " and further").await;
}

pub async fn exit_with_code(code: u8) {
    let _ = write(stdout::write_via_stream, "so far").await;
    #[cfg(not(candidate))]
    exits::exit_with_code(code);
    #[cfg(candidate)] // which has no such function
    exits::exit(if code == 0 { Ok(()) } else { Err(()) });
    let _ = write(stdout::write_via_stream, " and further").await;
}
