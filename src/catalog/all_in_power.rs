//! Electricity per accelerator with the host, the network and the cooling around it.

use serde::{Deserialize, Serialize};

/// Watts of one accelerator, everything around it included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AllInPower {
    /// Accelerator id.
    pub gpu: String,
    /// Watts.
    pub watts: f64,
    /// When it was read.
    pub as_of: String,
    /// Where it was read.
    pub source: String,
}
