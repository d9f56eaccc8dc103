//! Parameters of a model by class of tensor, from its dimensions.
//!
//! Sizes and speeds need to know what is quantized, what every step reads, and what is shared over GPUs; a total cannot
//! say. The classes add up to the published total within 1 % (tests/catalog.rs), and the small remainder is scaled away
//! so that they add up to it exactly.

use super::{LayerGroup, Model};

/// Parameters by class, all layers together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Parameters {
    /// Token embedding.
    pub embedding: f64,
    /// Output head where it is not the embedding.
    pub head: f64,
    /// Embeddings that each layer reads a row of.
    pub per_layer_embedding: f64,
    /// Query, output and gate projections, which tensor parallelism always cuts.
    pub attention_cut: f64,
    /// Key and value projections, which it cuts only as far as there are key-value heads.
    pub attention_kv: f64,
    /// Latent projections and indexers, which every rank holds whole.
    pub attention_replicated: f64,
    /// Projections of recurrent layers.
    pub recurrent: f64,
    /// Feed-forwards of dense layers.
    pub dense_ffn: f64,
    /// Routed experts.
    pub routed_experts: f64,
    /// Shared experts, and the projections to and from latent experts.
    pub shared_experts: f64,
    /// Router.
    pub router: f64,
    /// Norms, and small projections that quantizers leave alone.
    pub norms: f64,
    /// Vision and audio encoders.
    pub vision: f64,
    /// Multi-token prediction layers; part of the checkpoint, loaded only for speculative decoding.
    pub mtp: f64,
    /// Whatever no class explains where the dimensions are incomplete; treated as linear layers.
    pub unattributed: f64,
}

impl Parameters {
    /// Count a model's parameters. Models without dimensions are all `unattributed`.
    pub fn of(model: &Model) -> Self {
        let mut p = Self::counted(model);
        let published = model.params_total;
        let counted = p.total(model.dims.mtp_in_total);
        if counted > 0.0 && (counted / published - 1.0).abs() <= TOLERANCE {
            p.scale_linears(published - counted);
        } else {
            p.unattributed = (published - counted).max(0.0);
        }
        p
    }

    /// The count from dimensions alone, not matched to the published total.
    pub fn counted(model: &Model) -> Self {
        let (Some(h), Some(layers)) = (model.hidden_size.map(f64::from), model.layers.map(f64::from)) else {
            return Self::default();
        };
        let d = &model.dims;
        let vocabulary = f64::from(model.vocab_size.unwrap_or(0)) * h;
        let mut p = Self {
            embedding: vocabulary,
            head: if model.tied_embeddings.unwrap_or(false) { 0.0 } else { vocabulary },
            per_layer_embedding: d.per_layer_embedding_params,
            norms: (2.0 * layers + 1.0) * h + d.per_layer_projection_params,
            vision: model.multimodal.as_ref().and_then(|m| m.encoder_params).unwrap_or(0.0) + d.other_params,
            ..Self::default()
        };
        p.add_attention(model, h, layers);
        p.add_feed_forward(model, h, layers);
        p.mtp = f64::from(d.mtp_layers) * p.mtp_layer(model, h, layers);
        p
    }

    /// All of them, with or without multi-token prediction.
    pub fn total(&self, with_mtp: bool) -> f64 {
        let p = self;
        p.embedding
            + p.head
            + p.per_layer_embedding
            + self.linears()
            + p.router
            + p.norms
            + p.vision
            + if with_mtp { p.mtp } else { 0.0 }
    }

    /// All linear layers of the language model: what quantizers quantize. Heads, embeddings, norms and routers are not.
    pub fn linears(&self) -> f64 {
        self.attention_linear() + self.dense_ffn + self.routed_experts + self.shared_experts + self.unattributed
    }

    /// All projections of attention and recurrent layers.
    pub fn attention_linear(&self) -> f64 {
        self.attention_cut + self.attention_kv + self.attention_replicated + self.recurrent
    }

