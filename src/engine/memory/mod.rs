//! What fits on a GPU: weights, KV cache, overhead, and what binds.
//!
//! [`Memory::size`] sizes one layout; [`Memory::max_sequences`] inverts it; [`Memory::report`] is the Plan's section.

mod activation;
pub mod hints;
mod kv;
mod overhead;
mod pages;
pub use crate::catalog::parameters;
mod weights;

use serde::Serialize;

use super::deployment::{Layout, Subject};
use crate::catalog::engine::Budget;
use kv::KvCache;
pub use overhead::defaults as device_defaults;
pub use weights::{ClassBytes, bits};

/// Bytes on the fullest GPU of a replica. The parts add up to `capacity_bytes`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PerGpu {
    /// What a program can see.
    pub capacity_bytes: f64,
    /// What the engine may take; 0 where what it sets aside first exceeds the GPU.
    pub budget_bytes: f64,
    /// Weights.
    pub weights_bytes: f64,
    /// Peak of activations in a step.
    pub activation_bytes: f64,
    /// Context, communication buffers, sampler.
    pub non_torch_bytes: f64,
    /// Captured graphs.
    pub cuda_graph_bytes: f64,
    /// Left for the KV cache; 0 where the rest already exceeds the budget.
    pub kv_pool_bytes: f64,
    /// Outside the budget.
    pub unused_bytes: f64,
}

/// What fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Fits {
    /// The weights and the overhead, with something left.
    pub weights: bool,
    /// One request of the longest size.
    pub longest_request: bool,
    /// The requests in flight that the load asks for.
    pub target_concurrency: bool,
}

/// The Plan's memory section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MemoryReport {
    /// The fullest GPU.
    pub per_gpu: PerGpu,
    /// Weights of a replica, all GPUs together, replicated parts counted once.
    pub weights_bytes_total: f64,
    /// Weights kept in the memory of the host: lookup tables, and the embedding under llama.cpp.
    pub host_memory_bytes: f64,
    /// KV bytes of a token in the unit the engine counts tokens with, whole replica, each token once: what one more
    /// token adds to a long sequence; vLLM up to 0.20 counts every layer of a model with windows.
    #[serde(serialize_with = "known")]
    pub kv_bytes_per_token: f64,
    /// The same on one GPU.
    #[serde(serialize_with = "known")]
    pub kv_bytes_per_token_per_gpu: f64,
    /// What one more token adds to a sequence longer than every window, on one GPU.
    pub kv_bytes_per_token_growing_per_gpu: f64,
    /// Recurrent state and other constant bytes per sequence, on one GPU.
    pub state_bytes_per_sequence: f64,
    /// Tokens of mean-length sequences that the pool holds.
    pub kv_pool_tokens: f64,
    /// Bytes of a sequence of mean resident length, on one GPU.
    pub sequence_bytes_at_mean: f64,
    /// Bytes of the longest sequence, on one GPU.
    pub sequence_bytes_at_max: f64,
    /// Sequences of mean length that fit.
    pub max_sequences_at_mean: f64,
    /// Sequences of the longest length that fit.
    pub max_sequences_at_max: f64,
    /// Largest batch the engine admits, of a replica.
    pub max_num_seqs: f64,
    /// Most tokens in a step.
    pub max_num_batched_tokens: f64,
    /// Half-width of the 80 % band of activation, libraries and graphs, as a share.
    pub overhead_band: f64,
    /// What fits.
    pub fits: Fits,
    /// What binds first: `weights`, `longest_request`, `kv_pool` or `max_num_seqs`.
    pub binding: String,
    /// What would help, each verified by planning again.
    pub hints: Vec<String>,
}

/// A cache of no bytes is one whose dimensions are unpublished: unknown, written as null.
fn known<S: serde::Serializer>(bytes: &f64, to: S) -> Result<S::Ok, S::Error> {
    (*bytes > 0.0).then_some(*bytes).serialize(to)
}

/// One layout, sized.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// The fullest GPU.
    pub per_gpu: PerGpu,
    /// Weights of a replica, bytes.
    pub weights_bytes_total: f64,
    /// Largest batch the engine admits, of a replica.
    pub max_num_seqs: f64,
    /// Whether state blocks cut it below what was asked for.
    pub max_num_seqs_is_cut: bool,
    /// Most tokens in a step.
    pub max_num_batched_tokens: f64,
    /// Tokens of the longest request.
    pub longest: f64,
    /// Tokens resident for a mean request in its middle age.
    pub mean_resident: f64,
    /// Bytes by which weights and overhead exceed the budget; 0 where they fit.
    pub missing_bytes: f64,
    /// Weights kept in the memory of the host, bytes.
    pub host_memory_bytes: f64,
    /// Half-width of the 80 % band of the overhead, as a share.
    pub overhead_band: f64,
    kv: KvCache,
    attention_replicas: f64,
    cache_is_known: bool,
}

