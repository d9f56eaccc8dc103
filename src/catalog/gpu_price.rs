//! Rental prices, and the one that stands for an accelerator by default.

use serde::{Deserialize, Serialize};

use super::Catalog;

/// One offer to rent accelerators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GpuPrice {
    /// Who rents it out.
    pub provider: String,
    /// Instance name.
    #[serde(default)]
    pub instance: String,
    /// Accelerator id.
    pub gpu: String,
    /// Accelerators in the instance.
    #[serde(default)]
    pub gpus_in_instance: Option<u32>,
    /// `on_demand`, `reserved_1y`, `reserved_3y`, `spot`, or a marketplace kind.
    pub commitment: String,
    /// Region.
    #[serde(default)]
    pub region: String,
    /// US dollars per instance hour.
    #[serde(default)]
    pub usd_per_instance_hour: Option<f64>,
    /// US dollars per accelerator hour.
    pub usd_per_gpu_hour: f64,
    /// Day it was read.
    pub as_of: String,
    /// Where it was read.
    pub source: String,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// What to know about it.
    #[serde(default)]
    pub notes: String,
}

/// Lowest, median and highest of a set of offers, US dollars per accelerator hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PriceBand {
    /// Lowest offer.
    pub low: f64,
    /// Median offer.
    pub median: f64,
    /// Highest offer.
    pub high: f64,
    /// How many offers.
    pub offers: usize,
}

impl Catalog {
    /// The band of offers for an accelerator under a commitment (`on_demand`, `reserved_1y`, ...); `None` where the
    /// catalog has none, which means the price is unknown, not zero.
    pub fn rental_band(&self, accelerator: &str, commitment: &str) -> Option<PriceBand> {
        let mut offers: Vec<f64> = self
            .gpu_prices
            .iter()
            .filter(|p| p.gpu == accelerator && p.commitment == commitment)
            .map(|p| p.usd_per_gpu_hour)
            .collect();
        offers.sort_by(f64::total_cmp);
        let (low, high) = (*offers.first()?, *offers.last()?);
        let middle = offers.len() / 2;
        let median = if offers.len() % 2 == 1 { offers[middle] } else { (offers[middle - 1] + offers[middle]) / 2.0 };
        Some(PriceBand { low, median, high, offers: offers.len() })
    }
}
