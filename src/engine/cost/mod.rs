//! Both sides' monthly cost, line by line, as a function of volume.
//!
//! [`Pricing`] holds what stays the same when an input is moved; [`Inputs`] is a value for every input; together they
//! give a [`SelfHosted`] and the [`ApiBaseline`]s. The crossings, the months, the draws, the tornado and the thresholds
//! are all read from those, so that no two parts of a Plan can disagree.

pub mod api;
mod gpu_rate;
pub mod inputs;
mod self_hosted;

use serde::Serialize;

use super::deployment::Subject;
use super::fleet::{Fleet, FleetCurve, LoadCurve, SpillOption};
use crate::scenario::{Acquisition, Scenario, Warning};
pub use api::{ApiBaseline, ApiCost, ApiFrame};
pub use gpu_rate::{GpuRate, Market, gpu_hours};
pub use inputs::{Inputs, Lever};
pub use self_hosted::{COLOCATION_USD_PER_RACK, FAILOVER_SHARE, Frame, Payment, SelfHosted, SelfHostedLines, Spill};

/// What stays the same when an input is moved, and the likely value of every input.
#[derive(Debug, Clone)]
pub struct Pricing {
    /// The self-hosted side.
    pub hosted: Frame,
    /// The baselines that have a price.
    pub api: Vec<ApiFrame>,
    /// Likely values.
    pub likely: Inputs,
    /// The price per GPU.
    pub rate: GpuRate,
    /// What the market asks for one.
    pub market: Market,
    /// Months of the projection.
    pub months: u32,
}

/// Both sides, priced at the likely inputs.
#[derive(Debug, Clone)]
pub struct Cost {
    /// The self-hosted side as a function of volume.
    pub self_hosted: SelfHosted,
    /// The API baselines as functions of volume; absent where no price is known.
    pub api: Vec<ApiBaseline>,
    /// Volume of the scenario.
    pub tokens_per_day: f64,
    /// For other inputs.
    pub pricing: Pricing,
}

/// The Plan's cost section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CostReport {
    /// The self-hosted side at the scenario's volume; `null` where the GPU price is unknown.
    pub self_hosted: Option<SelfHostedLines>,
    /// Each baseline at the scenario's volume.
    pub api: Vec<ApiCost>,
    /// The price per GPU the self-hosted side rests on.
    pub gpu_rate: GpuRate,
}

impl Cost {
    /// The Plan's section.
    pub fn report(&self) -> CostReport {
        CostReport {
            self_hosted: self.self_hosted.lines(self.tokens_per_day),
            api: self.api.iter().map(|a| a.at(self.tokens_per_day)).collect(),
            gpu_rate: self.pricing.rate.clone(),
        }
    }

    /// Count the mistakes of that share of the answers only, 0..1, on both sides: what a small model passes on to a large
    /// one is not an answer.
    pub fn count_answers(&mut self, share: f64) {
        let p = &mut self.pricing;
        p.hosted.answers = share;
        p.api.iter_mut().for_each(|a| a.answers = share);
        self.self_hosted = p.hosted.price(&p.likely);
        self.api = p.api.iter().map(|a| a.price(&p.likely)).collect();
    }

    /// Price the smaller fleets with the rest of the load on an API.
    pub fn price_spill(&self, options: &mut [SpillOption]) {
        let (frame, likely) = (self.pricing.hosted, &self.pricing.likely);
        let Some(usd_per_token) = frame.stand_in_usd_per_token else { return };
        for o in options {
            let spill = Some(Spill { percentile: o.percentile, usd_per_token });
            let level = self_hosted::load_curve(likely, spill).level();
            let curve = FleetCurve {
                tokens_per_day_per_replica: frame.curve.tokens_per_day_per_replica * frame.peak_factor / level,
                ..frame.curve
            };
            let hosted = Frame { curve, peak_factor: level, spill, ..frame }.price(likely);
            o.usd_per_month = hosted.total(self.tokens_per_day);
        }
    }

    /// The baseline that costs least at a daily volume.
    pub fn cheapest(&self, tokens_per_day: f64) -> Option<&ApiBaseline> {
        self.api.iter().min_by(|a, b| a.total(tokens_per_day).total_cmp(&b.total(tokens_per_day)))
    }
}

