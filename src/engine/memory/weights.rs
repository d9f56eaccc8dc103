//! Bytes of the weights.

use crate::catalog::{Model, Quantization};
use crate::engine::deployment::{Layout, Subject};

/// Weights of a replica.
pub struct Weights {
    /// All of them, bytes.
    pub total: f64,
    /// Those of the fullest GPU, bytes.
    pub per_gpu: f64,
}

/// Bits per weight of the quantized linears, scales included (docs/methodology: weights).
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

fn embedding_params(m: &Model) -> f64 {
    let one = f64::from(m.vocab_size.unwrap_or(0)) * f64::from(m.hidden_size.unwrap_or(0));
    if m.tied_embeddings.unwrap_or(false) { one } else { 2.0 * one }
}

impl Weights {
    /// Weights of the subject in its format, shared over the layout.
    pub fn of(subject: &Subject, layout: Layout) -> Self {
        let (m, q) = (&subject.model, subject.quantization);
        let whole_file = q.id().starts_with("gguf");
        let kept16 = if whole_file { 0.0 } else { embedding_params(m) };
        let computed = (m.params_total - kept16) * bits(q) / 8.0 + kept16 * 2.0;
        let total = subject.scenario.model.weights_bytes.unwrap_or(computed);
        Self { total, per_gpu: total / f64::from(layout.gpus()) }
    }
}
