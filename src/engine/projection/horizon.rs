//! The months of a horizon for one set of inputs: what the projection shows once and the draws repeat.

use crate::engine::cost::api::{ROLES, migration};
use crate::engine::cost::{ApiFrame, Frame, Inputs, Lever, Pricing, SelfHosted};
use crate::units::DAYS_PER_MONTH;

/// Most baselines there can be.
pub const BASELINES: usize = ROLES.len();

/// Both sides of a horizon, ready to be walked. Holds references only; making one allocates nothing.
#[derive(Debug, Clone, Copy)]
pub struct Horizon<'a> {
    /// The self-hosted side.
    pub hosted: SelfHosted,
    api: &'a [ApiFrame],
    usd_per_daily_token: [f64; BASELINES],
    gap_per_daily_token: [f64; BASELINES],
    migration: f64,
    volume: f64,
    growth: f64,
    every: f64,
    hardware_per_update: f64,
    months: u32,
}

/// One month of a horizon. Owned hardware is charged by its use (write-off, maintenance), setup not at all.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// 1 is the first.
    pub month: u32,
    /// Tokens a day.
    pub volume: f64,
    /// Replicas that carry the peak.
    pub carrying: f64,
    /// Volume on the staircase per unit of volume, which updates can change.
    pub load: f64,
    /// Updates that fall into the month.
    pub updates: f64,
    /// Self-hosted, US dollars.
    pub hosted: f64,
    /// Each baseline in the order of `Pricing::api`, US dollars.
    pub api: [f64; BASELINES],
}

impl<'a> Horizon<'a> {
    /// The horizon of a set of inputs.
    #[inline]
    pub fn new(pricing: &'a Pricing, inputs: &Inputs) -> Self {
        Self::with(&pricing.hosted, &pricing.api, pricing.months, inputs)
    }

    /// The horizon of a self-hosted side and some baselines.
    #[inline]
    pub fn with(hosted: &Frame, api: &'a [ApiFrame], months: u32, inputs: &Inputs) -> Self {
        let mut usd = [0.0; BASELINES];
        let mut gap = [0.0; BASELINES];
        for (k, frame) in api.iter().enumerate().take(BASELINES) {
            usd[k] = frame.usd_per_token(inputs) * DAYS_PER_MONTH;
            gap[k] = frame.quality_gap(inputs) * DAYS_PER_MONTH;
        }
        let hosted = hosted.price(inputs);
        Self {
            hosted,
            api,
            usd_per_daily_token: usd,
            gap_per_daily_token: gap,
            migration: migration(inputs),
            volume: inputs.get(Lever::TokensPerDay),
            growth: 1.0 + inputs.get(Lever::GrowthPerMonth),
            every: hosted.every,
            hardware_per_update: inputs.get(Lever::HardwarePerUpdate),
            months,
        }
    }

    /// The same over another number of months.
    pub fn over(mut self, months: u32) -> Self {
        self.months = months;
        self
    }

    /// Walk the months, first to last.
    #[inline]
    pub fn walk(&self, mut visit: impl FnMut(Step)) {
        let per_token = self.hosted.per_token() * DAYS_PER_MONTH;
        let (mut volume, mut hosted, mut due) = (self.volume, self.hosted, self.every);
        let frames = &self.api[..self.api.len().min(BASELINES)];
        // As many replicas cost as much as the month before.
        let (mut before, mut standing, mut update) = (f64::NAN, f64::NAN, f64::NAN);
        // Counted without `=`: an inclusive range asks twice a turn, and this walk is a tenth of a plan.
        for month in 1..self.months + 1 {
            let carrying = hosted.carrying(volume);
            if carrying != before {
                (before, standing, update) = (carrying, hosted.standing(carrying), hosted.update(carrying));
            }
            let mut updates = 0.0;
            while due <= f64::from(month) + 1e-9 {
                updates += 1.0;
                due += self.every;
            }
            let mut api = [0.0; BASELINES];
            for (k, frame) in frames.iter().enumerate() {
                api[k] = volume
                    * (self.usd_per_daily_token[k] * frame.schedule.at(month) + self.gap_per_daily_token[k])
                    + updates * self.migration;
            }
            let usd = standing + volume * per_token + updates * update;
            visit(Step { month, volume, carrying, load: hosted.load, updates, hosted: usd, api });
            volume *= self.growth;
            // What the successor needs holds from the month after the update.
            for _ in 0..updates as u32 {
                hosted.load *= self.hardware_per_update;
            }
        }
    }

    /// Sums over the horizon: `(self-hosted with setup, each baseline)`, US dollars.
    #[inline]
    pub fn totals(&self) -> (f64, [f64; BASELINES]) {
        let (mut hosted, mut api) = (self.hosted.setup, [0.0; BASELINES]);
        self.walk(|step| {
            hosted += step.hosted;
            for (sum, usd) in api.iter_mut().zip(step.api) {
                *sum += usd;
            }
        });
        (hosted, api)
    }

    /// Self-hosted less the cheapest baseline over the horizon, US dollars; not a number where either is unknown.
    pub fn difference(&self) -> f64 {
        let (hosted, api) = self.totals();
        let least = api.iter().take(self.api.len()).copied().min_by(f64::total_cmp).unwrap_or(f64::NAN);
        if self.hosted.known { hosted - least } else { f64::NAN }
    }
}