    /// Parameters a token passes through in one forward step: `share` of the routed experts, the head (or the tied
    /// embedding read as one), no embedding row, no encoders.
    pub fn active(&self, share: f64) -> f64 {
        let head = if self.head > 0.0 { self.head } else { self.embedding };
        self.linears() - self.routed_experts * (1.0 - share) + head + self.router + self.norms
    }

    fn scale_linears(&mut self, by: f64) {
        let linears = self.linears();
        if linears > 0.0 {
            let f = 1.0 + by / linears;
            for class in [
                &mut self.attention_cut,
                &mut self.attention_kv,
                &mut self.attention_replicated,
                &mut self.recurrent,
                &mut self.dense_ffn,
                &mut self.routed_experts,
                &mut self.shared_experts,
            ] {
                *class *= f;
            }
        }
    }

    fn add_attention(&mut self, model: &Model, h: f64, layers: f64) {
        let mut attending = 0.0;
        let mut shared = AttentionParameters::default();
        for group in &model.attention.groups {
            let one = AttentionParameters::of(model, group, h);
            let n = f64::from(group.layers());
            self.attention_cut += one.cut * n;
            self.attention_kv += one.kv * n;
            self.attention_replicated += one.replicated * n;
            self.recurrent += one.recurrent * n;
            self.norms += one.kept * n;
            attending += n;
            shared.cut += one.cut * n;
        }
        // Layers that reuse another layer's cache still project queries and outputs.
        let reusing = f64::from(model.dims.kv_shared_layers).min(layers);
        if attending > 0.0 {
            self.attention_cut += shared.cut / attending * reusing;
        }
    }

    fn add_feed_forward(&mut self, model: &Model, h: f64, layers: f64) {
        let matrices = f64::from(model.dims.ffn_matrices.unwrap_or(3));
        let width = model.intermediate_size.map_or(0.0, f64::from);
        let Some(moe) = &model.moe else {
            let fed = model.dims.ffn_layers.map_or(layers, f64::from) + f64::from(model.dims.wide_ffn_layers);
            self.dense_ffn = matrices * h * width * fed;
            return;
        };
        let n = |v: Option<u32>| v.map_or(0.0, f64::from);
        let inner = model.dims.expert_hidden_size.map_or(h, f64::from);
        let with_experts = n(moe.moe_layers);
        let one = matrices * inner * n(moe.expert_intermediate_size);
        self.routed_experts = one * n(moe.experts) * with_experts;
        let latent = if inner == h { 0.0 } else { 2.0 * h * inner };
        self.shared_experts = (matrices * h * n(moe.shared_intermediate_size) + latent) * with_experts;
        self.router = h * n(moe.experts) * with_experts;
        let dense = moe.dense_intermediate_size.map_or(width, f64::from);
        self.dense_ffn = matrices * h * dense * n(moe.dense_layers);
    }

    /// One multi-token prediction layer: a layer of the usual kind and the projection of two joined states.
    fn mtp_layer(&self, model: &Model, h: f64, layers: f64) -> f64 {
        let groups = &model.attention.groups;
        let all = groups.iter().find(|g| matches!(g, LayerGroup::Full { .. } | LayerGroup::Mla { .. }));
        let usual = all.or(groups.first().filter(|_| model.dims.o_lora_rank.is_some()));
        let attention = usual.map_or(0.0, |g| AttentionParameters::of(model, g, h).total());
        let with_experts = model.moe.as_ref().and_then(|m| m.moe_layers).map_or(0.0, f64::from);
        let feed = if with_experts > 0.0 {
            (self.routed_experts + self.shared_experts + self.router) / with_experts
        } else {
            self.dense_ffn / (layers + f64::from(model.dims.wide_ffn_layers))
        };
        let own = if model.dims.mtp_own_embeddings { 2.0 * self.embedding } else { 0.0 };
        attention + feed + 2.0 * h * h + own
    }
}

/// The dimensions explain a published total that is this close; the rest is rounding and small vectors.
const TOLERANCE: f64 = 0.01;

