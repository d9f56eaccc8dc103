//! The months of a horizon for one set of inputs: what the projection shows once and the draws repeat.

use crate::engine::cost::api::{ROLES, migration, mix};
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

/// Sums over months: `(self-hosted with setup, each baseline)`, US dollars.
pub type Totals = (f64, [f64; BASELINES]);

impl Step {
    /// Add the month to the sums of those before.
    #[inline]
    pub fn add_to(&self, (hosted, api): &mut Totals) {
        *hosted += self.hosted;
        for (sum, usd) in api.iter_mut().zip(self.api) {
            *sum += usd;
        }
    }
}

/// What a month costs on the self-hosted side: as many replicas cost as much as the month before.
struct Bill {
    per_token: f64,
    carrying: f64,
    standing: f64,
    update: f64,
}

impl Bill {
    #[inline]
    fn of(hosted: &SelfHosted) -> Self {
        let per_token = hosted.per_token() * DAYS_PER_MONTH;
        Self { per_token, carrying: f64::NAN, standing: f64::NAN, update: f64::NAN }
    }

    #[inline]
    fn month(&mut self, hosted: &SelfHosted, carrying: f64, volume: f64, updates: f64) -> f64 {
        if carrying != self.carrying {
            *self = Self { carrying, standing: hosted.standing(carrying), update: hosted.update(carrying), ..*self };
        }
        self.standing + volume * self.per_token + updates * self.update
    }
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
        let mix = mix(inputs);
        for (k, frame) in api.iter().enumerate().take(BASELINES) {
            usd[k] = frame.usd_per_token_of(&mix, inputs) * DAYS_PER_MONTH;
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

    /// What a baseline takes in a month, US dollars.
    #[inline]
    fn api_usd(&self, k: usize, frame: &ApiFrame, month: u32, volume: f64, updates: f64) -> f64 {
        volume * (self.usd_per_daily_token[k] * frame.schedule.at(month) + self.gap_per_daily_token[k])
            + updates * self.migration
    }

    /// Walk the months, first to last.
    #[inline]
    pub fn walk(&self, mut visit: impl FnMut(Step)) {
        let (mut volume, mut hosted, mut due) = (self.volume, self.hosted, self.every);
        let frames = &self.api[..self.api.len().min(BASELINES)];
        let mut bill = Bill::of(&hosted);
        // Counted without `=`: an inclusive range asks twice a turn, and this walk is a tenth of a plan.
        for month in 1..self.months + 1 {
            let carrying = hosted.carrying(volume);
            let mut updates = 0.0;
            while due <= f64::from(month) + 1e-9 {
                updates += 1.0;
                due += self.every;
            }
            let mut api = [0.0; BASELINES];
            for (k, frame) in frames.iter().enumerate() {
                api[k] = self.api_usd(k, frame, month, volume, updates);
            }
            let usd = bill.month(&hosted, carrying, volume, updates);
            visit(Step { month, volume, carrying, load: hosted.load, updates, hosted: usd, api });
            volume *= self.growth;
            // What the successor needs holds from the month after the update.
            for _ in 0..updates as u32 {
                hosted.load *= self.hardware_per_update;
            }
        }
    }

    /// The sums before the first month.
    pub fn nothing_yet(&self) -> Totals {
        (self.hosted.setup, [0.0; BASELINES])
    }

    /// Sums over the horizon.
    #[inline]
    pub fn totals(&self) -> Totals {
        let mut totals = self.nothing_yet();
        self.walk(|step| step.add_to(&mut totals));
        totals
    }

    /// The self-hosted sum alone, setup included, US dollars.
    pub fn hosted_total(&self) -> f64 {
        Self { api: &[], ..*self }.totals().0
    }

    /// Self-hosted less the cheapest baseline over the horizon, US dollars; not a number where either is unknown.
    pub fn difference(&self) -> f64 {
        self.difference_of(self.totals())
    }

    /// The same of sums that are known.
    pub fn difference_of(&self, (hosted, api): Totals) -> f64 {
        let least = api.iter().take(self.api.len()).copied().min_by(f64::total_cmp).unwrap_or(f64::NAN);
        if self.hosted.known { hosted - least } else { f64::NAN }
    }
}

/// A horizon that was walked, to compare others with that differ from it in an input.
pub struct Walked<'a> {
    /// The horizon.
    pub horizon: Horizon<'a>,
    /// Its months, first to last.
    pub months: Vec<Step>,
    /// Their sums.
    pub totals: Totals,
}

impl<'a> Walked<'a> {
    /// Walk a horizon.
    pub fn of(horizon: Horizon<'a>) -> Self {
        let (mut months, mut totals) = (Vec::with_capacity(horizon.months as usize), horizon.nothing_yet());
        horizon.walk(|step| {
            step.add_to(&mut totals);
            months.push(step);
        });
        Self { horizon, months, totals }
    }

    /// The sums of another horizon of the same sides. Only what differs is added up again, and nothing but the sums where
    /// the same replicas carry the same volumes.
    pub fn totals_of(&self, of: &Horizon) -> Totals {
        let months = |h: &Horizon| (h.volume, h.growth, h.every, h.months);
        if months(of) != months(&self.horizon) {
            return of.totals();
        }
        let mut totals = self.totals;
        let replicas = |h: &Horizon| (h.hosted.curve, h.hosted.load, h.hardware_per_update);
        if replicas(of) != replicas(&self.horizon) {
            totals.0 = of.hosted_total();
        } else if of.hosted != self.horizon.hosted {
            let mut bill = Bill::of(&of.hosted);
            let month = |s: &Step| bill.month(&of.hosted, s.carrying, s.volume, s.updates);
            totals.0 = self.months.iter().map(month).fold(of.hosted.setup, |sum, usd| sum + usd);
        }
        let price = |h: &Horizon, k: usize| (h.usd_per_daily_token[k], h.gap_per_daily_token[k], h.migration);
        for (k, frame) in of.api.iter().enumerate().take(BASELINES) {
            if price(of, k) != price(&self.horizon, k) {
                let month = |s: &Step| of.api_usd(k, frame, s.month, s.volume, s.updates);
                totals.1[k] = self.months.iter().map(month).fold(0.0, |sum, usd| sum + usd);
            }
        }
        totals
    }
}
