//! What a step touches of the weights: dense parameters, routed experts, output head, and their bytes.

use crate::catalog::{Accelerator, LayerGroup, Quantization};
use crate::engine::deployment::Subject;

/// The model as a step sees it. Bytes are of a whole replica, each tensor once.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Shape {
    /// Blocks of attention (or state) and feed-forward. Hybrids list the two as layers of their own, half a block each.
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
    /// Parameters every token passes through; output head and experts not counted.
    pub dense_params: f64,
    /// Parameters of all routed experts.
    pub expert_params: f64,
    /// Share of the experts one token visits; 0 for dense models.
    pub expert_share: f64,
    /// Bytes of attention that tensor parallelism cuts.
    pub attention_bytes: f64,
    /// Bytes of attention that every GPU holds whole.
    pub replicated_bytes: f64,
    /// Bytes of dense and shared feed-forwards, norms and routers.
    pub feed_forward_bytes: f64,
    /// Bytes of the output head.
    pub head_bytes: f64,
    /// Bytes of all routed experts.
    pub expert_bytes: f64,
}

impl Shape {
    /// The shape of the subject's model in its format.
    pub fn of(subject: &Subject) -> Self {
        let (m, p, bytes) = (&subject.model, &subject.parameters, &subject.class_bytes);
        let layers = f64::from(m.layers.unwrap_or(32));
        let mut out = Self {
            layers,
            hidden: f64::from(m.hidden_size.unwrap_or(4096)),
            dense_params: p.linears() - p.routed_experts + p.router + p.norms,
            expert_params: p.routed_experts,
            attention_bytes: bytes.attention() - bytes.attention_replicated,
            replicated_bytes: bytes.attention_replicated,
            feed_forward_bytes: bytes.dense_ffn + bytes.shared_experts + bytes.small,
            // An output head is as large as the embedding; a tied one is the embedding.
            head_bytes: bytes.embedding,
            expert_bytes: bytes.routed_experts,
            ..Self::default()
        };
        if let Some(e) = &m.moe {
            out.expert_layers = e.moe_layers.map_or(layers, f64::from);
            let visited = f64::from(e.experts_per_token.unwrap_or(1));
            out.expert_share = (visited / f64::from(e.experts.unwrap_or(1).max(1))).clamp(0.0, 1.0);
        }
        out.count_layers(&m.attention.groups);
        let mixers: f64 = m.attention.groups.iter().map(|g| f64::from(g.layers())).sum();
        if out.state_layers > 0.0 && mixers < layers {
            out.layers = layers / 2.0;
        }
        out
    }

    fn count_layers(&mut self, groups: &[LayerGroup]) {
        for g in groups {
            let layers = f64::from(g.layers());
            match g {
                LayerGroup::Mla { indexer_layers, .. } => {
                    self.latent_layers += layers;
                    self.sparse_layers += if *indexer_layers > 0 { layers } else { 0.0 };
                }
                LayerGroup::Compressed { .. } => {
                    self.latent_layers += layers;
                    self.sparse_layers += layers;
                }
                LayerGroup::State { .. } => self.state_layers += layers,
                _ => {}
            }
        }
    }

    /// Bytes of dense weights one of `gpus` GPUs reads in a step, its attention shared among `share` of them.
    pub fn dense_read(&self, gpus: f64, share: f64) -> f64 {
        self.attention_bytes / share + self.replicated_bytes + (self.feed_forward_bytes + self.head_bytes) / gpus
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    /// An MI210 multiplies 8-bit integers no faster than 16-bit numbers, a V100 slower, an A100 at twice the rate.
    #[test]
    fn integers_are_multiplied_as_such_where_that_is_faster() {
        let catalog = Catalog::embedded().unwrap();
        let bits = |id: &str, q| Arithmetic::of(catalog.accelerator(id).unwrap(), q).bits;
        assert_eq!(["mi210", "v100-sxm2-32", "a100-80-sxm"].map(|id| bits(id, Quantization::Int8)), [16, 16, 8]);
    }

    #[test]
    fn an_output_head_is_read_whether_it_is_tied_or_not() {
        let catalog = Catalog::embedded().unwrap();
        for (model, tied) in [("Qwen/Qwen3-4B", true), ("meta-llama/Llama-3.1-8B-Instruct", false)] {
            let mut s = crate::scenario::Scenario::default();
            s.model.id = model.into();
            let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
            let m = &subject.model;
            assert_eq!(m.tied_embeddings, Some(tied));
            let head = f64::from(m.vocab_size.unwrap()) * f64::from(m.hidden_size.unwrap()) * 2.0;
            assert!((Shape::of(&subject).head_bytes / head - 1.0).abs() < 1e-3, "{model}");
        }
    }
}
