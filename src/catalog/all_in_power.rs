//! Electricity per accelerator with the host, the network and the cooling around it.

use serde::Serialize;

use super::row;

/// Watts of one accelerator, everything around it included.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

row!(AllInPower { gpu, watts, as_of, source });
