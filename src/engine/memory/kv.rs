//! Bytes a sequence keeps: keys, values, latents and states, as a function of its tokens.

use super::pages::Pages;
use crate::catalog::{KvDtype, LayerGroup};
use crate::engine::deployment::{Layout, Subject};

/// What the layers of one GPU keep of a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct KvCache {
    /// Bytes per token that never stop growing, on one GPU.
    pub growing_bytes: f64,
    /// The same, whole replica, each token once.
    pub growing_bytes_whole: f64,
    /// Bytes per token in the unit the engine itself counts tokens with, on one GPU.
    pub counted_bytes: f64,
    /// The same, whole replica.
    pub counted_bytes_whole: f64,
    /// Constant bytes per sequence, all state slots, on one GPU.
    pub state_bytes: f64,
    /// (window tokens, bytes per token on one GPU) of sliding and chunked layers.
    windows: Vec<(f64, f64)>,
    /// (tokens per entry, bytes per entry) of compressed layers.
    compressed: Vec<(f64, f64)>,
    /// Tokens of a block.
    block: f64,
    /// The pool of equal pages, where layers of different kinds share one.
    pub pages: Option<Pages>,
}

/// Format of the cache on an engine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KvFormat {
    /// Bytes per element.
    pub element: f64,
    /// Bytes of scales per head vector.
    pub per_head: f64,
    /// Whether elements are 8-bit floats.
    pub fp8: bool,
    /// Whether the engine chose the format.
    pub auto: bool,
}

impl KvFormat {
    /// The format a subject's cache is kept in. `auto` is 16-bit, except where TensorRT-LLM takes 8 bit from the
    /// checkpoint's own quantization.
    pub fn of(subject: &Subject) -> Self {
        let asked = subject.scenario.model.kv_cache;
        let plain = |element: f64, fp8: bool| Self { element, per_head: 0.0, fp8, auto: asked == KvDtype::Auto };
        match asked {
            KvDtype::Auto if subject.checkpoint_brings_fp8_cache() => plain(1.0, true),
            KvDtype::Auto | KvDtype::Bf16 => plain(2.0, false),
            KvDtype::Fp8 => plain(1.0, true),
            KvDtype::Int8 => Self { per_head: 4.0, ..plain(1.0, false) },
            KvDtype::Nvfp4 | KvDtype::Q4_0 => plain(0.5625, false),
            KvDtype::Q8_0 => plain(1.0625, false),
        }
    }

    /// Bytes of one token's vectors of these widths in `heads` heads.
    fn heads(self, heads: f64, key: f64, value: f64) -> f64 {
        let vectors = if value > 0.0 { 2.0 } else { 1.0 };
        heads * ((key + value) * self.element + vectors * self.per_head)
    }
}

impl KvCache {
    /// The cache of the subject's layers under a layout.
    pub fn of(subject: &Subject, layout: Layout, step_tokens: f64) -> Self {
        let rule = &subject.engine.cache;
        let mut out = Self {
            growing_bytes: 0.0,
            growing_bytes_whole: 0.0,
            counted_bytes: 0.0,
            counted_bytes_whole: 0.0,
            state_bytes: 0.0,
            windows: Vec::new(),
            compressed: Vec::new(),
            block: f64::from(rule.block_tokens.max(1)),
            pages: None,
        };
        let format = KvFormat::of(subject);
        let share = subject.fullest_stage_share(layout);
        let drafted = f64::from(subject.scenario.serving.draft_layers);
        for (index, group) in subject.model.attention.groups.iter().enumerate() {
            let layers = f64::from(group.layers()) * share;
            out.add(subject, layout, format, group, layers);
            if index == 0 {
                out.add_drafter(subject, layout, format, group, drafted);
            }
        }
        // Where only the vendor's figure for long contexts is published, that is what a token costs.
        if subject.model.attention.groups.is_empty() {
            let published = subject.model.attention.long_context_bytes_per_token.unwrap_or(0.0);
            out.growing_bytes = published * share;
            out.growing_bytes_whole = published;
        }
        if rule.grouped_pages {
            out.pages = Pages::of(subject, layout, format, step_tokens, share);
        }
        out.count_tokens(rule.counts_every_layer);
        out
    }

