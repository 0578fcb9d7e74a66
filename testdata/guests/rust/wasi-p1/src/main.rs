//! Calls every function of WASI preview 1, without the help of Rust's library, and checks what each
//! does. The first argument says which.

mod check;
mod files;
mod paths;
mod process;
mod sys;

fn main() {
    let outcome = match std::env::args().nth(1).as_deref() {
        Some("process") => process::process(),
        Some("poll") => process::poll(),
        Some("sockets") => process::sockets(),
        Some("exit") => unsafe { sys::proc_exit(7) },
        Some("files") => files::files(),
        Some("descriptors") => files::descriptors(),
        Some("paths") => paths::paths(),
        _ => Err("there is no such check".into()),
    };
    if let Err(what) = outcome {
        eprintln!("{what}");
        std::process::exit(1);
    }
}
