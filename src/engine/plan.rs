//! The answer's document: what the terminal prints as JSON and every picture and export is made from.

use serde::Serialize;

use super::advice::Advice;
use super::break_even::BreakEven;
use super::cost::CostReport;
use super::curves::{Curves, Targets};
use super::fleet::FleetReport;
use super::memory::MemoryReport;
use super::projection::Projection;
use super::routing::Routing;
use super::sensitivity::Swing;
use super::speed::SpeedReport;
use super::uncertainty::Uncertainty;
use crate::scenario::Warning;

/// The version of the document this program writes.
pub const VERSION: u32 = 1;

/// A whole answer. Bytes, tokens, US dollars, seconds and ratios; units are in the names. A quantity that cannot be
/// known is `null` with a warning, never 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Version of this document.
    pub version: u32,
    /// The link that reproduces it, filled in by whoever holds the document.
    pub scenario_link: String,
    /// What the reader should know about the input.
    pub warnings: Vec<Warning>,
    /// What fits, per GPU and in all.
    pub memory: MemoryReport,
    /// Speed of one replica.
    pub speed: SpeedReport,
    /// How many of what.
    pub fleet: FleetReport,
    /// Both sides' monthly cost.
    pub cost: CostReport,
    /// Every crossing with every baseline.
    pub break_even: Vec<BreakEven>,
    /// Both sides' cost over the volumes a picture shows.
    #[serde(skip_serializing_if = "Curves::is_left_out")]
    pub curves: Curves,
    /// Latency targets the speed is held against.
    pub targets: Targets,
    /// Month by month.
    pub projection: Projection,
    /// How sure all that is.
    pub uncertainty: Uncertainty,
    /// What matters most.
    pub sensitivity: Vec<Swing>,
    /// Per-step plan, if the scenario has steps.
    pub routing: Option<Routing>,
    /// The verdict.
    pub advice: Advice,
}