/// Price both sides.
pub fn price(subject: &Subject, fleet: &Fleet, warnings: &mut Vec<Warning>) -> Cost {
    let gpus = fleet.curve.gpus_per_replica;
    let market = Market::of(subject, gpus);
    let (rate, likely) = likely(subject, gpus, &market, true);
    gpu_rate::warn(subject, gpus, &rate, warnings);
    let api = api::baselines(subject, &likely, warnings);
    let hosted = frame(subject, fleet.curve, fleet.runs, &rate, &api, &likely);
    warn(subject, fleet, &hosted, warnings);
    Cost {
        self_hosted: hosted.price(&likely),
        api: api.iter().map(|a| a.price(&likely)).collect(),
        tokens_per_day: fleet.tokens_per_day,
        pricing: Pricing { hosted, api, likely, rate, market, months: subject.scenario.horizon_months },
    }
}

/// The self-hosted side again for a scenario that pays for the same fleet in another way: its price per GPU, its likely
/// inputs, and what does not change when one of them is moved.
pub fn reprice_hosted(subject: &Subject, cost: &Cost) -> (GpuRate, Inputs, Frame) {
    let old = &cost.pricing;
    let (rate, likely) = likely(subject, old.hosted.curve.gpus_per_replica, &old.market, false);
    let hosted = frame(subject, old.hosted.curve, old.hosted.runs, &rate, &old.api, &likely);
    let hosted = Frame { answers: old.hosted.answers, ..hosted };
    (rate, likely, hosted)
}

/// The price per GPU, with or without words, and the likely value of every input.
fn likely(subject: &Subject, gpus: u32, market: &Market, words: bool) -> (GpuRate, Inputs) {
    let rate = gpu_rate::rate(subject, gpus, market, words);
    let mut likely = Inputs::likely(subject);
    // Not a number where unknown: everything that rests on it is then unknown too, never 0.
    likely.set(Lever::UsdPerGpuHour, rate.usd_per_gpu_hour.unwrap_or(f64::NAN));
    likely.set(Lever::UsdPerGpu, rate.usd_per_gpu.unwrap_or(f64::NAN));
    let watts = subject.scenario.owned.watts_per_gpu.map(|w| w.likely).or(subject.accelerator.tdp_w);
    likely.set(Lever::WattsPerGpu, watts.unwrap_or(f64::NAN));
    (rate, likely)
}

fn frame(subject: &Subject, curve: FleetCurve, runs: bool, rate: &GpuRate, api: &[ApiFrame], likely: &Inputs) -> Frame {
    let (h, owned) = (&subject.scenario.hardware, &subject.scenario.owned);
    let payment = if h.acquisition == Acquisition::Owned { Payment::Owned } else { Payment::Rented };
    let own_hour = rate.usd_per_gpu_hour;
    let flexible = match (rate.on_demand_usd_per_gpu_hour, own_hour) {
        (Some(d), Some(o)) if o > 0.0 => (d / o).max(1.0),
        // Unknown, not equal: a chosen provider that rents spot only.
        (None, Some(_)) if h.acquisition == Acquisition::Spot => f64::NAN,
        _ => 1.0,
    };
    let per_rack = f64::from(subject.accelerator.gpus_per_node_typical.max(1));
    let left_open = payment == Payment::Owned && owned.colocation_usd_per_month.is_none();
    // The same weights stand in where somebody hosts them, else the cheapest baseline there is.
    let stand_in = api.iter().map(|a| a.usd_per_token(likely)).min_by(f64::total_cmp);
    let price = api.iter().find(|a| a.role == "same_weights").map(|a| a.usd_per_token(likely)).or(stand_in);
    let spill = fleet_spill(subject.scenario, price);
    Frame {
        curve,
        payment,
        flexible_ratio: flexible,
        first_on_demand: h.acquisition == Acquisition::Spot,
        all_in_watts: owned.watts_per_gpu.is_some(),
        colocation_per_gpu: if left_open { COLOCATION_USD_PER_RACK / per_rack } else { 0.0 },
        peak_factor: self_hosted::load_curve(likely, spill).level(),
        runs,
        failover_usd_per_token: subject.scenario.fails_over_to_api().then(|| price.unwrap_or(f64::NAN)),
        spill,
        stand_in_usd_per_token: price,
        answers: 1.0,
    }
}

