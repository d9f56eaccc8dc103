//! Time of one decode step and of one prefill.

use crate::catalog::Quantization;
use crate::engine::deployment::{Layout, Subject};
use crate::engine::memory::Memory;
use crate::math::pow;

/// The physics of one layout.
#[derive(Debug, Clone)]
pub struct StepModel<'m> {
    memory: &'m Memory,
    /// Seconds to read the weights every step reads, and those of all experts.
    dense_read_s: f64,
    expert_read_s: f64,
    expert_share: f64,
    bandwidth: f64,
    compute_s_per_token: f64,
    fixed_s: f64,
    input: f64,
    output: f64,
}

/// Speed at one concurrency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Requests in flight.
    pub concurrency: f64,
    /// Mean time per output token, ms.
    pub tpot_ms: f64,
    /// Mean time to first token, ms.
    pub ttft_ms: f64,
    /// Output tokens per second.
    pub output_tokens_per_second: f64,
    /// Requests per second.
    pub requests_per_second: f64,
}

/// Share of peak bandwidth a decode step reaches (speed.md section 7, Hopper).
const BANDWIDTH_SHARE: f64 = 0.80;
/// Share of peak arithmetic a prefill reaches.
const COMPUTE_SHARE: f64 = 0.5;
/// Seconds per layer and step that no byte or operation explains.
const LAYER_S: f64 = 32e-6;
/// The same per doubling of tensor parallelism.
const COLLECTIVE_S: f64 = 14e-6;

impl<'m> StepModel<'m> {
    /// The physics of the subject under a layout.
    pub fn of(subject: &Subject, memory: &'m Memory, layout: Layout) -> Self {
        let (m, a) = (&subject.model, subject.accelerator);
        let gpus = f64::from(layout.gpus());
        let bandwidth = a.bandwidth_gbs * 1e9 * BANDWIDTH_SHARE;
        let t = &a.tflops_dense;
        let bf16 = t.bf16.or(t.fp16).unwrap_or(30.0);
        let peak = match subject.quantization {
            Quantization::Fp8 | Quantization::Fp8Block => t.fp8.unwrap_or(bf16),
            Quantization::Int8 => t.int8.unwrap_or(bf16),
            Quantization::Nvfp4 | Quantization::Mxfp4 => t.fp4.unwrap_or(bf16),
            _ => bf16,
        };
        let expert_share = m.moe.as_ref().and_then(|e| Some(f64::from(e.experts_per_token?) / f64::from(e.experts?)));
        let active = m.active_recomputed.unwrap_or(m.params_active);
        // Experts hold what is total but not active: total = dense + E, active = dense + share * E.
        let experts = expert_share.map_or(0.0, |s| ((m.params_total - active) / (1.0 - s)).max(0.0));
        let read = memory.weights_bytes_total / gpus / bandwidth;
        let layers = f64::from(m.layers.unwrap_or(32));
        let doublings = f64::from(layout.tensor_parallel.ilog2());
        Self {
            memory,
            dense_read_s: read * (1.0 - experts / m.params_total),
            expert_read_s: read * experts / m.params_total,
            expert_share: expert_share.unwrap_or(0.0),
            bandwidth,
            compute_s_per_token: 2.0 * active / (gpus * peak * 1e12 * COMPUTE_SHARE),
            fixed_s: layers * (LAYER_S + COLLECTIVE_S * doublings),
            input: subject.sizes.input * (1.0 - subject.sizes.cached_input_share),
            output: subject.sizes.output.max(1.0),
        }
    }

    /// Seconds of one decode step of a batch.
    fn decode_s(&self, batch: f64) -> f64 {
        let touched = 1.0 - pow(1.0 - self.expert_share, batch);
        let weights = self.dense_read_s + self.expert_read_s * touched;
        let kv = batch * self.memory.read_bytes(self.memory.mean_resident) / self.bandwidth;
        weights.max(batch * self.compute_s_per_token) + kv + self.fixed_s
    }

    /// Speed with that many requests always in flight.
    pub fn closed_loop(&self, concurrency: f64) -> Point {
        let prefill = self.input * self.compute_s_per_token + self.fixed_s;
        let step = self.decode_s(concurrency);
        let tpot = step + (concurrency - 1.0).max(0.0) * prefill / self.output;
        let ttft = prefill + step;
        let requests = concurrency / (ttft + (self.output - 1.0) * tpot);
        Point {
            concurrency,
            tpot_ms: tpot * 1e3,
            ttft_ms: ttft * 1e3,
            output_tokens_per_second: requests * self.output,
            requests_per_second: requests,
        }
    }
}
