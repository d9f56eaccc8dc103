//! Launch commands of the serving engines.
//!
//! Flags as vLLM 0.33.0 and SGLang 0.5.23 parse them, and as published for trtllm-serve 1.3, text-generation-inference
//! 3.3.7 and llama.cpp/Ollama 0.33 (2026-08). `tests/export_facts` holds the lists that the tests check against.

use super::escape::{comment, quoted, shell};
use super::served::Served;
use crate::catalog::{KvDtype, Quantization};

/// What stands for the drafter's repository, which the plan does not know.
const DRAFT: &str = "put-the-draft-model-here";
const DRAFT_NOTE: &str = "serving.draft_layers; put the EAGLE-3 drafter of this model in its place";
/// Tokens drafted before each verification, as the speed model assumes (`engine::speed::speculative`).
const DRAFTED: u32 = 3;

/// A command, one flag a line, with comments above it.
pub struct Command {
    head: Vec<String>,
    words: Vec<String>,
}

impl Command {
    fn new(words: &[String], served: &Served) -> Self {
        let mut out = Self { head: Vec::new(), words: words.to_vec() };
        if !served.link.is_empty() {
            out.note(format!("from {}", served.link));
        }
        out.note(format!(
            "one of {} replicas ({} for the peak), {} x {} each (fleet.replicas, fleet.gpus_per_replica)",
            served.replicas, served.replicas_for_peak, served.gpus, served.accelerator
        ));
        out
    }

    /// A comment above the command.
    fn note(&mut self, text: impl AsRef<str>) {
        self.head.push(format!("# {}", comment(text.as_ref())));
    }

    /// A flag with a value, and the Plan's number it comes from.
    fn flag(&mut self, name: &str, value: impl ToString, from: &str) {
        self.words.push(format!("{name} {}", shell(&value.to_string())));
        if !from.is_empty() {
            self.note(format!("{name}: {from}"));
        }
    }

    fn switch(&mut self, name: &str) {
        self.words.push(name.into());
    }

    /// A flag that is only written where there is more than one of something.
    fn several(&mut self, name: &str, value: u32, from: &str) {
        if value > 1 {
            self.flag(name, value, from);
        }
    }

    /// Where it listens: from outside, too, which is not every engine's default.
    fn listen(&mut self, host: &str, port: u16) {
        self.flag(host, "0.0.0.0", "");
        self.flag("--port", port, "");
    }

    /// The KV cache's format in the engine's word, the default where it is left open, or a remark where there is none.
    fn kv_cache(&mut self, engine: &str, kind: KvDtype, word: Option<&str>) {
        match word {
            Some(word) => self.flag("--kv-cache-dtype", word, "model.kv_cache"),
            None if kind == KvDtype::Auto => {}
            None => self.note(format!("{engine} has no {kind} KV cache: left at its default")),
        }
    }

    fn text(&self) -> String {
        format!("{}\n{}\n", self.head.join("\n"), self.words.join(" \\\n  "))
    }
}

/// Two decimals, rounded down: a share of memory must not grow by rounding.
fn share(x: f64) -> String {
    format!("{:.2}", (x * 100.0 + 1e-9).floor() / 100.0)
}

fn unsupported_gguf(served: &Served) -> bool {
    served.quantization.id().starts_with("gguf")
}

