//! Which ways of sharing a model among GPUs are possible at all.

use crate::engine::deployment::{Layout, Subject};
use crate::engine::speed::collectives::{over_pcie, server_gpus};
use crate::scenario::EngineKind;

/// Sizes of tensor-parallel groups worth trying; attention heads are powers of two or multiples of them.
const TENSOR: [u32; 5] = [1, 2, 4, 8, 16];
/// Pipeline stages worth trying.
const STAGES: [u32; 4] = [1, 2, 4, 8];
/// Most nodes a replica may span.
const NODES: u32 = 4;

/// Layouts a replica can take: heads, vocabulary and layers divide, tensor parallelism stays inside a server, and a
/// replica spans whole servers once it leaves one. Pinned parts are taken as they are.
pub fn candidates(subject: &Subject) -> Vec<Layout> {
    let s = &subject.scenario.serving;
    let node = server_gpus(subject.accelerator);
    let splits_layers_only = matches!(s.engine, EngineKind::LlamaCpp | EngineKind::Ollama);
    let tensor: Vec<u32> = match s.tensor_parallel {
        Some(t) => vec![t],
        None if splits_layers_only => vec![1],
        None => TENSOR.into_iter().filter(|t| *t <= node).collect(),
    };
    let stages: Vec<u32> = match (s.pipeline_parallel, s.tensor_parallel, s.engine) {
        (Some(p), ..) => vec![p],
        (None, Some(_), _) | (None, None, EngineKind::Tgi) => vec![1],
        (None, None, _) => STAGES.into_iter().filter(|p| *p <= subject.model.layers.unwrap_or(1)).collect(),
    };
    let free = s.tensor_parallel.is_none() && s.pipeline_parallel.is_none();
    let mut out = Vec::with_capacity(24);
    for &t in &tensor {
        for &p in &stages {
            if !free || on_whole_nodes(t, p, node) {
                push(subject, &mut out, t, p);
            }
        }
    }
    // A layout the engine refuses is worth timing only if the reader asked for it; then it is warned of elsewhere.
    if free {
        out.retain(|l| subject.refusal(*l).is_none());
    }
    out
}

/// Inside one node, or a full node of tensor parallelism per stage.
fn on_whole_nodes(tensor: u32, stages: u32, node: u32) -> bool {
    tensor * stages <= node || (tensor == node && stages <= NODES)
}

/// The plain layout, and for mixtures of experts the one that replicates attention and spreads whole experts.
fn push(subject: &Subject, out: &mut Vec<Layout>, tensor: u32, stages: u32) {
    let plain = Layout::new(tensor, stages);
    let spread = |d: u32| Layout { data_parallel_attention: d, expert_parallel: tensor, ..plain };
    match subject.scenario.serving.data_parallel_attention {
        Some(1) => out.push(plain),
        Some(d) => out.push(spread(d.clamp(1, tensor.max(1)))),
        None => {
            out.push(plain);
            if tensor > 1 && subject.model.is_moe() && replicates_attention(subject) && may_spread(subject, tensor) {
                out.push(spread(tensor));
            }
        }
    }
}

/// Whether the engine can replicate attention inside a replica; TensorRT-LLM before 1.0 compiled engines that cannot.
fn replicates_attention(subject: &Subject) -> bool {
    let s = &subject.scenario.serving;
    match s.engine {
        EngineKind::Vllm | EngineKind::Sglang => true,
        EngineKind::TensorrtLlm => !s.engine_version.as_deref().is_some_and(|v| v.starts_with("0.")),
        _ => false,
    }
}

/// Whether replicating attention is worth a try. A pinned layout is left alone, unless a pinned concurrency may find no
/// room in it because every GPU keeps the same latents, or its throughput is free and PCIe carries its all-reduces, which
/// replication halves, or the engine's own recipes for latents replicate attention (TensorRT-LLM's performance overview).
fn may_spread(subject: &Subject, tensor: u32) -> bool {
    let s = &subject.scenario.serving;
    let recipe = s.concurrency.is_some() || s.engine == EngineKind::TensorrtLlm;
    // A hybrid keeps so few latents beside its states that they crowd nothing.
    let crowded = recipe && subject.model.is_mla() && !subject.model.is_recurrent();
    let slowed = s.concurrency.is_none() && over_pcie(subject.accelerator, tensor);
    s.tensor_parallel.is_none() || crowded || slowed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::scenario::Scenario;

    /// Whether a layout that replicates attention is tried for a mixture of experts on 8 pinned GPUs.
    fn spread(model: &str, accelerator: &str, engine: EngineKind, concurrency: Option<f64>) -> bool {
        let (catalog, mut s) = (Catalog::embedded().unwrap(), Scenario::default());
        (s.model.id, s.hardware.accelerator, s.serving.engine) = (model.into(), accelerator.into(), engine);
        (s.serving.tensor_parallel, s.serving.concurrency) = (Some(8), concurrency);
        let all = candidates(&Subject::of(&s, &catalog, &mut Vec::new()).unwrap());
        assert!(all.contains(&Layout::new(8, 1)), "{all:?}");
        all.iter().any(|l| l.data_parallel_attention > 1)
    }

    /// Latents are kept whole on each GPU, so they crowd a pinned load out; keys and values are cut. PCIe is slow enough for
    /// anything to be better where the throughput is free.
    #[test]
    fn a_pinned_layout_replicates_attention_only_where_that_is_called_for() {
        use EngineKind::{Sglang, TensorrtLlm, Vllm};
        let (latent, plain) = ("deepseek-ai/DeepSeek-V3.1", "Qwen/Qwen3-235B-A22B-Instruct-2507");
        assert!(!spread(latent, "h200-sxm", Vllm, None) && !spread(latent, "h200-sxm", Sglang, None));
        assert!(spread(latent, "h200-sxm", Vllm, Some(64.0)) && spread(latent, "h200-sxm", TensorrtLlm, None));
        assert!(!spread(plain, "h200-sxm", Vllm, Some(64.0)) && !spread(plain, "h200-sxm", TensorrtLlm, None));
        assert!(spread(plain, "rtx-pro-6000-bw", Vllm, None) && !spread(plain, "rtx-pro-6000-bw", Vllm, Some(64.0)));
    }
}
