//! The peak of activations while an engine profiles itself: the largest of several moments.
//!
//! Which moments there are depends on the engine's version; their coefficients are rows of `public/catalog/engines.json`.

use super::overhead::column;
use crate::catalog::engine::Activation;
use crate::catalog::{LayerGroup, Quantization};
use crate::engine::deployment::{Layout, Subject};

/// What every moment is made of.
struct Step<'a> {
    subject: &'a Subject<'a>,
    rule: &'a Activation,
    layout: Layout,
    seqs: f64,
    tokens: f64,
    hidden: f64,
    vocab: f64,
    gpus: f64,
}

fn n(v: Option<u32>) -> f64 {
    v.map_or(0.0, f64::from)
}

/// Elements of the widest key head of some layers.
pub(super) fn widest_head(groups: &[LayerGroup]) -> u32 {
    let width = |g: &LayerGroup| match *g {
        LayerGroup::Full { head_dim, .. }
        | LayerGroup::Sliding { head_dim, .. }
        | LayerGroup::ChunkedLocal { head_dim, .. } => head_dim,
        _ => 0,
    };
    groups.iter().map(width).max().unwrap_or(0)
}

/// Peak bytes of activations on one GPU, with at most `seqs` sequences and `step_tokens` tokens in a step.
pub(super) fn peak(subject: &Subject, layout: Layout, seqs: f64, step_tokens: f64) -> f64 {
    let (rule, m) = (&subject.engine.activation, &subject.model);
    let step = Step {
        subject,
        rule,
        layout,
        seqs,
        tokens: if rule.whole_prompt { subject.sizes.longest.max(step_tokens) } else { step_tokens },
        hidden: n(m.hidden_size),
        vocab: n(m.vocab_size),
        gpus: f64::from(layout.tensor_parallel),
    };
    let work = step.experts() + step.latent_context();
    let forward = step.layer().max(step.by_width()).max(rule.logits * step.tokens * step.vocab) + work;
    let moments = if rule.traced {
        forward.max(step.compiling()).max(step.gathering()).max(step.encoding())
    } else {
        forward.max(step.sampling() + work)
    };
    (moments + step.received() + rule.per_token * step.tokens).max(rule.floor)
}

