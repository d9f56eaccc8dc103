//! `crossover plan`: one scenario, one answer.

use serde_json::Value;

use super::args::{PlanArgs, PlanFormat};
use super::input::{Question, question};
use super::{CliError, output, text};
use crate::catalog::Catalog;
use crate::engine::{Effort, Plan, plan_with};
use crate::export::{Format, export};
use crate::scenario::{Warning, link};

/// Answer one scenario.
pub fn run(args: &PlanArgs, catalog: &Catalog) -> Result<(), CliError> {
    let question = question(&args.scenario, catalog)?;
    let draws = args.scenario.draws.unwrap_or_else(|| Effort::default().draws);
    let plan = answer(&question, catalog, draws)?;
    output::write(&match args.format {
        PlanFormat::Text => text::report(&question.scenario, &plan, catalog),
        PlanFormat::Json => serde_json::to_string_pretty(&plan)?,
        PlanFormat::Markdown => file(Format::Markdown, &question, &plan, catalog),
        PlanFormat::Csv => file(Format::Csv, &question, &plan, catalog),
    })?;
    expect(&plan, &args.expect)
}

/// Write a file; the link in it begins with the address of the page, where the question was a page's link.
pub fn file(format: Format, question: &Question, plan: &Plan, catalog: &Catalog) -> String {
    let scenario_link = format!("{}{}", question.page, plan.scenario_link);
    export(format, &question.scenario, &Plan { scenario_link, ..plan.clone() }, catalog)
}

/// Plan a question and name its link; what was noticed while reading comes first among the Plan's warnings.
pub fn answer(question: &Question, catalog: &Catalog, draws: u32) -> Result<Plan, CliError> {
    let mut plan = plan_with(&question.scenario, catalog, Effort { draws })?;
    plan.warnings.splice(0..0, question.warnings.iter().cloned());
    match link::encode(&question.scenario, catalog) {
        Ok(link) => plan.scenario_link = link,
        Err(e) => plan.warnings.push(Warning::new("scenario_link", e.to_string(), e.hint())),
    }
    Ok(plan)
}

/// Compare the Plan with `NAME=VALUE` expectations: `verdict` is short for `advice.verdict`.
fn expect(plan: &Plan, expectations: &[String]) -> Result<(), CliError> {
    if expectations.is_empty() {
        return Ok(());
    }
    let document = serde_json::to_value(plan)?;
    for expectation in expectations {
        let Some((name, wanted)) = expectation.split_once('=') else {
            return Err(CliError::Usage(format!("--expect takes NAME=VALUE, not '{expectation}'")));
        };
        let path = if name == "verdict" { "advice.verdict" } else { name };
        let Some(found) = document.pointer(&format!("/{}", path.replace('.', "/"))) else {
            return Err(CliError::Usage(format!("--expect: the Plan has no '{path}'")));
        };
        let found = found.as_str().map_or_else(|| found.to_string(), str::to_string);
        if found != wanted && !same_number(&found, wanted) {
            return Err(CliError::Expectation { path: path.into(), wanted: wanted.into(), found });
        }
    }
    Ok(())
}

fn same_number(a: &str, b: &str) -> bool {
    matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b) && a.parse::<Value>().is_ok()
}
