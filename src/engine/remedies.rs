//! What would make a deployment work that does not: changes of one field, each planned before it is named.

use serde_json::Value;

use super::deployment::{Layout, Subject};
use super::memory::{Memory, hints};
use super::routing::with_workload_of_steps;
use super::uncertainty::Uncertainty;
use super::{Plan, planned};
use crate::catalog::Catalog;
use crate::quantity::{Unit, exact, human};
use crate::scenario::{Acquisition, Scenario, document, field};

/// Most remedies named, and how many of them may be other accelerators.
const MOST: usize = 4;
const MOST_ACCELERATORS: usize = 2;
/// Layouts and loads that a reader may have pinned; left to the planner, each may be what was in the way.
const PINS: [&str; 6] = [
    "serving.tensor_parallel",
    "serving.pipeline_parallel",
    "serving.data_parallel_attention",
    "serving.replicas",
    "serving.concurrency",
    "serving.max_num_seqs",
];
/// Plans for finding the least latency target that is kept, and how much dearer than an easy one it may be.
const TARGETS_TRIED: usize = 12;
const MUCH_MORE: f64 = 1.25;

/// A field's path, and its value as a reader would write it.
type Change = (&'static str, String);

/// A change of one field, and what it leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// Path of the field.
    pub path: &'static str,
    /// Its value, as a reader would write it.
    pub value: String,
    /// US dollars a month with it: of a pipeline in all, else self-hosted; `None` where a price is not known.
    pub usd_per_month: Option<f64>,
    /// GPUs of the whole fleet with it.
    pub gpus: f64,
    /// What is still in the way, for people; `None` where it works.
    pub but: Option<String>,
}

impl Remedy {
    /// What it leads to, in words; `usd_per_month` may have been converted.
    pub fn outcome(&self) -> String {
        let gpus = format!("{:.0} GPU{}", self.gpus, if self.gpus == 1.0 { "" } else { "s" });
        let price = match self.usd_per_month {
            Some(usd) => format!("{} a month", human(usd, Unit::Usd)),
            None => "a price that is not known".into(),
        };
        match &self.but {
            Some(but) => format!("{gpus}, {price}; it fits, but {but}"),
            None => format!("{gpus}, {price}, within your targets"),
        }
    }
}

/// Changes of one field after which the model fits, meets the latency targets and carries the volume, the cheapest first;
/// then those after which it fits at least. Empty where nothing is in the way, or nothing is known to help.
///
/// About as many plans without draws as the catalog has accelerators: for when a reader has stopped, not for every move.
pub fn remedies(scenario: &Scenario, catalog: &Catalog) -> Vec<Remedy> {
    let Some(now) = Tried::of(scenario, catalog).filter(|t| t.is_troubled()) else { return Vec::new() };
    let tried = |change: Change| {
        let after = Tried::with(scenario, catalog, &change)?;
        let better = after.works() || after.is_too_slow() && !now.is_too_slow();
        let (path, value) = change;
        better.then(|| Remedy {
            path,
            value,
            usd_per_month: after.usd_per_month(),
            gpus: after.plan.fleet.gpus,
            but: after.but(),
        })
    };
    let mut all: Vec<Remedy> = Vec::new();
    for found in changes(scenario, catalog, &now).into_iter().filter_map(tried) {
        // What the planner would choose may be what is named already.
        let same = |r: &Remedy| r.path == found.path && (r.usd_per_month, &r.but) == (found.usd_per_month, &found.but);
        if !all.iter().any(same) {
            all.push(found);
        }
    }
    all.extend(cheapest(accelerators(scenario, catalog).into_iter().filter_map(tried).collect()));
    all.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
    all.truncate(MOST);
    all
}

/// What works before what does not yet, the cheapest first.
fn rank(r: &Remedy) -> f64 {
    match (&r.but, r.usd_per_month) {
        (None, Some(usd)) => usd,
        (None, None) => f64::MAX,
        (Some(_), _) => f64::INFINITY,
    }
}