/// The engine's word for quantizing a 16-bit checkpoint while loading, where it has one. vLLM 0.33 has none for 4 bit any
/// more; SGLang and text-generation-inference keep bitsandbytes.
fn on_the_fly(q: Quantization, bitsandbytes: Option<&'static str>) -> Option<&'static str> {
    match q {
        Quantization::Fp8 | Quantization::Fp8Block => Some("fp8"),
        Quantization::Nf4 => bitsandbytes,
        _ => None,
    }
}

/// Say what is loaded; the flag's word where the engine quantizes while loading.
fn note_checkpoint(c: &mut Command, served: &Served, bitsandbytes: Option<&'static str>) -> Option<&'static str> {
    if served.prequantized || matches!(served.quantization, Quantization::Bf16 | Quantization::Fp16) {
        return None;
    }
    let flag = on_the_fly(served.quantization, bitsandbytes);
    match flag {
        Some(word) => c.note(format!(
            "quantized to {word} while loading; a published {} checkpoint loads faster",
            served.quantization
        )),
        None => c.note(format!(
            "no {} checkpoint is known for this model: put its repository in place of {}",
            served.quantization, served.repo
        )),
    }
    flag
}

/// Arguments of `vllm serve`, model first.
pub fn vllm_words(served: &Served, c: &mut Command) {
    c.flag("--served-model-name", &served.name, "");
    if let Some(word) = note_checkpoint(c, served, None) {
        c.flag("--quantization", word, "model.quantization");
    }
    c.flag("--tensor-parallel-size", served.tensor_parallel, "fleet.tensor_parallel");
    c.several("--pipeline-parallel-size", served.pipeline_parallel, "fleet.pipeline_parallel");
    if served.data_parallel_attention > 1 {
        c.flag("--data-parallel-size", served.data_parallel_attention, "fleet.data_parallel_attention");
        c.switch("--enable-expert-parallel");
    }
    c.flag("--gpu-memory-utilization", share(served.utilization), "memory.per_gpu.budget_bytes / capacity_bytes");
    c.flag("--max-model-len", served.max_model_len, "longest request");
    c.flag("--max-num-seqs", served.max_num_seqs, "speed.concurrency, the operating point inside the targets");
    if served.max_num_batched_tokens > 0 {
        let tokens = served.max_num_batched_tokens.max(served.max_num_seqs);
        c.flag("--max-num-batched-tokens", tokens, "memory.max_num_batched_tokens");
    }
    let word = match served.kv_cache {
        KvDtype::Auto | KvDtype::Q8_0 | KvDtype::Q4_0 => None,
        KvDtype::Bf16 => Some("bfloat16"),
        KvDtype::Fp8 => Some("fp8"),
        KvDtype::Nvfp4 => Some("nvfp4"),
        KvDtype::Int8 => Some("int8_per_token_head"),
    };
    c.kv_cache("vLLM", served.kv_cache, word);
    // The negative form of every release; 0.33 also has --disable-prefix-caching.
    c.switch(if served.prefix_caching { "--enable-prefix-caching" } else { "--no-enable-prefix-caching" });
    if !served.cuda_graphs {
        c.switch("--enforce-eager");
    }
    if served.drafter {
        let config = format!(r#"{{"method": "eagle3", "model": "{DRAFT}", "num_speculative_tokens": {DRAFTED}}}"#);
        c.flag("--speculative-config", config, DRAFT_NOTE);
    }
}

/// vLLM.
pub fn vllm(served: &Served) -> String {
    let mut c = Command::new(&["vllm serve".into(), shell(&served.repo)], served);
    c.note(format!("vLLM {}", served.engine_version.as_deref().unwrap_or("0.33 (flags checked with 0.33.0)")));
    if unsupported_gguf(served) {
        c.note("GGUF files belong to llama.cpp and Ollama; this starts the released checkpoint instead");
    }
    vllm_words(served, &mut c);
    c.listen("--host", 8000);
    c.text()
}

/// SGLang.
pub fn sglang(served: &Served) -> String {
    let mut c = Command::new(&["python3 -m sglang.launch_server".into()], served);
    c.note(format!("SGLang {}", served.engine_version.as_deref().unwrap_or("0.5 (flags checked with 0.5.23)")));
    c.flag("--model-path", &served.repo, "");
    c.flag("--served-model-name", &served.name, "");
    if let Some(word) = note_checkpoint(&mut c, served, Some("bitsandbytes")) {
        c.flag("--quantization", word, "model.quantization");
    }
    c.flag("--tp-size", served.tensor_parallel, "fleet.tensor_parallel");
    c.several("--pp-size", served.pipeline_parallel, "fleet.pipeline_parallel");
    if served.data_parallel_attention > 1 {
        c.flag("--dp-size", served.data_parallel_attention, "fleet.data_parallel_attention; GPUs stay at tp-size");
        c.switch("--enable-dp-attention");
    }
    c.note(
        "--mem-fraction-static is left to SGLang, which computes it from the GPU; vLLM's share means something else",
    );
    c.flag("--context-length", served.max_model_len, "longest request");
    c.flag("--max-running-requests", served.max_num_seqs, "speed.concurrency");
    if served.max_num_batched_tokens > 0 {
        c.flag("--chunked-prefill-size", served.max_num_batched_tokens, "memory.max_num_batched_tokens");
    }
    let word = match served.kv_cache {
        KvDtype::Fp8 => Some("fp8_e4m3"),
        KvDtype::Bf16 => Some("bf16"),
        KvDtype::Nvfp4 => Some("nvfp4"),
        KvDtype::Auto | KvDtype::Int8 | KvDtype::Q8_0 | KvDtype::Q4_0 => None,
    };
    c.kv_cache("SGLang", served.kv_cache, word);
    if !served.prefix_caching {
        c.switch("--disable-radix-cache");
    }
    if !served.cuda_graphs {
        c.switch("--disable-cuda-graph");
    }
    if served.drafter {
        c.flag("--speculative-algorithm", "EAGLE3", "serving.draft_layers");
        c.flag("--speculative-draft-model-path", DRAFT, DRAFT_NOTE);
        c.flag("--speculative-num-steps", DRAFTED, "");
        c.flag("--speculative-eagle-topk", 1, "");
        c.flag("--speculative-num-draft-tokens", DRAFTED + 1, "");
    }
    c.switch("--enable-metrics");
    c.listen("--host", 30000);
    c.text()
}

/// TensorRT-LLM: a configuration file written by the shell, then the server.
pub fn tensorrt_llm(served: &Served) -> String {
    let mut c = Command::new(&["trtllm-serve".into(), shell(&served.repo)], served);
    c.note(format!("TensorRT-LLM {} (PyTorch backend)", served.engine_version.as_deref().unwrap_or("1.2 or newer")));
    let mut yaml = vec![
        "kv_cache_config:".to_string(),
        format!("  free_gpu_memory_fraction: {}", share(served.utilization.min(0.95))),
    ];
    c.note("free_gpu_memory_fraction is a share of what is free after the weights, not of the whole GPU");
    match served.kv_cache {
        KvDtype::Fp8 => yaml.push("  dtype: \"fp8\"".into()),
        KvDtype::Auto | KvDtype::Bf16 => {}
        other => c.note(format!("TensorRT-LLM has no {other} KV cache here: left at its default")),
    }
    yaml.push(format!("  enable_block_reuse: {}", served.prefix_caching));
    yaml.push("enable_chunked_prefill: true".into());
    if served.data_parallel_attention > 1 {
        yaml.push("enable_attention_dp: true".into());
    }
    if served.drafter {
        c.note("the plan counts on a speculative drafter: add speculative_config to trtllm.yaml for the one you have");
    }
    note_checkpoint(&mut c, served, None);
    c.flag("--tp_size", served.tensor_parallel, "fleet.tensor_parallel");
    c.several("--pp_size", served.pipeline_parallel, "fleet.pipeline_parallel");
    c.flag("--max_batch_size", served.max_num_seqs, "speed.concurrency");
    if served.max_num_batched_tokens > 0 {
        c.flag("--max_num_tokens", served.max_num_batched_tokens, "memory.max_num_batched_tokens");
    }
    c.flag("--max_seq_len", served.max_model_len, "longest request");
    c.flag("--config", "trtllm.yaml", "");
    c.listen("--host", 8000);
    format!("cat > trtllm.yaml <<'YAML'\n{}\nYAML\n{}", yaml.join("\n"), c.text())
}

/// text-generation-inference.
pub fn tgi(served: &Served) -> String {
    let mut c = Command::new(&["text-generation-launcher".into()], served);
    c.note("text-generation-inference has been in maintenance mode since December 2025; prefer vLLM or SGLang");
    c.flag("--model-id", &served.repo, "");
    c.flag("--num-shard", served.tensor_parallel, "fleet.tensor_parallel");
    if let Some(word) = note_checkpoint(&mut c, served, Some("bitsandbytes-nf4")) {
        c.flag("--quantize", word, "model.quantization");
    }
    c.flag("--max-total-tokens", served.max_model_len, "longest request");
    c.flag(
        "--max-input-tokens",
        served.max_model_len.saturating_sub(1).max(1),
        "longest request less one output token",
    );
    c.flag("--max-concurrent-requests", served.max_num_seqs, "speed.concurrency");
    c.flag("--cuda-memory-fraction", share(served.utilization), "memory.per_gpu.budget_bytes / capacity_bytes");
    let word = (served.kv_cache == KvDtype::Fp8).then_some("fp8_e4m3fn");
    c.kv_cache("text-generation-inference", served.kv_cache, word);
    c.listen("--hostname", 3000);
    c.text()
}

fn gguf_tag(q: Quantization) -> &'static str {
    match q {
        Quantization::GgufQ8_0 => "Q8_0",
        Quantization::GgufQ6K => "Q6_K",
        Quantization::GgufQ5KM => "Q5_K_M",
        Quantization::GgufQ4_0 => "Q4_0",
        Quantization::GgufIq4Xs => "IQ4_XS",
        Quantization::GgufQ3KM => "Q3_K_M",
        Quantization::GgufQ2K => "Q2_K",
        _ => "Q4_K_M",
    }
}

fn gguf_cache(kv: KvDtype) -> Option<&'static str> {
    match kv {
        KvDtype::Q8_0 | KvDtype::Int8 | KvDtype::Fp8 => Some("q8_0"),
        KvDtype::Q4_0 | KvDtype::Nvfp4 => Some("q4_0"),
        KvDtype::Auto | KvDtype::Bf16 => None,
    }
}

/// llama.cpp's server.
pub fn llama_cpp(served: &Served) -> String {
    let mut c = Command::new(&["llama-server".into()], served);
    let slots = served.max_num_seqs.max(1);
    c.note("put the path of the GGUF file, or a repository that publishes GGUF files with -hf, in place of model.gguf");
    c.note(format!("planned file format: {}", gguf_tag(served.quantization)));
    c.flag("--model", "model.gguf", "");
    c.flag("--alias", &served.name, "");
    c.flag(
        "--ctx-size",
        u64::from(served.max_model_len) * u64::from(slots),
        "longest request x slots: the context is shared by all slots",
    );
    c.flag("--parallel", slots, "speed.concurrency");
    c.flag("--gpu-layers", "all", "");
    c.flag("--flash-attn", "on", "");
    if let Some(kind) = gguf_cache(served.kv_cache) {
        c.flag("--cache-type-k", kind, "model.kv_cache");
        c.flag("--cache-type-v", kind, "model.kv_cache");
    }
    if served.gpus > 1 {
        c.flag("--split-mode", "layer", "fleet.gpus_per_replica; layers are pipelined over the GPUs");
    }
    c.listen("--host", 8080);
    c.text()
}

/// Ollama: environment, Modelfile and server.
pub fn ollama(served: &Served) -> String {
    let mut lines = Vec::new();
    if !served.link.is_empty() {
        lines.push(format!("# from {}", comment(&served.link)));
    }
    lines
        .push(format!("# planned file format: {}; put its path in place of model.gguf", gguf_tag(served.quantization)));
    lines.push(format!(
        "export OLLAMA_CONTEXT_LENGTH={} # longest request; the default depends on the memory of the machine",
        served.max_model_len
    ));
    lines.push(format!("export OLLAMA_NUM_PARALLEL={} # speed.concurrency", served.max_num_seqs.max(1)));
    lines.push("export OLLAMA_KEEP_ALIVE=-1 # never unload".into());
    lines.push("export OLLAMA_LOAD_TIMEOUT=30m".into());
    lines.push("export OLLAMA_HOST=0.0.0.0:11434".into());
    if let Some(kind) = gguf_cache(served.kv_cache) {
        lines.push(format!("export OLLAMA_FLASH_ATTENTION=1 OLLAMA_KV_CACHE_TYPE={kind} # model.kv_cache"));
    }
    if served.gpus > 1 {
        lines.push("export OLLAMA_SCHED_SPREAD=1 # fleet.gpus_per_replica".into());
    }
    lines.push("cat > Modelfile <<'MODELFILE'".into());
    lines.push("FROM ./model.gguf".into());
    lines.push(format!("PARAMETER num_ctx {}", served.max_model_len));
    lines.push("MODELFILE".into());
    lines.push("ollama serve &".into());
    lines.push("until ollama list >/dev/null 2>&1; do sleep 1; done".into());
    lines.push(format!("ollama create {} -f Modelfile", shell(&super::escape::label(&served.name))));
    lines.push("wait".into());
    lines.join("\n") + "\n"
}

/// The arguments of `vllm serve` as a YAML list, for Compose and Kubernetes: `indent` spaces before each item.
pub fn vllm_args_yaml(served: &Served, indent: usize) -> String {
    let mut c = Command { head: Vec::new(), words: vec![] };
    vllm_words(served, &mut c);
    let pad = " ".repeat(indent);
    let mut out = format!("{pad}- {}\n", quoted(&served.repo));
    for note in &c.head {
        out.push_str(&format!("{pad}{note}\n"));
    }
    let plain = |name: &str, value: &str| format!("{pad}- {}\n{pad}- {}\n", quoted(name), quoted(value));
    for word in &c.words {
        match word.split_once(' ') {
            // A container takes arguments as they are: undo the shell's quoting.
            Some((name, value)) if value.starts_with('\'') => {
                out.push_str(&plain(name, &value[1..value.len() - 1].replace(r"'\''", "'")));
            }
            Some((name, value)) => out.push_str(&plain(name, value)),
            None => out.push_str(&format!("{pad}- {}\n", quoted(word))),
        }
    }
    out
}
