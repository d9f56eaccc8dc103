//! `crossover chart`: a panel of the answer, or the verdict, as a picture.

use super::args::ChartArgs;
use super::{CliError, input, output, plan};
use crate::catalog::Catalog;
use crate::chart::{Frame, Panel, Still, Theme, png, still};
use crate::engine::Effort;

/// Form of a picture.
enum Form {
    Svg,
    Png,
}

/// Draw a picture into a file, or to standard output for `-`.
pub fn run(args: &ChartArgs, catalog: &Catalog) -> Result<(), CliError> {
    let what = subject(&args.panel)?;
    let theme = Theme::from_id(&args.theme).ok_or_else(|| CliError::Usage("unknown theme".into()))?;
    let form = form(args)?;
    let question = input::question(&args.scenario, catalog)?;
    let draws = args.scenario.draws.unwrap_or_else(|| Effort::default().draws);
    let plan = plan::answer(&question, catalog, draws)?;
    for w in &question.warnings {
        output::complain(&format!("warning: {}: {} ({})", w.path, w.message, w.hint));
    }
    let svg = still(what, &plan, frame(what, theme, args)?)?;
    let picture = match form {
        Form::Svg => svg.into_bytes(),
        Form::Png => png(&svg, args.scale)?,
    };
    match args.output.as_str() {
        "-" => output::write_bytes(&picture),
        path => std::fs::write(path, picture).map_err(|e| CliError::File { path: path.into(), reason: e.to_string() }),
    }
}

/// Size, colours and scales. Only the projection has a choice of these.
fn frame(what: Still, theme: Theme, args: &ChartArgs) -> Result<Frame, CliError> {
    for (option, given) in [("--cumulative", args.cumulative), ("--log-scale", args.log_scale)] {
        if given && what != Still::Of(Panel::Projection) {
            return Err(CliError::Usage(format!("{option} is about --panel projection, not {}", args.panel)));
        }
    }
    let plain = Frame::new(f64::from(args.width), f64::from(args.height), theme);
    Ok(Frame { cumulative: args.cumulative, logarithmic: args.log_scale, ..plain })
}

/// What is drawn. The planner is refused with what to draw instead.
fn subject(panel: &str) -> Result<Still, CliError> {
    Still::from_id(panel).ok_or_else(|| {
        CliError::Usage(format!(
            "--panel {panel}: it is made of controls, which a picture cannot have; draw verdict and break-even, \
             which it shows below them"
        ))
    })
}

/// SVG or PNG, by the file's name; standard output takes SVG unless told otherwise.
fn form(args: &ChartArgs) -> Result<Form, CliError> {
    let name = args.output.to_lowercase();
    match (args.format.as_deref(), name.as_str()) {
        (Some("png"), _) => Ok(Form::Png),
        (Some(_), _) | (None, "-") => Ok(Form::Svg),
        (None, name) if name.ends_with(".svg") => Ok(Form::Svg),
        (None, name) if name.ends_with(".png") => Ok(Form::Png),
        (None, _) => Err(CliError::Usage(format!(
            "--output {}: pictures are written as .svg or .png; --format says which where the name does not",
            args.output
        ))),
    }
}
