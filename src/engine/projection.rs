//! Month by month: volume grows, replicas step, updates happen, both sides pay.

use std::collections::BTreeMap;

use serde::Serialize;

use super::break_even::BreakEven;
use super::cost::Cost;
use super::deployment::Subject;
use super::fleet::Fleet;
use crate::math::powi;

/// The Plan's projection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Projection {
    /// The months, first to last.
    pub months: Vec<Month>,
    /// Month in which self-hosting has paid back its setup against the cheapest baseline.
    pub payback_month: Option<u32>,
    /// Month in which growth reaches the threshold against the cheapest baseline.
    pub growth_reaches_threshold_month: Option<u32>,
}

/// One month, cash.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Month {
    /// 1 is the first.
    pub month: u32,
    /// Volume.
    pub tokens_per_day: f64,
    /// All replicas.
    pub replicas: f64,
    /// Self-hosted, US dollars.
    pub self_hosted_usd: Option<f64>,
    /// Each baseline, US dollars, by role.
    pub api_usd: BTreeMap<String, f64>,
    /// Sums since the start, by `self_hosted` and role.
    pub cumulative: BTreeMap<String, f64>,
    /// What happens this month.
    pub events: Vec<String>,
}

/// Project the horizon.
pub fn project(subject: &Subject, fleet: &Fleet, cost: &Cost, break_even: &[BreakEven]) -> Projection {
    let s = subject.scenario;
    let growth = 1.0 + s.workload.growth_per_month.likely;
    let every = s.updates.every_months.likely.max(1.0).round() as u32;
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    let mut months = Vec::with_capacity(s.horizon_months as usize);
    let mut before = fleet.curve.replicas(fleet.tokens_per_day);
    for month in 1..=s.horizon_months {
        let volume = fleet.tokens_per_day * powi(growth, month - 1);
        let replicas = fleet.curve.replicas(volume);
        let mut events = Vec::new();
        if month == 1 {
            events.push("setup".to_string());
        }
        if replicas > before {
            events.push(format!("{} replicas", replicas));
        }
        if month % every == 0 {
            events.push("model update".into());
        }
        before = replicas;
        let hosted = cost.self_hosted.total(volume).map(|t| t + if month == 1 { cost.self_hosted.setup } else { 0.0 });
        let api_usd: BTreeMap<String, f64> = cost.api.iter().map(|a| (a.role.to_string(), a.total(volume))).collect();
        if let Some(h) = hosted {
            *sums.entry("self_hosted".into()).or_default() += h;
        }
        for (role, usd) in &api_usd {
            *sums.entry(role.clone()).or_default() += usd;
        }
        months.push(Month {
            month,
            tokens_per_day: volume,
            replicas,
            self_hosted_usd: hosted,
            api_usd,
            cumulative: sums.clone(),
            events,
        });
    }
    let threshold = break_even.first().and_then(|b| b.always_cheaper_above_tokens_per_day);
    let reaches = threshold.and_then(|t| months.iter().find(|m| m.tokens_per_day >= t).map(|m| m.month));
    let payback = months.iter().find(|m| {
        let own = m.cumulative.get("self_hosted");
        let least =
            m.cumulative.iter().filter(|(k, _)| *k != "self_hosted").map(|(_, v)| *v).fold(f64::INFINITY, f64::min);
        own.is_some_and(|o| *o < least)
    });
    let payback_month = payback.map(|m| m.month);
    Projection { months, payback_month, growth_reaches_threshold_month: reaches }
}
