//! How many replicas of which layout: the layout search, replicas for the peak, spares, utilisation, spill-over.

pub mod charge;
pub mod curve;
pub mod failover;
pub mod layout;
pub mod load;
pub mod search;
pub mod spares;
pub mod spill;

use serde::Serialize;

use super::deployment::{Layout, Subject};
use super::memory::Memory;
use super::speed::{self, Point, SpeedReport};
use crate::scenario::Warning;
use crate::units::SECONDS_PER_DAY;
pub use curve::FleetCurve;
pub use failover::Failover;
pub use load::LoadCurve;
use search::Candidate;
pub use search::RunnerUp;
pub use spill::{Scaling, SpillOption};

/// The chosen layout and how many replicas of it serve a volume.
#[derive(Debug, Clone)]
pub struct Fleet {
    /// How one replica is laid out.
    pub layout: Layout,
    /// Its memory.
    pub memory: Memory,
    /// Its speed.
    pub speed: SpeedReport,
    /// What sizes the fleet for a volume.
    pub curve: FleetCurve,
    /// Tokens a day of the scenario.
    pub tokens_per_day: f64,
    /// Whether a replica can start at all.
    pub runs: bool,
    /// How the load spreads over a day.
    pub load: LoadCurve,
    /// One replica at the day's average and at its peak.
    pub at: Option<LoadPoints>,
    /// Whether the API takes over what the fleet cannot.
    pub api_takes_over: bool,
    /// Zones that it is spread over.
    pub zones: u32,
    /// Requests per second of the whole fleet, average.
    pub requests_per_second: f64,
    /// Layouts that lost.
    pub runners_up: Vec<RunnerUp>,
    /// Why a replica less, or a smaller one, would not do.
    pub why_not_fewer: Option<String>,
}

/// One replica under its share of the load.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LoadPoint {
    /// Requests per second that reach it.
    pub requests_per_second: f64,
    /// Requests in flight.
    pub concurrency: f64,
    /// Mean time per output token, ms.
    pub tpot_ms: f64,
    /// 95th percentile of it, ms.
    pub tpot_p95_ms: f64,
    /// Mean time to first token, ms.
    pub ttft_ms: f64,
    /// 95th percentile of it, ms.
    pub ttft_p95_ms: f64,
    /// Whether more arrives than it can serve; the numbers are then those of a full replica, and waits grow without end.
    pub overloaded: bool,
}

/// One replica at the day's average and at its peak.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LoadPoints {
    /// At the average.
    pub average: LoadPoint,
    /// At the peak, after what can wait has been moved.
    pub peak: LoadPoint,
    /// At the peak with one replica lost; `null` where there is only one.
    pub peak_with_one_lost: Option<LoadPoint>,
    /// At the peak with the fullest of `hardware.zones` lost; `null` where there is one zone.
    pub peak_with_a_zone_lost: Option<LoadPoint>,
}

/// The Plan's fleet section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FleetReport {
    /// GPUs that share every layer.
    pub tensor_parallel: u32,
    /// Pipeline stages.
    pub pipeline_parallel: u32,
    /// Attention replicas inside a replica.
    pub data_parallel_attention: u32,
    /// GPUs of one replica.
    pub gpus_per_replica: u32,
    /// Replicas that carry the peak.
    pub replicas_for_peak: f64,
    /// Replicas that stand by.
    pub spare_replicas: u32,
    /// All replicas.
    pub replicas: f64,
    /// All GPUs.
    pub gpus: f64,
    /// Served over what all replicas could serve at full load, 0..1.
    pub utilization: f64,
    /// The same at the peak.
    pub utilization_at_peak: f64,
    /// One replica at the day's average and at its peak; `null` where it cannot run.
    pub at: Option<LoadPoints>,
    /// Share of the tokens that an API takes because they arrive above `hardware.spill_percentile`, 0..1.
    pub api_share_of_tokens: f64,
    /// What may fail.
    pub failover: Option<Failover>,
    /// Smaller fleets with the rest of the load on the API.
    pub spill: Vec<SpillOption>,
    /// Replicas that follow the load.
    pub scaling: Option<Scaling>,
    /// Layouts that lost, best first.
    pub runners_up: Vec<RunnerUp>,
    /// Why a replica less, or a smaller one, would not do.
    pub why_not_fewer: Option<String>,
}

impl Fleet {
    /// Replicas that would carry the day's average exactly, as a fraction.
    fn replicas_for_average(&self) -> f64 {
        self.tokens_per_day / self.curve.tokens_per_day_at_full_load
    }

