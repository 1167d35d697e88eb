//! Storekeeper, a commerce back end in one binary.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A tenth fewer instructions for an order than with the allocator of the C library.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    api::cli::main()
}
