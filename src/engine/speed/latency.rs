//! From load to latency: closed loop at a pinned concurrency, open loop at a rate of arrivals.

use super::step::StepModel;
use crate::math::{ln, pow};

/// Speed with a number of requests in flight. Means unless a name says p95.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Requests in flight, those that wait for room included.
    pub concurrency: f64,
    /// Mean time per output token, ms.
    pub tpot_ms: f64,
    /// 95th percentile of it over requests, ms.
    pub tpot_p95_ms: f64,
    /// Mean time to first token, ms.
    pub ttft_ms: f64,
    /// 95th percentile of it, ms.
    pub ttft_p95_ms: f64,
    /// Output tokens per second.
    pub output_tokens_per_second: f64,
    /// Requests per second.
    pub requests_per_second: f64,
}

/// 95th percentile of a normal distribution, in standard deviations.
const NORMAL_P95: f64 = 1.645;
/// 95th percentile of an exponential distribution, in means: ln 20.
const EXPONENTIAL_P95: f64 = 2.9957;
/// Highest utilisation at which a queue is evaluated; beyond it the answer is "overloaded".
const NEARLY_FULL: f64 = 0.98;

impl StepModel<'_> {
    /// Mean seconds between two output tokens of a request, with `batch` of them running; and, for its spread, the
    /// seconds of one prefill and how many a token sees.
    fn token_s(&self, batch: f64) -> (f64, f64, f64) {
        let (prefills, tokens) = self.prefill_mix(batch);
        let prefill = self.prefill_s(tokens, batch);
        let step = self.decode_s(batch) + self.constants.interference * prefills * prefill;
        (step / self.speculation.accepted, prefill, prefills / self.speculation.accepted)
    }

    /// Seconds until a prompt that waits for nobody is computed, in as many chunks as it needs.
    pub fn prompt_s(&self, batch: f64) -> f64 {
        let tokens = self.new_input.min(self.chunk);
        let chunks = (self.new_input / tokens).ceil().max(1.0);
        self.new_input / tokens * self.prefill_s(tokens, batch) + chunks * self.decode_s(batch)
    }

    /// Seconds of prefill per prompt when many are computed together.
    fn crowded_prompt_s(&self, concurrency: f64, batch: f64) -> f64 {
        let tokens = self.chunk.min(self.new_input.max(self.new_input * concurrency));
        self.prefill_s(tokens, batch) / tokens * self.new_input
    }

    /// With `concurrency` requests always in flight and room for `room` of them: a client that starts them together
    /// and replaces each one that ends. Those beyond the room wait for a place.
    pub fn closed_loop(&self, concurrency: f64, room: f64) -> Point {
        let batch = concurrency.min(room).max(1e-9);
        let c = self.constants;
        let (token, prefill, prefills) = self.token_s(batch);
        let decode = self.decode_s(batch);
        let busy = (prefills * prefill / token).min(NEARLY_FULL);
        let crowd = self.crowded_prompt_s(concurrency, batch) + c.request * 1e-3;
        let queue = c.burst * (batch - 1.0).max(0.0) / 2.0 * crowd + c.prefill_queue * busy * prefill;
        let service = c.first_token * 1e-3 + self.prompt_s(batch) + 0.5 * decode;
        let residence = service + queue + (self.output - 1.0) * token;
        let place = (concurrency / batch - 1.0).max(0.0) * self.output * token;
        let requests = batch / residence;
        let spread = NORMAL_P95 * prefill * (prefills / self.output).sqrt();
        Point {
            concurrency,
            tpot_ms: token * 1e3,
            tpot_p95_ms: (token + spread) * 1e3,
            ttft_ms: (service + queue + place) * 1e3,
            ttft_p95_ms: (service + EXPONENTIAL_P95 * queue + place) * 1e3,
            output_tokens_per_second: requests * self.output,
            requests_per_second: requests,
        }
    }

    /// Requests per second with `batch` requests always running and none waiting: what a replica can sustain there.
    pub fn sustained(&self, batch: f64) -> f64 {
        let (token, ..) = self.token_s(batch);
        batch / (self.constants.first_token * 1e-3 + self.prompt_s(batch) + (self.output - 1.0) * token)
    }

    /// With random arrivals (Poisson) that keep `batch` requests running on average, room for `room`.
    ///
    /// A request waits for a place among the room (M/M/k, Sakasegawa's approximation), then for the prefills in front
    /// of it (M/G/1), then for its own. The batch a request sees varies around its mean like a Poisson number.
    pub fn open_loop(&self, batch: f64, room: f64) -> Point {
        let batch = batch.clamp(1e-9, room);
        let rate = self.sustained(batch);
        let (token, prefill, prefills) = self.token_s(batch);
        let c = self.constants;
        let crowded = (batch + NORMAL_P95 * batch.sqrt()).min(room);
        let (token_crowded, ..) = self.token_s(crowded);
        let busy = (prefills * prefill / token).min(NEARLY_FULL);
        let prefill_wait = busy / (2.0 * (1.0 - busy)) * prefill;
        let service = c.first_token * 1e-3 + self.prompt_s(batch) + 0.5 * self.decode_s(batch);
        let residence = batch / rate;
        let full = (batch / room).min(NEARLY_FULL);
        let place_wait = pow(full, (2.0 * (room + 1.0)).sqrt() - 1.0) / (room * (1.0 - full)) * residence;
        let spread = NORMAL_P95 * prefill * (prefills / self.output).sqrt();
        Point {
            concurrency: batch,
            tpot_ms: token * 1e3,
            tpot_p95_ms: (token_crowded + spread) * 1e3,
            ttft_ms: (service + prefill_wait + place_wait) * 1e3,
            ttft_p95_ms: (service + tail(prefill_wait, busy) + tail(place_wait, full)) * 1e3,
            output_tokens_per_second: rate * self.output,
            requests_per_second: rate,
        }
    }

    /// Requests running on average when `rate` requests arrive per second (Little's law, by bisection), or `None`
    /// where even a full replica does not keep up.
    pub fn batch_at(&self, rate: f64, room: f64) -> Option<f64> {
        if rate <= 0.0 {
            return Some(0.0);
        }
        if self.sustained(room * NEARLY_FULL) < rate {
            return None;
        }
        let (mut low, mut high) = (0.0, room * NEARLY_FULL);
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if self.sustained(middle.max(1e-6)) < rate { low = middle } else { high = middle }
        }
        Some(high)
    }
}

/// 95th percentile of a wait that is zero unless the server is busy and exponential otherwise, from its mean.
fn tail(mean: f64, busy: f64) -> f64 {
    if busy <= 0.05 || mean <= 0.0 { mean } else { (mean / busy * ln(busy / 0.05)).max(mean) }
}
