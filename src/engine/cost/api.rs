//! The API side: three baselines, priced per token.

use serde::Serialize;

use crate::catalog::ApiPrice;
use crate::engine::deployment::Subject;
use crate::scenario::Warning;
use crate::units::{DAYS_PER_MONTH, WEEKS_PER_YEAR};

/// A baseline as a function of volume.
#[derive(Debug, Clone)]
pub struct ApiBaseline {
    /// `same_weights`, `nearest` or `frontier`.
    pub role: &'static str,
    /// Price row id.
    pub id: String,
    /// US dollars per token of the scenario's mix.
    pub usd_per_token: f64,
    /// Migrations, US dollars per month.
    pub updates: f64,
}

/// A baseline at one volume.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApiCost {
    /// Role.
    pub role: String,
    /// Price row id.
    pub id: String,
    /// Tokens, US dollars per month.
    pub tokens_usd: f64,
    /// Migrations, US dollars per month.
    pub updates_usd: f64,
    /// Sum of the two.
    pub total_usd_per_month: f64,
    /// Total over what was sent, US dollars per million tokens.
    pub usd_per_million_tokens: f64,
}

impl ApiBaseline {
    /// Total US dollars per month at a daily volume.
    pub fn total(&self, tokens_per_day: f64) -> f64 {
        tokens_per_day * DAYS_PER_MONTH * self.usd_per_token + self.updates
    }

    /// The lines at a daily volume.
    pub fn at(&self, tokens_per_day: f64) -> ApiCost {
        let total = self.total(tokens_per_day);
        ApiCost {
            role: self.role.into(),
            id: self.id.clone(),
            tokens_usd: total - self.updates,
            updates_usd: self.updates,
            total_usd_per_month: total,
            usd_per_million_tokens: total / (tokens_per_day * DAYS_PER_MONTH) * 1e6,
        }
    }
}

/// The baselines of the subject.
pub fn baselines(subject: &Subject, warnings: &mut Vec<Warning>) -> Vec<ApiBaseline> {
    let s = subject.scenario;
    let updates = s.updates.api_migration_weeks.likely * s.people.engineer_usd_per_year.likely
        / WEEKS_PER_YEAR
        / s.updates.every_months.likely.max(1.0);
    let rows = &subject.catalog.api_prices;
    let slug = subject.model.slug();
    let hosted = |a: &&ApiPrice| !a.stale && a.open_model_key.as_deref().is_some_and(|k| slug.starts_with(k));
    let cheapest = |of: &mut dyn Iterator<Item = &'_ ApiPrice>| {
        of.min_by(|a, b| usd_per_token(subject, a).total_cmp(&usd_per_token(subject, b))).map(|a| a.id.clone())
    };
    let chosen = [
        ("same_weights", s.api.same_weights.clone().or_else(|| cheapest(&mut rows.iter().filter(hosted)))),
        ("nearest", s.api.nearest.clone().or_else(|| Some("openai/gpt-5.4-mini".into()))),
        ("frontier", s.api.frontier.clone().or_else(|| Some("anthropic/claude-opus-5.5".into()))),
    ];
    let mut out = Vec::new();
    for (role, id) in chosen {
        match id.as_deref().and_then(|id| subject.catalog.api_price(id)) {
            Some(row) => {
                out.push(ApiBaseline { role, id: row.id.clone(), usd_per_token: usd_per_token(subject, row), updates });
            }
            None => warnings.push(Warning::new(
                format!("api.{role}"),
                match id {
                    Some(id) => format!("no price is known for '{id}'"),
                    None => "nobody in the catalog hosts these weights".into(),
                },
                "choose an id from `crossover catalog api-prices`",
            )),
        }
    }
    out
}

/// US dollars per token of the scenario's mix of input, cached input and output.
fn usd_per_token(subject: &Subject, row: &ApiPrice) -> f64 {
    let (z, p) = (&subject.sizes, &row.usd_per_mtok);
    let cached = subject.scenario.workload.cached_input_share.likely;
    let cached_price = p.cached_input.unwrap_or(p.input);
    let input = z.input * ((1.0 - cached) * p.input + cached * cached_price);
    (input + z.output * p.output) / (z.input + z.output).max(1.0) / 1e6
}
