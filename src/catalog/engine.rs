//! What serving engines do with memory, by version: budget rule, defaults, overhead, cache layout.
//!
//! The rows live in `public/catalog/engines.json`. A constant there was read in the engine's source or fitted on
//! measured start-up logs; each row says which.

use serde::Serialize;

use super::{FromJson, RowError, Words, row};

/// One range of versions of one engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EngineRule {
    /// Engine id of the Scenario, for example `vllm`.
    pub engine: String,
    /// First version of the range.
    pub from: String,
    /// First version after the range; absent for the newest.
    pub before: Option<String>,
    /// Newest version the rule was checked against.
    pub checked: String,
    /// How the engine finds what it may take.
    pub budget: Budget,
    /// Share of memory taken by default, 0..1; the engine's own formula where absent.
    pub utilization: Option<f64>,
    /// Bytes kept free in front of the budget.
    pub reserve_bytes: f64,
    /// Peak of activations.
    pub activation: Activation,
    /// Context, libraries, communication and sampler.
    pub non_torch: NonTorch,
    /// Captured graphs.
    pub graphs: Graphs,
    /// Defaults by memory class, the first that fits counts.
    pub defaults: Vec<DeviceDefaults>,
    /// Layout of the KV cache.
    pub cache: CacheRule,
    /// What loading changes about the checkpoint's bytes.
    pub loading: Loading,
    /// Half-width of the 80 % band of the overhead, as a share.
    pub overhead_band: f64,
    /// Where the constants are from.
    pub sources: Vec<Words>,
    /// Day they were last checked.
    pub as_of: String,
}

row!(EngineRule { engine, from, before, checked, budget, utilization, activation, non_torch, graphs, defaults, cache, overhead_band, sources, as_of } default { reserve_bytes, loading });

/// What a share of memory is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Budget {
    /// Share of all memory; weights, activations and cache live inside it (vLLM, TGI).
    OfTotal,
    /// Share of what is free before the weights are loaded, or the total less a reserve; weights and cache inside,
    /// activations outside (SGLang).
    StaticOfTotal,
    /// The cache takes a share of what weights and activations leave free (TensorRT-LLM).
    OfFree,
}

impl FromJson for Budget {
    fn from_json(value: serde_json::Value) -> Result<Self, RowError> {
        match value.as_str() {
            Some("of_total") => Ok(Self::OfTotal),
            Some("static_of_total") => Ok(Self::StaticOfTotal),
            Some("of_free") => Ok(Self::OfFree),
            _ => Err(RowError::new("must be of_total, static_of_total or of_free")),
        }
    }
}

/// Peak of activations: the largest of several moments, plus workspaces that coincide with it.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Activation {
    /// Bytes per sequence and vocabulary entry while sampling.
    pub sampler: f64,
    /// Bytes per token and element of a layer's widest moment (3 x feed-forward share + 4 x model width).
    pub layer: f64,
    /// Bytes per token, visited expert and element of the experts' two widest buffers; 4-bit experts have none.
    pub experts: f64,
    /// Copies of the embedding held while compiling, bytes per element.
    pub embedding_copy: f64,
    /// Whether the moments were traced one by one: compiling, gathering logits, the encoder, and a layer that holds the
    /// attention output and two hidden states (three beside an encoder) instead of four.
    pub traced: bool,
    /// Tokens of cached context whose latents are expanded at once.
    pub latent_context_tokens: f64,
    /// Copies of a token's query heads, hidden state and latent that live beside that.
    pub latent_copies: [f64; 3],
    /// Copies of a token's hidden state that live at once in a model with several residual streams, which is not
    /// compiled.
    pub stream_copies: f64,
    /// Bytes per token and attention element on 1, 2, 4 and 8 GPUs.
    pub hidden_by_gpus: [f64; 4],
    /// The same for mixtures of experts.
    pub expert_hidden_by_gpus: [f64; 4],
    /// Bytes per token of a step.
    pub per_token: f64,
    /// Bytes per logit of one micro-batch (llama.cpp computes logits of every token of it).
    pub logits: f64,
    /// Least of it, bytes.
    pub floor: f64,
    /// Whether a prompt is profiled whole (engines without chunked prefill) instead of a step's tokens.
    pub whole_prompt: bool,
}

row!(Activation {} default { traced, latent_copies, stream_copies, sampler, layer, experts, embedding_copy, latent_context_tokens, hidden_by_gpus, expert_hidden_by_gpus, per_token, logits, floor, whole_prompt });

/// Memory outside the framework's allocator.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct NonTorch {
    /// Bytes on 1, 2, 4 and 8 GPUs that share every layer.
    pub by_gpus: [f64; 4],
    /// What the engine's own formula for its share sets aside for libraries, bytes on 1, 2, 4 and 8 GPUs.
    pub set_aside_by_gpus: [f64; 4],
    /// Compute capability from which GPUs that share layers keep communication workspaces; below it they take what one
    /// GPU takes.
    pub parallel_from_capability: f64,
    /// Bytes with pipeline stages and no tensor parallelism.
    pub pipeline: f64,
    /// Further bytes on compute capability 9.0 and newer.
    pub newer_device: f64,
    /// Bytes per sequence and vocabulary entry of sampler state.
    pub sampler_state: f64,
    /// Whether encoder outputs of a step are kept (bytes = step tokens x width x 2).
    pub encoder_outputs: bool,
    /// Bytes per byte of memory above 80 GiB.
    pub share_of_large_memory: f64,
    /// Bytes per element of the embedding that stay reserved after compiling a text-only mixture of experts.
    pub held_embedding: f64,
}

