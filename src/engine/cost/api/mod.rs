//! The API side: three baselines, each with its tariff, its dated price steps and its migrations.

mod choose;
mod schedule;
mod tariff;

use serde::Serialize;

use super::inputs::{Inputs, Lever};
use crate::engine::deployment::Subject;
use crate::scenario::Warning;
use crate::units::{DAYS_PER_MONTH, WEEKS_PER_YEAR};
pub use choose::{INDEX, NEAREST_LEAST_SHARE, ROLES, for_step, is_frontier};
pub use schedule::{PriceStep, Schedule};
pub use tariff::{Mix, Tariff};

/// What does not change about a baseline when an input is moved.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiFrame {
    /// `same_weights`, `nearest` or `frontier`.
    pub role: &'static str,
    /// Price row id.
    pub id: String,
    /// Why this row.
    pub why: String,
    /// How it bills.
    pub tariff: Tariff,
    /// Its prices by month.
    pub schedule: Schedule,
    /// The dearest host of the same weights.
    pub premium: Option<(String, Tariff)>,
    /// The lever that moves its price.
    pub lever: Lever,
    /// Whether its model makes the same mistakes as the self-hosted one, so that the quality gap is charged here too.
    pub shares_quality_gap: bool,
    /// Share of the calls whose answer counts, 0..1.
    pub answers: f64,
}

/// A baseline as a function of volume, for one set of inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiBaseline {
    /// `same_weights`, `nearest` or `frontier`.
    pub role: &'static str,
    /// Price row id.
    pub id: String,
    /// Why this row.
    pub why: String,
    /// US dollars per token of the scenario's mix, today.
    pub usd_per_token: f64,
    /// Quality gap to the frontier, US dollars per token.
    pub quality_gap_per_token: f64,
    /// Migrations, US dollars per month.
    pub updates: f64,
    /// The dearest host of the same weights: id and US dollars per token.
    pub premium: Option<(String, f64)>,
}

/// A baseline at one volume.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApiCost {
    /// Role.
    pub role: String,
    /// Price row id.
    pub id: String,
    /// Why this row.
    pub why: String,
    /// Tokens, US dollars per month.
    pub tokens_usd: f64,
    /// Migrations, US dollars per month.
    pub updates_usd: f64,
    /// Tasks that fail more often than with the frontier model, US dollars per month: the same weights make the same
    /// mistakes wherever they run.
    pub quality_gap_usd: f64,
    /// Sum of the lines above.
    pub total_usd_per_month: f64,
    /// Total over what was sent, US dollars per million tokens.
    pub usd_per_million_tokens: f64,
    /// The dearest host of the same weights, for the width of the market.
    pub premium: Option<PremiumHost>,
}

/// The dearest host of the same weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PremiumHost {
    /// Price row id.
    pub id: String,
    /// Tokens, US dollars per month.
    pub tokens_usd: f64,
    /// US dollars per million tokens.
    pub usd_per_million_tokens: f64,
}

/// The mean request of a set of inputs.
pub fn mix(i: &Inputs) -> Mix {
    Mix {
        input: i.get(Lever::InputTokens),
        output: i.get(Lever::OutputTokens),
        cached: i.get(Lever::CachedInputShare).clamp(0.0, 1.0),
        batchable: i.get(Lever::BatchableShare).clamp(0.0, 1.0),
    }
}

/// One migration to another model or provider, US dollars.
pub fn migration(i: &Inputs) -> f64 {
    i.get(Lever::MigrationWeeks) * i.get(Lever::EngineerUsdPerYear) / WEEKS_PER_YEAR
}

impl ApiFrame {
    /// US dollars per token for a set of inputs.
    #[inline]
    pub fn usd_per_token(&self, i: &Inputs) -> f64 {
        self.usd_per_token_of(&mix(i), i)
    }

    /// The same where their mean request is known.
    #[inline]
    pub fn usd_per_token_of(&self, mix: &Mix, i: &Inputs) -> f64 {
        self.tariff.usd_per_token(mix) * i.get(self.lever)
    }

    /// Quality gap, US dollars per token.
    #[inline]
    pub fn quality_gap(&self, i: &Inputs) -> f64 {
        if self.shares_quality_gap {
            i.get(Lever::ErrorGap) * i.get(Lever::UsdPerError) * self.answers
                / (i.get(Lever::InputTokens) + i.get(Lever::OutputTokens)).max(1.0)
        } else {
            0.0
        }
    }

