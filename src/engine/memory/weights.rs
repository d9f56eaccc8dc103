//! Bytes of the weights: per class of tensor and format, matched to the published checkpoint, split over a layout.

use crate::catalog::{LayerGroup, Model, Quantization};
use crate::engine::deployment::{Layout, Subject};
use crate::engine::memory::parameters::Parameters;

/// Bytes of a 16-bit element.
const HALF: f64 = 2.0;

/// Bits per weight, scales included, of what a format quantizes. Whole-file means of real files for GGUF.
///
/// Sources: group arithmetic (32-element E8M0 scales for MXFP4, 16-element 8-bit scales for NVFP4, 128-element groups
/// with 16-bit scale and 4-bit zero for AWQ and GPTQ, double-quantized NF4), 32 bits per 128x128 block for block fp8;
/// GGUF mixes from the NyxKrage table and file sizes in llama.cpp's quantize README, 2026-11-23.
pub fn bits(q: Quantization) -> f64 {
    match q {
        Quantization::Bf16 | Quantization::Fp16 | Quantization::Native => 16.0,
        Quantization::Fp8 | Quantization::Int8 => 8.0,
        Quantization::Fp8Block => 8.0 + 32.0 / 16384.0,
        Quantization::AwqInt4 | Quantization::GptqInt4 => 4.0 + 16.0 / 128.0 + 4.0 / 128.0,
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

/// Whether a format is a whole llama.cpp file.
pub fn is_gguf(q: Quantization) -> bool {
    q.id().starts_with("gguf")
}

/// Bytes of a replica by class of tensor, each tensor once.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClassBytes {
    /// Token embedding.
    pub embedding: f64,
    /// Output head; 0 where it is the embedding.
    pub head: f64,
    /// Query, output and gate projections.
    pub attention_cut: f64,
    /// Key and value projections.
    pub attention_kv: f64,
    /// Latent projections and indexers.
    pub attention_replicated: f64,
    /// Recurrent layers.
    pub recurrent: f64,
    /// Dense feed-forwards.
    pub dense_ffn: f64,
    /// Routed experts.
    pub routed_experts: f64,
    /// Shared experts.
    pub shared_experts: f64,
    /// Norms and router.
    pub small: f64,
    /// Encoders and per-layer embeddings.
    pub side: f64,
    /// Multi-token prediction layers.
    pub mtp: f64,
    /// Lookup tables kept in host memory.
    pub host: f64,
}

impl ClassBytes {
    /// All of them, multi-token prediction included.
    pub fn total(&self) -> f64 {
        self.embedding
            + self.head
            + self.attention()
            + self.dense_ffn
            + self.routed_experts
            + self.shared_experts
            + self.small
            + self.side
            + self.mtp
            + self.host
    }

    /// Attention and recurrent projections.
    pub fn attention(&self) -> f64 {
        self.attention_cut + self.attention_kv + self.attention_replicated + self.recurrent
    }

    /// Of a subject in its format, matched to the published or pinned checkpoint where there is one.
    pub fn of(subject: &Subject) -> Self {
        let (m, q, p) = (&subject.model, subject.quantization, &subject.parameters);
        let formats = Formats::of(m, q);
        let mut out = formats.apply(p, m.is_moe());
        if is_gguf(q) {
            // Encoders come in a file of their own and multi-token prediction is not converted.
            out.mtp = 0.0;
            out.side = p.per_layer_embedding * bits(q) / 8.0;
            out.small += m.dims.per_layer_projection_params * (HALF - bits(q) / 8.0);
        }
        if let Some(bytes) = subject.scenario.model.weights_bytes.or_else(|| published(subject)) {
            out.match_total(bytes, &formats);
        }
        // Tables are looked up, not multiplied: 16 bit as released, else 8.
        let element = if q == Quantization::Bf16 || q == Quantization::Fp16 { HALF } else { 1.0 };
        out.host = (m.dims.host_table_params * element).min(out.dense_ffn);
        out.dense_ffn -= out.host;
        out
    }

    /// Scale the quantized part, or everything if that would be absurd, so that the total is a published size.
    fn match_total(&mut self, target: f64, formats: &Formats) {
        let total = self.total();
        if total <= 0.0 || target <= 0.0 {
            return;
        }
        let low = self.low(formats);
        // Where nothing is quantized this is no number in the range.
        let factor = (low + target - total) / low;
        if (0.6..1.7).contains(&factor) {
            self.scale(factor, formats);
        } else {
            self.scale(target / total, &Formats::whole());
        }
    }

    fn low(&self, f: &Formats) -> f64 {
        let mut copy = *self;
        copy.scale(0.0, f);
        self.total() - copy.total()
    }

    fn scale(&mut self, by: f64, f: &Formats) {
        let one = |class: &mut f64, low: bool| {
            if low {
                *class *= by;
            }
        };
        one(&mut self.attention_cut, f.attention < HALF);
        one(&mut self.attention_kv, f.attention < HALF);
        one(&mut self.attention_replicated, f.attention < HALF);
        one(&mut self.recurrent, f.recurrent < HALF);
        one(&mut self.dense_ffn, f.ffn < HALF);
        one(&mut self.routed_experts, f.routed < HALF);
        one(&mut self.shared_experts, f.shared < HALF);
        one(&mut self.mtp, f.mtp < HALF);
        one(&mut self.embedding, f.rest < HALF);
        one(&mut self.head, f.rest < HALF);
        one(&mut self.small, f.rest < HALF);
        one(&mut self.side, f.rest < HALF);
    }
}

/// Bytes per parameter of each class.
#[derive(Debug, Clone, Copy)]
struct Formats {
    attention: f64,
    recurrent: f64,
    ffn: f64,
    routed: f64,
    shared: f64,
    mtp: f64,
    rest: f64,
}

impl Formats {
    const fn same(bytes: f64) -> Self {
        Self { attention: bytes, recurrent: bytes, ffn: bytes, routed: bytes, shared: bytes, mtp: bytes, rest: bytes }
    }

    /// Every class counts as quantized; for scaling everything.
    const fn whole() -> Self {
        Self::same(0.0)
    }

    /// What a format does to a model. Released recipes keep embeddings, head, norms, router and encoders in 16 bit;
    /// 4-bit mixtures of experts quantize the routed experts only, except that integer recipes of plain softmax models
    /// include attention; recurrent layers stay in 16 bit below 8.
    fn of(m: &Model, q: Quantization) -> Self {
        let b = bits(q) / 8.0;
        let sixteen = Self::same(HALF);
        match q {
            Quantization::Bf16 | Quantization::Fp16 | Quantization::Native => sixteen,
            _ if is_gguf(q) => Self::same(b),
            Quantization::Fp8 | Quantization::Fp8Block | Quantization::Int8 | Quantization::Nf4 => {
                Self { rest: HALF, ..Self::same(b) }
            }
            _ if !m.is_moe() => Self { attention: b, ffn: b, ..sixteen },
            _ => {
                let native = Quantization::from_id(&m.native_dtype) == Some(q);
                // A released mixture keeps its prediction layers' experts as it keeps the others.
                let mtp = if native { b } else { HALF };
                let rest = m.dims.native_rest_dtype.as_deref().and_then(Quantization::from_id);
                let beside = match rest {
                    Some(r) if native => bits(r) / 8.0,
                    _ => HALF,
                };
                let integer = matches!(q, Quantization::AwqInt4 | Quantization::GptqInt4);
                let plain = !m.is_mla() && !m.is_recurrent();
                let attention = if integer && plain && !native { b } else { beside };
                Self { attention, recurrent: beside, ffn: beside, routed: b, shared: beside, mtp, rest: HALF }
            }
        }
    }

    fn apply(&self, p: &Parameters, mixture: bool) -> ClassBytes {
        // Where the dimensions are incomplete, most of what they leave open is experts, or else feed-forwards.
        let open = if mixture { self.routed } else { self.ffn };
        ClassBytes {
            embedding: p.embedding * self.rest,
            head: p.head * self.rest,
            attention_cut: p.attention_cut * self.attention,
            attention_kv: p.attention_kv * self.attention,
            attention_replicated: p.attention_replicated * self.attention,
            recurrent: p.recurrent * self.recurrent,
            dense_ffn: p.dense_ffn * self.ffn + p.unattributed * open,
            routed_experts: p.routed_experts * self.routed,
            shared_experts: p.shared_experts * self.shared,
            small: (p.norms + p.router) * self.rest,
            side: (p.vision + p.per_layer_embedding) * self.rest,
            mtp: p.mtp * self.mtp,
            host: 0.0,
        }
    }
}

/// Published bytes of a checkpoint in a subject's format: the release itself, else a variant (one with a repository first).
fn published(subject: &Subject) -> Option<f64> {
    let (m, q) = (&subject.model, subject.quantization);
    let eight = |q: Quantization| matches!(q, Quantization::Fp8 | Quantization::Fp8Block);
    let sixteen = |q: Quantization| matches!(q, Quantization::Bf16 | Quantization::Fp16);
    let alike = |a: Quantization| a == q || (eight(a) && eight(q)) || (sixteen(a) && sixteen(q));
    let native = Quantization::from_id(&m.native_dtype).is_some_and(alike);
    if native && !m.checkpoint.estimated {
        return m.checkpoint.bytes;
    }
    let matching = subject.released(|v| Quantization::from_id(&v.precision).is_some_and(alike));
    let named = matching.iter().filter(|v| v.repo.is_some()).find_map(|v| v.bytes);
    named.or_else(|| matching.iter().find_map(|v| v.bytes))
}

/// Weights of a replica and of its fullest GPU.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// The checkpoint, bytes.
    pub total: f64,
    /// What the fullest GPU loads, bytes.
    pub per_gpu: f64,
    /// What stays in the memory of the host, bytes.
    pub host: f64,
}

