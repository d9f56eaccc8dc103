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
}

/// Where one step goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepPlan {
    /// Name of the step.
    pub name: String,
    /// `api` or `self_hosted`.
    pub place: String,
}

/// Route the steps, if there are any.
pub fn route(_subject: &Subject, _fleet: &Fleet, _cost: &Cost, _warnings: &mut Vec<Warning>) -> Option<Routing> {
    None
}
