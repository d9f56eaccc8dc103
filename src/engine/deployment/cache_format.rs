//! Which formats of the KV cache an engine keeps.

use crate::catalog::KvDtype;
use crate::engine::deployment::Subject;
use crate::scenario::{EngineKind, Warning};

/// Whether an engine keeps caches in a format. Source: the engines' own lists of cache formats (vLLM 0.27, SGLang 0.5.16,
/// TensorRT-LLM 1.3 as its configuration is exported here, text-generation-inference 3.3, llama.cpp and Ollama 0.33), 2026-11-23.
pub fn keeps(engine: EngineKind, format: KvDtype) -> bool {
    let gguf = matches!(engine, EngineKind::LlamaCpp | EngineKind::Ollama);
    match format {
        KvDtype::Auto | KvDtype::Bf16 => true,
        KvDtype::Q8_0 | KvDtype::Q4_0 => gguf,
        KvDtype::Fp8 => !gguf,
        KvDtype::Nvfp4 => matches!(engine, EngineKind::Vllm | EngineKind::Sglang),
        KvDtype::Int8 => engine == EngineKind::Vllm,
    }
}

/// The 8-bit format of an engine.
pub fn eight_bit(engine: EngineKind) -> KvDtype {
    if keeps(engine, KvDtype::Fp8) { KvDtype::Fp8 } else { KvDtype::Q8_0 }
}

/// Warn of a format that the engine does not keep.
pub(super) fn check(subject: &Subject, warnings: &mut Vec<Warning>) {
    let (engine, asked) = (subject.scenario.serving.engine, subject.scenario.model.kv_cache);
    if keeps(engine, asked) {
        return;
    }
    let others: Vec<&str> = KvDtype::ALL.iter().filter(|f| keeps(engine, **f)).map(|f| f.id()).collect();
    warnings.push(Warning::new(
        "model.kv_cache",
        format!("{} keeps no {} cache; it is sized as if it did", engine.id(), asked.id()),
        format!("choose one of {}", others.join(", ")),
    ));
}
