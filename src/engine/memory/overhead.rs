//! What an engine takes besides weights and KV cache, by its rule for the version.

use super::activation;
use crate::catalog::LayerGroup;
use crate::catalog::engine::{Budget, DeviceDefaults};
use crate::engine::deployment::{Layout, Subject};
use crate::units::GIB;

/// Overhead of one GPU, bytes, and the limits the engine works under.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overhead {
    /// Peak of activations.
    pub activation_bytes: f64,
    /// Context, communication, sampler.
    pub non_torch_bytes: f64,
    /// Captured graphs.
    pub cuda_graph_bytes: f64,
    /// What the engine's own formula sets aside for libraries.
    pub set_aside_bytes: f64,
    /// Largest batch the engine admits.
    pub max_num_seqs: f64,
    /// Most tokens in a step.
    pub max_num_batched_tokens: f64,
}

/// Index of a GPU count in tables by 1, 2, 4 and 8 GPUs.
pub(super) fn column(gpus: u32) -> usize {
    match gpus {
        0 | 1 => 0,
        2 | 3 => 1,
        4..=7 => 2,
        _ => 3,
    }
}

/// The engine's defaults for the accelerator.
pub fn defaults(subject: &Subject) -> DeviceDefaults {
    let gib = subject.memory_bytes() / GIB;
    let a100 = subject.accelerator.id.starts_with("a100");
    let fits = |d: &&DeviceDefaults| gib >= d.from_gib && !(d.not_a100 && a100);
    let last = DeviceDefaults {
        from_gib: 0.0,
        not_a100: false,
        max_num_seqs: 256,
        max_num_batched_tokens: 2048,
        graph_batch: 256,
    };
    subject.engine.defaults.iter().find(fits).copied().unwrap_or(last)
}

impl Overhead {
    /// Overhead of the subject under a layout.
    pub fn of(subject: &Subject, layout: Layout) -> Self {
        let (s, usual) = (&subject.scenario.serving, subject.defaults);
        let tokens = f64::from(s.max_num_batched_tokens.unwrap_or(usual.max_num_batched_tokens));
        let seqs = f64::from(s.max_num_seqs.unwrap_or(usual.max_num_seqs)).min(tokens);
        let mut out = Self {
            activation_bytes: 0.0,
            non_torch_bytes: 0.0,
            cuda_graph_bytes: 0.0,
            set_aside_bytes: subject.engine.non_torch.set_aside_by_gpus[column(layout.tensor_parallel)],
            max_num_seqs: seqs,
            max_num_batched_tokens: tokens,
        };
        let wider = if subject.engine_is_newer { NEWER } else { 1.0 };
        out.activation_bytes = activation::peak(subject, layout, seqs, tokens) * wider;
        out.non_torch_bytes = non_torch(subject, layout, seqs, tokens) * wider;
        out.cuda_graph_bytes = if s.cuda_graphs { graphs(subject, layout, seqs) } else { 0.0 };
        out
    }
}

/// What an engine version newer than the rules is allowed to take more (memory.md 2.5).
const NEWER: f64 = 1.3;

fn non_torch(subject: &Subject, layout: Layout, seqs: f64, tokens: f64) -> f64 {
    let (r, m) = (&subject.engine.non_torch, &subject.model);
    let base = if layout.pipeline_parallel > 1 && layout.tensor_parallel == 1 {
        r.pipeline
    } else {
        // What no compute capability is known of counts as new.
        let parallel = subject.capability == 0.0 || subject.capability >= r.parallel_from_capability;
        r.by_gpus[if parallel { column(layout.tensor_parallel) } else { 0 }]
    };
    let newer = if subject.capability >= 9.0 { r.newer_device } else { 0.0 };
    let sampler = r.sampler_state * seqs * m.vocab_size.map_or(0.0, f64::from);
    let encoder = match &m.multimodal {
        Some(_) if r.encoder_outputs => tokens * m.hidden_size.map_or(0.0, f64::from) * 2.0,
        _ => 0.0,
    };
    let large = (subject.memory_bytes() - 80.0 * GIB).max(0.0) * r.share_of_large_memory;
    base + newer + sampler + encoder + large + held_embedding(subject, layout)
}

/// Bytes of the embedding-sized segment that the allocator cannot give back after compiling: the experts' persistent
/// workspace was put into it. Text-only mixtures of experts on one GPU; elsewhere the embedding is not compiled.
fn held_embedding(subject: &Subject, layout: Layout) -> f64 {
    let m = &subject.model;
    if !m.is_moe() || m.multimodal.is_some() || layout.tensor_parallel > 1 {
        return 0.0;
    }
    let n = |v: Option<u32>| v.map_or(0.0, f64::from);
    subject.engine.non_torch.held_embedding * n(m.vocab_size) * n(m.hidden_size)
}

/// Widest head FlashAttention 2 and 3 take (Dao-AILab/flash-attention README, 2026-11-23).
const FLASH_ATTENTION_HEAD: u32 = 256;

/// Batch sizes captured: 1, 2, 4, then every 8 up to 256, then every 16 up to 512 (vLLM compilation configuration).
fn captured(seqs: f64) -> f64 {
    let n = seqs.min(512.0);
    3.0_f64.min(n) + (n.min(256.0) / 8.0).floor() + ((n - 256.0).max(0.0) / 16.0).floor()
}

fn graphs(subject: &Subject, layout: Layout, seqs: f64) -> f64 {
    let r = &subject.engine.graphs;
    let most = f64::from(subject.defaults.graph_batch);
    let usual = if subject.capability >= 9.0 { r.per_layer_sm9 } else { r.per_layer_sm8 };
    let groups = &subject.model.attention.groups;
    // Compressed entries are latents, read by the kernels of latent attention.
    let latent = groups.iter().any(|g| matches!(g, LayerGroup::Mla { .. } | LayerGroup::Compressed { .. }));
    let wide = activation::widest_head(groups) > FLASH_ATTENTION_HEAD && r.per_layer_wide > 0.0;
    let per_layer = match latent {
        true => r.per_layer_latent,
        false if wide => r.per_layer_wide.min(usual),
        false => usual,
    };
    let layers = f64::from(subject.model.layers.unwrap_or(0)) * subject.fullest_stage_share(layout);
    let limit = if subject.engine.budget == Budget::OfTotal { seqs.min(512.0) } else { seqs.min(most) };
    layers * captured(limit) * per_layer + r.per_sequence * seqs.min(most)
}
