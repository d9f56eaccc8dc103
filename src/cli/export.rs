//! `crossover export`: files other programs use.

use super::args::ExportArgs;
use super::{CliError, input, output, plan};
use crate::catalog::Catalog;
use crate::engine::Effort;
use crate::export::Format;

/// Write the answer in another program's language to standard output.
pub fn run(args: &ExportArgs, catalog: &Catalog) -> Result<(), CliError> {
    let format = Format::from_id(&args.format).ok_or_else(|| CliError::Usage("unknown format".into()))?;
    let question = input::question(&args.scenario, catalog)?;
    let plan = plan::answer(&question, catalog, args.scenario.draws.unwrap_or(Effort::default().draws))?;
    for w in &question.warnings {
        output::complain(&format!("warning: {}: {} ({})", w.path, w.message, w.hint));
    }
    output::write(&plan::file(format, &question, &plan, catalog))
}