    fn add(&mut self, subject: &Subject, layout: Layout, format: KvFormat, group: &LayerGroup, layers: f64) {
        let rule = &subject.engine.cache;
        let t = layout.attention_gpus();
        let slots =
            if subject.scenario.serving.prefix_caching { rule.state_slots_prefix_caching } else { rule.state_slots };
        match group {
            LayerGroup::Full { .. } | LayerGroup::Sliding { .. } | LayerGroup::ChunkedLocal { .. } => {
                let one = token_bytes(subject, layout, format, group) * layers;
                match window(group).filter(|_| rule.windows) {
                    Some(w) => self.windows.push((w, one)),
                    None => {
                        self.growing_bytes += one;
                        self.growing_bytes_whole += one * once_over_rank(group, t);
                    }
                }
            }
            LayerGroup::Mla { .. } => {
                let one = token_bytes(subject, layout, format, group) * layers;
                self.growing_bytes += one;
                self.growing_bytes_whole += one;
            }
            LayerGroup::State { ssm_bytes_per_seq_per_layer, conv_bytes_per_seq_per_layer, .. } => {
                let all = (ssm_bytes_per_seq_per_layer + conv_bytes_per_seq_per_layer) * layers;
                self.state_bytes += all / f64::from(t) * f64::from(slots);
            }
            LayerGroup::Compressed {
                ratio,
                entry_elems,
                indexer_bytes_per_entry,
                fixed_state_bytes_per_seq_per_layer,
                ..
            } => {
                let entry = compressed_entry(subject, format, *entry_elems) + indexer_bytes_per_entry;
                self.compressed.push((f64::from((*ratio).max(1)), entry * layers));
                let all = entry / f64::from((*ratio).max(1)) * layers;
                self.growing_bytes += all;
                self.growing_bytes_whole += all;
                self.state_bytes += fixed_state_bytes_per_seq_per_layer * layers;
            }
        }
    }

    /// Drafting layers cache like the first kind of layer; a window stays a window.
    fn add_drafter(&mut self, subject: &Subject, layout: Layout, format: KvFormat, group: &LayerGroup, layers: f64) {
        // A drafting layer has an indexer of its own even where the model's layers share theirs.
        let one = match group {
            LayerGroup::Mla { indexer_bytes_per_token_per_layer: Some(index), .. } => {
                latent_bytes(subject, format, group) + index
            }
            _ => token_bytes(subject, layout, format, group),
        } * layers;
        match window(group).filter(|_| subject.engine.cache.windows) {
            Some(w) => self.windows.push((w, one)),
            None => {
                self.growing_bytes += one;
                self.growing_bytes_whole += one * once_over_rank(group, layout.attention_gpus());
            }
        }
    }

    /// What one token weighs in the engine's own count: vLLM up to 0.20 divides its pool by every layer of a model with
    /// windows, others count what a token of a long sequence adds. A model of windows only counts those.
    fn count_tokens(&mut self, every_layer: bool) {
        let windows: f64 = self.windows.iter().map(|w| w.1).sum();
        let labelled = self.pages.as_ref().and_then(Pages::counted_bytes).filter(|_| every_layer);
        let (one, whole) = (self.growing_bytes, self.growing_bytes_whole);
        self.counted_bytes = labelled.unwrap_or(if one > 0.0 { one } else { windows });
        let ratio = if one > 0.0 { whole / one } else { 1.0 };
        self.counted_bytes_whole = self.counted_bytes * ratio;
    }

    /// Bytes of a sequence of that many tokens while it decodes, on one GPU.
    pub fn bytes(&self, tokens: f64) -> f64 {
        match &self.pages {
            Some(p) => p.resident_bytes(tokens),
            None => self.flat_bytes(crate::math::ceil_tolerant(tokens / self.block) * self.block, tokens),
        }
    }

    /// Bytes the engine wants free to admit a sequence of that many tokens: windows are held for a whole step.
    pub fn admission_bytes(&self, tokens: f64) -> f64 {
        match &self.pages {
            Some(p) => p.admission_bytes(tokens),
            None => self.bytes(tokens),
        }
    }

