//! Per-step plan: which steps go to an API and which stay in house.

use serde::Serialize;

use super::cost::Cost;
use super::deployment::Subject;
use super::fleet::Fleet;
use crate::scenario::Warning;

/// The Plan's routing; absent without steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Routing {
    /// One row a step.
    pub steps: Vec<StepPlan>,
    /// The chosen plan, US dollars per month.
    pub total_usd: f64,
    /// Every step on an API; `null` where a requirement forbids it or a price is unknown.
    pub all_api_usd: Option<f64>,
    /// Every step self-hosted; `null` where a step cannot be or the price is unknown.
    pub all_self_hosted_usd: Option<f64>,
}

/// Where one step goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepPlan {
    /// Name of the step.
    pub name: String,
    /// `api` or `self_hosted`.
    pub place: String,
}

impl Routing {
    /// Whether it has steps on both sides.
    pub fn is_split(&self) -> bool {
        let own = self.steps.iter().filter(|s| s.place == "self_hosted").count();
        own > 0 && own < self.steps.len()
    }
}

/// Route the steps, if there are any.
pub fn route(_subject: &Subject, _fleet: &Fleet, _cost: &Cost, _warnings: &mut Vec<Warning>) -> Option<Routing> {
    None
}