row!(NonTorch {} default { set_aside_by_gpus, parallel_from_capability, held_embedding, by_gpus, pipeline, newer_device, sampler_state, encoder_outputs, share_of_large_memory });

/// Captured graphs.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Graphs {
    /// Whether their estimate is inside the budget.
    pub inside_budget: bool,
    /// Bytes per layer and captured batch size, compute capability 8.x.
    pub per_layer_sm8: f64,
    /// The same from 9.0 on.
    pub per_layer_sm9: f64,
    /// The same for latent attention.
    pub per_layer_latent: f64,
    /// The same for heads wider than FlashAttention takes, which run in kernels that keep less; 0 = no difference.
    pub per_layer_wide: f64,
    /// Bytes per captured sequence (engines that reserve by batch size).
    pub per_sequence: f64,
}

row!(Graphs {} default { inside_budget, per_layer_sm8, per_layer_sm9, per_layer_latent, per_layer_wide, per_sequence });

/// Defaults of a class of devices.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DeviceDefaults {
    /// Least memory of the class, GiB.
    pub from_gib: f64,
    /// Whether A100s are left out of the class.
    pub not_a100: bool,
    /// Most sequences in a batch.
    pub max_num_seqs: u32,
    /// Most tokens in a step.
    pub max_num_batched_tokens: u32,
    /// Largest batch with a captured graph.
    pub graph_batch: u32,
}

row!(DeviceDefaults { from_gib, max_num_seqs, max_num_batched_tokens } default { not_a100, graph_batch });

/// Layout of the KV cache.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CacheRule {
    /// Tokens of a block.
    pub block_tokens: u32,
    /// Whether sliding layers drop what has left their window.
    pub windows: bool,
    /// Whether layers of different kinds share one pool of equal pages.
    pub grouped_pages: bool,
    /// Whether the engine's token count divides by every layer of a hybrid (the unit it logs).
    pub counts_every_layer: bool,
    /// Compute capability from which sparse-attention caches use the 8-bit layout with scales unless told otherwise.
    pub sparse_fp8_from_capability: Option<f64>,
    /// Bytes of scales per 128 elements in that layout.
    pub sparse_scale_bytes: f64,
    /// Bytes of a compressed 8-bit entry (DeepSeek V4), everything included; 0 = elements only.
    pub compressed_entry_bytes: f64,
    /// State slots a request holds with and without prefix caching.
    pub state_slots_prefix_caching: u32,
    /// State slots without prefix caching.
    pub state_slots: u32,
}

row!(CacheRule { block_tokens, windows, grouped_pages, sparse_fp8_from_capability, state_slots_prefix_caching, state_slots } default { counts_every_layer, sparse_scale_bytes, compressed_entry_bytes });

/// What loading changes about the checkpoint's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Loading {
    /// Bits per weight that repacking AWQ adds.
    pub awq_extra_bits: f64,
    /// Multiples that 4-bit microscaling experts are padded to (model width, feed-forward share) before 9.0.
    pub mxfp4_pad_sm8: [u32; 2],
    /// The same from 9.0 on.
    pub mxfp4_pad_sm9: [u32; 2],
    /// Whether the token embedding stays in host memory.
    pub embedding_on_host: bool,
    /// Bytes per element of the rotary tables of the whole context that are loaded with the weights.
    pub rotary_table: f64,
}

row!(Loading {} default { awq_extra_bits, mxfp4_pad_sm8, mxfp4_pad_sm9, embedding_on_host, rotary_table });

/// A version as numbers, for comparison; what is not a number ends it.
pub fn version_key(text: &str) -> [u32; 3] {
    let mut key = [0; 3];
    // "v0.19.0" of vLLM, "b10488" of llama.cpp.
    for (slot, part) in key.iter_mut().zip(text.trim_start_matches(['v', 'b']).split('.')) {
        let digits: &str = part.split(|c: char| !c.is_ascii_digit()).next().unwrap_or("");
        *slot = digits.parse().unwrap_or(0);
        if digits.len() != part.len() {
            break;
        }
    }
    key
}

impl EngineRule {
    /// Whether the rule covers a version.
    pub fn covers(&self, version: [u32; 3]) -> bool {
        version >= version_key(&self.from) && self.before.as_deref().is_none_or(|b| version < version_key(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(version_key("0.10") > version_key("0.9.2"));
        assert_eq!(version_key("v0.11.0rc2"), [0, 11, 0]);
        assert!(version_key("b10488") > version_key("b7000"));
        assert_eq!(version_key("nonsense"), [0, 0, 0]);
        assert_eq!(version_key("99999999999999999999.1"), [0, 1, 0]);
    }
}