/// What spills over to an API at that price.
fn fleet_spill(scenario: &Scenario, usd_per_token: Option<f64>) -> Option<Spill> {
    let percentile = LoadCurve::of(scenario).percentile?;
    Some(Spill { percentile, usd_per_token: usd_per_token.unwrap_or(f64::NAN) })
}

/// Say what an API may not do because data must stay in house, by the requirements or by a step of the whole pipeline.
pub fn warn_in_house(s: &Scenario, warnings: &mut Vec<Warning>) {
    if s.hardware.api_failover && s.keeps_data() {
        warnings.push(Warning::new(
            "hardware.api_failover",
            "data that must stay in house cannot fall back to an API, so the fleet keeps its spare replicas",
            "turn it off, and say how many spare replicas there are",
        ));
    }
    if s.hardware.spill_percentile.is_some() && s.keeps_data() {
        warnings.push(Warning::new(
            "hardware.spill_percentile",
            "data that must stay in house cannot spill over to an API, so the fleet is sized for the whole load",
            "leave it open",
        ));
    }
}

fn warn(subject: &Subject, fleet: &Fleet, frame: &Frame, warnings: &mut Vec<Warning>) {
    if frame.spill.is_some_and(|s| s.usd_per_token.is_nan()) {
        warnings.push(Warning::new(
            "hardware.spill_percentile",
            "no API price is known for the tokens that spill over, so the self-hosted side has no cost",
            "name an API under api.same_weights, or leave it open",
        ));
    }
    if frame.failover_usd_per_token.is_some_and(f64::is_nan) {
        warnings.push(Warning::new(
            "hardware.api_failover",
            "no API price is known for the tokens that fail over, so the self-hosted side has no cost",
            "name an API under api.same_weights, or use spare replicas",
        ));
    }
    if frame.first_on_demand {
        warnings.push(Warning::new(
            "hardware.acquisition",
            "spot capacity can be taken back at any time, so the first replica is charged on demand",
            "choose on_demand or a reservation to change that",
        ));
    }
    if frame.payment == Payment::Owned {
        warn_owned(subject, warnings);
    }
    let most = f64::from(fleet.curve.pinned.unwrap_or(0).max(1)) * fleet.curve.tokens_per_day_per_replica;
    if fleet.curve.pinned.is_some() && fleet.tokens_per_day > most {
        warnings.push(Warning::new(
            "serving.replicas",
            format!("the pinned replicas carry {most:.0} tokens a day inside the targets, less than the volume"),
            "leave serving.replicas open, or pin more",
        ));
    }
}

fn warn_owned(subject: &Subject, warnings: &mut Vec<Warning>) {
    let owned = &subject.scenario.owned;
    let all_in = subject.catalog.all_in_power.iter().find(|p| p.gpu == subject.accelerator.id);
    match (owned.watts_per_gpu, subject.accelerator.tdp_w, all_in) {
        (None, None, _) => warnings.push(Warning::new(
            "owned.watts_per_gpu",
            "the board power of this accelerator is unknown, so the self-hosted side has no cost",
            "type watts per GPU of your own",
        )),
        (None, Some(tdp), Some(row)) => warnings.push(Warning::new(
            "owned.watts_per_gpu",
            format!("power is board power ({tdp:.0} W) times PUE; host and network would add to it"),
            format!("type {:.0} W for everything around one GPU ({}, {})", row.watts, row.source, row.as_of),
        )),
        _ => {}
    }
    if owned.colocation_usd_per_month.is_none() {
        warnings.push(Warning::new(
            "owned.colocation_usd_per_month",
            format!("colocation is estimated at ${COLOCATION_USD_PER_RACK:.0} a month per server (Lenovo LP2368)"),
            "type the rent of your racks",
        ));
    }
}