/// Attention parameters of one layer.
#[derive(Debug, Clone, Copy, Default)]
struct AttentionParameters {
    cut: f64,
    kv: f64,
    replicated: f64,
    recurrent: f64,
    /// Held whole by every rank and left in 16 bit.
    kept: f64,
}

impl AttentionParameters {
    fn total(self) -> f64 {
        self.cut + self.kv + self.replicated + self.recurrent + self.kept
    }

    fn of(model: &Model, group: &LayerGroup, h: f64) -> Self {
        let heads = f64::from(model.attention_heads.unwrap_or(0));
        match *group {
            LayerGroup::Full { kv_heads, head_dim, v_head_dim, .. } => {
                let shared = model.dims.shared_kv_projection_on_full;
                Self::softmax(model, h, heads, kv_heads, head_dim, v_head_dim, shared)
            }
            LayerGroup::Sliding { head_dim, v_head_dim: Some(0), .. } if model.dims.o_lora_rank.is_some() => {
                Self::grouped_latent(model, h, heads, f64::from(head_dim))
            }
            LayerGroup::Sliding { kv_heads, head_dim, v_head_dim, .. } => {
                Self::softmax(model, h, heads, kv_heads, head_dim, v_head_dim, false)
            }
            LayerGroup::ChunkedLocal { kv_heads, head_dim, .. } => {
                Self::softmax(model, h, heads, kv_heads, head_dim, None, false)
            }
            LayerGroup::Mla { layers, kv_lora_rank, qk_rope_head_dim, indexer_layers, indexer_key_dim, .. } => {
                let share = f64::from(indexer_layers) / f64::from(layers.max(1));
                let key = f64::from(indexer_key_dim.unwrap_or(128));
                Self::latent(model, h, heads, f64::from(kv_lora_rank), f64::from(qk_rope_head_dim), share, key)
            }
            LayerGroup::State {
                ref kind,
                ssm_bytes_per_seq_per_layer: ssm,
                conv_bytes_per_seq_per_layer: conv,
                ..
            } => Self { recurrent: recurrent(model, kind, ssm, conv, h, heads), ..Self::default() },
            LayerGroup::Compressed { entry_elems, indexer_bytes_per_entry, .. } if model.dims.o_lora_rank.is_some() => {
                Self::compressor(model, h, f64::from(entry_elems), indexer_bytes_per_entry > 0.0)
            }
            LayerGroup::Compressed { .. } => Self::default(),
        }
    }

    /// DeepSeek V4: queries through a low rank, one latent for keys and values, an output through a low rank per group of
    /// heads, and the mixing of the residual streams.
    fn grouped_latent(model: &Model, h: f64, heads: f64, width: f64) -> Self {
        let n = |v: Option<u32>| v.map_or(0.0, f64::from);
        let (q, out) = (n(model.dims.q_lora_rank), n(model.dims.o_lora_rank));
        let streams = f64::from(model.dims.residual_streams);
        Self {
            cut: q * heads * width + heads * width * out + n(model.dims.o_groups) * out * h,
            replicated: h * (q + width),
            kept: 2.0 * (2.0 + streams) * streams * streams * h,
            ..Self::default()
        }
    }

    /// What a layer adds that compresses its cache: projections of entries and their gates, twice as wide where entries
    /// overlap, and there the indexer with a compressor of its own.
    fn compressor(model: &Model, h: f64, width: f64, indexed: bool) -> Self {
        if !indexed {
            return Self { kept: 2.0 * h * width, ..Self::default() };
        }
        let n = |v: Option<u32>| v.map_or(0.0, f64::from);
        let heads = n(model.dims.index_heads);
        Self {
            replicated: n(model.dims.q_lora_rank) * heads * INDEX_KEY,
            kept: 4.0 * h * (width + INDEX_KEY) + h * heads,
            ..Self::default()
        }
    }

    fn softmax(model: &Model, h: f64, heads: f64, kv: u32, key: u32, value: Option<u32>, shared: bool) -> Self {
        let (key, value) = (f64::from(key), f64::from(value.unwrap_or(key)));
        let gate = if model.dims.gated_attention { h * heads * value } else { 0.0 };
        let width = if shared { key } else { key + value };
        Self { cut: h * heads * (key + value) + gate, kv: h * f64::from(kv) * width, ..Self::default() }
    }

