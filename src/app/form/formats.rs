//! What each weight format takes and costs for the model at hand: bytes, GPUs, quality.

use leptos::prelude::*;

use crate::app::state::App;
use crate::catalog::{QualityCost, Quantization};
use crate::chart::words::{gib, three};
use crate::engine::{Effort, plan_with};
use crate::import;

/// What a format costs in quality.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kept {
    /// The makers released it so: published scores include whatever it costs.
    AsReleased,
    /// The reference that others are measured against.
    Reference,
    /// Median recovery, percent, and the number of measurements.
    Measured(f64, u32),
    /// Nobody has published a measurement for this size.
    Unknown,
}

impl Kept {
    fn of(cost: &QualityCost, id: &str) -> Self {
        // On hard tasks; on easy ones where hard were not measured.
        match (cost.as_released, cost.hard.or(cost.easy)) {
            (true, _) => Self::AsReleased,
            (false, Some(r)) => Self::Measured(r.median, r.n),
            (false, None) => Self::unmeasured(id),
        }
    }

    fn unmeasured(id: &str) -> Self {
        if matches!(id, "bf16" | "fp16") { Self::Reference } else { Self::Unknown }
    }

    /// In a table.
    pub fn short(self) -> String {
        match self {
            Self::AsReleased => "released".into(),
            Self::Reference => "reference".into(),
            Self::Measured(percent, _) => format!("{} %", three(percent.min(100.0))),
            Self::Unknown => "unknown".into(),
        }
    }

    /// As a sentence.
    pub fn sentence(self) -> String {
        match self {
            Self::AsReleased => "As released by its makers: published scores include whatever it costs".into(),
            Self::Reference => "The reference: no quality is lost".into(),
            Self::Measured(percent, n) => format!(
                "Keeps a median {} % of the unquantized score ({n} published measurement{} on models of this size)",
                three(percent),
                if n == 1 { "" } else { "s" }
            ),
            Self::Unknown => "Quality cost unknown: nobody has published a measurement for this size".into(),
        }
    }
}

/// The quality of a format for the model at hand.
pub fn kept(app: App, id: &str) -> Kept {
    let cost = app.seen.with(|s| {
        let format = Quantization::from_id(id)?;
        if let Some(config) = &s.model.config {
            let own = import::config::from_value(config).ok()?;
            return Some(app.catalog.quality_cost(&own.model, format));
        }
        app.catalog.model(&s.model.id).map(|m| app.catalog.quality_cost(m, format))
    });
    cost.map_or_else(|| Kept::unmeasured(id), |c| Kept::of(&c, id))
}

/// A format with all that is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its name.
    pub id: &'static str,
    /// Bytes of the weights.
    pub weights: Option<f64>,
    /// GPUs of a replica; `None` where it does not fit.
    pub gpus: Option<u32>,
    /// What is left of the quality.
    pub kept: Kept,
}

impl Offer {
    fn of(app: App, id: &'static str) -> Self {
        let mut scenario = app.scenario.get_untracked();
        scenario.model.weights_bytes = None;
        let plan = Quantization::from_id(id).and_then(|format| {
            scenario.model.quantization = format;
            plan_with(&scenario, app.catalog, Effort { draws: 0 }).ok()
        });
        let fits = plan.as_ref().filter(|p| p.memory.fits.weights && p.memory.fits.longest_request);
        Self {
            id,
            weights: plan.as_ref().map(|p| p.memory.weights_bytes_total).filter(|b| *b > 0.0),
            gpus: fits.map(|p| p.fleet.gpus_per_replica),
            kept: kept(app, id),
        }
    }

    /// Bytes of the weights, in words.
    pub fn size(&self) -> String {
        self.weights.map_or("unknown".into(), gib)
    }

    /// Where it fits, in words.
    pub fn place(&self) -> String {
        match self.gpus {
            Some(1) => "1 GPU".into(),
            Some(n) => format!("{n} GPUs"),
            None => "no fit".into(),
        }
    }

    /// Everything, as it is read out.
    pub fn spoken(&self) -> String {
        let place = self.gpus.map_or("does not fit".into(), |_| format!("fits on {}", self.place()));
        format!("{}, weights {}, {place}. {}", self.id, self.size(), self.kept.sentence())
    }
}

/// Every format of a list, planned.
pub fn offers(app: App, ids: &'static [&'static str]) -> Vec<Offer> {
    ids.iter().map(|id| Offer::of(app, id)).collect()
}
