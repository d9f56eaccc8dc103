//! Dimensions that only some architectures have; what a parameter count needs beyond layers, widths and heads.

use serde::Serialize;

use super::{Words, row};

/// Architecture details beyond the common dimensions. Absent means the usual: gated three-matrix feed-forward, plain
/// attention, no multi-token prediction.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Dimensions {
    /// Rank of the compressed query of latent attention; absent where queries are projected directly.
    pub q_lora_rank: Option<u32>,
    /// Width of the part of a query head without position, latent attention.
    pub qk_nope_head_dim: Option<u32>,
    /// Width of a value head, latent attention.
    pub v_head_dim: Option<u32>,
    /// Heads of the sparse-attention indexer.
    pub index_heads: Option<u32>,
    /// Rank of the compressed output of grouped latent attention (DeepSeek V4).
    pub o_lora_rank: Option<u32>,
    /// Groups of heads that share such an output.
    pub o_groups: Option<u32>,
    /// Residual streams of a model with hyper-connections; 0 for one plain stream.
    pub residual_streams: u32,
    /// Whether attention multiplies its output by a gate with a projection of its own.
    pub gated_attention: bool,
    /// Whether full-attention layers project keys and values with one matrix.
    pub shared_kv_projection_on_full: bool,
    /// Matrices of a feed-forward: 3 gated (the usual), 2 plain.
    pub ffn_matrices: Option<u32>,
    /// Width the routed experts work on where it is not the model's (latent experts).
    pub expert_hidden_size: Option<u32>,
    /// Layers that reuse the cache of an earlier layer and so have no key and value projections.
    pub kv_shared_layers: u32,
    /// Layers that have a feed-forward, where not all of a dense model do.
    pub ffn_layers: Option<u32>,
    /// Layers whose feed-forward is twice as wide.
    pub wide_ffn_layers: u32,
    /// Parameters of embeddings that each layer reads.
    pub per_layer_embedding_params: f64,
    /// Parameters of the projections around those, which quantizers leave in 16 bit.
    pub per_layer_projection_params: f64,
    /// Parameters of lookup tables that engines keep in host memory.
    pub host_table_params: f64,
    /// Parameters of none of the other classes (audio encoders, adapters).
    pub other_params: f64,
    /// Whether engines hold the router in 32 bit (vLLM's GLM-4.5 and newer).
    pub router_fp32: bool,
    /// Multi-token prediction layers in the checkpoint.
    pub mtp_layers: u32,
    /// Whether `params_total` counts them.
    pub mtp_in_total: bool,
    /// Whether they bring embedding and head of their own.
    pub mtp_own_embeddings: bool,
    /// Format of what a natively 4-bit mixture of experts keeps beside its experts; bf16 if absent.
    pub native_rest_dtype: Option<String>,
    /// Where these are from.
    pub source: Words,
}

row!(Dimensions { q_lora_rank, qk_nope_head_dim, v_head_dim, index_heads, o_lora_rank, o_groups, ffn_matrices, expert_hidden_size, ffn_layers, native_rest_dtype } default { residual_streams, gated_attention, shared_kv_projection_on_full, kv_shared_layers, wide_ffn_layers, per_layer_embedding_params, per_layer_projection_params, host_table_params, other_params, router_fp32, mtp_layers, mtp_in_total, mtp_own_embeddings, source });
