//! The two doors: in a browser the page is mounted, in a terminal the command line runs.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use crossover::{catalog::Catalog, engine, scenario::Scenario};
    let answer = Catalog::embedded()
        .map_err(|e| e.to_string())
        .and_then(|c| engine::plan(&Scenario::default(), &c).map_err(|e| e.to_string()))
        .and_then(|p| serde_json::to_string_pretty(&p).map_err(|e| e.to_string()));
    match answer {
        Ok(text) => {
            println!("{text}");
            std::process::ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("{e}");
            std::process::ExitCode::FAILURE
        }
    }
}
