//! An open-weight model: its dimensions, attention layout, checkpoint and licence.

use serde::Serialize;

use super::dimensions::Dimensions;
use super::{Fields, FromJson, Quantization, RowError, Words, row};

/// The index both open models and APIs are scored on (`build.rs` has it too).
pub const INDEX: &str = "AA Intelligence Index v4.1";

/// One open-weight model. Counts are plain numbers; parameters are counted, not billions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Model {
    /// Hugging Face id, for example `meta-llama/Llama-3.3-70B-Instruct`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Model family, for example `Llama`.
    pub family: String,
    /// Who released it.
    pub org: String,
    /// Day of release, ISO 8601.
    pub release_date: String,
    /// Licence, and whether it allows commercial self-hosting.
    pub license: License,
    /// All parameters.
    pub params_total: f64,
    /// Parameters a token passes through, as the vendor counts them.
    pub params_active: f64,
    /// What `params_total` includes (multi-token prediction, vision) and where it is from.
    pub params_basis: Words,
    /// Active parameters recomputed from the dimensions (embedding row excluded, head included).
    pub active_recomputed: Option<f64>,
    /// All parameters recomputed from the configuration's dimensions.
    pub params_recomputed: Option<f64>,
    /// Transformer layers; absent where nobody has published them.
    pub layers: Option<u32>,
    /// Width of the residual stream.
    pub hidden_size: Option<u32>,
    /// Query heads.
    pub attention_heads: Option<u32>,
    /// Key-value heads of the commonest layer kind.
    pub kv_heads: Option<u32>,
    /// Width of one head of the commonest layer kind.
    pub head_dim: Option<u32>,
    /// Feed-forward width of dense layers.
    pub intermediate_size: Option<u32>,
    /// Vocabulary rows.
    pub vocab_size: Option<u32>,
    /// Whether the output head shares the embedding matrix.
    pub tied_embeddings: Option<bool>,
    /// Attention layout.
    pub attention: Attention,
    /// Mixture-of-experts dimensions, absent for dense models.
    pub moe: Option<Moe>,
    /// Dimensions that only some architectures have.
    pub dims: Dimensions,
    /// Longest context, tokens.
    pub max_context: u32,
    /// Precision of the released checkpoint, as a quantization id.
    pub native_dtype: String,
    /// What the native precision is in words where it is mixed.
    pub native_note: Option<Words>,
    /// Vision or audio encoder.
    pub multimodal: Option<Multimodal>,
    /// Size of the released checkpoint.
    pub checkpoint: Checkpoint,
    /// Published checkpoints in other precisions.
    pub variants: Vec<Variant>,
    /// Published quality scores.
    pub quality: Vec<QualityScore>,
    /// Where the dimensions are from.
    pub sources: Vec<Words>,
    /// How the parameter count was verified.
    pub verification: Words,
    /// What to know about the row.
    pub notes: Words,
    /// Day the row was last checked.
    pub as_of: String,
}

row!(Model { id, name, license, params_total, params_active, active_recomputed, params_recomputed, layers, hidden_size, attention_heads, kv_heads, head_dim, intermediate_size, vocab_size, tied_embeddings, attention, moe, max_context, native_dtype, native_note, multimodal, checkpoint } default { family, org, release_date, params_basis, dims, variants, quality, sources, verification, notes, as_of });

impl Model {
    /// The short name used in links: the part of the id after the slash, in lower case.
    pub fn slug(&self) -> String {
        super::slug(&self.id).to_ascii_lowercase()
    }

    /// Its score on [`INDEX`].
    pub fn score(&self) -> Option<f64> {
        self.quality.iter().find(|q| q.metric == INDEX).map(|q| q.value)
    }

    /// Whether the model routes tokens through experts.
    pub fn is_moe(&self) -> bool {
        self.moe.is_some()
    }

    /// Whether any layer keeps a recurrent state.
    pub fn is_recurrent(&self) -> bool {
        self.attention.groups.iter().any(|g| matches!(g, LayerGroup::State { .. }))
    }

    /// Whether any layer keeps a multi-head latent attention cache.
    pub fn is_mla(&self) -> bool {
        self.attention.groups.iter().any(|g| matches!(g, LayerGroup::Mla { .. }))
    }
}

/// Licence of a model's weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct License {
    /// SPDX-like id.
    pub id: String,
    /// `yes`, `conditional`, `no` or `unknown`.
    pub commercial: String,
    /// The condition, in a sentence.
    pub note: Words,
    /// Where this was read.
    pub source: Words,
}

row!(License { id, commercial } default { note, source });

/// How the layers attend, as groups of equal layers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attention {
    /// The layout in words.
    pub kind: String,
    /// Groups of layers that cache the same thing; empty where the dimensions are unpublished.
    pub groups: Vec<LayerGroup>,
    /// Vendor's figure of bytes per token at long context where the layout cannot be computed.
    pub long_context_bytes_per_token: Option<f64>,
    /// What to know about the layout.
    pub note: Option<Words>,
}

row!(Attention { kind, long_context_bytes_per_token, note } default { groups });

