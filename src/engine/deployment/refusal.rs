//! Why a parallel layout cannot run.

use super::{Layout, Subject};
use crate::catalog::{Quantization, engine::Budget};
use crate::scenario::{EngineKind, Warning};

/// GPUs of the largest usual server; fewer named in the catalog is a habit, not a limit.
const SERVER_GPUS: u32 = 8;

/// The first reason against a layout.
pub(super) fn of(subject: &Subject, layout: Layout) -> Option<Warning> {
    impossible(subject, layout).or_else(|| beyond_a_server(subject, layout))
}

/// The first reason for which an engine does not start with a layout.
pub(super) fn impossible(subject: &Subject, layout: Layout) -> Option<Warning> {
    tensor(subject, layout).or_else(|| pipeline(subject, layout)).or_else(|| replicas(subject, layout))
}

/// Layers that are shared by GPUs of several servers: engines start, and every step waits for the network between them.
fn beyond_a_server(subject: &Subject, layout: Layout) -> Option<Warning> {
    let (t, server) = (layout.tensor_parallel, subject.accelerator.gpus_per_node_typical.max(SERVER_GPUS));
    (t > server && !layers_are_cut_whole(subject)).then(|| {
        let message = format!("{t} GPUs are more than the {server} of one server");
        Warning::new("serving.tensor_parallel", message, "use pipeline stages between servers")
    })
}

fn layers_are_cut_whole(subject: &Subject) -> bool {
    matches!(subject.scenario.serving.engine, EngineKind::LlamaCpp | EngineKind::Ollama)
}

fn tensor(subject: &Subject, layout: Layout) -> Option<Warning> {
    let (t, m) = (layout.tensor_parallel, &subject.model);
    let no = |message: String, hint: &str| Some(Warning::new("serving.tensor_parallel", message, hint));
    if t == 0 {
        return no("a replica needs at least one GPU".into(), "use 1 or more");
    }
    if t == 1 || layers_are_cut_whole(subject) {
        return None;
    }
    let per_attention = layout.attention_gpus();
    if let Some(a) = m.attention_heads.filter(|a| a % per_attention != 0) {
        return no(
            format!("{a} attention heads cannot be shared by {per_attention} GPUs"),
            "choose a divisor of the heads",
        );
    }
    if let Some(k) =
        m.kv_heads.filter(|k| !m.is_mla() && k % per_attention != 0 && !per_attention.is_multiple_of(*k.max(&1)))
    {
        let hint = "choose a divisor or a multiple of the key-value heads";
        return no(
            format!("{k} key-value heads can neither be shared by nor repeated over {per_attention} GPUs"),
            hint,
        );
    }
    // Vocabularies are padded to multiples of 64 before they are cut.
    if let Some(v) = m.vocab_size.filter(|v| v.div_ceil(64) * 64 % t != 0) {
        return no(format!("a vocabulary of {v} rows cannot be shared by {t} GPUs"), "choose a power of two");
    }
    blocks(subject, layout)
}

/// Block-scaled 8-bit experts are cut at block borders.
fn blocks(subject: &Subject, layout: Layout) -> Option<Warning> {
    let width = subject.model.moe.as_ref()?.expert_intermediate_size?;
    let cut = layout.expert_parallel <= 1;
    let vllm = subject.engine.budget == Budget::OfTotal;
    let native = Quantization::from_id(&subject.model.native_dtype) == Some(Quantization::Fp8Block);
    let scaled =
        subject.quantization == Quantization::Fp8Block || (native && subject.quantization == Quantization::Fp8);
    (vllm
        && cut
        && scaled
        && (width % layout.tensor_parallel != 0 || !(width / layout.tensor_parallel).is_multiple_of(128)))
    .then(|| {
        Warning::new(
            "serving.tensor_parallel",
            format!(
                "experts {width} wide cannot be cut in {} at borders of 128-wide scale blocks",
                layout.tensor_parallel
            ),
            "use fewer GPUs per replica or expert parallelism",
        )
    })
}

fn pipeline(subject: &Subject, layout: Layout) -> Option<Warning> {
    let p = layout.pipeline_parallel;
    let no = |message: String| Some(Warning::new("serving.pipeline_parallel", message, "use fewer stages"));
    if p == 0 {
        return no("a replica needs at least one stage".into());
    }
    match subject.model.layers {
        Some(n) if p > n => no(format!("{n} layers cannot be cut into {p} stages")),
        _ => None,
    }
}

fn replicas(subject: &Subject, layout: Layout) -> Option<Warning> {
    let (d, t) = (layout.data_parallel_attention, layout.tensor_parallel);
    let path = "serving.data_parallel_attention";
    if d > 1 && t % d != 0 {
        let message = format!("{d} attention replicas cannot share {t} GPUs evenly");
        return Some(Warning::new(path, message, "choose a divisor of serving.tensor_parallel"));
    }
    if layout.expert_parallel > 1 && subject.model.moe.is_none() {
        return Some(Warning::new(path, "a dense model has no experts to spread", "leave expert parallelism off"));
    }
    None
}