impl Memory {
    /// Size one layout of the subject.
    pub fn size(subject: &Subject, layout: Layout) -> Self {
        let weights = weights::Weights::of(subject, layout);
        let o = overhead::Overhead::of(subject, layout);
        let (per_gpu, missing_bytes) = split(subject, weights.per_gpu, &o);
        let kv = KvCache::of(subject, layout, o.max_num_batched_tokens);
        let s = &subject.sizes;
        let replicas = f64::from(layout.data_parallel_attention.max(1));
        // Every running sequence needs a state block of its own, so there cannot be more of them than blocks.
        let most = kv.pages.as_ref().and_then(|p| p.most_sequences(per_gpu.kv_pool_bytes)).unwrap_or(f64::INFINITY);
        Self {
            per_gpu,
            weights_bytes_total: weights.total,
            max_num_seqs: o.max_num_seqs.min(most) * replicas,
            max_num_seqs_is_cut: most >= 1.0 && most < o.max_num_seqs,
            max_num_batched_tokens: o.max_num_batched_tokens,
            longest: s.longest,
            mean_resident: s.input + s.output / 2.0,
            missing_bytes,
            host_memory_bytes: weights.host,
            overhead_band: subject.engine.overhead_band * if subject.engine_is_newer { 1.5 } else { 1.0 },
            cache_is_known: kv.counted_bytes > 0.0,
            kv,
            attention_replicas: replicas,
        }
    }

    /// Bytes of a decoding sequence of that many tokens, on one GPU.
    pub fn sequence_bytes(&self, tokens: f64) -> f64 {
        self.kv.bytes(tokens)
    }

    /// Decoding sequences of that many tokens that the replica's pool holds at once, the engine's batch limit not
    /// counted.
    pub fn max_sequences(&self, tokens: f64) -> f64 {
        self.sequences_of(self.kv.bytes(tokens))
    }

    /// Sequences of that many tokens that the engine promises to admit at once.
    pub fn admitted_sequences(&self, tokens: f64) -> f64 {
        self.sequences_of(self.kv.admission_bytes(tokens))
    }

    /// The longest sequence of which that many fit: the inverse of a sum that is not linear, by bisection to a token.
    pub fn longest_that_fits(&self, sequences: f64) -> f64 {
        let fits = |tokens: f64| self.admitted_sequences(tokens) >= sequences;
        if !fits(1.0) {
            return 0.0;
        }
        let (mut low, mut high) = (1.0_f64, 2.0_f64);
        while fits(high) {
            (low, high) = (high, high * 2.0);
            if low >= MOST_TOKENS {
                return low;
            }
        }
        while high - low > 1.0 {
            let middle = ((low + high) / 2.0).floor();
            if fits(middle) { low = middle } else { high = middle }
        }
        low
    }

    fn sequences_of(&self, bytes: f64) -> f64 {
        let each = if bytes > 0.0 {
            (self.per_gpu.kv_pool_bytes / bytes).floor()
        } else if self.per_gpu.kv_pool_bytes > 0.0 {
            self.max_num_seqs / self.attention_replicas
        } else {
            0.0
        };
        each * self.attention_replicas
    }

    /// The Plan's section for a number of requests in flight that the load asks for.
    pub fn report_for(&self, target: f64) -> MemoryReport {
        let mut report = self.report();
        let room = report.max_sequences_at_mean.min(self.max_num_seqs);
        report.fits.target_concurrency = report.fits.longest_request && room >= target;
        report
    }

    /// The Plan's section, without the load's own test of concurrency.
    /// What depends on a cache of unpublished dimensions is not a number, which the document writes as null.
    pub fn report(&self) -> MemoryReport {
        let at_mean = self.max_sequences(self.mean_resident);
        let at_max = self.admitted_sequences(self.longest);
        let fits = Fits {
            weights: self.per_gpu.kv_pool_bytes > 0.0,
            longest_request: at_max >= 1.0,
            target_concurrency: at_max >= 1.0,
        };
        let binding = match fits {
            Fits { weights: false, .. } => "weights",
            Fits { longest_request: false, .. } => "longest_request",
            _ if at_mean > self.max_num_seqs => "max_num_seqs",
            _ => "kv_pool",
        };
        let known = |v: f64| if self.cache_is_known { v } else { f64::NAN };
        MemoryReport {
            per_gpu: self.per_gpu,
            weights_bytes_total: self.weights_bytes_total,
            host_memory_bytes: self.host_memory_bytes,
            kv_bytes_per_token: self.kv.counted_bytes_whole,
            kv_bytes_per_token_per_gpu: self.kv.counted_bytes,
            kv_bytes_per_token_growing_per_gpu: known(self.kv.growing_bytes),
            state_bytes_per_sequence: self.kv.state_bytes,
            kv_pool_tokens: known(at_mean * self.mean_resident),
            sequence_bytes_at_mean: known(self.sequence_bytes(self.mean_resident)),
            sequence_bytes_at_max: known(self.kv.admission_bytes(self.longest)),
            max_sequences_at_mean: known(at_mean),
            max_sequences_at_max: known(at_max),
            max_num_seqs: self.max_num_seqs,
            max_num_batched_tokens: self.max_num_batched_tokens,
            overhead_band: self.overhead_band,
            fits,
            binding: binding.into(),
            hints: Vec::new(),
        }
    }
}

