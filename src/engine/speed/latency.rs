//! From load to latency: closed loop at a pinned concurrency, open loop at a rate of arrivals.

use super::joining::{Joining, Wait};
use super::root;
use super::step::{Prefill, Running, StepModel};
use crate::math::{ln, pow_in_sum};

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

/// Seconds of a step at one batch.
#[derive(Debug, Clone, Copy)]
struct Beat {
    running: Running,
    /// Without prompts.
    decode: f64,
    /// Prompts in it.
    prompts: Prefill,
    /// How many of those a step has, on average.
    prefills: f64,
    /// What they add to a step.
    prefill: f64,
    /// With its share of them.
    step: f64,
    /// Of what they add to it, what grows with each of them; the rest waits for launches.
    added: f64,
}

/// Seconds of what happens at one batch.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// Between two output tokens of a request.
    token: f64,
    /// Of a step without prompts.
    decode: f64,
    /// Of a step, the prompts of others in it.
    step: f64,
    /// Of that, what grows with each of those prompts.
    added: f64,
    /// That a prefill adds to a step.
    prefill: f64,
    /// Prefills an output token sees.
    prefills: f64,
    /// Until a prompt that waits for nobody is computed.
    prompt: f64,
}

/// 95th percentile less the mean of the time per token, over requests of `output` tokens that meet more or fewer prefills:
/// `prefills` a token, each of which adds `prefill` to it.
fn spread(prefill: f64, prefills: f64, output: f64) -> f64 {
    NORMAL_P95 * prefill * (prefills / output).sqrt()
}

impl Pace {
    /// Share of the time that prefills take.
    fn busy(&self) -> f64 {
        (self.prefills * self.prefill / self.token).min(NEARLY_FULL)
    }
}

