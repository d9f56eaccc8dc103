//! What fits on a GPU: weights, KV cache, overhead, and what binds.
//!
//! [`Memory::size`] sizes one layout; [`Memory::max_sequences`] inverts it; [`Memory::report`] is the Plan's section.

mod kv;
mod overhead;
pub mod parameters;
mod weights;

use serde::Serialize;

use super::deployment::{Layout, Subject};
use kv::KvCache;

/// Bytes on the fullest GPU of a replica. The parts add up to `capacity_bytes`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PerGpu {
    /// What a program can see.
    pub capacity_bytes: f64,
    /// What the engine may take.
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
    /// KV bytes that one more token costs a long sequence, whole replica, each token once.
    pub kv_bytes_per_token: f64,
    /// The same on one GPU.
    pub kv_bytes_per_token_per_gpu: f64,
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
    /// What fits.
    pub fits: Fits,
    /// What binds first: `weights`, `longest_request`, `kv_pool` or `max_num_seqs`.
    pub binding: String,
    /// What would help, each verified by planning again.
    pub hints: Vec<String>,
}

/// One layout, sized.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// The fullest GPU.
    pub per_gpu: PerGpu,
    /// Weights of a replica, bytes.
    pub weights_bytes_total: f64,
    /// Largest batch the engine admits.
    pub max_num_seqs: f64,
    /// Tokens of the longest request.
    pub longest: f64,
    /// Tokens resident for a mean request in its middle age.
    pub mean_resident: f64,
    kv: KvCache,
}

impl Memory {
    /// Size one layout of the subject.
    pub fn size(subject: &Subject, layout: Layout) -> Self {
        let weights = weights::Weights::of(subject, layout);
        let o = overhead::Overhead::of(subject, layout);
        let left = o.budget_bytes - weights.per_gpu - o.activation_bytes - o.non_torch_bytes - o.cuda_graph_bytes;
        let per_gpu = PerGpu {
            capacity_bytes: subject.memory_bytes(),
            budget_bytes: o.budget_bytes,
            weights_bytes: weights.per_gpu,
            activation_bytes: o.activation_bytes,
            non_torch_bytes: o.non_torch_bytes,
            cuda_graph_bytes: o.cuda_graph_bytes,
            kv_pool_bytes: left.max(0.0),
            unused_bytes: subject.memory_bytes() - o.budget_bytes,
        };
        let s = &subject.sizes;
        Self {
            per_gpu,
            weights_bytes_total: weights.total,
            max_num_seqs: o.max_num_seqs,
            longest: s.longest,
            mean_resident: s.input + s.output / 2.0,
            kv: KvCache::of(subject, layout),
        }
    }

    /// Bytes of a sequence of that many tokens, on one GPU.
    pub fn sequence_bytes(&self, tokens: f64) -> f64 {
        self.kv.bytes(tokens)
    }

    /// Bytes of KV cache and state that a decode step reads for a sequence of that many tokens, on one GPU.
    pub fn read_bytes(&self, tokens: f64) -> f64 {
        self.kv.bytes(tokens)
    }

    /// Sequences of that many tokens that the pool holds at once, the engine's batch limit not counted.
    pub fn max_sequences(&self, tokens: f64) -> f64 {
        let bytes = self.sequence_bytes(tokens);
        if bytes > 0.0 { (self.per_gpu.kv_pool_bytes / bytes).floor() } else { self.max_num_seqs }
    }

    /// The Plan's section, without the load's own test of concurrency.
    pub fn report(&self) -> MemoryReport {
        let at_mean = self.max_sequences(self.mean_resident);
        let at_max = self.max_sequences(self.longest);
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
        MemoryReport {
            per_gpu: self.per_gpu,
            weights_bytes_total: self.weights_bytes_total,
            kv_bytes_per_token: self.kv.growing_bytes_whole,
            kv_bytes_per_token_per_gpu: self.kv.growing_bytes,
            state_bytes_per_sequence: self.kv.state_bytes,
            kv_pool_tokens: at_mean * self.mean_resident,
            sequence_bytes_at_mean: self.sequence_bytes(self.mean_resident),
            sequence_bytes_at_max: self.sequence_bytes(self.longest),
            max_sequences_at_mean: at_mean,
            max_sequences_at_max: at_max,
            fits,
            binding: binding.into(),
            hints: Vec::new(),
        }
    }
}
