//! The generated pages of the book.

#[path = "accuracy.rs"]
mod accuracy;
#[path = "defaults.rs"]
mod defaults;
#[path = "memory_cases.rs"]
mod memory_cases;
#[path = "scatter.rs"]
mod scatter;
#[path = "scenario.rs"]
mod scenario;

use crossover::catalog::Catalog;

/// Every generated file, from the project's root, with its text.
pub fn all() -> Result<Vec<(&'static str, String)>, Box<dyn std::error::Error>> {
    let catalog = Catalog::embedded()?;
    let cases = memory_cases::all(&catalog)?;
    Ok(vec![
        ("docs/src/reference/scenario.md", scenario::page()),
        ("docs/src/method/defaults.md", defaults::page(&catalog)),
        ("docs/src/accuracy.md", accuracy::page(&catalog, &cases)),
        ("docs/src/images/memory-accuracy.svg", scatter::svg(&cases)),
    ])
}