    /// Total US dollars per month at a daily volume for a set of inputs. Allocates nothing.
    #[inline]
    pub fn total(&self, i: &Inputs, tokens_per_day: f64) -> f64 {
        let slope = (self.usd_per_token(i) + self.quality_gap(i)) * DAYS_PER_MONTH;
        self.updates(i) + tokens_per_day * slope
    }

    /// Migrations, US dollars per month.
    #[inline]
    fn updates(&self, i: &Inputs) -> f64 {
        migration(i) / i.get(Lever::UpdateEvery).max(super::self_hosted::LEAST_UPDATE_MONTHS)
    }

    /// The baseline for a set of inputs.
    pub fn price(&self, i: &Inputs) -> ApiBaseline {
        ApiBaseline {
            role: self.role,
            id: self.id.clone(),
            why: self.why.clone(),
            usd_per_token: self.usd_per_token(i),
            quality_gap_per_token: self.quality_gap(i),
            updates: self.updates(i),
            premium: self.premium.as_ref().map(|(id, t)| (id.clone(), t.usd_per_token(&mix(i)))),
        }
    }
}

impl ApiBaseline {
    /// Total as a line over tokens a day: `(constant, slope)`.
    pub fn line(&self) -> (f64, f64) {
        (self.updates, (self.usd_per_token + self.quality_gap_per_token) * DAYS_PER_MONTH)
    }

    /// Total US dollars per month at a daily volume.
    pub fn total(&self, tokens_per_day: f64) -> f64 {
        let (constant, slope) = self.line();
        constant + tokens_per_day * slope
    }

    /// The same if a token took so many US dollars.
    pub fn total_at(&self, usd_per_token: f64, tokens_per_day: f64) -> f64 {
        self.updates + tokens_per_day * ((usd_per_token + self.quality_gap_per_token) * DAYS_PER_MONTH)
    }

    /// The lines at a daily volume.
    pub fn at(&self, tokens_per_day: f64) -> ApiCost {
        let month = tokens_per_day * DAYS_PER_MONTH;
        let tokens_usd = month * self.usd_per_token;
        let quality_gap_usd = month * self.quality_gap_per_token;
        let total = tokens_usd + self.updates + quality_gap_usd;
        ApiCost {
            role: self.role.into(),
            id: self.id.clone(),
            why: self.why.clone(),
            tokens_usd,
            updates_usd: self.updates,
            quality_gap_usd,
            total_usd_per_month: total,
            usd_per_million_tokens: total / month.max(1.0) * 1e6,
            premium: self.premium.as_ref().map(|(id, usd)| PremiumHost {
                id: id.clone(),
                tokens_usd: month * usd,
                usd_per_million_tokens: usd * 1e6,
            }),
        }
    }
}

/// The baselines of the subject that have a price; a warning for each that has not.
pub fn baselines(subject: &Subject, inputs: &Inputs, warnings: &mut Vec<Warning>) -> Vec<ApiFrame> {
    let mix = mix(inputs);
    let levers = [Lever::SameWeightsPrice, Lever::NearestPrice, Lever::FrontierPrice];
    let hosts = choose::hosts(subject);
    let mut out = Vec::with_capacity(ROLES.len());
    for (role, lever) in levers.into_iter().enumerate() {
        let Some(chosen) = choose::choose(subject, role, &mix, &hosts, warnings) else { continue };
        let tariff = Tariff::of(chosen.row, subject.catalog);
        let premium = if role == 0 { choose::premium(subject, &mix, &hosts) } else { None };
        let premium = premium.filter(|p| p.id != chosen.row.id);
        out.push(ApiFrame {
            role: ROLES[role],
            id: chosen.row.id.clone(),
            why: chosen.why.into_owned(),
            tariff,
            schedule: Schedule::of(subject, ROLES[role], chosen.row, &mix),
            premium: premium.map(|p| (p.id.clone(), Tariff::of(p, subject.catalog))),
            lever,
            shares_quality_gap: ROLES[role] != "frontier",
            answers: 1.0,
        });
    }
    out
}
