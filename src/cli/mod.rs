//! The terminal: a thin door that turns arguments, files and links into Scenarios, and Plans into text.
//!
//! Exit codes: 0 answered, 1 the scenario is unusable (path, message and hint on stderr), 2 wrong usage.

mod args;
mod catalog;
mod chart;
mod export;
mod fetch;
mod import;
mod input;
mod output;
mod plan;
mod prices;
mod stream;
mod table;
mod text;
mod today;

use std::process::ExitCode;

use clap::Parser;

use crate::catalog::{Catalog, CatalogError};
use crate::chart::ChartError;
use crate::engine::Unplannable;
use crate::import::ImportError;
use crate::scenario::{LinkError, ReadError};
use args::{Arguments, Command};

/// Why the command line has no answer.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The scenario cannot be used or planned.
    #[error("{path}: {message}\n  hint: {hint}")]
    Scenario {
        /// Path of the field; `scenario` where it is the whole document.
        path: String,
        /// What is the matter.
        message: String,
        /// How to mend it.
        hint: String,
    },
    /// The arguments make no sense.
    #[error("{0}")]
    Usage(String),
    /// An expectation of `--expect` was not met.
    #[error("expected {path} to be {wanted}, but it is {found}")]
    Expectation {
        /// Path in the Plan.
        path: String,
        /// What was expected.
        wanted: String,
        /// What the Plan says.
        found: String,
    },
    /// A file cannot be read or written.
    #[error("{path}: {reason}")]
    File {
        /// The file as it was named.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The embedded facts cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A picture cannot be drawn.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// The answer cannot be written.
    #[error("the output cannot be written: {0}")]
    Output(#[from] std::io::Error),
    /// The answer cannot be put into JSON.
    #[error("the answer cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl CliError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            _ => 1,
        }
    }
}

impl From<ImportError> for CliError {
    fn from(e: ImportError) -> Self {
        Self::Scenario { path: e.path, message: e.message, hint: e.hint }
    }
}

impl From<Unplannable> for CliError {
    fn from(e: Unplannable) -> Self {
        Self::Scenario { path: e.path, message: e.message, hint: e.hint }
    }
}

impl From<ReadError> for CliError {
    fn from(e: ReadError) -> Self {
        let path = if e.path().is_empty() { "scenario" } else { e.path() };
        Self::Scenario { path: path.into(), message: e.to_string(), hint: e.hint().into() }
    }
}

impl From<LinkError> for CliError {
    fn from(e: LinkError) -> Self {
        Self::Scenario { path: "link".into(), message: e.to_string(), hint: e.hint().into() }
    }
}

/// Run the command line of this process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match answer(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(CliError::Output(e)) if e.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(e) => {
            output::complain(&format!("error: {e}"));
            ExitCode::from(e.exit_code())
        }
    }
}

fn answer(command: Command) -> Result<(), CliError> {
    let mut catalog = Catalog::embedded()?;
    if let Some(path) = private_prices(&command) {
        prices::read(path)?.apply(&mut catalog);
    }
    match command {
        Command::Plan(a) if a.stream => stream::run(&a, &catalog),
        Command::Plan(a) => plan::run(&a, &catalog),
        Command::Chart(a) => chart::run(&a, &catalog),
        Command::Export(a) => export::run(&a, &catalog),
        Command::Import(a) => import::run(&a),
        Command::Prices(a) => prices::run(&a, &catalog),
        Command::Catalog(a) => catalog::run(a.what, a.format, &catalog),
    }
}

/// The private price file that a command names.
fn private_prices(command: &Command) -> Option<&str> {
    let scenario = match command {
        Command::Plan(a) => &a.scenario,
        Command::Chart(a) => &a.scenario,
        Command::Export(a) => &a.scenario,
        Command::Import(_) | Command::Catalog(_) | Command::Prices(_) => return None,
    };
    scenario.prices.as_deref()
}