/// A group of layers that keep the same kind of memory of a sequence.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LayerGroup {
    /// Keys and values of every token.
    Full {
        /// Layers in the group.
        layers: u32,
        /// Key-value heads.
        kv_heads: u32,
        /// Width of a key head.
        head_dim: u32,
        /// Width of a value head where it differs.
        v_head_dim: Option<u32>,
    },
    /// Keys and values of the last `window` tokens.
    Sliding {
        /// Layers in the group.
        layers: u32,
        /// Tokens kept.
        window: u32,
        /// Key-value heads.
        kv_heads: u32,
        /// Width of a key head.
        head_dim: u32,
        /// Width of a value head where it differs.
        v_head_dim: Option<u32>,
    },
    /// Keys and values inside chunks of `chunk` tokens.
    ChunkedLocal {
        /// Layers in the group.
        layers: u32,
        /// Tokens in a chunk.
        chunk: u32,
        /// Key-value heads.
        kv_heads: u32,
        /// Width of a head.
        head_dim: u32,
    },
    /// Multi-head latent attention: one latent vector a token, the same on every tensor-parallel rank.
    Mla {
        /// Layers in the group.
        layers: u32,
        /// Width of the compressed latent.
        kv_lora_rank: u32,
        /// Width of the rotary key.
        qk_rope_head_dim: u32,
        /// Layers that also keep sparse-attention index keys.
        indexer_layers: u32,
        /// Width of an index key.
        indexer_key_dim: Option<u32>,
        /// Bytes of index keys and their scales, per token and indexer layer.
        indexer_bytes_per_token_per_layer: Option<f64>,
    },
    /// A recurrent state of constant size per sequence.
    State {
        /// Layers in the group.
        layers: u32,
        /// `gated_deltanet`, `kda`, `mamba1`, `mamba2` or `lightning`.
        kind: String,
        /// Bytes of the recurrent state (fp32) per sequence and layer.
        ssm_bytes_per_seq_per_layer: f64,
        /// Bytes of the convolution window per sequence and layer.
        conv_bytes_per_seq_per_layer: f64,
    },
    /// DeepSeek-V4 compressed entries: one entry every `ratio` tokens.
    Compressed {
        /// Layers in the group.
        layers: u32,
        /// Tokens per entry.
        ratio: u32,
        /// Elements of an entry.
        entry_elems: u32,
        /// Bytes of the entry's index key.
        indexer_bytes_per_entry: f64,
        /// Buffers of constant size per sequence and layer.
        fixed_state_bytes_per_seq_per_layer: f64,
    },
}

impl FromJson for LayerGroup {
    fn from_json(value: serde_json::Value) -> Result<Self, RowError> {
        let mut f = Fields::of(value)?;
        let kind: String = f.take("type")?;
        Ok(match kind.as_str() {
            "full" => Self::Full {
                layers: f.take("layers")?,
                kv_heads: f.take("kv_heads")?,
                head_dim: f.take("head_dim")?,
                v_head_dim: f.take("v_head_dim")?,
            },
            "sliding" => Self::Sliding {
                layers: f.take("layers")?,
                window: f.take("window")?,
                kv_heads: f.take("kv_heads")?,
                head_dim: f.take("head_dim")?,
                v_head_dim: f.take("v_head_dim")?,
            },
            "chunked_local" => Self::ChunkedLocal {
                layers: f.take("layers")?,
                chunk: f.take("chunk")?,
                kv_heads: f.take("kv_heads")?,
                head_dim: f.take("head_dim")?,
            },
            "mla" => Self::Mla {
                layers: f.take("layers")?,
                kv_lora_rank: f.take("kv_lora_rank")?,
                qk_rope_head_dim: f.take_or_default("qk_rope_head_dim")?,
                indexer_layers: f.take_or_default("indexer_layers")?,
                indexer_key_dim: f.take("indexer_key_dim")?,
                indexer_bytes_per_token_per_layer: f.take("indexer_bytes_per_token_per_layer")?,
            },
            "state" => Self::State {
                layers: f.take("layers")?,
                kind: f.take("kind")?,
                ssm_bytes_per_seq_per_layer: f.take("ssm_bytes_per_seq_per_layer")?,
                conv_bytes_per_seq_per_layer: f.take_or_default("conv_bytes_per_seq_per_layer")?,
            },
            "compressed" => Self::Compressed {
                layers: f.take("layers")?,
                ratio: f.take("ratio")?,
                entry_elems: f.take("entry_elems")?,
                indexer_bytes_per_entry: f.take_or_default("indexer_bytes_per_entry")?,
                fixed_state_bytes_per_seq_per_layer: f.take_or_default("fixed_state_bytes_per_seq_per_layer")?,
            },
            _ => return Err(RowError::new("is of an unknown type of layers")),
        })
    }
}

impl LayerGroup {
    /// Layers in the group.
    pub fn layers(&self) -> u32 {
        match *self {
            Self::Full { layers, .. }
            | Self::Sliding { layers, .. }
            | Self::ChunkedLocal { layers, .. }
            | Self::Mla { layers, .. }
            | Self::State { layers, .. }
            | Self::Compressed { layers, .. } => layers,
        }
    }
}