impl Weights {
    /// Share a subject's weights over a layout.
    pub fn of(subject: &Subject, layout: Layout) -> Self {
        let c = &subject.class_bytes;
        let (loaded, draft) = (Loaded::of(subject, layout), drafter(subject));
        let t = f64::from(layout.tensor_parallel);
        let attention_t = f64::from(layout.attention_gpus());
        let kv_heads = f64::from(subject.model.kv_heads.unwrap_or(1));
        // A rank holds whole key-value heads: with more ranks than heads they are replicated.
        let kv_share = crate::math::ceil_tolerant(kv_heads / attention_t).max(1.0) / kv_heads;
        let attention = (c.attention_cut / attention_t + c.attention_kv * kv_share.min(1.0)) * loaded.linear;
        let layers = attention
            + c.recurrent / attention_t
            + c.attention_replicated
            + (c.dense_ffn + c.shared_experts) * loaded.linear / t
            + c.routed_experts * loaded.experts / t
            + c.small
            + if subject.model.dims.router_fp32 { subject.parameters.router * HALF } else { 0.0 };
        let layers = layers * subject.fullest_stage_share(layout) + (c.side + draft) / t;
        let on_host = subject.engine.loading.embedding_on_host && c.head > 0.0;
        let embedding = if on_host { 0.0 } else { c.embedding };
        let ends = if layout.pipeline_parallel > 1 { embedding.max(c.head) } else { embedding + c.head };
        let per_gpu = layers + ends / t + rotary_tables(subject);
        Self { total: c.total(), per_gpu, host: c.host + c.embedding - embedding }
    }
}

