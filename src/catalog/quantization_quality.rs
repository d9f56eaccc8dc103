//! What quantization costs in quality, as measured.

use serde::{Deserialize, Serialize};

/// Recovery of one format on one class of models and tasks, percent of the unquantized score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityRow {
    /// Format group, for example `fp8` or `gguf q4_k_m`.
    pub group: String,
    /// `<=14B`, `15-40B` or `>=70B`, by total parameters.
    pub size_class: String,
    /// `easy` (short knowledge and code) or `hard` (reasoning, long context, agents).
    pub task_class: String,
    /// Measurements.
    pub n: u32,
    /// Median recovery, percent.
    pub median: f64,
    /// Lowest recovery, percent.
    pub min: f64,
    /// Highest recovery, percent.
    pub max: f64,
}
