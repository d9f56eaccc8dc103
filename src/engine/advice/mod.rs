//! The verdict, in a sentence, with the numbers it rests on and when to look again.
//!
//! Gates in order: does it fit; is the latency target met; is it required; are both prices known; is it cheaper by a
//! margin, now and over the horizon; is it likely to be; is anybody there to run it; does it hold at the low end of the
//! volume. The first gate that stops gives the verdict.

mod gates;
mod pipeline;
mod reasons;
mod sentence;
#[cfg(test)]
mod tests;
mod thresholds;

use serde::Serialize;

use super::break_even::BreakEven;
use super::cost::{ApiBaseline, Cost, SelfHostedLines};
use super::deployment::Subject;
use super::fleet::Fleet;
use super::projection::Projection;
use super::routing::Routing;
use super::uncertainty::Uncertainty;
use crate::scenario::Warning;
pub use gates::{LEAST_SAVING, Stop, Verdict};
pub use thresholds::Threshold;

/// The Plan's advice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// `stay_on_api`, `self_host`, `split_by_step`, `self_host_required`, `does_not_fit`,
    /// `too_slow`, `unplaced` or `unknown`.
    pub verdict: String,
    /// The verdict in a sentence.
    pub sentence: String,
    /// Why, each with the number it rests on.
    pub reasons: Vec<Reason>,
    /// When to look again.
    pub thresholds: Vec<Threshold>,
}

/// A reason and the Plan value behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// In words.
    pub text: String,
    /// Path of the number in the Plan.
    pub path: String,
}

/// Everything the advice may cite.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// The question.
    pub subject: &'a Subject<'a>,
    /// What runs where.
    pub fleet: &'a Fleet,
    /// Both sides.
    pub cost: &'a Cost,
    /// Every crossing.
    pub break_even: &'a [BreakEven],
    /// Month by month.
    pub projection: &'a Projection,
    /// How sure.
    pub uncertainty: &'a Uncertainty,
    /// Per step.
    pub routing: Option<&'a Routing>,
}

impl<'a> Evidence<'a> {
    /// The self-hosted lines at the scenario's volume; `None` where unknown.
    pub fn hosted(&self) -> Option<SelfHostedLines> {
        self.cost.self_hosted.lines(self.cost.tokens_per_day)
    }

    /// What rules an API out for everything: `(data must stay in house, the model is fine-tuned)`, said by the scenario
    /// or by every one of its steps.
    pub fn requirements(&self) -> (bool, bool) {
        let (r, steps) = (&self.subject.scenario.requirements, &self.subject.scenario.steps);
        let every = !steps.is_empty() && steps.iter().all(|s| s.data_residency || s.fine_tuned);
        (
            r.data_residency || every && steps.iter().any(|s| s.data_residency),
            r.fine_tuned || every && steps.iter().any(|s| s.fine_tuned),
        )
    }

    /// Why the layout, if it is a pinned one, cannot run.
    pub fn refusal(&self) -> Option<Warning> {
        self.subject.impossible(self.fleet.layout)
    }

    /// The accelerators of a replica: `one NVIDIA L4`, `4 x NVIDIA L4`.
    pub fn replica(&self) -> String {
        let name = &self.subject.accelerator.name;
        match self.fleet.layout.gpus() {
            1 => format!("one {name}"),
            n => format!("{n} x {name}"),
        }
    }

    /// The baseline that costs least at the scenario's volume.
    pub fn cheapest(&self) -> Option<&'a ApiBaseline> {
        self.cost.cheapest(self.cost.tokens_per_day)
    }

    /// That baseline's US dollars per month.
    pub fn api_usd(&self) -> Option<f64> {
        self.cheapest().map(|a| a.total(self.cost.tokens_per_day))
    }

    /// The crossings with that baseline.
    pub fn crossings(&self) -> Option<&'a BreakEven> {
        let role = self.cheapest()?.role;
        self.break_even.iter().find(|b| b.against == role)
    }

    /// Whether the reader said how many replicas there are, so that the fleet does not follow the volume.
    pub fn is_pinned(&self) -> bool {
        self.cost.self_hosted.curve.pinned.is_some()
    }

    /// A baseline's name for people, for example `llama-3.3-70b on DeepInfra`.
    pub fn name(&self, api: &ApiBaseline) -> String {
        match self.subject.catalog.api_price(&api.id) {
            // Hosts prefix the model's organisation; its name is enough.
            Some(row) => {
                let model = row.model.rsplit('/').next().unwrap_or(&row.model);
                [model, " on ", &row.provider].concat()
            }
            None => api.id.clone(),
        }
    }
}

/// Advise.
pub fn advise(evidence: &Evidence) -> Advice {
    let verdict = gates::judge(evidence);
    Advice {
        verdict: verdict.id().into(),
        sentence: sentence::say(evidence, &verdict),
        reasons: reasons::list(evidence, &verdict),
        thresholds: thresholds::list(evidence),
    }
}
