//! The two doors: in a browser the page is mounted, in a terminal the command line runs.

#[cfg(target_arch = "wasm32")]
fn main() {
    crossover::app::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    crossover::cli::run()
}