/// Bytes of the rotary tables that every GPU keeps beside the weights: sines and cosines of each position of the model's
/// context, one table for each width of head. DeepSeek V4 keeps two in 32 bit, for layers with and without compression.
/// Attention beside Mamba layers knows no positions, and beside gated-delta layers it turns a quarter of a head, at most
/// 32 MiB, which are left out.
fn rotary_tables(subject: &Subject) -> f64 {
    let m = &subject.model;
    if m.is_recurrent() {
        return 0.0;
    }
    let mut columns: Vec<u32> = Vec::new();
    for group in &m.attention.groups {
        let width = match *group {
            LayerGroup::Sliding { v_head_dim: Some(0), .. } => 4 * LATENT_ROTARY,
            LayerGroup::Full { head_dim, .. }
            | LayerGroup::Sliding { head_dim, .. }
            | LayerGroup::ChunkedLocal { head_dim, .. } => head_dim,
            LayerGroup::Mla { qk_rope_head_dim, .. } => qk_rope_head_dim,
            LayerGroup::State { .. } | LayerGroup::Compressed { .. } => 0,
        };
        if !columns.contains(&width) {
            columns.push(width);
        }
    }
    let columns: f64 = columns.iter().map(|w| f64::from(*w)).sum();
    columns * f64::from(m.max_context) * subject.engine.loading.rotary_table
}

