//! Bytes a sequence keeps: keys, values, latents and states, as a function of its tokens.

use crate::catalog::{KvDtype, LayerGroup};
use crate::engine::deployment::{Layout, Subject};

/// What the layers of one GPU keep of a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct KvCache {
    /// Bytes per token that never stop growing, on one GPU.
    pub growing_bytes: f64,
    /// The same, whole replica.
    pub growing_bytes_whole: f64,
    /// Constant bytes per sequence, on one GPU.
    pub state_bytes: f64,
    /// (window tokens, bytes per token on one GPU) of sliding groups.
    windows: Vec<(f64, f64)>,
}

fn element_bytes(d: KvDtype) -> f64 {
    match d {
        KvDtype::Auto | KvDtype::Bf16 => 2.0,
        KvDtype::Fp8 | KvDtype::Int8 => 1.0,
        KvDtype::Nvfp4 => 0.5625,
        KvDtype::Q8_0 => 1.0625,
        KvDtype::Q4_0 => 0.5625,
    }
}

impl KvCache {
    /// The cache of the subject's layers under a layout.
    pub fn of(subject: &Subject, layout: Layout) -> Self {
        let b = element_bytes(subject.scenario.model.kv_cache);
        let (t, p) = (layout.tensor_parallel, f64::from(layout.pipeline_parallel));
        let mut out = Self { growing_bytes: 0.0, growing_bytes_whole: 0.0, state_bytes: 0.0, windows: Vec::new() };
        for g in &subject.model.attention.groups {
            let layers = f64::from(g.layers());
            let heads = |kv: u32, k: u32, v: Option<u32>| {
                let width = f64::from(k) + f64::from(v.unwrap_or(k));
                (f64::from(kv.div_ceil(t)) * width * b * layers / p, f64::from(kv) * width * b * layers)
            };
            match *g {
                LayerGroup::Full { kv_heads, head_dim, v_head_dim, .. } => {
                    let (one, all) = heads(kv_heads, head_dim, v_head_dim);
                    out.growing_bytes += one;
                    out.growing_bytes_whole += all;
                }
                LayerGroup::Sliding { window, kv_heads, head_dim, v_head_dim, .. } => {
                    out.windows.push((f64::from(window), heads(kv_heads, head_dim, v_head_dim).0));
                }
                LayerGroup::ChunkedLocal { chunk, kv_heads, head_dim, .. } => {
                    out.windows.push((f64::from(chunk), heads(kv_heads, head_dim, None).0));
                }
                LayerGroup::Mla { kv_lora_rank, qk_rope_head_dim, .. } => {
                    let all = f64::from(kv_lora_rank + qk_rope_head_dim) * b * layers;
                    out.growing_bytes += all / p;
                    out.growing_bytes_whole += all;
                }
                LayerGroup::State { ssm_bytes_per_seq_per_layer, conv_bytes_per_seq_per_layer, .. } => {
                    out.state_bytes +=
                        (ssm_bytes_per_seq_per_layer + conv_bytes_per_seq_per_layer) * layers / p / f64::from(t);
                }
                LayerGroup::Compressed { ratio, entry_elems, indexer_bytes_per_entry, .. } => {
                    let all = (f64::from(entry_elems) * b + indexer_bytes_per_entry) / f64::from(ratio) * layers;
                    out.growing_bytes += all / p;
                    out.growing_bytes_whole += all;
                }
            }
        }
        out
    }

    /// Bytes of a sequence of that many tokens, on one GPU.
    pub fn bytes(&self, tokens: f64) -> f64 {
        let windows: f64 = self.windows.iter().map(|(w, b)| tokens.min(*w) * b).sum();
        self.growing_bytes * tokens + windows + self.state_bytes
    }
}