/// The cheapest of other accelerators: those that work, where some do.
fn cheapest(mut all: Vec<Remedy>) -> Vec<Remedy> {
    all.retain(|r| r.usd_per_month.is_some());
    if all.iter().any(|r| r.but.is_none()) {
        all.retain(|r| r.but.is_none());
    }
    all.sort_by(|a, b| a.usd_per_month.unwrap_or(f64::MAX).total_cmp(&b.usd_per_month.unwrap_or(f64::MAX)));
    all.truncate(MOST_ACCELERATORS);
    all
}

/// What is tried on the same accelerator.
fn changes(scenario: &Scenario, catalog: &Catalog, now: &Tried) -> Vec<Change> {
    let whole = with_workload_of_steps(scenario);
    let Ok(subject) = Subject::of(&whole, catalog, &mut Vec::new()) else { return Vec::new() };
    let mut out: Vec<Change> = Vec::new();
    if now.is_too_slow() {
        out.extend(hints::smaller_formats(&subject).map(|q| ("model.quantization", q.to_string())));
        out.extend(least_target_kept(scenario, catalog, now));
    } else {
        let target = scenario.serving.concurrency.unwrap_or(1.0);
        let layout = now.layout();
        let room = hints::changes(&subject, &Memory::size(&subject, layout), layout, target);
        out.extend(room.into_iter().map(|c| (c.path, c.value)));
        out.extend([2, 4].map(|stages| ("serving.pipeline_parallel", stages.to_string())));
    }
    let pinned = |path: &&&'static str| {
        field(path).and_then(|f| f.number()).is_some_and(|n| n.nullable && (n.get)(scenario).is_some())
    };
    out.extend(PINS.iter().filter(pinned).map(|path| (*path, "auto".to_string())));
    out
}

/// Every other accelerator of the same maker, for which the same software is written, where nothing is pinned that belongs
/// to the one there is.
fn accelerators(scenario: &Scenario, catalog: &Catalog) -> Vec<Change> {
    let (h, o) = (&scenario.hardware, &scenario.owned);
    let priced = match h.acquisition {
        Acquisition::Owned => o.usd_per_gpu.is_some() || o.watts_per_gpu.is_some(),
        _ => h.usd_per_gpu_hour.is_some() || h.provider.is_some(),
    };
    if priced || h.memory_bytes.is_some() {
        return Vec::new();
    }
    let vendor = catalog.accelerator(&h.accelerator).map(|a| &a.vendor);
    let others = catalog.accelerators.iter().filter(|a| a.id != h.accelerator && Some(&a.vendor) == vendor);
    others.map(|a| ("hardware.accelerator", a.id.clone())).collect()
}

/// The latency target that is missed, and the least value of it, to two digits, that is kept without costing much more than
/// twice what one request alone takes: at the very edge a replica has room for one request at a time. Nothing where the
/// other target is missed too.
fn least_target_kept(scenario: &Scenario, catalog: &Catalog, now: &Tried) -> Option<Change> {
    let (path, _, reached, most) = now.missed()?;
    let change = |ms: f64| (path, exact(ms, Unit::Milliseconds));
    let cost = |ms: f64| {
        let after = Tried::with(scenario, catalog, &change(ms)).filter(Tried::works)?;
        Some(after.usd_per_month().unwrap_or(0.0))
    };
    let (mut missed, mut kept) = (most, two_digits_up(2.0 * reached));
    let bearable = MUCH_MORE * cost(kept)?;
    let is_kept = |ms: f64| cost(ms).is_some_and(|usd| usd <= bearable);
    for _ in 0..TARGETS_TRIED {
        let between = two_digits_up((missed * kept).sqrt());
        // Across a power of ten the number in the middle is rounded up to the end.
        let between = if between < kept { between } else { next_below(kept) };
        if between <= missed {
            break;
        }
        *if is_kept(between) { &mut kept } else { &mut missed } = between;
    }
    Some(change(kept))
}

/// The next number of two digits that is not less: what a reader would write.
fn two_digits_up(ms: f64) -> f64 {
    let digits = libm::floor(libm::log10(ms)) - 1.0;
    // Dividing by a whole power gives the number that is written; multiplying by a fraction gives its neighbour.
    let scale = libm::pow(10.0, digits.abs());
    let whole = |x: f64| libm::ceil(x - 1e-9);
    if digits < 0.0 { whole(ms * scale) / scale } else { whole(ms / scale) * scale }
}