impl StepModel<'_> {
    /// A step with `batch` requests running, for a request whose tokens meet the share `met` of their prefills.
    fn beat(&self, batch: f64, met: f64) -> Beat {
        let running = self.running(batch);
        let decode = self.decode_of(running);
        let (prefills, tokens) = self.prefill_mix(batch);
        let prompts = self.prefill(tokens, running);
        let prefill = self.prefill_s(&prompts, decode);
        let felt = self.constants.interference * met * prefills;
        let added = felt * self.work_s(&prompts);
        Beat { running, decode, prompts, prefills, prefill, step: decode + felt * prefill, added }
    }

    /// The times of such steps, and of a prompt.
    fn pace(&self, batch: f64, met: f64) -> Pace {
        let beat = self.beat(batch, met);
        let Beat { decode, prefills, prefill, step, added, .. } = beat;
        // A prompt that waits for nobody, in as many chunks as it needs.
        let alone = self.alone();
        let chunks = (self.new_input / alone).ceil().max(1.0);
        let accepted = self.speculation.accepted;
        let shared = if self.mixes { chunks * step } else { 0.0 };
        Pace {
            token: step / accepted,
            decode,
            step,
            added,
            prefill,
            prefills: prefills / accepted,
            prompt: self.new_input / alone * self.own_s(alone, &beat, met) + shared,
        }
    }

    /// Seconds until `tokens` tokens of a prompt are computed in such a step. Where it holds prompts of others, experts that
    /// those read are not read again.
    fn own_s(&self, tokens: f64, beat: &Beat, met: f64) -> f64 {
        let own = if tokens == beat.prompts.tokens { beat.prompts } else { self.prefill(tokens, beat.running) };
        let alone = self.first_s(&own);
        let often = (met * beat.prefills).min(1.0);
        if !self.mixes || often == 0.0 {
            return alone;
        }
        alone + often * (self.added_s(tokens, beat.running.joined(&beat.prompts)) - own.products_s)
    }

    /// Mean seconds that `batch` requests which start together wait for the prompts of the others, `decode` being the time
    /// of a step without prompts: those that share a step end with it, each further step's wait for the ones before.
    fn crowd_s(&self, concurrency: f64, batch: f64, decode: f64) -> f64 {
        let tokens = self.chunk.min(self.new_input * concurrency.max(1.0));
        let prompts = self.prefill(tokens, self.running(batch));
        let prefill = self.prefill_s(&prompts, decode) / tokens * self.new_input;
        let together = (self.chunk / self.new_input).clamp(1.0, batch.max(1.0));
        (batch + together - 2.0).max(0.0) / 2.0 * (prefill + self.constants.request * 1e-3)
    }

    /// With `concurrency` requests always in flight and room for `room` of them: a client that starts them together
    /// and replaces each one that ends. Those beyond the room wait for a place.
    pub fn closed_loop(&self, concurrency: f64, room: f64) -> Point {
        let batch = concurrency.min(room).max(1e-9);
        let c = self.constants;
        // Each client waits for its own answer, so a lone one's tokens meet no prefill. With several, `interference`, which
        // was fitted on them, has the share that is a request's own within it.
        let pace = self.pace(batch, (batch - 1.0).clamp(0.0, 1.0));
        let token = pace.token;
        let queue =
            c.burst * self.crowd_s(concurrency, batch, pace.decode) + c.prefill_queue * pace.busy() * pace.prefill;
        let service = c.first_token * 1e-3 + pace.prompt + 0.5 * pace.step;
        let residence = service + queue + (self.output - 1.0) * token;
        let place = (concurrency / batch - 1.0).max(0.0) * self.output * token;
        let requests = batch / residence;
        let spread = spread(pace.prefill, pace.prefills, self.output);
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
        batch / self.residence(&self.pace(batch, 1.0))
    }

    /// Seconds a request spends on the replica when it waits for nobody.
    fn residence(&self, pace: &Pace) -> f64 {
        self.constants.first_token * 1e-3 + pace.prompt + (self.output - 1.0) * pace.token
    }

    /// With random arrivals (Poisson) that keep `batch` requests running on average, room for `room`.
    ///
    /// A request waits for a place among the room (M/M/k, Sakasegawa's approximation), then for the step that takes its prompt
    /// in, then for that to be computed. The batch a request sees varies around its mean like a Poisson number.
    pub fn open_loop(&self, batch: f64, room: f64) -> Point {
        self.open_loop_at(batch, room, self.crowded_ms(batch, room))
    }

    /// The 95th percentile of the time per output token, ms, which is known long before the rest of such a point.
    pub(super) fn crowded_ms(&self, batch: f64, room: f64) -> f64 {
        let batch = batch.clamp(1e-9, room);
        let crowd = (batch + NORMAL_P95 * batch.sqrt()).min(room);
        // Who meets a crowd meets its prefills too: those of the mean batch, which take less of a step the fuller it is, made
        // the 95th percentile fall with more load where the crowd fills the room.
        let accepted = self.speculation.accepted;
        let packed = self.beat(crowd, 1.0);
        (packed.step / accepted + spread(packed.prefill, packed.prefills / accepted, self.output)) * 1e3
    }

    /// The point whose [`Self::crowded_ms`] is known.
    pub(super) fn open_loop_at(&self, batch: f64, room: f64, crowded_ms: f64) -> Point {
        let batch = batch.clamp(1e-9, room);
        let pace = self.pace(batch, 1.0);
        let residence = self.residence(&pace);
        let rate = batch / residence;
        let wait = if self.mixes { self.joining(batch, &pace).wait() } else { turn(&pace) };
        let service = self.constants.first_token * 1e-3 + pace.prompt;
        let full = (batch / room).min(NEARLY_FULL);
        let place_wait = pow_in_sum(full, (2.0 * (room + 1.0)).sqrt() - 1.0) / (room * (1.0 - full)) * residence;
        Point {
            concurrency: batch,
            tpot_ms: pace.token * 1e3,
            tpot_p95_ms: crowded_ms,
            ttft_ms: (service + wait.mean + place_wait) * 1e3,
            ttft_p95_ms: (service + wait.p95 + tail(place_wait, full)) * 1e3,
            output_tokens_per_second: rate * self.output,
            requests_per_second: rate,
        }
    }

    /// The steps that prompts join while `batch` requests run.
    fn joining(&self, batch: f64, pace: &Pace) -> Joining {
        Joining {
            // Launches are made once a step, however many prompts are in it.
            decode: pace.step - pace.added,
            added: pace.added,
            arrivals: batch / self.stages / (self.output / self.speculation.accepted),
            room: self.chunk / self.new_input,
        }
    }

    /// Requests running on average when `rate` requests arrive per second (Little's law), or `None`
    /// where even a full replica does not keep up.
    pub fn batch_at(&self, rate: f64, room: f64) -> Option<f64> {
        if rate <= 0.0 {
            return Some(0.0);
        }
        let (low, high) = (1e-9, room * NEARLY_FULL);
        let most = self.sustained(high);
        if most < rate {
            return None;
        }
        let excess = |batch: f64| self.sustained(batch) / rate - 1.0;
        Some(root::below((low, excess(low)), (high, most / rate - 1.0), 1e-6, excess))
    }
}

