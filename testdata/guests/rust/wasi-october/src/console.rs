//! What programs have: variables, arguments, standard streams, an exit status.

use crate::bindings::wasi::cli::*;
use crate::bindings::wasi::io::streams::{OutputStream, StreamError};
use crate::check::*;

pub fn environment() -> Outcome {
    let mut lines = Vec::new();
    for (name, value) in environment::get_environment() {
        lines.push(format!("{name}={value}"));
    }
    lines.extend(environment::get_arguments());
    want("initial-cwd", environment::initial_cwd(), None::<String>)?;
    Ok(lines.join("\n"))
}

pub fn console() -> Outcome {
    let stdin = stdin::get_stdin();
    let mut text = Vec::new();
    let end = loop {
        match stdin.blocking_read(5) {
            Ok(piece) => text.extend(piece),
            Err(e) => break e,
        }
    };
    want("the end of stdin", end, StreamError::Closed)?;
    print(&stdout::get_stdout(), &text.to_ascii_uppercase())?;
    print(
        &stderr::get_stderr(),
        format!("{} bytes", text.len()).as_bytes(),
    )?;
    ensure(
        "a terminal at stdin",
        terminal_stdin::get_terminal_stdin().is_none(),
    )?;
    ensure(
        "a terminal at stdout",
        terminal_stdout::get_terminal_stdout().is_none(),
    )?;
    ensure(
        "a terminal at stderr",
        terminal_stderr::get_terminal_stderr().is_none(),
    )?;
    Ok(String::new())
}

fn print(stream: &OutputStream, text: &[u8]) -> Result<(), String> {
    stream.blocking_write_and_flush(text).named("printing")
}

/// Prints a line for the host.
pub fn say(line: &str) -> Result<(), String> {
    print(&stdout::get_stdout(), format!("{line}\n").as_bytes())
}

pub fn exit(ok: bool) -> Outcome {
    exit::exit(if ok { Ok(()) } else { Err(()) });
    Err("the guest goes on".into())
}
