//! What attention reads and computes: KV cache, latents, windows, sparse selections, recurrent states.

use crate::catalog::{KvDtype, LayerGroup, Model};
use crate::engine::deployment::Subject;

/// Tokens a sparse-attention index selects (DeepSeek-V3.2 and GLM-5 configurations: `index_topk` 2048).
const SELECTED_TOKENS: f64 = 2048.0;
/// Bytes of an index key with its scale (vLLM, SGLang: 128 in fp8 and one fp32 scale).
const INDEX_KEY_BYTES: f64 = 132.0;
/// Bytes per token of a sparse-attention latent in the fp8 layout of vLLM and SGLang: 512 + 16 scales + 64 x 2.
const SPARSE_LATENT_BYTES: f64 = 656.0;
/// Width of a query-key plus a value head when latents are expanded in prefill (DeepSeek: 192 + 128).
const EXPANDED_HEAD: f64 = 320.0;

/// Attention of all layers on one GPU of an attention group; per sequence.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Attention {
    /// Bytes a decode step reads (and for states writes) for a sequence of the resident length.
    pub decode_bytes: f64,
    /// Operations of a decode step for it.
    pub decode_flops: f64,
    /// Operations of the prompt, the cached part not computed again.
    pub prompt_flops: f64,
    /// The same where an index selects the tokens.
    pub sparse_prompt_flops: f64,
}

/// Bytes of a cached element.
fn element_bytes(subject: &Subject) -> f64 {
    match subject.scenario.model.kv_cache {
        KvDtype::Bf16 => 2.0,
        KvDtype::Fp8 | KvDtype::Int8 => 1.0,
        KvDtype::Q8_0 => 1.0625,
        KvDtype::Nvfp4 | KvDtype::Q4_0 => 0.5625,
        KvDtype::Auto if subject.checkpoint_brings_fp8_cache() => 1.0,
        KvDtype::Auto => 2.0,
    }
}

impl Attention {
    /// Attention of the subject on one of `gpus` GPUs that share the heads, at `resident` tokens; the prompt has
    /// `input` tokens of which `cached` are in the prefix cache.
    pub fn of(subject: &Subject, gpus: f64, resident: f64, input: f64, cached: f64) -> Self {
        let b = element_bytes(subject);
        let m: &Model = &subject.model;
        let heads = f64::from(m.attention_heads.unwrap_or(32));
        let mut out = Self::default();
        for group in &m.attention.groups {
            out.add(group, heads, gpus, b, [resident, input, cached]);
        }
        out
    }

    fn add(&mut self, group: &LayerGroup, heads: f64, gpus: f64, b: f64, [resident, input, cached]: [f64; 3]) {
        let layers = f64::from(group.layers());
        // Causal attention over new tokens that also look at cached ones: the triangle less the cached triangle.
        let triangle = (input * input - cached * cached).max(0.0);
        match *group {
            LayerGroup::Full { kv_heads, head_dim, v_head_dim, .. } => {
                let (k, v) = (f64::from(head_dim), f64::from(v_head_dim.unwrap_or(head_dim)));
                self.keys(layers, heads, gpus, f64::from(kv_heads) * (k + v) * b, f64::from(kv_heads), k + v, resident);
                self.prompt_flops += layers * heads * (k + v) * triangle / gpus;
            }
            LayerGroup::Sliding { window, kv_heads, head_dim, v_head_dim, .. } => {
                let (k, v) = (f64::from(head_dim), f64::from(v_head_dim.unwrap_or(head_dim)));
                let w = f64::from(window);
                let seen = resident.min(w);
                self.keys(layers, heads, gpus, f64::from(kv_heads) * (k + v) * b, f64::from(kv_heads), k + v, seen);
                self.prompt_flops += 2.0 * layers * heads * (k + v) * (input - cached) * (input / 2.0).min(w) / gpus;
            }
            LayerGroup::ChunkedLocal { chunk, kv_heads, head_dim, .. } => {
                let (d, c) = (2.0 * f64::from(head_dim), f64::from(chunk));
                self.keys(layers, heads, gpus, f64::from(kv_heads) * d * b, f64::from(kv_heads), d, resident.min(c));
                self.prompt_flops += 2.0 * layers * heads * d * (input - cached) * (input / 2.0).min(c / 2.0) / gpus;
            }
            LayerGroup::Mla { kv_lora_rank, qk_rope_head_dim, indexer_layers, .. } => {
                let (latent, rope) = (f64::from(kv_lora_rank), f64::from(qk_rope_head_dim));
                let indexers = f64::from(indexer_layers);
                let sparse = indexer_layers > 0;
                let read = if sparse { resident.min(SELECTED_TOKENS) } else { resident };
                let token = if sparse { SPARSE_LATENT_BYTES } else { (latent + rope) * b };
                // Every GPU of the group reads the whole latent; only the heads are shared.
                self.decode_bytes += layers * token * read + indexers * INDEX_KEY_BYTES * resident;
                self.decode_flops += 2.0 * layers * heads * (2.0 * latent + rope) * read / gpus;
                let full = layers * heads * EXPANDED_HEAD * triangle;
                let selected = 4.0 * layers * heads * latent * (input - cached) * (input / 2.0).min(SELECTED_TOKENS);
                let index = indexers * 32.0 * 128.0 * triangle;
                if sparse {
                    self.sparse_prompt_flops += (selected + index) / gpus;
                } else {
                    self.prompt_flops += full / gpus;
                }
            }
            LayerGroup::State { ssm_bytes_per_seq_per_layer, conv_bytes_per_seq_per_layer, .. } => {
                let state = ssm_bytes_per_seq_per_layer + conv_bytes_per_seq_per_layer;
                self.decode_bytes += 2.0 * layers * state / gpus;
            }
            LayerGroup::Compressed { ratio, entry_elems, indexer_bytes_per_entry, .. } => {
                let (entries, e) = (resident / f64::from(ratio.max(1)), f64::from(entry_elems));
                let read = entries.min(SELECTED_TOKENS);
                self.decode_bytes += layers * (read * e * b + entries * indexer_bytes_per_entry);
                self.decode_flops += 4.0 * layers * heads * e * read / gpus;
                self.prompt_flops += 4.0 * layers * heads * e * (input - cached) * read / 2.0 / gpus;
            }
        }
    }

