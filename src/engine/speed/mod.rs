//! How fast one replica is: TPOT, TTFT and throughput at any load, and the load it should carry.
//!
//! [`StepModel`](step::StepModel) times one step from what it reads, computes, sends and launches; `latency` turns
//! load into waiting; `operating` finds the largest load inside the targets; `frontier` draws the whole curve. The
//! constants are fitted to measurements, per engine ([`calibration`]), and every answer carries the band of their
//! residuals.

pub mod attention;
pub mod batching;
pub mod calibration;
pub mod collectives;
pub mod frontier;
mod joining;
pub mod latency;
pub mod moe;
pub mod operating;
mod root;
pub mod shape;
pub mod speculative;
pub mod step;

use serde::Serialize;

use super::deployment::{Layout, Subject};
use super::memory::Memory;
use crate::catalog::speed::Constants;
pub use batching::Batching;
pub use frontier::{FrontierPoint, Saturated};
pub use latency::Point;
pub use operating::{Operating, Room, Targets};
pub use shape::Shape;
pub use step::StepModel;

/// The Plan's speed section; one replica, means unless a name says p95. Where the layout cannot run (its weights do
/// not fit, or not one request does) nothing is known about its speed: every number is NaN, which JSON writes `null`.
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
    /// What limits it: `memory_bandwidth`, `compute`, `overhead`, `kv_pool`, `slo` or `max_num_seqs`.
    pub bound: String,
    /// Whether the latency targets hold at the operating point.
    pub targets_met: bool,
    /// Half-width of the 80 % band, as a share.
    pub error_band: f64,
    /// At the largest batch that fits, targets ignored.
    pub saturated: Saturated,
    /// Throughput against TPOT, from one request to saturation.
    pub frontier: Vec<FrontierPoint>,
    /// What batching buys.
    pub batching: Batching,
}

/// The step model of a subject under a layout, with the constants of its engine and class.
pub fn model<'a>(subject: &'a Subject, shape: &Shape, layout: Layout, memory: &Memory) -> StepModel<'a> {
    static PRIOR: Constants = Constants::PRIOR;
    let fitted =
        calibration::constants(&subject.catalog.speed, subject.scenario.serving.engine, subject.model.is_moe());
    StepModel::of(subject, shape, layout, fitted.map_or(&PRIOR, |e| &e.constants), memory.max_num_batched_tokens)
}

/// Where one replica runs: at the pinned concurrency, or at the largest one inside the targets and the KV pool.
pub fn operate(subject: &Subject, model: &StepModel, room: Room) -> Operating {
    let targets = Targets::of(subject);
    match subject.scenario.serving.concurrency {
        Some(pinned) => operating::pinned(model, room, pinned, targets),
        None => operating::largest(model, room, targets),
    }
}

/// The Plan's section for a replica that runs at `at`.
pub fn report(subject: &Subject, model: &StepModel, room: Room, at: &Operating) -> SpeedReport {
    let s = &subject.sizes;
    let engine = subject.scenario.serving.engine;
    let p = &at.point;
    SpeedReport {
        concurrency: p.concurrency,
        tpot_ms: p.tpot_ms,
        tpot_p95_ms: p.tpot_p95_ms,
        ttft_ms: p.ttft_ms,
        ttft_p95_ms: p.ttft_p95_ms,
        output_tokens_per_second: p.output_tokens_per_second,
        total_tokens_per_second: p.requests_per_second * (s.input + s.output),
        requests_per_second: p.requests_per_second,
        bound: at.bound.into(),
        targets_met: at.targets_met,
        error_band: calibration::band(
            subject.catalog,
            engine,
            subject.model.is_moe(),
            &subject.model.id,
            subject.accelerator,
        ),
        saturated: frontier::saturated(model, room, (s.input + s.output) / s.output.max(1.0)),
        frontier: frontier::frontier(model, room),
        batching: model.batching(room.places, (s.longest - s.input).max(s.output)),
    }
}

impl SpeedReport {
    /// What can be said of a layout that cannot run: nothing.
    pub fn unknown() -> Self {
        let n = f64::NAN;
        Self {
            concurrency: n,
            tpot_ms: n,
            tpot_p95_ms: n,
            ttft_ms: n,
            ttft_p95_ms: n,
            output_tokens_per_second: n,
            total_tokens_per_second: n,
            requests_per_second: n,
            bound: "memory".into(),
            targets_met: false,
            error_band: n,
            saturated: Saturated {
                concurrency: n,
                output_tokens_per_second: n,
                total_tokens_per_second: n,
                tpot_ms: n,
            },
            frontier: Vec::new(),
            batching: Batching {
                single_output_tokens_per_second: n,
                static_output_tokens_per_second: n,
                continuous_output_tokens_per_second: n,
            },
        }
    }
}
