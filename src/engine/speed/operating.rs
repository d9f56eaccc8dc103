//! Where a replica runs: the largest concurrency inside the targets and the KV pool, and what stops it there.

use super::latency::Point;
use super::step::{Bound, StepModel};
use crate::engine::deployment::Subject;
use crate::engine::memory::Memory;
use crate::scenario::EngineKind;

/// Places for requests on one replica.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Requests that run at once; 0 where not even one fits.
    pub places: f64,
    /// Whether the engine's batch limit, not the KV pool, sets it.
    pub by_limit: bool,
}

impl Room {
    /// The room of a replica. TensorRT-LLM's default scheduler admits a request only when its whole length fits
    /// (guaranteed no evict); the others admit on mean residency and preempt.
    pub fn of(subject: &Subject, memory: &Memory) -> Self {
        let s = &subject.sizes;
        let tokens = match subject.scenario.serving.engine {
            EngineKind::TensorrtLlm => s.input + s.output,
            _ => memory.mean_resident,
        };
        let pool = memory.max_sequences(tokens);
        Self { places: pool.min(memory.max_num_seqs).max(0.0), by_limit: memory.max_num_seqs < pool }
    }
}

/// Targets of a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Targets {
    /// 95th percentile of the time to first token, ms.
    pub ttft_p95_ms: f64,
    /// 95th percentile of the time per output token, ms.
    pub tpot_p95_ms: f64,
}

impl Targets {
    /// The scenario's targets.
    pub fn of(subject: &Subject) -> Self {
        let w = &subject.scenario.workload;
        Self { ttft_p95_ms: w.ttft_p95_ms.likely, tpot_p95_ms: w.tpot_p95_ms.likely }
    }

    /// Whether a point keeps them.
    pub fn met_by(&self, p: &Point) -> bool {
        p.ttft_p95_ms <= self.ttft_p95_ms && p.tpot_p95_ms <= self.tpot_p95_ms
    }
}

/// The operating point and what binds there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Operating {
    /// The point.
    pub point: Point,
    /// `memory_bandwidth`, `compute`, `overhead`, `kv_pool`, `slo` or `max_num_seqs`.
    pub bound: &'static str,
    /// Whether the targets hold there; they may not hold even for one request.
    pub targets_met: bool,
}

/// Share of the room that random arrivals may fill on average.
const FULL: f64 = 0.98;

/// The largest mean batch that keeps the targets under random arrivals. Latency grows with the batch, so halving the
/// interval finds it; below one request the batch is a share of the time that the replica is busy at all.
pub fn largest(model: &StepModel, room: Room, targets: Targets) -> Operating {
    let most = room.places * FULL;
    let full = model.open_loop(most, room.places);
    if targets.met_by(&full) {
        let bound = if room.by_limit { "max_num_seqs" } else { "kv_pool" };
        return Operating { point: full, bound, targets_met: true };
    }
    let idle = model.open_loop(1e-3, room.places);
    if !targets.met_by(&idle) {
        // No load is light enough: answer for one request at a time and say so.
        return Operating { point: model.open_loop(1.0_f64.min(most), room.places), bound: "slo", targets_met: false };
    }
    let (mut low, mut high) = (1e-3, most);
    while high > low * 1.01 {
        let middle = if low < 1.0 { (low * high).sqrt() } else { 0.5 * (low + high) };
        if targets.met_by(&model.open_loop(middle, room.places)) { low = middle } else { high = middle }
    }
    Operating { point: model.open_loop(low, room.places), bound: "slo", targets_met: true }
}

/// A pinned number of requests in flight.
pub fn pinned(model: &StepModel, room: Room, concurrency: f64, targets: Targets) -> Operating {
    let point = model.closed_loop(concurrency, room.places);
    let bound = match (concurrency > room.places, room.by_limit) {
        (true, true) => "max_num_seqs",
        (true, false) => "kv_pool",
        _ => physics(model.bound(concurrency)),
    };
    Operating { point, bound, targets_met: targets.met_by(&point) }
}

/// The word for what a step waits for.
pub fn physics(bound: Bound) -> &'static str {
    match bound {
        Bound::Bandwidth => "memory_bandwidth",
        Bound::Compute => "compute",
        Bound::Overhead => "overhead",
    }
}
