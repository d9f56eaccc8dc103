//! What a step touches of the weights: dense parameters, routed experts, output head, and their bytes.

use crate::catalog::{Accelerator, LayerGroup, Model, Quantization};

/// The model as a step sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Layers.
    pub layers: f64,
    /// Width of the residual stream.
    pub hidden: f64,
    /// Layers with routed experts.
    pub expert_layers: f64,
    /// Layers whose attention works on latents.
    pub latent_layers: f64,
    /// Layers that search a sparse-attention index.
    pub sparse_layers: f64,
    /// Layers that update a recurrent state.
    pub state_layers: f64,
    /// Parameters every token passes through, output head and experts not counted.
    pub dense_params: f64,
    /// Those of them that belong to attention.
    pub attention_params: f64,
    /// Parameters of the output head.
    pub head_params: f64,
    /// Parameters of all routed experts.
    pub expert_params: f64,
    /// Share of the experts one token visits; 0 for dense models.
    pub expert_share: f64,
    /// Bytes of a dense parameter.
    pub dense_bytes: f64,
    /// Bytes of an expert parameter.
    pub expert_bytes: f64,
}

/// Bytes of an element of the output head, which engines keep in 16 bit.
pub const HEAD_BYTES: f64 = 2.0;

/// Bits per weight of quantized matrices, scales included (safetensors layouts; llama.cpp file averages).
pub fn bits(q: Quantization) -> f64 {
    match q {
        Quantization::Bf16 | Quantization::Fp16 | Quantization::Native => 16.0,
        Quantization::Fp8 | Quantization::Int8 => 8.0,
        Quantization::Fp8Block => 8.002,
        Quantization::AwqInt4 | Quantization::GptqInt4 => 4.156,
        Quantization::Nf4 => 4.127,
        Quantization::Mxfp4 => 4.25,
        Quantization::Nvfp4 => 4.5,
        Quantization::GgufQ8_0 => 8.5,
        Quantization::GgufQ6K => 6.59,
        Quantization::GgufQ5KM => 5.69,
        Quantization::GgufQ4KM => 4.85,
        Quantization::GgufQ4_0 => 4.55,
        Quantization::GgufIq4Xs => 4.3,
        Quantization::GgufQ3KM => 3.91,
        Quantization::GgufQ2K => 3.35,
    }
}

/// Bytes of (dense, expert) parameters. Four-bit checkpoints of mixtures quantize the experts; attention stays in 8 to
/// 16 bit (NVFP4 and int4: one byte on average; MXFP4 as released by OpenAI: bfloat16).
fn bytes(q: Quantization, moe: bool) -> (f64, f64) {
    let b = bits(q) / 8.0;
    match q {
        Quantization::Mxfp4 if moe => (2.0, b),
        Quantization::Nvfp4 | Quantization::AwqInt4 | Quantization::GptqInt4 if moe => (1.0, b),
        _ => (b, b),
    }
}

impl Shape {
    /// The shape of a model in a format. Unpublished dimensions fall back to those of a typical model of its size.
    pub fn of(model: &Model, quantization: Quantization) -> Self {
        let n = |v: Option<u32>| f64::from(v.unwrap_or(0));
        let hidden = f64::from(model.hidden_size.unwrap_or(4096));
        let layers = f64::from(model.layers.unwrap_or(32));
        let head = n(model.vocab_size) * hidden;
        let active = model.active_recomputed.unwrap_or(model.params_active).min(model.params_total);
        let embedding = if model.tied_embeddings.unwrap_or(false) { 0.0 } else { head };
        let (mut expert_params, mut expert_share, mut expert_layers) = (0.0, 0.0, 0.0);
        if let Some(m) = &model.moe {
            let experts = n(m.experts).max(1.0);
            expert_share = (n(m.experts_per_token) / experts).clamp(0.0, 1.0);
            expert_layers = m.moe_layers.map_or(layers, f64::from);
            let gated = 3.0 * hidden * n(m.expert_intermediate_size) * experts * expert_layers;
            // Total and active parameters tell the same: total - active = experts * (1 - share) + input embedding.
            let told = ((model.params_total - active - embedding) / (1.0 - expert_share).max(1e-3)).max(0.0);
            expert_params = if gated > 1.15 * told || gated == 0.0 { told } else { gated };
        }
        let dense_params = if model.moe.is_none() && active > model.params_total - head / 2.0 {
            model.params_total - head - embedding
        } else {
            active - head - expert_params * expert_share
        }
        .max(0.0);
        let (dense_bytes, expert_bytes) = bytes(quantization, model.moe.is_some());
        let mut out = Self {
            layers,
            hidden,
            expert_layers,
            latent_layers: 0.0,
            sparse_layers: 0.0,
            state_layers: 0.0,
            dense_params,
            attention_params: (dense_params - feed_forward(model, hidden, layers)).max(0.0),
            head_params: head,
            expert_params,
            expert_share,
            dense_bytes,
            expert_bytes,
        };
        for g in &model.attention.groups {
            match g {
                LayerGroup::Mla { layers, indexer_layers, .. } => {
                    out.latent_layers += f64::from(*layers);
                    out.sparse_layers += if *indexer_layers > 0 { f64::from(*layers) } else { 0.0 };
                }
                LayerGroup::Compressed { layers, .. } => {
                    out.latent_layers += f64::from(*layers);
                    out.sparse_layers += f64::from(*layers);
                }
                LayerGroup::State { layers, .. } => out.state_layers += f64::from(*layers),
                _ => {}
            }
        }
        out
    }
}

