//! Storekeeper, a commerce back end in one binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    api::cli::main()
}