    /// The plain sum over layers. `rounded` is `tokens` in whole blocks.
    fn flat_bytes(&self, rounded: f64, tokens: f64) -> f64 {
        let windows: f64 = self.windows.iter().map(|(w, b)| rounded.min(*w) * b).sum();
        let compressed: f64 = self.compressed.iter().map(|(r, b)| ((tokens / r).floor() - tokens / r) * b).sum();
        // `growing_bytes` counts compressed layers at their mean rate; only whole entries are kept.
        let growing = self.growing_bytes * if self.compressed.is_empty() { rounded } else { tokens };
        growing + compressed + windows + self.state_bytes
    }
}

/// Tokens a windowed group keeps.
pub(super) fn window(group: &LayerGroup) -> Option<f64> {
    match *group {
        LayerGroup::Sliding { window, .. } => Some(f64::from(window)),
        LayerGroup::ChunkedLocal { chunk, .. } => Some(f64::from(chunk)),
        _ => None,
    }
}

/// Replicas of a group's heads undone: the whole replica's bytes over one rank's.
fn once_over_rank(group: &LayerGroup, t: u32) -> f64 {
    match *group {
        LayerGroup::Full { kv_heads, .. }
        | LayerGroup::Sliding { kv_heads, .. }
        | LayerGroup::ChunkedLocal { kv_heads, .. } => f64::from(kv_heads) / f64::from(kv_heads.div_ceil(t).max(1)),
        _ => 1.0,
    }
}

/// Bytes of latents without index keys, per token and layer. The sparse 8-bit layout keeps the rotary part in 16 bit
/// and a scale per 128 elements.
fn latent_bytes(subject: &Subject, format: KvFormat, group: &LayerGroup) -> f64 {
    let LayerGroup::Mla { kv_lora_rank, qk_rope_head_dim, indexer_layers, .. } = *group else { return 0.0 };
    let rule = &subject.engine.cache;
    let (rank, rope) = (f64::from(kv_lora_rank), f64::from(qk_rope_head_dim));
    let usual = rule.sparse_fp8_from_capability.is_some_and(|least| subject.capability >= least);
    let chosen = format.fp8 || (format.auto && usual);
    if indexer_layers > 0 && chosen {
        rank + (rank / 128.0).ceil() * rule.sparse_scale_bytes + rope * 2.0
    } else {
        (rank + rope) * format.element
    }
}

/// Bytes one token adds in one layer of a group, on one rank.
pub(super) fn token_bytes(subject: &Subject, layout: Layout, format: KvFormat, group: &LayerGroup) -> f64 {
    let t = layout.attention_gpus();
    match *group {
        LayerGroup::Sliding { head_dim, v_head_dim: Some(0), .. } => compressed_entry(subject, format, head_dim),
        LayerGroup::Full { kv_heads, head_dim, v_head_dim, .. }
        | LayerGroup::Sliding { kv_heads, head_dim, v_head_dim, .. } => {
            let value = f64::from(v_head_dim.unwrap_or(head_dim));
            format.heads(f64::from(kv_heads.div_ceil(t)), f64::from(head_dim), value)
        }
        LayerGroup::ChunkedLocal { kv_heads, head_dim, .. } => {
            format.heads(f64::from(kv_heads.div_ceil(t)), f64::from(head_dim), f64::from(head_dim))
        }
        LayerGroup::Mla { layers, indexer_layers, indexer_bytes_per_token_per_layer, .. } => {
            let share = f64::from(indexer_layers) / f64::from(layers.max(1));
            latent_bytes(subject, format, group) + indexer_bytes_per_token_per_layer.unwrap_or(0.0) * share
        }
        LayerGroup::State { .. } | LayerGroup::Compressed { .. } => 0.0,
    }
}

/// Bytes of one compressed entry: the engine's own 8-bit layout where it has one, else its elements.
fn compressed_entry(subject: &Subject, format: KvFormat, elements: u32) -> f64 {
    let own = subject.engine.cache.compressed_entry_bytes;
    if own > 0.0 && (format.auto || format.fp8) { own } else { f64::from(elements) * format.element }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A scale of four bytes for each vector of a head: for its key and its value, or for the one vector that is both.
    #[test]
    fn every_vector_has_one_scale() {
        let int8 = KvFormat { element: 1.0, per_head: 4.0, fp8: false, auto: false };
        assert_eq!(int8.heads(8.0, 128.0, 128.0), 8.0 * (2.0 * 128.0 + 2.0 * 4.0));
        assert_eq!(int8.heads(8.0, 128.0, 0.0), 8.0 * (128.0 + 4.0));
    }
}