/// Wait until a prompt that is a step of its own has its turn: for the prefills in front of it (M/G/1), and for half a step.
fn turn(pace: &Pace) -> Wait {
    let busy = pace.busy();
    let prefills = busy / (2.0 * (1.0 - busy)) * pace.prefill;
    Wait { mean: 0.5 * pace.step + prefills, p95: 0.5 * pace.step + tail(prefills, busy) }
}

/// 95th percentile of a wait that is zero unless the server is busy and exponential otherwise, from its mean.
fn tail(mean: f64, busy: f64) -> f64 {
    // Where fewer than one in twenty wait, the logarithm would be negative.
    if busy > 0.05 { (mean / busy * ln(busy / 0.05)).max(mean) } else { mean }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::catalog::speed::Constants;
    use crate::engine::deployment::{Layout, Subject};
    use crate::engine::speed::Shape;
    use crate::scenario::Scenario;

    #[test]
    fn a_replica_keeps_up_with_exactly_what_it_sustains() {
        let (catalog, s) = (Catalog::embedded().unwrap(), Scenario::default());
        let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
        let m = StepModel::of(&subject, &Shape::of(&subject), Layout::new(4, 1), &Constants::PRIOR, 8192.0);
        let most = m.sustained(64.0 * NEARLY_FULL);
        assert!(m.batch_at(most, 64.0).is_some_and(|b| (b / (64.0 * NEARLY_FULL) - 1.0).abs() < 1e-3));
        assert_eq!((m.batch_at(most * 1.001, 64.0), m.batch_at(0.0, 64.0)), (None, Some(0.0)));
    }

    /// Regression: a prompt was counted as reading experts that the prompts of others in the same step had read already, so
    /// that first tokens came the earlier the more requests were in flight. One of 4,096 tokens touches all 128 experts.
    #[test]
    fn experts_that_others_prompts_read_are_not_read_again() {
        let (catalog, mut s) = (Catalog::embedded().unwrap(), Scenario::default());
        (s.model.id, s.hardware.accelerator) = ("openai/gpt-oss-120b".into(), "h100-sxm".into());
        let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
        // Arithmetic that takes no time leaves reading alone.
        let free = Constants { dense_arithmetic: 1e9, expert_arithmetic: 1e9, ..Constants::PRIOR };
        let m = StepModel::of(&subject, &Shape::of(&subject), Layout::new(1, 1), &free, 8192.0);
        let beat = Beat { prefills: 0.0, prompts: m.prefill(4096.0, m.running(1.0)), ..m.beat(1.0, 1.0) };
        let own = |often: f64| m.own_s(4096.0, &Beat { prefills: often, ..beat }, 1.0);
        let read = own(0.0) - own(1.0);
        let all = m.prefill(4096.0, m.running(1.0)).work_s(1.0) - m.prefill(4096.0, m.running(8192.0)).work_s(1.0);
        assert!(read > 0.0 && (read / all - 1.0).abs() < 1e-3, "{read} {all}");
        assert!((own(0.25) - (own(0.0) - read / 4.0)).abs() < 1e-9 && own(3.0) == own(1.0));
    }

    /// An M/M/1 queue: the share `busy` waits, and those that do exponentially long.
    #[test]
    fn the_95th_percentile_of_a_wait_is_that_of_those_who_wait() {
        // Half of all wait 2 s on average, so a tenth of these longer than 2 ln 10.
        assert!((tail(1.0, 0.5) - 2.0 * ln(10.0)).abs() < 1e-12);
        // Where one in twenty waits at all or fewer, the mean stands; and where nobody does, there is none.
        assert_eq!(
            [tail(1.0, 0.05), tail(1.0, 0.01), tail(0.5, 0.0), tail(0.0, 0.0), tail(0.0, 0.5)],
            [1.0, 1.0, 0.5, 0.0, 0.0]
        );
    }
}