    /// All GPUs.
    pub fn gpus(&self) -> f64 {
        self.curve.replicas(self.tokens_per_day) * f64::from(self.layout.gpus())
    }

    /// Served over what all replicas could serve at full load, 0..1.
    pub fn utilization(&self) -> f64 {
        self.replicas_for_average() * (1.0 - self.load.spilled()) / self.curve.replicas(self.tokens_per_day)
    }

    /// Smaller fleets than carry the whole load; none where the reader pinned their number.
    fn spill_options(&self, replicas_for_average: f64) -> Vec<SpillOption> {
        let all = crate::math::ceil_tolerant(replicas_for_average * self.load.up_to(None).level()).max(1.0);
        match self.curve.pinned {
            Some(_) => Vec::new(),
            None => spill::options(&self.load, replicas_for_average, all),
        }
    }

    /// The Plan's sections about one replica's speed and about the fleet.
    pub fn report(self) -> (SpeedReport, FleetReport) {
        let replicas = self.curve.replicas(self.tokens_per_day);
        let for_peak = self.curve.replicas_for_peak(self.tokens_per_day);
        let average = self.replicas_for_average();
        let needed = average * self.load.level();
        let known = average.is_finite();
        let report = FleetReport {
            tensor_parallel: self.layout.tensor_parallel,
            pipeline_parallel: self.layout.pipeline_parallel,
            data_parallel_attention: self.layout.data_parallel_attention,
            gpus_per_replica: self.layout.gpus(),
            replicas_for_peak: for_peak,
            spare_replicas: self.curve.spares.beside(for_peak) as u32,
            replicas,
            gpus: self.gpus(),
            utilization: self.utilization(),
            utilization_at_peak: needed / replicas,
            at: self.at,
            api_share_of_tokens: self.load.spilled(),
            failover: known.then(|| {
                let needed = crate::math::ceil_tolerant(needed).max(1.0);
                Failover::of(replicas, needed, self.zones, self.api_takes_over)
            }),
            spill: if known { self.spill_options(average) } else { Vec::new() },
            scaling: known.then(|| spill::scaling(&self.load, average, self.requests_per_second)),
            runners_up: self.runners_up,
            why_not_fewer: self.why_not_fewer,
        };
        (self.speed, report)
    }
}

/// Choose the layout that serves the volume with the fewest GPUs inside the targets, and size the fleet.
pub fn choose(subject: &Subject, warnings: &mut Vec<Warning>) -> Fleet {
    let search::Found { winner, runners_up, smaller } = search::search(subject);
    let w = &subject.scenario.workload;
    let load = LoadCurve::of(subject.scenario);
    let rate = w.tokens_per_day.likely / (subject.sizes.input + subject.sizes.output).max(1.0) / SECONDS_PER_DAY;
    let replicas = winner.curve.replicas(w.tokens_per_day.likely);
    let at = winner.operating.map(|_| load_points(&winner, rate, load, replicas, subject.scenario.hardware.zones));
    let speed = match &winner.operating {
        Some(o) => speed::report(subject, &winner.model, winner.room, o),
        None => SpeedReport::unknown(),
    };
    warn(subject, &winner, at.as_ref(), warnings);
    Fleet {
        why_not_fewer: why_not_fewer(subject, &winner, smaller.as_ref(), rate * load.level()),
        layout: winner.layout,
        runs: winner.runs(),
        speed,
        curve: winner.curve,
        tokens_per_day: w.tokens_per_day.likely,
        load,
        at,
        api_takes_over: subject.scenario.fails_over_to_api(),
        zones: subject.scenario.hardware.zones,
        requests_per_second: rate,
        runners_up,
        memory: winner.memory,
    }
}

fn load_points(c: &Candidate, rate: f64, load: LoadCurve, replicas: f64, zones: u32) -> LoadPoints {
    let (level, served) = (load.level(), 1.0 - load.spilled());
    let left = replicas - (replicas / f64::from(zones)).ceil();
    LoadPoints {
        average: load_point(c, rate * served / replicas),
        peak: load_point(c, rate * level / replicas),
        peak_with_one_lost: (replicas > 1.0).then(|| load_point(c, rate * level / (replicas - 1.0))),
        peak_with_a_zone_lost: (left > 0.0).then(|| load_point(c, rate * level / left)),
    }
}

