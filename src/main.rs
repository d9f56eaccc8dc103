//! The two doors: in a browser the page is mounted, in a terminal the command line runs.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    crossover::cli::run()
}
