//! Speed of one replica: time per output token, time to first token, throughput, and the operating point.
//!
//! [`StepModel`] is the physics of one layout; [`operate`] finds where it runs under a load and a target.

mod step;

use serde::Serialize;

use super::deployment::{Layout, Subject};
use super::memory::Memory;
pub use step::{Point, StepModel};

/// The Plan's speed section; one replica, means unless a name says p95.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeedReport {
    /// Requests in flight at the operating point.
    pub concurrency: f64,
    /// Mean time per output token, ms.
    pub tpot_ms: f64,
    /// 95th percentile of it, ms.
    pub tpot_p95_ms: f64,
    /// Mean time to first token, ms.
    pub ttft_ms: f64,
    /// 95th percentile of it, ms.
    pub ttft_p95_ms: f64,
    /// Output tokens per second.
    pub output_tokens_per_second: f64,
    /// Input and output tokens per second.
    pub total_tokens_per_second: f64,
    /// Requests per second.
    pub requests_per_second: f64,
    /// What limits it: `memory_bandwidth`, `compute`, `kv_pool`, `slo` or `max_num_seqs`.
    pub bound: String,
    /// Half-width of the 80 % band, as a share.
    pub error_band: f64,
    /// At the largest batch that fits, targets ignored.
    pub saturated: Saturated,
    /// Throughput against TPOT, from one request to saturation.
    pub frontier: Vec<FrontierPoint>,
}

/// The largest batch that fits.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Saturated {
    /// Requests in flight.
    pub concurrency: f64,
    /// Output tokens per second.
    pub output_tokens_per_second: f64,
    /// Input and output tokens per second.
    pub total_tokens_per_second: f64,
    /// Mean time per output token, ms.
    pub tpot_ms: f64,
}

/// One point of the frontier.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FrontierPoint {
    /// Requests in flight.
    pub concurrency: f64,
    /// Mean time per output token, ms.
    pub tpot_ms: f64,
    /// Mean time to first token, ms.
    pub ttft_ms: f64,
    /// Output tokens per second.
    pub output_tokens_per_second: f64,
}

/// 95th percentile over mean of TPOT and TTFT, until the queue says better.
const P95_TPOT: f64 = 1.15;
const P95_TTFT: f64 = 1.6;

/// Where one replica runs: at the pinned concurrency, or at the largest one inside the targets and the KV pool.
pub fn operate(subject: &Subject, memory: &Memory, layout: Layout) -> SpeedReport {
    let model = StepModel::of(subject, memory, layout);
    let room = memory.max_sequences(memory.mean_resident).min(memory.max_num_seqs).max(0.0);
    let w = &subject.scenario.workload;
    let meets =
        |p: &Point| p.tpot_ms * P95_TPOT <= w.tpot_p95_ms.likely && p.ttft_ms * P95_TTFT <= w.ttft_p95_ms.likely;
    let (at, bound) = match subject.scenario.serving.concurrency {
        Some(c) => (model.closed_loop(c.min(room.max(1.0))), "memory_bandwidth"),
        None => {
            let (mut lo, mut hi) = (1.0_f64, room.max(1.0));
            if meets(&model.closed_loop(hi)) {
                lo = hi;
            }
            while hi - lo > 1.0 {
                let middle = ((lo + hi) / 2.0).floor();
                if meets(&model.closed_loop(middle)) { lo = middle } else { hi = middle }
            }
            (model.closed_loop(lo), if lo >= room { "kv_pool" } else { "slo" })
        }
    };
    let full = model.closed_loop(room.max(1.0));
    SpeedReport {
        concurrency: at.concurrency,
        tpot_ms: at.tpot_ms,
        tpot_p95_ms: at.tpot_ms * P95_TPOT,
        ttft_ms: at.ttft_ms,
        ttft_p95_ms: at.ttft_ms * P95_TTFT,
        output_tokens_per_second: at.output_tokens_per_second,
        total_tokens_per_second: at.requests_per_second * (subject.sizes.input + subject.sizes.output),
        requests_per_second: at.requests_per_second,
        bound: bound.into(),
        error_band: 0.35,
        saturated: Saturated {
            concurrency: full.concurrency,
            output_tokens_per_second: full.output_tokens_per_second,
            total_tokens_per_second: full.requests_per_second * (subject.sizes.input + subject.sizes.output),
            tpot_ms: full.tpot_ms,
        },
        frontier: frontier(&model, room.max(1.0)),
    }
}

fn frontier(model: &StepModel, room: f64) -> Vec<FrontierPoint> {
    let mut out = Vec::with_capacity(16);
    let mut c = 1.0_f64;
    while c < room {
        out.push(point(&model.closed_loop(c)));
        c *= 2.0;
    }
    out.push(point(&model.closed_loop(room)));
    out
}

fn point(p: &Point) -> FrontierPoint {
    FrontierPoint {
        concurrency: p.concurrency,
        tpot_ms: p.tpot_ms,
        ttft_ms: p.ttft_ms,
        output_tokens_per_second: p.output_tokens_per_second,
    }
}
