//! What batching buys: one request at a time, static batches, continuous batching.

use serde::Serialize;

use super::step::StepModel;
use crate::math::ln;

/// Output tokens per second of one replica under each way of batching.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Batching {
    /// One request at a time.
    pub single_output_tokens_per_second: f64,
    /// A batch is filled, and runs until its longest answer ends, before the next one starts.
    pub static_output_tokens_per_second: f64,
    /// Each place is refilled the moment its request ends.
    pub continuous_output_tokens_per_second: f64,
}

/// Euler's constant: the harmonic number of n is about ln n + this.
const EULER: f64 = 0.577_215_664_9;

/// Longest of `batch` answers over the mean answer when lengths vary geometrically, at most `cap`.
fn longest_over_mean(batch: f64, cap: f64) -> f64 {
    (ln(batch.max(1.0)) + EULER).clamp(1.0, cap.max(1.0))
}

impl StepModel<'_> {
    /// Seconds that one static batch takes when its longest answer is `stretch` times the mean.
    pub fn static_batch_s(&self, batch: f64, stretch: f64) -> f64 {
        let tokens = (batch * self.new_input).min(self.chunk).max(1.0);
        let prompts = batch * self.new_input / tokens * self.prefill_s(&self.prefill(tokens, self.running(0.0)), 0.0);
        prompts + self.output * stretch * self.decode_s(batch) / self.speculation.accepted
    }

    /// What batching buys at `room` places; no answer is longer than `longest_output` tokens.
    pub fn batching(&self, room: f64, longest_output: f64) -> Batching {
        let room = room.max(1.0);
        let stretch = longest_over_mean(room, longest_output / self.output);
        Batching {
            single_output_tokens_per_second: self.output / self.static_batch_s(1.0, 1.0),
            static_output_tokens_per_second: room * self.output / self.static_batch_s(room, stretch),
            continuous_output_tokens_per_second: self.sustained(room) * self.output,
        }
    }
}
