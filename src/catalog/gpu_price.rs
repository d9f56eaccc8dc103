//! Rental prices, and the one that stands for an accelerator by default.

use serde::Serialize;

use super::{Catalog, Words, row};

/// One offer to rent accelerators.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GpuPrice {
    /// Who rents it out.
    pub provider: String,
    /// Instance name.
    pub instance: String,
    /// Accelerator id.
    pub gpu: String,
    /// Accelerators in the instance.
    pub gpus_in_instance: Option<u32>,
    /// `on_demand`, `reserved_1y`, `reserved_3y`, `spot`, or a marketplace kind.
    pub commitment: String,
    /// Region.
    pub region: String,
    /// US dollars per accelerator hour.
    pub usd_per_gpu_hour: f64,
    /// Day it was read.
    pub as_of: String,
    /// Where it was read.
    pub source: Words,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// What to know about it.
    pub notes: Words,
}

row!(GpuPrice { provider, gpu, gpus_in_instance, commitment, usd_per_gpu_hour, as_of, source, confidence } default { instance, region, notes });

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

fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
    }
}

/// A commitment's price over the on-demand price of the same offer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CommitmentRatio {
    /// Median over the offers that publish both.
    pub ratio: f64,
    /// How many do.
    pub offers: usize,
    /// Whether they are offers of that very accelerator; otherwise of all accelerators.
    pub same_accelerator: bool,
}

impl Catalog {
    /// What a commitment costs relative to on demand, from offers (same provider, instance and region) that publish
    /// both; for the accelerator itself, or over all of them where nobody does.
    ///
    /// The ratio, not the published price, is what is carried over: commitments are published by hyperscalers, whose
    /// reserved hour costs more than other providers' hour on demand.
    pub fn commitment_ratio(&self, accelerator: &str, commitment: &str) -> Option<CommitmentRatio> {
        let ratios = |only: Option<&str>| {
            let mut out: Vec<f64> = self
                .gpu_prices
                .iter()
                .filter(|p| p.commitment == commitment && only.is_none_or(|g| p.gpu == g))
                .filter_map(|p| Some(p.usd_per_gpu_hour / self.on_demand_twin(p)?))
                .collect();
            out.sort_by(f64::total_cmp);
            out
        };
        let own = ratios(Some(accelerator));
        let same_accelerator = !own.is_empty();
        let all = if same_accelerator { own } else { ratios(None) };
        Some(CommitmentRatio { ratio: median(&all)?, offers: all.len(), same_accelerator })
    }

    fn on_demand_twin(&self, row: &GpuPrice) -> Option<f64> {
        let twin = |p: &&GpuPrice| {
            p.instance == row.instance
                && p.region == row.region
                && p.provider == row.provider
                && p.gpu == row.gpu
                && p.commitment == "on_demand"
        };
        self.gpu_prices.iter().find(twin).map(|p| p.usd_per_gpu_hour)
    }

    /// Month of the newest price in the catalog, `YYYY-MM`: the first month of every projection.
    pub fn newest_month(&self) -> &str {
        &self.newest_month
    }

    /// Look for the month of the newest price, once.
    pub(super) fn find_newest_month(&mut self) {
        let days = self.gpu_prices.iter().map(|p| &p.as_of).chain(self.api_prices.iter().map(|p| &p.as_of));
        let months = days.filter_map(|d| d.get(..7)).filter(|m| {
            let b = m.as_bytes();
            b[..4].iter().chain(&b[5..]).all(u8::is_ascii_digit) && b[4] == b'-'
        });
        self.newest_month = months.max().unwrap_or("2026-11").into();
    }

    /// The band of offers for an accelerator under a commitment (`on_demand`, `reserved_1y`, ...); `None` where the
    /// catalog has none, which means the price is unknown, not zero.
    pub fn rental_band(&self, accelerator: &str, commitment: &str) -> Option<PriceBand> {
        let meant = self.gpu_prices.iter().filter(|p| p.commitment == commitment && p.gpu == accelerator);
        // More than most accelerators have.
        let mut offers = Vec::with_capacity(64);
        offers.extend(meant.map(|p| p.usd_per_gpu_hour));
        offers.sort_unstable_by(f64::total_cmp);
        let (low, high) = (*offers.first()?, *offers.last()?);
        Some(PriceBand { low, median: median(&offers)?, high, offers: offers.len() })
    }
}
