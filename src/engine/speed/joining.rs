//! How long a prompt waits until a step takes it in, where prompts and running requests share steps and arrivals are random.
//!
//! A step is as long as the decoding of those that run and what the prompts that came during the step before add to it. Who
//! arrives meets long steps more often than short ones, waits for the rest of the one it meets (the residual life of renewal
//! theory), and where a step has no room for all prompts that came, for its turn. That turn is the wait of an M/D/1 queue
//! whose server does something else while it is empty (Doshi, Queueing systems with vacations, 1986), which holds exactly
//! where a step takes one prompt, and counts the less the more of them it takes. The tests hold both against a simulation.

use crate::math::pow_in_sum;

/// Highest utilisation of the room for prompts at which a wait is evaluated.
const NEARLY_FULL: f64 = 0.98;
/// Share of arrivals beyond the 95th percentile.
const BEYOND: f64 = 0.05;
/// Utilisations between which the 95th percentile stops being the rest of one long step.
const CROWDED: (f64, f64) = (0.1, 0.3);

/// Steps that prompts join. Times in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joining {
    /// A step without prompts.
    pub decode: f64,
    /// What the prompts in it add to a mean step.
    pub added: f64,
    /// Prompts that arrive during a mean step.
    pub arrivals: f64,
    /// Prompts that a step has room for; below one, a prompt needs several steps.
    pub room: f64,
}

/// A wait, s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wait {
    /// Mean.
    pub mean: f64,
    /// 95th percentile.
    pub p95: f64,
}

impl Joining {
    /// The wait of a random arrival.
    pub fn wait(&self) -> Wait {
        let step = self.decode + self.added;
        // With no arrivals at all there is still the step under way.
        let prompt = self.added / self.arrivals.max(1e-12);
        let (room, steps) = (self.room.max(1.0), (1.0 / self.room).max(1.0));
        let busy = self.added / step;
        // Cumulants of the length of a step: prompts are a Poisson number of those that arrive during the step before.
        let second = prompt * self.added / (1.0 - busy * busy);
        let third = (prompt * prompt * self.added + 3.0 * prompt * busy * busy * second) / (1.0 - busy * busy * busy);
        let rest = (second + step * step) / (2.0 * step);
        let rest_squared = (third + 3.0 * second * step + step * step * step) / (3.0 * step);
        let full = steps * self.decode + room * prompt;
        let used = (self.arrivals / step * full / room).min(NEARLY_FULL);
        let alone = used * full / (2.0 * room * (1.0 - used)) + self.decode / 2.0;
        let beyond = (alone - rest).max(0.0);
        let turn = if beyond > 0.0 { beyond * pow_in_sum(used, room - 1.0) } else { 0.0 };
        let mean = rest + turn;
        let share = ((used - CROWDED.0) / (CROWDED.1 - CROWDED.0)).clamp(0.0, 1.0);
        let rare = if share < 1.0 { self.rarely(prompt, steps) } else { 0.0 };
        let crowded = if share > 0.0 {
            // Both are long on the same bad days.
            let deviation = (rest_squared - rest * rest).max(0.0).sqrt() + turn;
            // From 1.66 deviations of a uniform rest to the 2 of an exponential wait.
            mean + (1.0 + 1.15 * deviation / mean).min(2.0) * deviation
        } else {
            0.0
        };
        // A mean that is made by less than one arrival in twenty lies above what nineteen of them wait.
        Wait { mean, p95: ((1.0 - share) * rare + share * crowded).max(mean) }
    }

