//! `wardlight`: the service and its administration.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
