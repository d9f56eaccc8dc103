//! The page's second program: a worker that draws SVG as PNG, with the rasteriser and the fonts of the terminal, so that
//! both write the same bytes. The page loads it when a PNG is asked for; its first view does not pay for it.

#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(target_arch = "wasm32")]
fn main() {
    worker::listen();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    eprintln!("crossover-picture runs inside the page; in a terminal, `crossover chart` draws pictures");
    std::process::ExitCode::from(2)
}
