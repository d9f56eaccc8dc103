//! From arguments to a Scenario: a link, a file, standard input, and the fields set on top.

use std::io::Read;

use serde_json::Value;

use super::CliError;
use super::args::ScenarioArgs;
use crate::catalog::Catalog;
use crate::scenario::field::Kind;
use crate::scenario::{Scenario, Step, Warning, canonical_ids, document, field, fields, link, read_text, steps_csv};

/// A scenario and what was noticed while it was read.
pub struct Question {
    /// The scenario.
    pub scenario: Scenario,
    /// What was noticed.
    pub warnings: Vec<Warning>,
    /// Address of the page whose link it was; empty for anything else.
    pub page: String,
}

impl Question {
    /// The question nobody asked.
    fn default() -> Self {
        Self { scenario: Scenario::default(), warnings: Vec::new(), page: String::new() }
    }
}

/// Read the scenario that the arguments name.
pub fn question(args: &ScenarioArgs, catalog: &Catalog) -> Result<Question, CliError> {
    let mut question = match args.source.as_deref() {
        None => Question::default(),
        Some("-") => parse(&standard_input()?, catalog)?,
        Some(source) if is_link(source) => parse(source, catalog)?,
        Some(file) => parse(&file_text(file)?, catalog)?,
    };
    if let Some(path) = &args.steps {
        question.scenario.steps = steps(path)?;
        canonical_ids(&mut question.scenario, catalog);
        question.warnings.extend(document::contradictions(&question.scenario));
    }
    if !args.set.is_empty() {
        let before = document::contradictions(&question.scenario);
        for assignment in &args.set {
            set(&mut question.scenario, assignment)?;
        }
        canonical_ids(&mut question.scenario, catalog);
        question.warnings.retain(|w| !before.contains(w));
        question.warnings.extend(document::contradictions(&question.scenario));
    }
    Ok(question)
}

/// The steps of a table; every problem in it is named.
fn steps(path: &str) -> Result<Vec<Step>, CliError> {
    let text = file_text(path)?;
    steps_csv::read(&text).map_err(|problems| {
        let line = |e: &steps_csv::TableError| format!("{e} ({})", e.hint);
        CliError::Scenario {
            path: path.into(),
            message: problems.iter().map(line).collect::<Vec<_>>().join("\n  "),
            hint: "mend the table; nothing of it was read".into(),
        }
    })
}

fn is_link(source: &str) -> bool {
    ["#", "http://", "https://", "v="].iter().any(|p| source.starts_with(p)) || source.contains("#v=")
}

/// Read a document or a link, ids as the catalog spells them.
pub fn parse(text: &str, catalog: &Catalog) -> Result<Question, CliError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let (mut scenario, warnings) = match is_link(text) && !text.starts_with('{') {
        true => link::decode(text, catalog)?,
        false => read_text(text)?,
    };
    canonical_ids(&mut scenario, catalog);
    Ok(Question { scenario, warnings, page: page_of(text).into() })
}

/// The address before a link's fragment, where it is a whole one: kept, so that what is written here names the page that
/// the link is of, as the page's own files do.
fn page_of(text: &str) -> &str {
    let whole = ["http://", "https://"].iter().any(|p| text.starts_with(p));
    match text.split_once('#') {
        Some((page, _)) if whole && page.chars().all(|c| c.is_ascii_graphic()) => page,
        _ => "",
    }
}

fn unreadable(path: &str, e: &std::io::Error) -> CliError {
    CliError::File { path: path.into(), reason: e.to_string() }
}

fn limited(path: &str, reader: impl Read) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    let limit = document::MAX_BYTES as u64 + 1;
    reader.take(limit).read_to_end(&mut bytes).map_err(|e| unreadable(path, &e))?;
    String::from_utf8(bytes).map_err(|_| CliError::File { path: path.into(), reason: "is not UTF-8 text".into() })
}

fn standard_input() -> Result<String, CliError> {
    limited("standard input", std::io::stdin().lock())
}

fn file_text(path: &str) -> Result<String, CliError> {
    let file = std::fs::File::open(path).map_err(|e| unreadable(path, &e))?;
    limited(path, file)
}

/// Apply one `PATH=VALUE`. What cannot be used is an error here, not a warning: it was asked for by name.
fn set(scenario: &mut Scenario, assignment: &str) -> Result<(), CliError> {
    let Some((path, text)) = assignment.split_once('=').filter(|(path, _)| !path.trim().is_empty()) else {
        return Err(CliError::Usage(format!("--set takes PATH=VALUE, not '{assignment}'")));
    };
    let path = path.trim();
    let Some(field) = field(path).or_else(|| fields().find(|f| f.key == path)) else {
        return Err(CliError::Scenario {
            path: path.into(),
            message: "is not a field of a scenario".into(),
            hint: document::nearest_fields(path),
        });
    };
    let value = match (&field.kind, serde_json::from_str::<Value>(text)) {
        (Kind::Text(_), Ok(Value::Null)) => Value::Null,
        (Kind::Text(_), _) => Value::String(text.into()),
        (_, Ok(value)) => value,
        (_, Err(_)) => Value::String(text.into()),
    };
    document::put_value(field, scenario, &value).map_err(|w| CliError::Scenario {
        path: w.path,
        message: w.message,
        hint: w.hint,
    })
}
