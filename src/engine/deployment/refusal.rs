//! Why a parallel layout cannot run.

use super::{Layout, Subject};
use crate::catalog::{Quantization, engine::Budget};
use crate::scenario::{EngineKind, Warning};

/// GPUs of the largest usual server; fewer named in the catalog is a habit, not a limit.
const SERVER_GPUS: u32 = 8;

/// The first reason against a layout.
pub(super) fn of(subject: &Subject, layout: Layout) -> Option<Warning> {
    beyond_a_server(subject, layout).or_else(|| impossible(subject, layout))
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

#[cfg(test)]
mod tests {
    //! Pins which cuts an engine refuses: experts inside their scale blocks, and more stages than layers.
    use super::*;
    use crate::catalog::Catalog;
    use crate::scenario::Scenario;

    /// Why a layout of a model in a format is refused, its experts being so wide and the release in that format.
    fn refused(engine: EngineKind, q: Quantization, (width, native): (u32, &str), layout: Layout) -> Option<String> {
        let (catalog, mut s) = (Catalog::embedded().unwrap(), Scenario::default());
        (s.model.id, s.model.quantization) = ("Qwen/Qwen3-235B-A22B-Instruct-2507".into(), q);
        (s.serving.engine, s.hardware.accelerator) = (engine, "h100-sxm".into());
        let mut subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
        let model = subject.model.to_mut();
        model.native_dtype = native.into();
        model.moe.as_mut().unwrap().expert_intermediate_size = Some(width);
        subject.refusal(layout).map(|w| w.message)
    }

    /// vLLM: "The output_size of gate's and up's weight = 192 is not divisible by weight quantization block_n = 128", which is
    /// 1,536 cut in 8.
    #[test]
    fn block_scaled_experts_are_cut_at_the_borders_of_their_blocks() {
        use {
            EngineKind::{Sglang, Vllm},
            Quantization::{Bf16, Fp8, Fp8Block},
        };
        const QWEN: (u32, &str) = (1536, "bf16");
        let (four, eight) = (Layout::new(4, 1), Layout::new(8, 1));
        let says = refused(Vllm, Fp8Block, QWEN, eight).unwrap();
        assert!(says.contains("1536 wide cannot be cut in 8"), "{says}");
        assert_eq!(refused(Vllm, Fp8Block, QWEN, four), None);
        // Whole experts are not cut, other engines pad, and other formats have no such blocks.
        assert_eq!(refused(Vllm, Fp8Block, QWEN, Layout { expert_parallel: 8, ..eight }), None);
        assert_eq!(refused(Sglang, Fp8Block, QWEN, eight), None);
        assert_eq!(refused(Vllm, Fp8, QWEN, eight), None);
        assert_eq!(refused(Vllm, Bf16, (1536, "fp8-block"), eight), None);
        // The release in 8 bit is the one with blocks.
        assert!(refused(Vllm, Fp8, (1536, "fp8-block"), eight).is_some());
        assert_eq!(refused(Vllm, Fp8, (2048, "fp8-block"), eight), None);
        // An eighth of 1,030 is not a whole number, though rounded down it is 128.
        assert!(refused(Vllm, Fp8Block, (1030, "bf16"), eight).is_some());
    }

    /// llama.cpp and Ollama put whole layers on each GPU, so that any number of them shares a model.
    #[test]
    fn whole_layers_are_shared_by_any_number_of_gpus() {
        let refused = |engine, gpus| refused(engine, Quantization::GgufQ4KM, (1536, "bf16"), Layout::new(gpus, 1));
        for engine in [EngineKind::LlamaCpp, EngineKind::Ollama] {
            assert_eq!([refused(engine, 5), refused(engine, 16)], [None, None], "{engine}");
        }
        assert!(refused(EngineKind::Vllm, 5).unwrap().contains("cannot be shared by 5"));
        assert!(refused(EngineKind::Vllm, 16).unwrap().contains("more than the 8 of one server"));
    }

    /// The model has 94 layers.
    #[test]
    fn every_stage_holds_a_layer() {
        let stages = |p: u32| refused(EngineKind::Vllm, Quantization::Bf16, (1536, "bf16"), Layout::new(1, p));
        assert_eq!((stages(1), stages(8), stages(94)), (None, None, None));
        assert!(stages(95).unwrap().contains("94 layers cannot be cut into 95 stages"));
        assert!(stages(0).unwrap().contains("at least one stage"));
    }
}