/// Rotated part of a latent (qk_rope_head_dim of DeepSeek V3 and V4, their config.json, 2026-11-23).
const LATENT_ROTARY: u32 = 64;

/// Bytes of a speculative drafter: the checkpoint's own prediction layers, else as many layers of the usual size.
fn drafter(subject: &Subject) -> f64 {
    let layers = f64::from(subject.scenario.serving.draft_layers);
    if layers == 0.0 {
        return 0.0;
    }
    let own = f64::from(subject.model.dims.mtp_layers);
    if own > 0.0 {
        return subject.class_bytes.mtp * (layers / own).min(1.0);
    }
    let c = &subject.class_bytes;
    let body = c.attention() + c.dense_ffn + c.shared_experts;
    body / f64::from(subject.model.layers.unwrap_or(1).max(1)) * layers
}

/// Factors by which loading changes classes.
struct Loaded {
    linear: f64,
    experts: f64,
}

impl Loaded {
    fn of(subject: &Subject, layout: Layout) -> Self {
        let rule = &subject.engine.loading;
        let awq = subject.quantization == Quantization::AwqInt4;
        let linear = if awq { 1.0 + rule.awq_extra_bits / bits(Quantization::AwqInt4) } else { 1.0 };
        let pad = if subject.capability >= 9.0 { rule.mxfp4_pad_sm9 } else { rule.mxfp4_pad_sm8 };
        let experts = match (&subject.model.moe, subject.quantization) {
            (Some(moe), Quantization::Mxfp4) => {
                let width = subject.model.dims.expert_hidden_size.or(subject.model.hidden_size);
                let cut = if layout.expert_parallel > 1 { 1 } else { layout.tensor_parallel };
                let share = moe.expert_intermediate_size.map(|i| i.div_ceil(cut));
                padded(width, pad[0]) * padded(share, pad[1])
            }
            _ => linear,
        };
        Self { linear, experts }
    }
}

