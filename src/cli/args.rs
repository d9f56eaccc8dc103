//! The arguments of the command line.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::chart::{SCALES, SIZE, Still};
use crate::export::Format;
use crate::import::prices::Source;

/// When does self-hosting an LLM pay off? Sizes the GPUs, predicts the speed, prices both sides, and shows where the
/// lines cross.
#[derive(Debug, Parser)]
#[command(name = "crossover", version, after_help = AFTER_HELP)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "Exit codes: 0 answered, 1 the scenario is unusable, 2 wrong usage.\n\n\
Examples:\n  crossover plan --set workload.tokens_per_day=200M/day --set model.quantization=awq-int4\n  \
crossover plan 'https://example.org/#v=1&tokens=200M&quant=awq-int4' --format json\n  \
crossover plan --stream < scenarios.jsonl > plans.jsonl";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer a scenario, or a stream of them
    Plan(PlanArgs),
    /// Draw a panel of the answer
    Chart(ChartArgs),
    /// Write a launch command, a manifest or a gateway configuration
    Export(ExportArgs),
    /// List the facts the planner knows
    Catalog(CatalogArgs),
    /// Read a model of your own: config.json, a safetensors index beside it, or a GGUF file
    Import(ImportArgs),
    /// Compare a public list of API prices with the catalog, and keep what changed in a private price file
    Prices(PricesArgs),
}

/// Arguments of `prices`.
#[derive(Debug, Args)]
pub struct PricesArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: PricesCommand,
}

/// What to do with prices.
#[derive(Debug, Subcommand)]
pub enum PricesCommand {
    /// Read a public list, from its address or a file, and show what it would change
    Fetch(PriceFetchArgs),
    /// Check a private price file
    Check(PriceCheckArgs),
}

/// Arguments of `prices fetch`.
#[derive(Debug, Args)]
pub struct PriceFetchArgs {
    /// Which list
    #[arg(long, value_parser = PossibleValuesParser::new(Source::IDS))]
    pub from: String,
    /// Where to fetch from; the address is named before it is contacted
    #[arg(long, value_name = "URL", default_value = crate::import::prices::BASE, conflicts_with = "file")]
    pub base: String,
    /// Read the list from a file instead
    #[arg(long, value_name = "FILE")]
    pub file: Option<String>,
    /// Write what changed as a private price file
    #[arg(long, value_name = "FILE")]
    pub output: Option<String>,
}

/// Arguments of `prices check`.
#[derive(Debug, Args)]
pub struct PriceCheckArgs {
    /// Private price file
    #[arg(value_name = "FILE")]
    pub file: String,
}

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// config.json or a .gguf file
    #[arg(value_name = "FILE", required_unless_present = "hub", conflicts_with = "hub")]
    pub file: Option<String>,
    /// Fetch config.json and the size of a Hugging Face model instead; names every address before contacting it
    #[arg(long, value_name = "OWNER/NAME")]
    pub hub: Option<String>,
    /// Where to fetch from
    #[arg(long, value_name = "URL", default_value = crate::import::hub::BASE, requires = "hub")]
    pub base: String,
    /// model.safetensors.index.json, for the measured size
    #[arg(long, value_name = "FILE")]
    pub index: Option<String>,
}

/// Where the scenario comes from.
#[derive(Debug, Args)]
pub struct ScenarioArgs {
    /// A link, a file, or - for standard input; the default scenario if left out
    #[arg(value_name = "LINK|FILE|-")]
    pub source: Option<String>,
    /// Set a field, for example workload.tokens_per_day=50M/day; repeatable
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Read the steps of the pipeline from a table (CSV) in place of the scenario's own
    #[arg(long, value_name = "FILE.csv")]
    pub steps: Option<String>,
    /// Use the prices of a private price file; the link does not carry them
    #[arg(long, value_name = "FILE")]
    pub prices: Option<String>,
    /// Draws of the uncertainty; 0 leaves it out [default: 10000, with --stream 256]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub draws: Option<u32>,
}

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Where the scenario comes from.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub format: PlanFormat,
    /// Read one scenario a line from standard input, write one Plan or {"error": ...} a line, in the same order and
    /// without the samples of pictures (curves)
    #[arg(long, conflicts_with_all = ["source", "format", "expect"])]
    pub stream: bool,
    /// Fail with exit code 1 unless a value of the Plan is this one, for example verdict=self_host; repeatable
    #[arg(long, value_name = "NAME=VALUE")]
    pub expect: Vec<String>,
}

/// Form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// The verdict and the tables
    Text,
    /// The whole Plan
    Json,
    /// A report
    Markdown,
    /// Every table
    Csv,
}

/// Arguments of `chart`.
#[derive(Debug, Args)]
pub struct ChartArgs {
    /// Where the scenario comes from.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// Which picture
    #[arg(long, value_parser = PossibleValuesParser::new(pictures()))]
    pub panel: String,
    /// File to write, ending in .svg or .png; - for standard output
    #[arg(long, value_name = "FILE")]
    pub output: String,
    /// Form of the picture, where the file's name does not say it
    #[arg(long, value_parser = PossibleValuesParser::new(["svg", "png"]))]
    pub format: Option<String>,
    /// Colours
    #[arg(long, default_value = "light", value_parser = PossibleValuesParser::new(["light", "dark"]))]
    pub theme: String,
    /// Sums since the start instead of months, of the projection
    #[arg(long)]
    pub cumulative: bool,
    /// Costs on a logarithmic scale, of the projection
    #[arg(long)]
    pub log_scale: bool,
    /// Width in CSS pixels
    #[arg(long, default_value_t = SIZE.0, value_parser = clap::value_parser!(u32).range(200..=4000))]
    pub width: u32,
    /// Height in CSS pixels
    #[arg(long, default_value_t = SIZE.1, value_parser = clap::value_parser!(u32).range(200..=4000))]
    pub height: u32,
    /// Device pixels per CSS pixel of a PNG, 0.5 to 4
    #[arg(long, default_value_t = 2.0, value_parser = scale)]
    pub scale: f64,
}

fn scale(text: &str) -> Result<f64, String> {
    let (least, most) = (SCALES.start(), SCALES.end());
    let number = text.parse::<f64>().ok().filter(|n| SCALES.contains(n));
    number.ok_or_else(|| format!("a number from {least} to {most} is needed"))
}

/// Names of pictures; the planner, which is none, is known so that the refusal can say why.
fn pictures() -> Vec<PossibleValue> {
    let stills = Still::ALL.map(|s| PossibleValue::new(s.id()));
    stills.into_iter().chain([PossibleValue::new("planner").hide(true)]).collect()
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Where the scenario comes from.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// What to write
    #[arg(long = "as", value_name = "FORMAT", value_parser = PossibleValuesParser::new(Format::IDS))]
    pub format: String,
}

/// Arguments of `catalog`.
#[derive(Debug, Args)]
pub struct CatalogArgs {
    /// Which facts
    #[arg(value_enum)]
    pub what: Facts,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// Which facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Facts {
    /// Open-weight models
    Models,
    /// Accelerators
    Accelerators,
    /// Rental prices per GPU hour
    GpuPrices,
    /// Managed API prices per million tokens
    ApiPrices,
    /// Defaults of a scenario with range, source and date
    Defaults,
    /// Fields of a scenario, as the reference in Markdown
    Fields,
    /// Typical questions with their links
    Presets,
    /// Check every row: unique ids, sources, dates, references
    Check,
}

/// Form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// An aligned table
    Text,
    /// The rows as JSON
    Json,
}