/// Parameters of dense and shared feed-forward blocks.
fn feed_forward(model: &Model, hidden: f64, layers: f64) -> f64 {
    let n = |v: Option<u32>| f64::from(v.unwrap_or(0));
    match &model.moe {
        None => 3.0 * hidden * n(model.intermediate_size) * layers,
        Some(m) => {
            let dense = n(m.dense_layers) * n(m.dense_intermediate_size);
            let shared = m.moe_layers.map_or(layers, f64::from) * n(m.shared_intermediate_size);
            3.0 * hidden * (dense + shared)
        }
    }
}

/// Arithmetic a format can use on an accelerator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arithmetic {
    /// Peak dense FLOP/s of the matrix products, corrected by what large products reach against an H100.
    pub peak: f64,
    /// The same in 16 bit, which attention uses.
    pub sixteen_bit: f64,
    /// Bits the products compute in: 16, 8 or 4.
    pub bits: u32,
}

/// Share of peak that large matrix products reach on an H100 in bfloat16 and fp8 (stas00/ml-engineering, MAMF 2026-08);
/// the constants are fitted against it, so other accelerators count relative to it.
const REFERENCE: [f64; 2] = [0.803, 0.709];

/// What large products reach on an accelerator over what they reach on an H100, in (16, 8 and fewer) bits; 1 where
/// nobody measured it.
fn achieved(accelerator: &Accelerator) -> (f64, f64) {
    let m = &accelerator.measured_matmul_fraction;
    let wide = m.bf16.map_or(1.0, |f| f / REFERENCE[0]);
    (wide, m.fp8.map_or(wide, |f| f / REFERENCE[1]))
}

/// FLOP/s assumed where no figure is published: so small that nobody mistakes it for a measurement.
const UNPUBLISHED_TFLOPS: f64 = 10.0;

impl Arithmetic {
    /// What the format computes in: weight-only formats and formats without native units compute in 16 bit.
    pub fn of(accelerator: &Accelerator, q: Quantization) -> Self {
        let t = &accelerator.tflops_dense;
        let wide = t.bf16.or(t.fp16).unwrap_or(UNPUBLISHED_TFLOPS) * 1e12;
        let (peak, bits) = match q {
            Quantization::Fp8 | Quantization::Fp8Block => (t.fp8, 8),
            Quantization::Int8 => (t.int8.filter(|v| v * 1e12 > wide), 8),
            Quantization::Nvfp4 if accelerator.fp4_native => (t.fp4, 4),
            // MXFP4 checkpoints run their activations in 8 bit where 4-bit units exist, in 16 bit elsewhere.
            Quantization::Mxfp4 if accelerator.fp4_native => (t.fp8, 8),
            _ => (None, 16),
        };
        let (wide_achieved, narrow_achieved) = achieved(accelerator);
        let sixteen_bit = wide * wide_achieved;
        match peak {
            Some(p) => Self { peak: p * 1e12 * narrow_achieved, sixteen_bit, bits },
            None => Self { peak: sixteen_bit, sixteen_bit, bits: 16 },
        }
    }
}