    /// The 95th percentile where prompts are rare: few arrivals meet one, and wait for what is left of its steps.
    fn rarely(&self, prompt: f64, steps: f64) -> f64 {
        let long = steps * self.decode + prompt;
        let met = (self.arrivals / (self.decode + self.added) * long).clamp(BEYOND, 1.0);
        (long * (1.0 - BEYOND / met)).max((1.0 - BEYOND) * self.decode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::ln;

    /// Uniform numbers from 0 to 1, the same in every run (splitmix64).
    fn uniform(state: &mut u64) -> f64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// An engine step by step: the waits of `count` prompts that arrive at random, each of which adds `prompt` seconds to a
    /// step with room for `room` of them, or a part of it to each of `steps` steps.
    fn simulated(decode: f64, prompt: f64, rate: f64, room: usize, steps: usize, count: usize) -> Wait {
        let mut state = 20_261_129;
        let mut later = move || -ln(1.0 - uniform(&mut state)) / rate;
        let (mut now, mut next) = (0.0, later());
        let (mut waiting, mut waits, mut left) = (std::collections::VecDeque::new(), Vec::new(), 0);
        while waits.len() < count {
            while next <= now {
                waiting.push_back(next);
                next += later();
            }
            let free = if left == 0 { room } else { 0 };
            let taken = waiting.len().min(free);
            waits.extend(waiting.drain(..taken).map(|at| now - at));
            if taken > 0 {
                left = steps;
            }
            let prompts = if steps == 1 { taken as f64 } else { f64::from(u8::from(left > 0)) };
            left = left.saturating_sub(1);
            now += decode + prompts * prompt / steps as f64;
        }
        waits.sort_by(f64::total_cmp);
        Wait { mean: waits.iter().sum::<f64>() / count as f64, p95: waits[count * 95 / 100] }
    }

    /// Prompts of 5 to 500 ms beside decode steps of 30 ms, rooms of a quarter of a prompt to 32, 5 to 85 % of the time.
    fn cases() -> Vec<(Joining, Wait)> {
        const DECODE: f64 = 0.03;
        let mut all = Vec::new();
        for prompt in [0.005, 0.02, 0.1, 0.5] {
            for (room, steps) in [(1, 4), (1, 1), (2, 1), (8, 1), (32, 1)] {
                for busy in [0.05, 0.15, 0.3, 0.5, 0.7, 0.85] {
                    let step = DECODE / (1.0 - busy);
                    let rate = busy / prompt;
                    if rate * (steps as f64 * DECODE + room as f64 * prompt) / room as f64 <= 0.93 {
                        let room_for = room as f64 / steps as f64;
                        let joining =
                            Joining { decode: DECODE, added: busy * step, arrivals: rate * step, room: room_for };
                        all.push((joining, simulated(DECODE, prompt, rate, room, steps, 40_000)));
                    }
                }
            }
        }
        all
    }

    #[test]
    fn waits_are_those_of_a_simulation() {
        let cases = cases();
        assert!(cases.len() > 80);
        let errors = |of: fn(&Wait) -> f64| {
            let mut errors: Vec<f64> = cases.iter().map(|(j, w)| (of(&j.wait()) / of(w) - 1.0).abs()).collect();
            errors.sort_by(f64::total_cmp);
            (errors[errors.len() / 2], errors[errors.len() * 9 / 10], errors[errors.len() - 1])
        };
        let (mean, p95) = (errors(|w| w.mean), errors(|w| w.p95));
        assert!(mean.0 < 0.01 && mean.1 < 0.1 && mean.2 < 0.25, "mean: {mean:?}");
        // The worst stand at a cliff: one arrival in twenty meets a prompt at all.
        assert!(p95.0 < 0.06 && p95.1 < 0.22 && p95.2 < 0.45, "95th percentile: {p95:?}");
    }

    /// With room for one prompt: rho / (2 (1 - rho)) services and half the step that runs while nobody waits.
    #[test]
    fn one_prompt_a_step_waits_as_in_the_textbook() {
        let (decode, prompt, rate) = (0.03, 0.1, 3.0);
        let used = rate * (decode + prompt);
        let step = decode / (1.0 - rate * prompt);
        let wait = Joining { decode, added: step - decode, arrivals: rate * step, room: 1.0 }.wait();
        let textbook = used / (2.0 * (1.0 - used)) * (decode + prompt) + decode / 2.0;
        assert!((wait.mean / textbook - 1.0).abs() < 1e-12, "{wait:?} {textbook}");
    }

    #[test]
    fn without_prompts_half_a_step_is_left() {
        let wait = Joining { decode: 0.03, added: 0.0, arrivals: 0.0, room: 8.0 }.wait();
        assert!((wait.mean - 0.015).abs() < 1e-12 && (wait.p95 - 0.0285).abs() < 1e-12, "{wait:?}");
    }
}