/// A replica under that many requests per second.
fn load_point(c: &Candidate, rate: f64) -> LoadPoint {
    let batch = c.model.batch_at(rate, c.room.places);
    let p: Point = c.model.open_loop(batch.unwrap_or(c.room.places), c.room.places);
    LoadPoint {
        requests_per_second: rate,
        concurrency: p.concurrency,
        tpot_ms: p.tpot_ms,
        tpot_p95_ms: p.tpot_p95_ms,
        ttft_ms: p.ttft_ms,
        ttft_p95_ms: p.ttft_p95_ms,
        overloaded: batch.is_none(),
    }
}

/// Plan with one replica less, or with a smaller one where there is only one, and say what would go wrong.
fn why_not_fewer(subject: &Subject, c: &Candidate, smaller: Option<&RunnerUp>, peak_rate: f64) -> Option<String> {
    c.operating?;
    let carrying = c.curve.replicas_for_peak(subject.scenario.workload.tokens_per_day.likely);
    if c.curve.pinned.is_some() && load_point(c, peak_rate / carrying).overloaded {
        return Some("the number of replicas is pinned, to fewer than the peak needs".into());
    }
    if carrying <= 1.0 {
        return Some(match smaller {
            Some(r) => {
                let gpus = r.gpus_per_replica;
                format!("one replica carries it; on {gpus} GPU{}: {}", if gpus == 1 { "" } else { "s" }, r.reason)
            }
            None => "one replica of its fewest GPUs carries it".into(),
        });
    }
    let fewer = carrying - 1.0;
    let replicas = if fewer == 1.0 { "1 replica".to_string() } else { format!("{fewer:.0} replicas") };
    let p = load_point(c, peak_rate / fewer);
    let w = &subject.scenario.workload;
    Some(match p {
        LoadPoint { overloaded: true, .. } => {
            format!("{replicas} would be overloaded at the peak: requests arrive faster than they are served")
        }
        p if p.tpot_p95_ms > w.tpot_p95_ms.likely => {
            let (took, target) = beside(p.tpot_p95_ms, w.tpot_p95_ms.likely);
            format!("with {replicas} a token would take {took} ms at the peak (target {target})")
        }
        p if p.ttft_p95_ms > w.ttft_p95_ms.likely => {
            let (took, target) = beside(p.ttft_p95_ms, w.ttft_p95_ms.likely);
            format!("with {replicas} the first token would take {took} ms at the peak (target {target})")
        }
        _ if c.curve.pinned.is_some() => {
            format!("{replicas} would carry the peak too; the number of replicas is pinned")
        }
        // The targets are met on average at the peak, but not with as many requests in flight as a replica is held to.
        _ => {
            let load = w.tokens_per_day.likely / (c.curve.tokens_per_day_per_replica * fewer);
            format!("{replicas} would run at {:.1} % of what is counted on at the peak", load * 100.0)
        }
    })
}

/// Two times with as many digits as tell them apart.
fn beside(took: f64, target: f64) -> (String, String) {
    let digits = (0..4).find(|d| format!("{took:.d$}") != format!("{target:.d$}")).unwrap_or(4);
    let whole = format!("{target}");
    (format!("{took:.digits$}"), if whole.len() < 8 { whole } else { format!("{target:.digits$}") })
}

fn warn(subject: &Subject, c: &Candidate, at: Option<&LoadPoints>, warnings: &mut Vec<Warning>) {
    let pinned = subject.scenario.serving.tensor_parallel.is_some();
    if !c.runs() {
        let size =
            if pinned { format!("{} of these GPUs", c.layout.gpus()) } else { "any replica of these GPUs".into() };
        warnings.push(Warning::new(
            if pinned { "serving.tensor_parallel" } else { "hardware.accelerator" },
            format!("the model and its longest request do not fit on {size}"),
            "choose a smaller format, a larger accelerator, more GPUs, or a shorter longest request",
        ));
    }
    if let Some(o) = c.operating.filter(|o| !o.targets_met && subject.scenario.serving.concurrency.is_none()) {
        let w = &subject.scenario.workload;
        let tpot = o.point.tpot_p95_ms > w.tpot_p95_ms.likely;
        let path = if tpot { "workload.tpot_p95_ms" } else { "workload.ttft_p95_ms" };
        let layout = match subject.pinned_layout() {
            Some(pinned) if pinned.gpus() == 1 => "one of these GPUs does not meet".into(),
            Some(pinned) => format!("{} of these GPUs do not meet", pinned.gpus()),
            None => "no layout of these GPUs meets".into(),
        };
        warnings.push(Warning::new(
            path,
            format!("{layout} the latency target, even for one request at a time"),
            "allow more time, choose a faster accelerator, a smaller format or shorter prompts",
        ));
    }
    if at.is_some_and(|a| a.peak.overloaded) {
        warnings.push(Warning::new(
            "serving.replicas",
            "overloaded: at the peak requests arrive faster than this fleet serves them",
            "add replicas, or leave their number to the plan",
        ));
    }
}

