//! `crossover chart`: a panel of the answer as a picture.

use super::args::ChartArgs;
use super::{CliError, input, output, plan};
use crate::catalog::Catalog;
use crate::chart::{Panel, Theme, svg};
use crate::engine::Effort;

/// Draw a panel into a file, or to standard output for `-`.
pub fn run(args: &ChartArgs, catalog: &Catalog) -> Result<(), CliError> {
    let unknown = |what: &str| CliError::Usage(format!("unknown {what}"));
    let panel = Panel::from_id(&args.panel).ok_or_else(|| unknown("panel"))?;
    let theme = Theme::from_id(&args.theme).ok_or_else(|| unknown("theme"))?;
    let to_stdout = args.output == "-";
    if !to_stdout && !args.output.to_lowercase().ends_with(".svg") {
        return Err(CliError::Usage(format!("--output {}: pictures are written as .svg", args.output)));
    }
    let question = input::question(&args.scenario, catalog)?;
    let draws = args.scenario.draws.unwrap_or_else(|| Effort::default().draws);
    let plan = plan::answer(&question, catalog, draws)?;
    for w in &question.warnings {
        output::complain(&format!("warning: {}: {} ({})", w.path, w.message, w.hint));
    }
    let picture = svg(panel, &plan, theme, args.width, args.height)?;
    match to_stdout {
        true => output::write(&picture),
        false => std::fs::write(&args.output, picture)
            .map_err(|e| CliError::File { path: args.output.clone(), reason: e.to_string() }),
    }
}
