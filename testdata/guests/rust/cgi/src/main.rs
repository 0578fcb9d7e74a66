//! A program that serves a request as CGI has it: shows its arguments, variables and input. The last
//! part of the path says more: exit, fail and panic end it in that way, silent prints nothing.

use std::io::{self, Read, Write};
use std::process::{ExitCode, exit};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    let path = args.first().cloned().unwrap_or_default();
    let asked = path.rsplit('/').next().unwrap_or("");
    if asked == "silent" {
        return ExitCode::SUCCESS;
    }
    println!("Content-Type: text/plain");
    println!("X-Guest: cgi");
    println!();
    match asked {
        "exit" => exit(3),
        "done" => exit(0),
        "fail" => return ExitCode::FAILURE,
        "panic" => panic!("as was asked for"),
        _ => {}
    }
    println!("args {args:?}");
    let mut vars: Vec<(String, String)> = std::env::vars().collect();
    vars.sort();
    for (name, value) in vars {
        println!("{name}={value}");
    }
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input).expect("no input");
    println!("stdin {}", input.len());
    io::stdout().write_all(&input).expect("no output");
    eprintln!("served {path}");
    ExitCode::SUCCESS
}