/// Mixture-of-experts dimensions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moe {
    /// Routed experts per layer.
    pub experts: Option<u32>,
    /// Experts a token visits.
    pub experts_per_token: Option<u32>,
    /// Feed-forward width of one expert.
    pub expert_intermediate_size: Option<u32>,
    /// Shared experts every token visits.
    pub shared_experts: Option<u32>,
    /// Feed-forward width of the shared experts together.
    pub shared_intermediate_size: Option<u32>,
    /// Layers without experts.
    pub dense_layers: Option<u32>,
    /// Layers with experts.
    pub moe_layers: Option<u32>,
    /// Feed-forward width of the dense layers.
    pub dense_intermediate_size: Option<u32>,
    /// What to know about the experts.
    pub note: Words,
}

row!(Moe { experts, experts_per_token, expert_intermediate_size, shared_experts, shared_intermediate_size, dense_layers, moe_layers, dense_intermediate_size } default { note });

/// A vision or audio encoder beside the language model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Multimodal {
    /// Parameters of the encoder.
    pub encoder_params: Option<f64>,
    /// What it is.
    pub kind: String,
    /// What to know about it.
    pub note: Words,
    /// Its activations at its largest input, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak: Option<EncoderPeak>,
}

/// Bytes of an encoder's activations while an engine profiles it with its largest input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EncoderPeak {
    /// On every GPU.
    pub replicated_bytes: f64,
    /// Shared by tensor parallelism.
    pub sharded_bytes: f64,
    /// Where they are from.
    pub source: Words,
}

row!(Multimodal { encoder_params, peak } default { kind, note });
row!(EncoderPeak { replicated_bytes, sharded_bytes, source });

impl EncoderPeak {
    /// A Qwen3-VL tower, width `hidden`: in its first block four copies of the patches on every GPU and eight shared
    /// ones, beside the pixels. 65,536 patches of 16 x 16 in two frames are its processor's largest image.
    /// Source: vLLM 0.30 qwen3_vl.py, confirmed by allocator traces in mondegreens/apron@09c3175.
    pub fn of_qwen3_vl(hidden: f64) -> Self {
        let patches = 65_536.0;
        let copy = patches * hidden * 2.0;
        Self {
            replicated_bytes: 4.0 * copy + patches * 3.0 * 2.0 * 256.0 * 2.0,
            sharded_bytes: 8.0 * copy,
            source: "Qwen3-VL tower at its processor's usual limit".into(),
        }
    }
}

/// A published checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checkpoint {
    /// Bytes of its weights; absent where nobody published them.
    pub bytes: Option<f64>,
    /// Whether the size was computed from the parameter count.
    pub estimated: bool,
    /// Where it is from.
    pub source: Words,
}

row!(Checkpoint { bytes } default { estimated, source });

/// A checkpoint of the same weights in another precision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variant {
    /// Precision, as a quantization id.
    pub precision: String,
    /// Hugging Face id.
    pub repo: Option<String>,
    /// Bytes of the checkpoint.
    pub bytes: Option<f64>,
    /// Elements the hub counts, where low-bit weights are packed several to an element.
    pub params_packed: Option<f64>,
    /// Smallest memory the vendor names, GB.
    pub vram_minimum_gb: Option<f64>,
    /// Ids of engines and vendors of accelerators for which it stands in place of the others; for all where this is empty.
    pub made_for: Vec<String>,
    /// Where it is from.
    pub source: Words,
}

row!(Variant { precision, repo, bytes, params_packed, vram_minimum_gb } default { made_for, source });

impl Variant {
    /// Whether it is in that format; 8-bit checkpoints scaled in blocks serve where any 8-bit one is asked for.
    pub fn is_in(&self, q: Quantization) -> bool {
        self.precision == q.id() || (q == Quantization::Fp8 && self.precision == Quantization::Fp8Block.id())
    }

    /// Whether it was made for an engine, or for a vendor's accelerators.
    fn is_made_for(&self, engine: &str, vendor: &str) -> bool {
        self.made_for.iter().any(|name| name == engine || name == vendor)
    }
}

impl Model {
    /// The checkpoints of some precision that an engine serves on a vendor's accelerators: those made for one of the two
    /// where there are any, else those made for all.
    pub fn released(&self, engine: &str, vendor: &str, in_it: impl Fn(&Variant) -> bool) -> Vec<&Variant> {
        let own = |v: &&Variant| in_it(v) && v.is_made_for(engine, vendor);
        let own: Vec<&Variant> = self.variants.iter().filter(own).collect();
        if own.is_empty() { self.variants.iter().filter(|v| in_it(v) && v.made_for.is_empty()).collect() } else { own }
    }
}

/// A published score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QualityScore {
    /// Which benchmark, with its version.
    pub metric: String,
    /// The score, in the benchmark's own unit.
    pub value: f64,
    /// Which variant of the model was scored.
    pub variant: String,
    /// Where and when it was read.
    pub source: Words,
}

row!(QualityScore { metric, value } default { variant, source });
