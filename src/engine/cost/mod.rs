//! Both sides' monthly cost, line by line, as a function of volume.

mod api;
mod self_hosted;

use serde::Serialize;

use super::deployment::Subject;
use super::fleet::Fleet;
use crate::scenario::Warning;
pub use api::{ApiBaseline, ApiCost};
pub use self_hosted::{SelfHosted, SelfHostedLines};

/// Both sides, priced.
#[derive(Debug, Clone)]
pub struct Cost {
    /// The self-hosted side as a function of volume.
    pub self_hosted: SelfHosted,
    /// The API baselines as functions of volume; absent where no price is known.
    pub api: Vec<ApiBaseline>,
    /// Volume of the scenario.
    pub tokens_per_day: f64,
}

/// The Plan's cost section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CostReport {
    /// The self-hosted side at the scenario's volume; `null` where the GPU price is unknown.
    pub self_hosted: Option<SelfHostedLines>,
    /// Each baseline at the scenario's volume.
    pub api: Vec<ApiCost>,
}

impl Cost {
    /// The Plan's section.
    pub fn report(&self) -> CostReport {
        CostReport {
            self_hosted: self.self_hosted.lines(self.tokens_per_day),
            api: self.api.iter().map(|a| a.at(self.tokens_per_day)).collect(),
        }
    }
}

/// Price both sides.
pub fn price(subject: &Subject, fleet: &Fleet, warnings: &mut Vec<Warning>) -> Cost {
    Cost {
        self_hosted: SelfHosted::of(subject, fleet, warnings),
        api: api::baselines(subject, warnings),
        tokens_per_day: fleet.tokens_per_day,
    }
}
