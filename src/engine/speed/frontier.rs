//! The throughput-latency frontier: what more requests in flight cost each of them.

use serde::Serialize;

use super::operating::{Room, physics};
use super::step::StepModel;

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
    /// What a step waits for there: `memory_bandwidth`, `compute` or `overhead`.
    pub bound: &'static str,
}

/// The largest batch that fits, targets ignored.
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

/// Points from one request to a full replica, doubling.
pub fn frontier(model: &StepModel, room: Room) -> Vec<FrontierPoint> {
    let mut out = Vec::with_capacity(16);
    let mut concurrency = 1.0_f64;
    while concurrency < room.places {
        out.push(point(model, room, concurrency));
        concurrency *= 2.0;
    }
    if room.places >= 1.0 {
        out.push(point(model, room, room.places));
    }
    out
}

fn point(model: &StepModel, room: Room, concurrency: f64) -> FrontierPoint {
    let p = model.closed_loop(concurrency, room.places);
    FrontierPoint {
        concurrency,
        tpot_ms: p.tpot_ms,
        ttft_ms: p.ttft_ms,
        output_tokens_per_second: p.output_tokens_per_second,
        bound: physics(model.bound(concurrency)),
    }
}

/// A replica that is always full: every place decodes, prefills share its steps, and requests queue before it.
pub fn saturated(model: &StepModel, room: Room, tokens_per_output_token: f64) -> Saturated {
    let p = model.closed_loop(room.places, room.places);
    let output = room.places / p.tpot_ms * 1e3;
    Saturated {
        concurrency: room.places,
        output_tokens_per_second: output,
        total_tokens_per_second: output * tokens_per_output_token,
        tpot_ms: p.tpot_ms,
    }
}