    /// Keys and values of `seen` tokens: heads are shared among the GPUs until each holds one, then replicated.
    #[allow(clippy::too_many_arguments)]
    fn keys(&mut self, layers: f64, heads: f64, gpus: f64, bytes: f64, kv_heads: f64, width: f64, seen: f64) {
        self.decode_bytes += layers * bytes * seen / gpus.min(kv_heads).max(1.0);
        self.decode_flops += 2.0 * layers * heads * width * seen / gpus;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::scenario::Scenario;

    fn of(model: &str, gpus: f64, tokens: f64) -> Attention {
        let catalog = Catalog::embedded().unwrap();
        let mut s = Scenario::default();
        (s.model.id, s.model.kv_cache) = (model.into(), KvDtype::Bf16);
        Attention::of(&Subject::of(&s, &catalog, &mut Vec::new()).unwrap(), gpus, tokens, tokens, 0.0)
    }

    /// Llama-4-Scout: 40 heads of 128; 12 layers see the whole prompt, 36 the chunk of 8,192 they are in, half of it on average.
    #[test]
    fn chunks_are_multiplied_half_and_whole_prompts_as_a_triangle() {
        let a = of("meta-llama/Llama-4-Scout-17B-16E-Instruct", 1.0, 32768.0);
        let whole = 12.0 * 32768.0 * 32768.0;
        let chunks = 36.0 * 2.0 * 32768.0 * 4096.0;
        assert_eq!(a.prompt_flops, 40.0 * 2.0 * 128.0 * (whole + chunks));
    }

    /// gemma-3-27b: 32 heads of 128; 10 layers see all of 8,192 tokens and 52 the last 1,024. Keys and values are of 16 heads.
    #[test]
    fn windows_bound_what_is_read_and_multiplied() {
        let a = of("google/gemma-3-27b-it", 1.0, 8192.0);
        let seen = 10.0 * 8192.0 + 52.0 * 1024.0;
        assert_eq!((a.decode_flops, a.decode_bytes), (2.0 * 32.0 * 256.0 * seen, 16.0 * 256.0 * 2.0 * seen));
    }

    /// DeepSeek-V4-Flash: 64 heads over one shared latent of 512; 43 layers see the last 128 tokens, 21 of them an entry for
    /// every 4 tokens (with an index of 64 bytes), 20 one for every 128.
    #[test]
    fn compressed_entries_are_read_once_and_multiplied_by_every_head() {
        let a = of("deepseek-ai/DeepSeek-V4-Flash-0731", 8.0, 8192.0);
        let flops = 64.0 * 512.0 * (2.0 * 43.0 * 128.0 + 4.0 * 21.0 * 2048.0 + 4.0 * 20.0 * 64.0);
        assert_eq!(a.decode_flops, flops / 8.0);
        let bytes = 43.0 * 128.0 * 512.0 * 2.0 + 21.0 * 2048.0 * (512.0 * 2.0 + 64.0) + 20.0 * 64.0 * 512.0 * 2.0;
        assert_eq!(a.decode_bytes, bytes);
    }
}
