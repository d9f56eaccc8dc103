//! Where a replica runs: the largest concurrency inside the targets and the KV pool, and what stops it there.

use super::latency::Point;
use super::root;
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

    /// By what share the worse of the two is missed; negative where both are kept, at most 1.
    pub fn excess(&self, p: &Point) -> f64 {
        (p.ttft_p95_ms / self.ttft_p95_ms).max(p.tpot_p95_ms / self.tpot_p95_ms).min(FAR) - 1.0
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

/// Times over target beyond which it is all the same by how much it is missed.
const FAR: f64 = 2.0;
/// Share of the room that random arrivals may fill on average.
const FULL: f64 = 0.98;
/// Requests in flight on a replica that hardly anybody uses.
const IDLE: f64 = 1e-3;
/// How close to its targets a replica is run.
const PRECISION: f64 = 5e-3;

/// The largest mean batch that keeps the targets under random arrivals. Below one request the batch is the share of
/// the time that the replica is busy at all.
pub fn largest(model: &StepModel, room: Room, targets: Targets) -> Operating {
    let most = room.places * FULL;
    // Nothing more is asked of a point at which a token takes far too long, and most that fill the room are.
    let near = |batch: f64| {
        let tpot = model.crowded_ms(batch, room.places);
        let far = tpot / targets.tpot_p95_ms >= FAR;
        (!far).then(|| model.open_loop_at(batch, room.places, tpot))
    };
    let excess = |point: Option<&Point>| point.map_or(FAR - 1.0, |p| targets.excess(p));
    let full = near(most);
    if let Some(full) = full.filter(|p| targets.met_by(p)) {
        let bound = if room.by_limit { "max_num_seqs" } else { "kv_pool" };
        return Operating { point: full, bound, targets_met: true };
    }
    let Some(idle) = near(IDLE).filter(|p| targets.met_by(p)) else {
        // No load is light enough: answer for one request at a time and say so.
        let one = model.open_loop(most.min(1.0), room.places);
        return Operating { point: one, bound: "slo", targets_met: false };
    };
    let (low, high) = ((IDLE, targets.excess(&idle)), (most, excess(full.as_ref())));
    // The crossing is known from below: the last point inside the targets is the one at it.
    let mut point = idle;
    root::below(low, high, PRECISION, |batch| {
        let tried = near(batch);
        let excess = excess(tried.as_ref());
        if let Some(tried) = tried.filter(|_| excess < 0.0) {
            point = tried;
        }
        excess
    });
    Operating { point, bound: "slo", targets_met: true }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::engine::deployment::Layout;
    use crate::scenario::Scenario;

    #[test]
    fn the_batch_limit_binds_where_the_pool_holds_more() {
        let (catalog, s) = (Catalog::embedded().unwrap(), Scenario::default());
        let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
        let mut memory = Memory::size(&subject, Layout::new(4, 1));
        let pool = memory.max_sequences(memory.mean_resident);
        let mut room = |limit: f64| {
            memory.max_num_seqs = limit;
            Room::of(&subject, &memory)
        };
        assert_eq!(room(pool), Room { places: pool, by_limit: false });
        assert_eq!(room(pool - 1.0), Room { places: pool - 1.0, by_limit: true });
    }
}