/// No sequence is longer (tokens); ends the search for layouts whose cache does not grow.
const MOST_TOKENS: f64 = 1e9;

/// Split a GPU's memory by the engine's budget rule; the parts add up to its capacity where the weights fit. Second:
/// bytes missing where they do not.
fn split(subject: &Subject, weights: f64, o: &overhead::Overhead) -> (PerGpu, f64) {
    let rule = subject.engine;
    let capacity = subject.memory_bytes();
    let asked = subject.scenario.serving.memory_utilization;
    let overhead = o.activation_bytes + o.non_torch_bytes;
    let (budget, kv) = match rule.budget {
        Budget::OfTotal => {
            let share = asked.or(rule.utilization).unwrap_or(0.9);
            let budget = capacity * share - rule.reserve_bytes;
            let graphs = if rule.graphs.inside_budget { o.cuda_graph_bytes } else { 0.0 };
            (budget, budget - weights - overhead - graphs)
        }
        Budget::StaticOfTotal => {
            // SGLang takes at least 10 GiB out of its own formula on devices above 60 GB.
            let least = if capacity > 60e9 { 10.0 * crate::units::GIB } else { 0.0 };
            let reserved = (o.activation_bytes + o.set_aside_bytes + o.cuda_graph_bytes).max(least);
            // A given share is one of what context and communication leave before the weights are loaded; the formula
            // is one of the total.
            let before = capacity - o.non_torch_bytes;
            let budget = asked.or(rule.utilization).map_or(capacity - reserved, |share| before * share);
            (budget, budget - weights)
        }
        Budget::OfFree => {
            let share = asked.or(rule.utilization).unwrap_or(0.9);
            let free = capacity - weights - overhead - o.cuda_graph_bytes;
            (capacity - free.max(0.0) * (1.0 - share), free * share)
        }
    };
    let kv_pool_bytes = kv.max(0.0);
    // SGLang's step takes what its static share leaves, and no more.
    let left = (capacity - budget - o.non_torch_bytes - o.cuda_graph_bytes).max(0.0);
    let activation_bytes = match rule.budget {
        Budget::StaticOfTotal => o.activation_bytes.min(left),
        Budget::OfTotal | Budget::OfFree => o.activation_bytes,
    };
    let used = weights + activation_bytes + o.non_torch_bytes + o.cuda_graph_bytes + kv_pool_bytes;
    let per_gpu = PerGpu {
        capacity_bytes: capacity,
        budget_bytes: budget.max(0.0),
        weights_bytes: weights,
        activation_bytes,
        non_torch_bytes: o.non_torch_bytes,
        cuda_graph_bytes: o.cuda_graph_bytes,
        kv_pool_bytes,
        unused_bytes: (capacity - used).max(0.0),
    };
    (per_gpu, (-kv).max(0.0))
}

#[cfg(test)]
mod tests {
    //! Pins what fits where the longest request just does.
    use super::*;
    use crate::catalog::Catalog;
    use crate::scenario::Scenario;

    #[test]
    fn where_the_longest_request_fits_alone_one_request_in_flight_does() {
        let (catalog, scenario) = (Catalog::embedded().unwrap(), Scenario::default());
        let subject = Subject::of(&scenario, &catalog, &mut Vec::new()).unwrap();
        let mut memory = Memory::size(&subject, Layout::new(2, 1));
        let longest = memory.kv.admission_bytes(memory.longest);
        let mut fits = |times: f64| {
            memory.per_gpu.kv_pool_bytes = times * longest;
            let Fits { longest_request, target_concurrency, .. } = memory.report().fits;
            (longest_request, target_concurrency)
        };
        for (times, one) in [(0.0, false), (0.9, false), (1.0, true), (1.9, true), (7.0, true)] {
            assert_eq!(fits(times), (one, one), "{times}");
        }
    }
}
