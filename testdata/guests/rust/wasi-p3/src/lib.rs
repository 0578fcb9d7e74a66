//! Calls every function of wasi:cli, wasi:clocks, wasi:random and wasi:filesystem 0.3, and checks
//! what comes of it.

mod check;
mod cli;
mod clocks;
mod contents;
mod disk;
mod folders;
mod links;
mod metadata;
mod openings;
mod random;
mod refusals;

mod bindings {
    wit_bindgen::generate!({
        path: [
            "../../../../hostapi/wasi/wit/p3/clocks",
            "../../../../hostapi/wasi/wit/p3/cli",
            "../../../../hostapi/wasi/wit/p3/random",
            "../../../../hostapi/wasi/wit/p3/filesystem",
            "wit",
        ],
        world: "acme:wasi-p3/wasi-p3",
        generate_all,
    });
}

use check::Outcome;

struct Checks;

impl bindings::exports::acme::wasi_p3::checks::Guest for Checks {
    async fn clocks() -> Outcome {
        clocks::check().await
    }
    async fn random() -> Outcome {
        random::check()
    }
    async fn environment() -> Outcome {
        cli::environment()
    }
    async fn terminals() -> Outcome {
        cli::terminals()
    }
    async fn copy() -> Outcome {
        cli::copy().await
    }
    async fn head(bytes: u32) -> Outcome {
        cli::head(bytes as usize).await
    }
    async fn print(text: String) -> Outcome {
        cli::print(&text).await
    }
    async fn mounts() -> Outcome {
        Ok(disk::mounts())
    }
    async fn contents() -> Outcome {
        contents::check().await
    }
    async fn openings() -> Outcome {
        openings::check().await
    }
    async fn folders() -> Outcome {
        folders::check().await
    }
    async fn renames() -> Outcome {
        folders::renames().await
    }
    async fn links() -> Outcome {
        links::check().await
    }
    async fn metadata() -> Outcome {
        metadata::check().await
    }
    async fn times() -> Outcome {
        metadata::times().await
    }
    async fn refusals() -> Outcome {
        refusals::check().await
    }
    async fn exit(ok: bool) {
        cli::exit(ok).await
    }
    async fn exit_with_code(code: u8) {
        cli::exit_with_code(code).await
    }
}

bindings::export!(Checks with_types_in bindings);