/// The number of two digits before one.
fn next_below(ms: f64) -> f64 {
    let digits = libm::floor(libm::log10(ms * (1.0 - 1e-9))) - 1.0;
    let scale = libm::pow(10.0, digits.abs());
    if digits < 0.0 { (libm::round(ms * scale) - 1.0) / scale } else { (libm::round(ms / scale) - 1.0) * scale }
}

/// A scenario planned without draws.
struct Tried {
    plan: Plan,
}

impl Tried {
    fn of(scenario: &Scenario, catalog: &Catalog) -> Option<Self> {
        let plan = planned(scenario, catalog, &mut |_, _| Uncertainty::default()).ok()?;
        Some(Self { plan })
    }

    fn with(scenario: &Scenario, catalog: &Catalog, (path, value): &Change) -> Option<Self> {
        let mut changed = scenario.clone();
        document::put_value(field(path)?, &mut changed, &Value::String(value.clone())).ok()?;
        Self::of(&changed, catalog)
    }

    fn is_too_slow(&self) -> bool {
        self.plan.advice.verdict == "too_slow"
    }

    fn is_troubled(&self) -> bool {
        self.is_too_slow() || self.plan.advice.verdict == "does_not_fit"
    }

    /// Whether it does the work: of a pipeline, that of every step.
    fn works(&self) -> bool {
        !self.is_troubled() && self.plan.advice.verdict != "unplaced"
    }

    fn layout(&self) -> Layout {
        let f = &self.plan.fleet;
        let plain = Layout::new(f.tensor_parallel.max(1), f.pipeline_parallel.max(1));
        Layout { data_parallel_attention: f.data_parallel_attention.max(1), ..plain }
    }

    fn usd_per_month(&self) -> Option<f64> {
        match &self.plan.routing {
            Some(routing) => Some(routing.total_usd),
            None => self.plan.cost.self_hosted.map(|l| l.total_usd_per_month),
        }
    }

    /// The first latency target that is missed: its path, what takes that long, the 95th percentile and the target, ms.
    fn missed(&self) -> Option<(&'static str, &'static str, f64, f64)> {
        let (s, t) = (&self.plan.speed, &self.plan.targets);
        let each = [
            ("workload.tpot_p95_ms", "a token", s.tpot_p95_ms, t.tpot_p95_ms),
            ("workload.ttft_p95_ms", "the first token", s.ttft_p95_ms, t.ttft_p95_ms),
        ];
        each.into_iter().find(|(_, _, ms, most)| ms > most)
    }

    /// What is still in the way of what fits.
    fn but(&self) -> Option<String> {
        self.is_too_slow().then(|| match self.missed() {
            Some((_, what, ms, most)) if !self.plan.speed.targets_met => {
                let (ms, most) = (human(ms, Unit::Milliseconds), human(most, Unit::Milliseconds));
                format!("{what} takes {ms} at the 95th percentile, and you allow {most}")
            }
            _ => "the replicas you pinned are too few for the volume".into(),
        })
    }
}

#[cfg(test)]
mod tests {
    //! Pins the rounding of an offered target.
    use super::*;

    /// `4.800000000000001 ms` was offered.
    #[test]
    fn a_target_has_two_digits_and_is_not_less() {
        for (ms, written) in [
            (4.71, "4.8 ms"),
            (0.123, "0.13 ms"),
            (81.6, "82 ms"),
            (99.01, "100 ms"),
            (1234.0, "1300 ms"),
            (2.9, "2.9 ms"),
        ] {
            assert_eq!(exact(two_digits_up(ms), Unit::Milliseconds), written);
        }
        for (ms, before) in
            [(100.0, 99.0), (110.0, 100.0), (97.0, 96.0), (1.0, 0.99), (4.8, 4.7), (0.1, 0.099), (1000.0, 990.0)]
        {
            assert_eq!(next_below(ms), before);
        }
        for n in 1..=99 {
            for scale in [10.0, 100.0, 1000.0] {
                let x = f64::from(n) / scale;
                assert_eq!(two_digits_up(x), x, "{n}/{scale}");
            }
        }
    }
}
