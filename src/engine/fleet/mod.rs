//! How many replicas of which layout: the layout search, replicas for the peak, spares, utilisation.

use serde::Serialize;

use super::deployment::{Layout, Subject};
use super::memory::Memory;
use super::speed::{self, SpeedReport};
use crate::math::ceil_tolerant;
use crate::scenario::Warning;
use crate::units::SECONDS_PER_DAY;

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
}

/// Replicas as a function of volume: a staircase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FleetCurve {
    /// Tokens a day (mean) that one replica carries, with its share of the peak inside the targets.
    pub tokens_per_day_per_replica: f64,
    /// Tokens a day that one replica could carry at full load around the clock.
    pub tokens_per_day_at_full_load: f64,
    /// Replicas that stand by.
    pub spares: u32,
    /// Replicas pinned by the reader, spares not counted.
    pub pinned: Option<u32>,
    /// GPUs of one replica.
    pub gpus_per_replica: u32,
}

impl FleetCurve {
    /// Replicas that carry the peak of a daily volume; at least one.
    pub fn replicas_for_peak(&self, tokens_per_day: f64) -> f64 {
        match self.pinned {
            Some(n) => f64::from(n.max(1)),
            None => ceil_tolerant(tokens_per_day / self.tokens_per_day_per_replica).max(1.0),
        }
    }

    /// All replicas of a daily volume, spares included.
    pub fn replicas(&self, tokens_per_day: f64) -> f64 {
        self.replicas_for_peak(tokens_per_day) + f64::from(self.spares)
    }

    /// Volumes up to `most` at which another replica is added, ascending.
    pub fn steps(&self, most: f64, limit: usize) -> Vec<f64> {
        if self.pinned.is_some() {
            return Vec::new();
        }
        let mut out = Vec::new();
        let mut n = 1.0;
        while n * self.tokens_per_day_per_replica < most && out.len() < limit {
            out.push(n * self.tokens_per_day_per_replica);
            n += 1.0;
        }
        out
    }
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
}

impl Fleet {
    /// The Plan's section.
    pub fn report(&self) -> FleetReport {
        let replicas = self.curve.replicas(self.tokens_per_day);
        FleetReport {
            tensor_parallel: self.layout.tensor_parallel,
            pipeline_parallel: self.layout.pipeline_parallel,
            data_parallel_attention: self.layout.data_parallel_attention,
            gpus_per_replica: self.layout.gpus(),
            replicas_for_peak: self.curve.replicas_for_peak(self.tokens_per_day),
            spare_replicas: self.curve.spares,
            replicas,
            gpus: replicas * f64::from(self.layout.gpus()),
            utilization: self.tokens_per_day / (replicas * self.curve.tokens_per_day_at_full_load),
        }
    }
}

/// Choose the layout that serves a token for the fewest GPU seconds, and size the fleet.
pub fn choose(subject: &Subject, warnings: &mut Vec<Warning>) -> Fleet {
    let s = &subject.scenario.serving;
    let pinned = s.tensor_parallel.map(|t| Layout::new(t, s.pipeline_parallel.unwrap_or(1)));
    let candidates: Vec<Layout> = match pinned {
        Some(l) => vec![l],
        None => [1, 2, 4, 8, 16].into_iter().map(|t| Layout::new(t, s.pipeline_parallel.unwrap_or(1))).collect(),
    };
    let mut best: Option<(f64, Fleet)> = None;
    let mut last = None;
    for layout in candidates {
        let f = size(subject, layout);
        let per_gpu = f.curve.tokens_per_day_per_replica / f64::from(layout.gpus());
        if f.runs && best.as_ref().is_none_or(|(b, _)| per_gpu > *b) {
            best = Some((per_gpu, f));
        } else {
            last = Some(f);
        }
    }
    match (best, last) {
        (Some((_, f)), _) => f,
        (None, last) => {
            warnings.push(Warning::new(
                "hardware.accelerator",
                "the model does not fit on a replica of up to 16 of these GPUs",
                "choose a smaller format, a larger accelerator, or a shorter longest request",
            ));
            last.unwrap_or_else(|| size(subject, Layout::new(1, 1)))
        }
    }
}

fn size(subject: &Subject, layout: Layout) -> Fleet {
    let memory = Memory::size(subject, layout);
    let speed = speed::operate(subject, &memory, layout);
    let w = &subject.scenario.workload;
    let per_request = subject.sizes.input + subject.sizes.output;
    let day = speed.requests_per_second * per_request * SECONDS_PER_DAY;
    let batchable = w.batchable_share.likely.clamp(0.0, 1.0);
    // What can wait is moved off the peak, so only the rest is served at the peak rate.
    let peak = (w.peak_to_average.likely.max(1.0) * (1.0 - batchable)).max(1.0);
    let curve = FleetCurve {
        tokens_per_day_per_replica: day / peak,
        tokens_per_day_at_full_load: day,
        spares: if subject.scenario.hardware.api_failover { 0 } else { subject.scenario.hardware.spare_replicas },
        pinned: subject.scenario.serving.replicas,
        gpus_per_replica: layout.gpus(),
    };
    let runs = memory.max_sequences(memory.longest) >= 1.0;
    Fleet { layout, memory, speed, curve, tokens_per_day: w.tokens_per_day.likely, runs }
}
