//! What would make a deployment work that does not: changes of one field, each planned before it is named.

use serde_json::Value;

use super::Sides;
use super::advice::{Verdict, obstacle};
use super::deployment::Subject;
use super::memory::hints;
use super::routing::with_workload_of_steps;
use crate::catalog::{Catalog, Quantization};
use crate::quantity::{Unit, human};
use crate::scenario::{Scenario, document, field};

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

/// A change of one field, and what it leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// Path of the field.
    pub path: &'static str,
    /// Its value, as a reader would write it.
    pub value: String,
    /// Self-hosted US dollars a month with it; `None` where a price is not known.
    pub usd_per_month: Option<f64>,
    /// What is still in the way, for people; `None` where it works.
    pub but: Option<String>,
}

impl Remedy {
    /// What it leads to, in words; `usd_per_month` may have been converted.
    pub fn outcome(&self) -> String {
        match (&self.but, self.usd_per_month) {
            (Some(but), _) => format!("it fits, but {but}"),
            (None, Some(usd)) => format!("within your targets, for {} a month", human(usd, Unit::Usd)),
            (None, None) => "within your targets, at a price that is not known".into(),
        }
    }
}

/// Changes of one field after which the model fits, meets the latency targets and carries the volume, the cheapest first;
/// then those after which it fits at least. Empty where nothing is in the way, or nothing is known to help.
///
/// About as many plans without draws as the catalog has accelerators: for when a reader has stopped, not for every move.
pub fn remedies(scenario: &Scenario, catalog: &Catalog) -> Vec<Remedy> {
    let Some(now) = Tried::of(scenario, catalog).filter(|t| t.obstacle.is_some()) else { return Vec::new() };
    let fits = |t: &Tried| t.obstacle != Some(Verdict::DoesNotFit);
    let tried = |(path, value): (&'static str, String)| {
        let mut changed = scenario.clone();
        document::put_value(field(path)?, &mut changed, &Value::String(value.clone())).ok()?;
        let after = Tried::of(&changed, catalog)?;
        let better = after.obstacle.is_none() || fits(&after) && !fits(&now);
        better.then_some(Remedy { path, value, usd_per_month: after.usd_per_month, but: after.but })
    };
    let mut all: Vec<Remedy> = changes(scenario, catalog, &now).into_iter().filter_map(tried).collect();
    all.extend(cheapest(accelerators(scenario, catalog).into_iter().filter_map(tried).collect()));
    all.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
    // What the planner would choose may be what is named already.
    all.dedup_by(|b, a| a.path == b.path && a.usd_per_month == b.usd_per_month && a.but == b.but);
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
fn changes(scenario: &Scenario, catalog: &Catalog, now: &Tried) -> Vec<(&'static str, String)> {
    let mut out: Vec<(&'static str, String)> = now.room.iter().map(|c| (c.path, c.value.clone())).collect();
    let pinned = |path: &&&'static str| {
        field(path).and_then(|f| f.number()).is_some_and(|n| n.nullable && (n.get)(scenario).is_some())
    };
    out.extend(PINS.iter().filter(pinned).map(|path| (*path, "auto".to_string())));
    if now.obstacle == Some(Verdict::TooSlow) {
        out.extend(now.reached.iter().map(|(path, ms)| (*path, format!("{ms} ms"))));
        let quantization = Subject::of(scenario, catalog, &mut Vec::new()).map(|s| s.quantization);
        let smaller = quantization.map(hints::smaller).unwrap_or_default();
        out.extend(smaller.iter().map(|q: &Quantization| ("model.quantization", q.to_string())));
    }
    out
}

/// Every other accelerator of the same maker, for which the same software is written, where nothing is pinned that belongs
/// to the one there is.
fn accelerators(scenario: &Scenario, catalog: &Catalog) -> Vec<(&'static str, String)> {
    let (h, o) = (&scenario.hardware, &scenario.owned);
    let own = h.usd_per_gpu_hour.is_some() || h.memory_bytes.is_some() || h.provider.is_some();
    if own || o.usd_per_gpu.is_some() || o.watts_per_gpu.is_some() {
        return Vec::new();
    }
    let vendor = catalog.accelerator(&h.accelerator).map(|a| &a.vendor);
    let others = catalog.accelerators.iter().filter(|a| a.id != h.accelerator && Some(&a.vendor) == vendor);
    others.map(|a| ("hardware.accelerator", a.id.clone())).collect()
}

/// A scenario sized and priced, without what a verdict on money needs.
struct Tried {
    obstacle: Option<Verdict>,
    but: Option<String>,
    usd_per_month: Option<f64>,
    /// Changes that make room.
    room: Vec<hints::Change>,
    /// The latency target that is missed, and the least one that is not, ms.
    reached: Option<(&'static str, f64)>,
}

impl Tried {
    fn of(scenario: &Scenario, catalog: &Catalog) -> Option<Self> {
        let scenario = &*with_workload_of_steps(scenario);
        let subject = Subject::of(scenario, catalog, &mut Vec::new()).ok()?;
        let Sides { fleet, cost, .. } = Sides::of(&subject, None);
        let obstacle = obstacle(&fleet, &cost);
        let (w, s) = (&scenario.workload, &fleet.speed);
        let missed = [
            ("workload.tpot_p95_ms", "a token", s.tpot_p95_ms, w.tpot_p95_ms.likely),
            ("workload.ttft_p95_ms", "the first token", s.ttft_p95_ms, w.ttft_p95_ms.likely),
        ];
        let missed = missed.into_iter().find(|(_, _, ms, most)| ms > most);
        let slow = obstacle == Some(Verdict::TooSlow);
        let but = slow.then(|| match missed {
            Some((_, what, ms, most)) => {
                let (ms, most) = (human(ms, Unit::Milliseconds), human(most, Unit::Milliseconds));
                format!("{what} then takes {ms} at the 95th percentile, and you allow {most}")
            }
            None => "the replicas you pinned are too few for the volume".into(),
        });
        let target = scenario.serving.concurrency.unwrap_or(1.0);
        Some(Self {
            obstacle,
            but,
            usd_per_month: cost.self_hosted.lines(cost.tokens_per_day).map(|l| l.total_usd_per_month),
            room: match obstacle {
                Some(Verdict::DoesNotFit) => hints::changes(&subject, &fleet.memory, fleet.layout, target),
                _ => Vec::new(),
            },
            reached: missed.filter(|_| slow).map(|(path, _, ms, _)| (path, round_up(ms))),
        })
    }
}

/// The next value that a reader would write: two digits, no less.
fn round_up(ms: f64) -> f64 {
    let unit = libm::pow(10.0, libm::floor(libm::log10(ms)) - 1.0);
    libm::ceil(ms / unit) * unit
}
