//! How sure the answer is: seeded draws over the ranges of the inputs and the bands of the models.
//!
//! The plan is compiled into a few dozen coefficients ([`Pricing`](super::cost::Pricing)); a draw moves some of them and
//! walks the months. Nothing is allocated per draw, distributions are look-up tables, and the points are a Sobol
//! sequence with a fixed shift, so the same question gives the same picture on every machine.

mod distribution;
mod drawn;
mod long_run;
mod percentile;
mod sobol;

use serde::Serialize;

use super::cost::{Cost, Lever};
use super::deployment::Subject;
use super::fleet::Fleet;
use super::projection::{BASELINES, Horizon, Purchases};
use crate::order::sort_by;
pub use distribution::{Quantiles, Shape};
pub use drawn::{Carries, Drawn, DrawnInput, Tables};
pub use long_run::LongRun;
use sobol::Sobol;

/// Bins of an input over which the value of knowing it is averaged.
const BINS: usize = 16;

/// The Plan's uncertainty. "Cheaper" means cheaper than every baseline.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Uncertainty {
    /// Draws made; 0 if none were asked for or a side has no price.
    pub draws: u32,
    /// Share of draws in which self-hosting is cheaper over the horizon, setup included; `null` without draws.
    pub probability_self_hosting_cheaper: Option<f64>,
    /// The same by month.
    pub probability_by_month: Vec<MonthProbability>,
    /// P10, P50 and P90 by month and side.
    pub bands: Vec<Band>,
    /// What it is worth to know an input exactly, most first.
    pub value_of_information: Vec<InformationValue>,
    /// What it is worth to know every input exactly, US dollars over the horizon; `null` without draws.
    pub perfect_information_usd: Option<f64>,
    /// What was drawn.
    pub inputs: Vec<DrawnInput>,
}

/// Probabilities of one month.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MonthProbability {
    /// 1 is the first.
    pub month: u32,
    /// That this month's bill of self-hosting is the smaller one.
    pub monthly: f64,
    /// That the sum since the start is, setup included.
    pub cumulative: f64,
}

/// Percentiles of one month, US dollars, cash as in the projection: setup in the first, owned hardware when it is bought.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Band {
    /// 1 is the first.
    pub month: u32,
    /// `self_hosted` or a baseline's role.
    pub side: String,
    /// 10th percentile.
    pub p10_usd: f64,
    /// Median.
    pub p50_usd: f64,
    /// 90th percentile.
    pub p90_usd: f64,
}

/// Expected value of perfect information on one input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InformationValue {
    /// Path of the input.
    pub path: String,
    /// US dollars over the horizon.
    pub usd: f64,
}

/// Draw. Without draws, or without a price on either side, nothing is claimed.
pub fn draw(inputs: &[Drawn], cost: &Cost, draws: u32) -> Uncertainty {
    let stated = inputs.iter().map(|d| d.input.clone()).collect();
    if draws == 0 || !cost.self_hosted.known || cost.api.is_empty() {
        return Uncertainty { inputs: stated, ..Uncertainty::default() };
    }
    let mut tally = Tally::new(cost, inputs.len(), draws as usize);
    tally.run(&mut Source::new(inputs), cost, draws as usize);
    let bands = tally.bands(0, cost);
    Uncertainty { inputs: stated, ..tally.report(inputs, bands) }
}

/// The inputs to be drawn for a plan; also what the tornado moves.
pub fn inputs(subject: &Subject, fleet: &Fleet, cost: &Cost) -> Vec<Drawn> {
    drawn::inputs(subject, fleet, cost)
}

/// Where draws come from: the points, and what each input makes of them.
struct Source {
    sobol: Sobol,
    tables: Vec<(Lever, Tables)>,
}

impl Source {
    fn new(inputs: &[Drawn]) -> Self {
        Self { sobol: Sobol::new(inputs.len()), tables: inputs.iter().map(|d| (d.lever, d.tables())).collect() }
    }
}

/// Sums of the draws.
struct Tally {
    /// Draws made.
    made: usize,
    /// Draws whose months are kept for the bands, the first ones.
    draws: usize,
    months: usize,
    sides: usize,
    /// Costs by side, month and draw.
    columns: Vec<f32>,
    monthly: Vec<u32>,
    cumulative: Vec<u32>,
    cheaper: u32,
    saving: f64,
    gain: f64,
    /// Sum of the saving by input and bin.
    bins: Vec<[f64; BINS]>,
}

impl Tally {
    fn new(cost: &Cost, inputs: usize, draws: usize) -> Self {
        let (months, sides) = (cost.pricing.months as usize, cost.api.len() + 1);
        Self {
            made: 0,
            draws,
            months,
            sides,
            columns: vec![0.0; sides * months * draws],
            monthly: vec![0; months],
            cumulative: vec![0; months],
            cheaper: 0,
            saving: 0.0,
            gain: 0.0,
            bins: vec![[0.0; BINS]; inputs],
        }
    }