/// Padded over unpadded size; 1 where the size is unknown.
fn padded(size: Option<u32>, multiple: u32) -> f64 {
    match size {
        Some(n) if n > 0 && multiple > 0 => f64::from(n.div_ceil(multiple)) * f64::from(multiple) / f64::from(n),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    //! Pins how classes are matched to a published size, and what kernels pad.
    use super::*;
    use crate::catalog::Catalog;
    use crate::scenario::{EngineKind, Scenario};

    /// A unit of every class.
    fn ones() -> ClassBytes {
        ClassBytes {
            embedding: 1.0,
            head: 1.0,
            attention_cut: 1.0,
            attention_kv: 1.0,
            attention_replicated: 1.0,
            recurrent: 1.0,
            dense_ffn: 1.0,
            routed_experts: 1.0,
            shared_experts: 1.0,
            small: 1.0,
            side: 1.0,
            mtp: 1.0,
            host: 0.0,
        }
    }

    /// Llama 3.1 405B in fp8 by whose checkpoint it is: Meta's keeps attention, head and the feed-forwards of two layers in
    /// 16 bit, 487.2 GB as 8 GPUs logged it; NVIDIA's and AMD's quantize every block.
    #[test]
    fn eight_bit_405b_weighs_what_the_checkpoint_for_its_engine_and_vendor_weighs() {
        let catalog = Catalog::embedded().unwrap();
        let weighs = |engine: EngineKind, accelerator: &str| {
            let mut s = Scenario::default();
            s.model.id = "meta-llama/Llama-3.1-405B-Instruct".into();
            s.model.quantization = Quantization::Fp8;
            (s.serving.engine, s.hardware.accelerator) = (engine, accelerator.into());
            ClassBytes::of(&Subject::of(&s, &catalog, &mut Vec::new()).unwrap()).total()
        };
        let feed_forward = 3.0 * 16384.0 * 53248.0;
        let attention = 126.0 * (2.0 * 16384.0 * 16384.0 + 2.0 * 16384.0 * 1024.0);
        let ends = 2.0 * 128256.0 * 16384.0;
        let meta = 124.0 * feed_forward + 2.0 * (2.0 * feed_forward + attention + ends);
        let whole = 126.0 * feed_forward + attention + 2.0 * ends;
        for (engine, accelerator, bytes) in [
            (EngineKind::Vllm, "h100-sxm", meta),
            (EngineKind::Sglang, "b200-sxm", meta),
            (EngineKind::TensorrtLlm, "h100-sxm", whole),
            (EngineKind::Vllm, "mi300x", whole),
        ] {
            let said = weighs(engine, accelerator);
            assert!((said / bytes - 1.0).abs() < 1e-3, "{engine:?} {accelerator}: {said} {bytes}");
        }
    }

    #[test]
    fn sixteen_bit_classes_are_not_scaled_and_narrower_ones_all_are() {
        let mut c = ones();
        c.scale(3.0, &Formats::same(HALF));
        assert_eq!(c, ones());
        c.scale(3.0, &Formats::same(1.0));
        assert_eq!(c.total(), 3.0 * ones().total());
    }

    /// Twelve bytes, one of them narrow: the difference to a published size is the narrow one's, as far as it may be that.
    #[test]
    fn what_is_quantized_makes_up_the_published_size() {
        let formats = Formats { ffn: 1.0, ..Formats::same(HALF) };
        let matched = |target: f64| {
            let mut c = ones();
            c.match_total(target, &formats);
            c
        };
        assert_eq!(matched(12.5), ClassBytes { dense_ffn: 1.5, ..ones() });
        assert_eq!(matched(24.0).embedding, 2.0);
        let sixteen = |target: f64| {
            let mut c = ones();
            c.match_total(target, &Formats::same(HALF));
            c
        };
        assert_eq!((sixteen(24.0).total(), sixteen(12.0)), (24.0, ones()));
    }

    #[test]
    fn a_size_of_nothing_says_nothing() {
        let mut c = ones();
        c.match_total(0.0, &Formats::same(1.0));
        assert_eq!(c, ones());
        let mut none = ClassBytes::default();
        none.match_total(5.0, &Formats::same(1.0));
        assert_eq!(none, ClassBytes::default());
    }

    /// gpt-oss is 2,880 wide.
    #[test]
    fn sizes_are_padded_to_whole_multiples_where_both_are_known() {
        assert_eq!([padded(Some(2880), 64), padded(Some(2880), 256)], [1.0, 3072.0 / 2880.0]);
        assert_eq!([padded(Some(2880), 0), padded(Some(0), 64), padded(None, 64)], [1.0; 3]);
    }
}