#[cfg(test)]
mod tests {
    //! Pins what is said of a fleet with one replica less, and at targets that are met exactly.
    use super::*;
    use crate::catalog::Catalog;
    use crate::engine::{Effort, Plan, plan_with};
    use crate::quantity::Range;
    use crate::scenario::Scenario;

    /// Llama-3.1-8B on single H100s, as many as are pinned, at a volume and with targets.
    fn pinned(replicas: u32, tokens_per_day: f64, (ttft_ms, tpot_ms): (f64, f64)) -> Plan {
        let mut s = Scenario::default();
        (s.model.id, s.hardware.accelerator) = ("meta-llama/Llama-3.1-8B-Instruct".into(), "h100-sxm".into());
        (s.serving.tensor_parallel, s.serving.replicas, s.hardware.spare_replicas) = (Some(1), Some(replicas), 0);
        s.workload.tokens_per_day = Range::point(tokens_per_day);
        (s.workload.ttft_p95_ms, s.workload.tpot_p95_ms) = (Range::point(ttft_ms), Range::point(tpot_ms));
        plan_with(&s, &Catalog::embedded().unwrap(), Effort { draws: 0 }).unwrap()
    }

    const EASY: (f64, f64) = (1e5, 1e4);

    #[test]
    fn pinned_replicas_are_too_few_only_where_each_has_too_much() {
        let overloaded = |replicas, volume| {
            let fleet = pinned(replicas, volume, EASY).fleet;
            (fleet.at.unwrap().peak.overloaded, fleet.why_not_fewer.unwrap().contains("fewer than the peak needs"))
        };
        // So much that one is overloaded and eight are not.
        let most = (1..20).map(|n| f64::from(n) * 2e8).find(|v| overloaded(1, *v).0).unwrap();
        assert_eq!((overloaded(1, most), overloaded(8, most)), ((true, true), (false, false)));
    }

    #[test]
    fn targets_that_are_met_to_the_last_digit_are_met() {
        let alone = pinned(1, 1e8, EASY).fleet.at.unwrap().peak;
        let two = |ttft: f64, tpot: f64| pinned(2, 1e8, (ttft, tpot)).fleet.why_not_fewer.unwrap();
        let (ttft, tpot) = (alone.ttft_p95_ms, alone.tpot_p95_ms);
        assert!(two(ttft, tpot).starts_with("1 replica would carry the peak too"), "{}", two(ttft, tpot));
        assert!(two(ttft * 0.999, tpot).contains("the first token would take"), "{}", two(ttft * 0.999, tpot));
        assert!(two(ttft, tpot * 0.999).contains("a token would take"), "{}", two(ttft, tpot * 0.999));
    }

    #[test]
    fn the_target_that_is_missed_is_the_one_that_is_named() {
        let named = |ttft: f64, tpot: f64| {
            let plan = pinned(1, 1e8, (ttft, tpot));
            let missed = |w: &&Warning| w.message.contains("the latency target");
            plan.warnings.iter().find(missed).map(|w| w.path.clone())
        };
        let idle = pinned(1, 1e8, (1.0, 1e4)).speed.tpot_p95_ms;
        assert_eq!(named(1.0, idle).as_deref(), Some("workload.ttft_p95_ms"));
        assert_eq!(named(1e5, idle / 2.0).as_deref(), Some("workload.tpot_p95_ms"));
    }

    #[test]
    fn with_one_zone_none_can_be_lost() {
        let lost = |zones: u32| {
            let mut s = Scenario::default();
            s.hardware.zones = zones;
            let plan = plan_with(&s, &Catalog::embedded().unwrap(), Effort { draws: 0 }).unwrap();
            plan.fleet.at.unwrap().peak_with_a_zone_lost
        };
        assert!(lost(1).is_none() && lost(2).is_some_and(|p| !p.overloaded && p.requests_per_second.is_finite()));
    }

    #[test]
    fn times_are_told_apart_and_no_longer_than_that() {
        let said = |took: f64, target: f64| beside(took, target);
        assert_eq!(said(1300.4, 1200.0), ("1300".into(), "1200".into()));
        assert_eq!(said(50.04, 50.0), ("50.04".into(), "50".into()));
        assert_eq!(said(1300.0, 1234.567), ("1300".into(), "1235".into()));
    }
}