    /// Make some more draws.
    fn run(&mut self, Source { sobol, tables }: &mut Source, cost: &Cost, more: usize) {
        for draw in self.made..self.made + more {
            let point = sobol.next_point();
            let mut values = cost.pricing.likely;
            for ((lever, table), &u) in tables.iter().zip(point) {
                values.set(*lever, table.values.at(u));
            }
            for ((_, table), &u) in tables.iter().zip(point) {
                if let Some(capacity) = &table.capacity {
                    values.scale(Lever::Throughput, capacity.at(u));
                }
            }
            let purchases = Purchases::of(cost.pricing.hosted.payment);
            let saving = self.walk(draw, &Horizon::new(&cost.pricing, &values), purchases);
            self.saving += saving;
            self.gain += saving.max(0.0);
            for (bins, &u) in self.bins.iter_mut().zip(point) {
                bins[(u >> 28) as usize] += saving;
            }
        }
        self.made += more;
    }

    /// Walk one draw; returns what self-hosting saves over the horizon. What is kept for the bands is cash; what is
    /// compared charges owned hardware by its use, so that a purchase late in the horizon weighs no more than its months.
    #[inline]
    fn walk(&mut self, draw: usize, horizon: &Horizon, mut purchases: Purchases) -> f64 {
        let (draws, months, baselines) = (self.draws, self.months, self.sides - 1);
        let mut own = horizon.hosted.setup;
        let mut sums = [0.0; BASELINES];
        let (columns, monthly, cumulative) = (&mut self.columns, &mut self.monthly, &mut self.cumulative);
        let kept = draw < draws;
        horizon.walk(|step| {
            let m = step.month as usize - 1;
            if kept {
                let setup = if m == 0 { horizon.hosted.setup } else { 0.0 };
                let (_, to_cash) = purchases.month(&horizon.hosted, &step);
                columns[m * draws + draw] = (step.hosted + setup + to_cash) as f32;
            }
            own += step.hosted;
            let (mut least, mut least_sum) = (f64::INFINITY, f64::INFINITY);
            for k in 0..baselines {
                if kept {
                    columns[((k + 1) * months + m) * draws + draw] = step.api[k] as f32;
                }
                sums[k] += step.api[k];
                least = least.min(step.api[k]);
                least_sum = least_sum.min(sums[k]);
            }
            monthly[m] += u32::from(step.hosted < least);
            cumulative[m] += u32::from(own < least_sum);
        });
        let least = sums[..baselines].iter().copied().fold(f64::INFINITY, f64::min);
        self.cheaper += u32::from(own < least);
        least - own
    }

    fn report(&self, inputs: &[Drawn], bands: Vec<Band>) -> Uncertainty {
        let n = self.made as f64;
        let counts = self.monthly.iter().zip(&self.cumulative).zip(1..);
        let without = (self.saving / n).max(0.0);
        let mut value: Vec<InformationValue> = inputs
            .iter()
            .zip(&self.bins)
            .map(|(input, bins)| {
                let with: f64 = bins.iter().map(|sum| sum.max(0.0)).sum();
                InformationValue { path: input.input.path.into(), usd: (with / n - without).max(0.0) }
            })
            .collect();
        sort_by(&mut value, |a, b| b.usd.total_cmp(&a.usd));
        Uncertainty {
            draws: self.made as u32,
            probability_self_hosting_cheaper: Some(f64::from(self.cheaper) / n),
            probability_by_month: counts
                .map(|((monthly, cumulative), month)| MonthProbability {
                    month,
                    monthly: f64::from(*monthly) / n,
                    cumulative: f64::from(*cumulative) / n,
                })
                .collect(),
            bands,
            value_of_information: value,
            perfect_information_usd: Some((self.gain / n - without).max(0.0)),
            inputs: Vec::new(),
        }
    }

    /// Columns of kept costs: a side's month each.
    fn columns(&self) -> usize {
        self.sides * self.months
    }

    /// The percentiles of all columns from one on.
    fn bands(&self, from: usize, cost: &Cost) -> Vec<Band> {
        let mut scratch = percentile::Scratch::default();
        (from..self.columns()).filter_map(|i| self.band(i, cost, &mut scratch)).collect()
    }

    /// The percentiles of a column; nothing where it has holes.
    fn band(&self, i: usize, cost: &Cost, scratch: &mut percentile::Scratch) -> Option<Band> {
        let (side, month) = (i / self.months, i % self.months);
        let name = side.checked_sub(1).map_or("self_hosted", |k| cost.api[k].role);
        let column = &self.columns[i * self.draws..(i + 1) * self.draws];
        let [p10_usd, p50_usd, p90_usd] = percentile::three(column, [0.1, 0.5, 0.9], scratch)?;
        Some(Band { month: month as u32 + 1, side: name.into(), p10_usd, p50_usd, p90_usd })
    }
}
