//! What a program gets when it starts, and how it ends.

use crate::bindings::wasi::cli;
use crate::check::{Must, Outcome, done, same, that};

pub fn environment() -> Outcome {
    same(
        "initial-cwd",
        cli::environment::initial_cwd(),
        None::<String>,
    )?;
    let mut lines = cli::environment::get_arguments();
    let vars = cli::environment::get_environment();
    lines.extend(vars.iter().map(|(name, value)| format!("{name}={value}")));
    Ok(lines.join("\n"))
}

pub fn terminals() -> Outcome {
    that(
        "stdin is a terminal",
        cli::terminal_stdin::get_terminal_stdin().is_none(),
    )?;
    that(
        "stdout is a terminal",
        cli::terminal_stdout::get_terminal_stdout().is_none(),
    )?;
    that(
        "stderr is a terminal",
        cli::terminal_stderr::get_terminal_stderr().is_none(),
    )?;
    done()
}

pub fn exit(failed: bool) {
    let _ = print("before");
    cli::exit::exit(if failed { Err(()) } else { Ok(()) });
    let _ = print("after");
}

pub fn exit_with_code(code: u8) {
    let _ = print("before");
    cli::exit::exit_with_code(code);
    let _ = print("after");
}

/// Writes to stdout and waits until that is done.
pub fn print(text: &str) -> Result<(), String> {
    cli::stdout::get_stdout()
        .blocking_write_and_flush(text.as_bytes())
        .must("print")
}
