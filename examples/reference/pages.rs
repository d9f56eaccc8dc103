//! The generated pages of the book.

#[path = "accuracy.rs"]
mod accuracy;
#[path = "constants.rs"]
mod constants;
#[path = "defaults.rs"]
mod defaults;
#[path = "memory_cases.rs"]
mod memory_cases;
#[path = "plan.rs"]
mod plan;
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
#[path = "worst.rs"]
mod worst;

use crossover::catalog::Catalog;

/// Every generated file, from the project's root, with its text.
pub fn all() -> Result<Vec<(&'static str, String)>, Box<dyn std::error::Error>> {
    let catalog = Catalog::embedded()?;
    let (cases, runs) = (memory_cases::all(&catalog)?, speed_cases::all(&catalog)?);
    let mut files = vec![
        ("docs/src/reference/scenario.md", scenario::page()),
        ("docs/src/method/defaults.md", defaults::page(&catalog)),
        ("docs/src/accuracy.md", accuracy::page(&catalog, &cases, &runs)),
        ("docs/src/reference/plan-names.md", plan::page()?),
        ("docs/src/reference/constants.md", constants::page(&catalog)?),
        ("docs/src/reference/sources.md", sources::page()?),
        ("docs/src/images/memory-accuracy.svg", plots::memory(&cases)),
    ];
    files.extend(plots::all_speed(&runs));
    Ok(files)
}
