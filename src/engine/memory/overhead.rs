//! What an engine takes besides weights and KV cache.

use crate::engine::deployment::{Layout, Subject};
use crate::units::GIB;

/// Budget and overhead of one GPU, bytes.
pub struct Overhead {
    /// What the engine may take.
    pub budget_bytes: f64,
    /// Peak of activations.
    pub activation_bytes: f64,
    /// Context, communication, sampler.
    pub non_torch_bytes: f64,
    /// Captured graphs.
    pub cuda_graph_bytes: f64,
    /// Largest batch the engine admits.
    pub max_num_seqs: f64,
}

impl Overhead {
    /// Overhead of the subject under a layout.
    pub fn of(subject: &Subject, layout: Layout) -> Self {
        let s = &subject.scenario.serving;
        Self {
            budget_bytes: subject.memory_bytes() * s.memory_utilization.unwrap_or(0.92),
            activation_bytes: 2.0 * GIB,
            non_torch_bytes: if layout.tensor_parallel > 1 { 2.0 * GIB } else { 0.25 * GIB },
            cuda_graph_bytes: if s.cuda_graphs { GIB } else { 0.0 },
            max_num_seqs: f64::from(s.max_num_seqs.unwrap_or(1024)),
        }
    }
}
