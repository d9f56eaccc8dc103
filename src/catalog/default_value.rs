//! Where each default of a scenario is from, and how sure it is.

use serde::Serialize;

use super::{Catalog, Words, row};

/// The default of one numeric field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DefaultValue {
    /// Path of the field, for example `workload.tokens_per_day`.
    pub path: String,
    /// The default, in the field's unit.
    pub value: f64,
    /// 5th percentile of what readers of this planner may have.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
    /// Where it is from.
    pub source: Words,
    /// Day it was read.
    pub as_of: String,
    /// What to know about it.
    pub note: Words,
    /// Whether the planner chose it, where nothing is known that it could estimate.
    pub choice: bool,
}

row!(DefaultValue { path, value, low, high, source, as_of } default { note, choice });

impl Catalog {
    /// Where the default of the field at that path is from; `None` for fields that are left to the planner.
    pub fn default_value(&self, path: &str) -> Option<&DefaultValue> {
        self.defaults.iter().find(|d| d.path == path)
    }
}