impl Step<'_> {
    /// Sampling a full batch, in versions whose sampler was fitted as a whole. It runs on the last stage only, and the
    /// fullest stage of a pipeline is rarely that one.
    fn sampling(&self) -> f64 {
        if self.layout.pipeline_parallel > 1 { 0.0 } else { self.rule.sampler * self.seqs * self.vocab }
    }

    /// Hidden states and residuals that a stage of a pipeline received, held while it works.
    fn received(&self) -> f64 {
        if self.layout.pipeline_parallel > 1 { 2.0 * self.rule.layer * self.tokens * self.hidden } else { 0.0 }
    }

    /// Logits of a full batch: the GPUs' shards, gathered and copied into one piece, beside the hidden states.
    fn gathering(&self) -> f64 {
        let logits = self.seqs.min(self.tokens) * self.vocab * 2.0;
        let copies = if self.gpus > 1.0 { 2.0 + 1.0 / self.gpus } else { 1.0 };
        logits * copies + self.tokens * self.hidden * 2.0
    }

    /// Compiling the first forward pass: a random copy of the embedding and the two outputs of its look-up. Shared
    /// embeddings and those in front of an encoder's outputs are not compiled.
    fn compiling(&self) -> f64 {
        let text_on_one = self.gpus == 1.0 && self.subject.model.multimodal.is_none() && !self.is_streamed();
        let elements = (self.vocab + 2.0 * self.tokens) * self.hidden;
        if text_on_one { self.rule.embedding_copy * elements } else { 0.0 }
    }

    /// The encoder's largest input, profiled before the text.
    fn encoding(&self) -> f64 {
        let peak = self.subject.model.multimodal.as_ref().and_then(|m| m.peak.as_ref());
        peak.map_or(0.0, |p| p.replicated_bytes + p.sharded_bytes / self.gpus)
    }

    /// The widest moment of a layer.
    fn layer(&self) -> f64 {
        let m = &self.subject.model;
        let wide = match &m.moe {
            Some(moe) if m.is_moe() => n(moe.dense_intermediate_size),
            _ => n(m.intermediate_size),
        };
        let feed_forward = 3.0 * wide / self.gpus;
        let (t, h) = (self.rule.layer * self.tokens, self.hidden);
        if !self.rule.traced {
            return t * (feed_forward + 4.0 * h);
        }
        let encoded = if m.multimodal.is_some() { h } else { 0.0 };
        let plain = feed_forward + self.attention_width() + 2.0 * h;
        let widest = plain.max(self.latent_width()).max(self.state_width()).max(self.streamed_width());
        t * (widest + encoded)
    }

    /// Whether several residual streams run beside each other (hyper-connections).
    fn is_streamed(&self) -> bool {
        self.subject.model.dims.residual_streams > 1
    }

    /// Elements of one token where residual streams are mixed: copies of the hidden state that no compiler shares, and
    /// under compressed attention the queries and an output whose heads are padded to what the kernel takes.
    fn streamed_width(&self) -> f64 {
        if !self.is_streamed() {
            return 0.0;
        }
        let m = &self.subject.model;
        let compressed = |g: &LayerGroup| matches!(g, LayerGroup::Compressed { .. });
        let own = n(m.attention_heads) / f64::from(self.layout.attention_gpus());
        let heads = if m.attention.groups.iter().any(compressed) { own + own.max(KERNEL_HEADS) } else { 0.0 };
        self.rule.stream_copies * self.hidden + heads * n(m.head_dim)
    }

    /// Elements of the widest attention output of one token.
    fn attention_width(&self) -> f64 {
        let m = &self.subject.model;
        let head = widest_head(&m.attention.groups).max(m.head_dim.unwrap_or(0));
        n(m.attention_heads) * f64::from(head) / f64::from(self.layout.attention_gpus())
    }

    /// Elements of one token that live beside the expanded context of latent attention: copies of the query heads, of
    /// the hidden state and of the latent.
    fn latent_width(&self) -> f64 {
        let m = &self.subject.model;
        let Some(LayerGroup::Mla { kv_lora_rank, qk_rope_head_dim, .. }) =
            m.attention.groups.iter().find(|g| matches!(g, LayerGroup::Mla { .. }))
        else {
            return 0.0;
        };
        let key = m.dims.qk_nope_head_dim.unwrap_or(128) + qk_rope_head_dim;
        let head = f64::from(key.max(m.dims.v_head_dim.unwrap_or(128)));
        let heads = n(m.attention_heads) / f64::from(self.layout.attention_gpus());
        let [queries, hidden, latents] = self.rule.latent_copies;
        queries * heads * head + hidden * self.hidden + latents * f64::from(*kv_lora_rank)
    }

    /// Elements of one token between two Mamba2 mixers: the projections and outputs of both, and the residuals.
    fn state_width(&self) -> f64 {
        let mamba = self.subject.model.attention.groups.iter().find_map(|g| match g {
            LayerGroup::State { kind, ssm_bytes_per_seq_per_layer, conv_bytes_per_seq_per_layer, .. }
                if kind == "mamba2" =>
            {
                Some((*ssm_bytes_per_seq_per_layer, *conv_bytes_per_seq_per_layer))
            }
            _ => None,
        });
        let Some((ssm, conv)) = mamba else { return 0.0 };
        let inner = ssm / (4.0 * MAMBA2_STATE) / self.gpus;
        let projected = inner + conv / CONVOLUTION_BYTES / self.gpus;
        2.0 * projected + inner + 2.0 * self.hidden + self.hidden.max(inner)
    }

    /// Bytes of engines whose peak is counted in attention widths: of what the output projection reads.
    fn by_width(&self) -> f64 {
        let m = &self.subject.model;
        let grouped = n(m.dims.o_groups) * n(m.dims.o_lora_rank);
        let width = if grouped > 0.0 { grouped } else { n(m.attention_heads) * n(m.head_dim) };
        let table = if m.is_moe() { self.rule.expert_hidden_by_gpus } else { self.rule.hidden_by_gpus };
        width * table[column(self.layout.tensor_parallel)] * self.tokens
    }

    /// The experts' persistent workspace; kernels that read 4-bit experts directly need none.
    fn experts(&self) -> f64 {
        let m = &self.subject.model;
        let (Some(moe), false) = (&m.moe, self.subject.quantization == Quantization::Mxfp4) else { return 0.0 };
        let h = m.dims.expert_hidden_size.map_or(self.hidden, f64::from);
        let inner = n(moe.expert_intermediate_size) / if self.layout.expert_parallel > 1 { 1.0 } else { self.gpus };
        // Without a gate there is one matrix in front instead of two.
        let first = if m.dims.ffn_matrices == Some(2) { inner } else { 2.0 * inner };
        self.rule.experts * n(moe.experts_per_token) * (inner.max(h) + first.max(h)) * self.tokens
    }

    /// Latents expanded to keys and values while a long prompt is prefilled in chunks.
    fn latent_context(&self) -> f64 {
        if self.rule.latent_context_tokens == 0.0 || !self.subject.model.is_mla() {
            return 0.0;
        }
        let d = &self.subject.model.dims;
        let width = f64::from(d.qk_nope_head_dim.unwrap_or(128) + d.v_head_dim.unwrap_or(128));
        let heads = n(self.subject.model.attention_heads) / f64::from(self.layout.attention_gpus());
        self.rule.latent_context_tokens * heads * width * 2.0
    }
}

/// Fewest heads of the sparse latent kernel (padded_heads of vllm/model_executor/layers/deepseek_v4_attention.py,
/// 2026-11-23).
const KERNEL_HEADS: f64 = 64.0;

/// Columns of a Mamba2 state (`ssm_state_size` of Nemotron-H, Nemotron 3 and Bamba, their config.json, 2026-11-23).
const MAMBA2_STATE: f64 = 128.0;

/// Bytes per channel of a convolution state: a kernel of 4 keeps 3 steps of 2 bytes.
const CONVOLUTION_BYTES: f64 = 6.0;
