//! Calls every function of WASI 0.2 that has to do with this machine alone, and checks what it does.
//! What only the host can see is left to the host to check.

mod check;
mod cli;
mod clocks;
mod contents;
mod files;
mod input;
mod links;
mod names;
mod output;
mod random;
mod stat;

#[allow(unused)]
mod bindings {
    wit_bindgen::generate!({
        world: "acme:wasi-p2/wasi-p2",
        path: [
            "../../../../hostapi/wasi/wit/p2/io",
            "../../../../hostapi/wasi/wit/p2/clocks",
            "../../../../hostapi/wasi/wit/p2/random",
            "../../../../hostapi/wasi/wit/p2/cli",
            "../../../../hostapi/wasi/wit/p2/filesystem",
            "wit",
        ],
        generate_all,
    });
}

use check::Outcome;

struct Checks;

/// Makes the exports of functions in modules.
macro_rules! checks {
    ($($name:ident: $module:ident),+ $(,)?) => {
        impl bindings::exports::acme::wasi_p2::checks::Guest for Checks {
            $(fn $name() -> Outcome { $module::$name() })+
            fn exit(failed: bool) { cli::exit(failed) }
            fn exit_with_code(code: u8) { cli::exit_with_code(code) }
        }
    };
}

checks! {
    monotonic_clock: clocks, wall_clock: clocks,
    random: random, insecure: random, insecure_seed: random,
    environment: cli, terminals: cli,
    read: input, read_by_turns: input, wait: input, broken_input: input,
    write: output, write_by_turns: output, broken_output: output, splice: output, stream_errors: output,
    open: files,
    contents: contents, file_streams: contents,
    names: names, links: links,
    times: stat, hashes: stat,
}

bindings::export!(Checks with_types_in bindings);
