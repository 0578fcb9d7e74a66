//! Makes messages and service of the .proto file, which the clients of the guest use too.

const FOLDER: &str = "../../../../examples/grpc/arithmetic";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={FOLDER}/arithmetic.proto");
    let files = protox::compile(["arithmetic.proto"], [FOLDER])?;
    tonic_prost_build::configure()
        .build_client(false)
        .build_transport(false)
        .compile_fds(files)?;
    Ok(())
}