    fn latent(model: &Model, h: f64, heads: f64, rank: f64, rope: f64, indexed: f64, index_key: f64) -> Self {
        let d = &model.dims;
        let usual = model.head_dim.map_or(128.0, f64::from);
        let nope = d.qk_nope_head_dim.map_or(usual, f64::from);
        let value = d.v_head_dim.map_or(usual, f64::from);
        let gate = if d.gated_attention { h * heads * value } else { 0.0 };
        let (q_down, q_in) = match d.q_lora_rank.map(f64::from) {
            Some(q) => (h * q, q),
            None => (0.0, h),
        };
        let index_heads = d.index_heads.map_or(0.0, f64::from);
        let indexer = (q_in * index_heads * index_key + h * index_key + h * index_heads) * indexed;
        Self {
            cut: q_in * heads * (nope + rope) + rank * heads * (nope + value) + heads * value * h + gate,
            replicated: q_down + h * (rank + rope) + indexer,
            ..Self::default()
        }
    }
}

/// Width of an index key (index_head_dim of DeepSeek-V3.2 and V4, their config.json, 2026-11-23).
const INDEX_KEY: f64 = 128.0;

/// Width of a head of the published gated-delta, KDA and lightning layers, and states of a Mamba2 head.
const STATE_DIM: f64 = 128.0;
/// Bytes of an fp32 state element and of a 16-bit convolution element times the 3 kept steps of a width-4 kernel.
const SSM_ELEMENT: f64 = 4.0;
const CONV_COLUMN: f64 = 6.0;

/// Parameters of a recurrent layer, its widths read off the state it keeps.
fn recurrent(model: &Model, kind: &str, ssm: f64, conv: f64, h: f64, heads: f64) -> f64 {
    let channels = conv / CONV_COLUMN;
    match kind {
        "gated_deltanet" => {
            let value_heads = ssm / (STATE_DIM * STATE_DIM * SSM_ELEMENT);
            let values = value_heads * STATE_DIM;
            h * (channels + values) + 2.0 * h * value_heads + 4.0 * channels + values * h
        }
        "kda" => {
            let n = ssm / (STATE_DIM * STATE_DIM * SSM_ELEMENT);
            let width = n * STATE_DIM;
            5.0 * h * width + 12.0 * width + STATE_DIM * (h + width) + h * n
        }
        "mamba2" => {
            let inner = ssm / (STATE_DIM * SSM_ELEMENT);
            let groups = (channels - inner).max(0.0);
            h * (2.0 * inner + groups + inner / 64.0) + inner * h + 4.0 * channels
        }
        "mamba1" => {
            let inner = ssm / (16.0 * SSM_ELEMENT);
            let step = h / 16.0;
            2.0 * h * inner + inner * (step + 32.0) + step * inner + inner * h + 4.0 * inner
        }
        _ => 5.0 * h * heads * f64::from(model.head_dim.unwrap_or(128)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn a_dense_model_is_exact() {
        let c = Catalog::embedded().unwrap();
        let p = Parameters::counted(c.model("meta-llama/Llama-3.1-8B-Instruct").unwrap());
        assert_eq!(p.total(false), 8_030_261_248.0);
        assert_eq!(p.embedding, 128_256.0 * 4096.0);
        assert_eq!(p.routed_experts, 0.0);
    }

    #[test]
    fn experts_are_apart_from_what_every_token_reads() {
        let c = Catalog::embedded().unwrap();
        let m = c.model("Qwen/Qwen3-30B-A3B-Instruct-2507").unwrap();
        let p = Parameters::of(m);
        assert!((p.total(false) / m.params_total - 1.0).abs() < 1e-9);
        assert!((p.active(8.0 / 128.0) / m.active_recomputed.unwrap() - 1.0).abs() < 0.01);
    }
}
