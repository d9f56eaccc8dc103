//! The generated pages of the book.

#[path = "accuracy.rs"]
mod accuracy;
#[path = "defaults.rs"]
mod defaults;
#[path = "memory_cases.rs"]
mod memory_cases;
#[path = "plots.rs"]
mod plots;
#[path = "scatter.rs"]
mod scatter;
#[path = "scenario.rs"]
mod scenario;
#[path = "sources.rs"]
mod sources;
#[path = "speed_cases.rs"]
mod speed_cases;

use crossover::catalog::Catalog;

/// Every generated file, from the project's root, with its text.
pub fn all() -> Result<Vec<(&'static str, String)>, Box<dyn std::error::Error>> {
    let catalog = Catalog::embedded()?;
    let cases = memory_cases::all(&catalog)?;
    let mut files = vec![
        ("docs/src/reference/scenario.md", scenario::page()),
        ("docs/src/method/defaults.md", defaults::page(&catalog)),
        ("docs/src/accuracy.md", accuracy::page(&catalog, &cases)),
        ("docs/src/reference/sources.md", sources::page()?),
        ("docs/src/images/memory-accuracy.svg", plots::memory(&cases)),
    ];
    files.extend(plots::all_speed(&speed_cases::all(&catalog)?));
    Ok(files)
}
