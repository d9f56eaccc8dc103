//! Pins the 40 mistakes that sizing tools are known to make: each has a test named after it that fails if it comes back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod memory_case;

use crossover::catalog::{Catalog, KvDtype, Quantization};
use crossover::engine::deployment::{Layout, Subject};
use crossover::engine::memory::{Memory, bits};
use crossover::scenario::EngineKind;
use crossover::units::GIB;
use memory_case::{BF16, LLAMA8, LLAMA70, case, near};

#[test]
fn m01_driver_bytes_not_the_number_on_the_box() {
    let c = Catalog::embedded().unwrap();
    let l4 = c.accelerator("l4").unwrap();
    assert!(l4.memory_bytes < 24.0 * GIB);
    near(case(LLAMA8, BF16, "h100-sxm", "").report(1).per_gpu.capacity_bytes, 85_017_493_504.0, 0.0);
}

#[test]
fn m02_gib_is_not_gb() {
    near(case(LLAMA8, BF16, "h100-sxm", "0.19.0").report(1).per_gpu.weights_bytes / GIB, 14.99, 0.003);
}

#[test]
fn m03_packed_four_bit_containers_are_not_parameters() {
    let c = Catalog::embedded().unwrap();
    assert!(c.model("deepseek-ai/DeepSeek-V4-Flash-0731").unwrap().params_total > 280e9);
    assert!(c.model("openai/gpt-oss-120b").unwrap().params_total < 117e9);
}

#[test]
fn m04_scales_count() {
    assert_eq!(bits(Quantization::Mxfp4), 4.25);
    assert_eq!(bits(Quantization::Nvfp4), 4.5);
    assert!(bits(Quantization::GptqInt4) > 4.15 && bits(Quantization::Fp8Block) > 8.0);
}

#[test]
fn m05_a_file_mix_is_more_than_its_block_type() {
    let file = case(LLAMA8, Quantization::GgufQ4KM, "h100-sxm", "").with(|s| s.serving.engine = EngineKind::LlamaCpp);
    let bytes = file.report(1).weights_bytes_total;
    assert!(bytes > 8.03e9 * 4.5 / 8.0 * 1.05);
    near(bytes, 4_917_737_553.0, 0.02);
}

#[test]
fn m06_embeddings_and_head_stay_in_sixteen_bit() {
    let got = case(LLAMA70, Quantization::Fp8, "h100-sxm", "").report(1).weights_bytes_total;
    let kept = 2.0 * 128_256.0 * 8192.0;
    near(got, 70.554e9 + kept, 0.001);
}

#[test]
fn m07_tied_embeddings_are_stored_once() {
    near(case("Qwen/Qwen3-1.7B", BF16, "h100-sxm", "").report(1).per_gpu.weights_bytes / GIB, 3.22, 0.01);
}

#[test]
fn m08_head_width_is_not_width_over_heads() {
    // Qwen3-32B: 5120 / 64 = 80, but heads are 128 wide.
    near(case("Qwen/Qwen3-32B", BF16, "h100-sxm", "").report(1).kv_bytes_per_token, 64.0 * 8.0 * 256.0 * 2.0, 0.0);
}

#[test]
fn m09_values_may_be_narrower_than_keys() {
    let c = case("XiaomiMiMo/MiMo-V2-Flash", Quantization::Native, "h200-sxm", "").tp(1);
    near(c.report().kv_bytes_per_token_growing_per_gpu, 9.0 * 4.0 * (192.0 + 128.0) * 2.0, 0.0);
}

#[test]
fn m10_latent_attention_is_not_multi_head() {
    near(
        case("deepseek-ai/DeepSeek-R1-0528", Quantization::Native, "h200-sxm", "").report(8).kv_bytes_per_token,
        70_272.0,
        0.0,
    );
}

#[test]
fn m11_latents_are_not_shared_by_tensor_parallelism() {
    let c = case("deepseek-ai/DeepSeek-R1-0528", Quantization::Native, "h200-sxm", "");
    assert_eq!(c.report(8).kv_bytes_per_token_per_gpu, c.report(1).kv_bytes_per_token_per_gpu);
    let spread = Layout { data_parallel_attention: 8, ..Layout::new(8, 1) };
    let (whole, spread) = (c.tp(8).max_sequences(4096.0), c.size(spread).max_sequences(4096.0));
    assert!(spread > 4.0 * whole, "{spread} against {whole}: attention replicas hold different sequences");
}

#[test]
fn m12_fewer_key_value_heads_than_gpus_are_repeated() {
    let c = case("Qwen/Qwen3-30B-A3B-Instruct-2507", BF16, "h100-sxm", "");
    assert_eq!(c.report(8).kv_bytes_per_token_per_gpu, c.report(4).kv_bytes_per_token_per_gpu);
}

#[test]
fn m13_windows_bound_the_cache_and_prefill_widens_them() {
    let c = case("openai/gpt-oss-20b", Quantization::Native, "h100-sxm", "").with(|s| s.model.kv_cache = KvDtype::Bf16);
    let ideal = c.with(|s| s.serving.engine = EngineKind::Sglang);
    near(ideal.tp(1).sequence_bytes(8192.0) * 32.0 / GIB, 6.09, 0.001);
    let vllm = case("openai/gpt-oss-20b", Quantization::Native, "h100-sxm", "");
    let m = vllm.with(|s| s.serving.max_num_batched_tokens = Some(2048)).tp(1);
    // 12 layers a group, 16-token pages of 2,048 bytes a token: full 512 blocks, window ceil((127 + 2048) / 16) + 1.
    near(m.report().sequence_bytes_at_max, (512.0 + 137.0) * 12.0 * 16.0 * 2048.0, 0.0);
    assert!(m.sequence_bytes(8192.0) < m.report().sequence_bytes_at_max);
}

#[test]
fn m14_each_kind_of_layer_has_heads_of_its_own() {
    let r = case("google/gemma-4-31B-it", BF16, "h100-sxm", "").report(1);
    near(r.kv_bytes_per_token_growing_per_gpu, 81_920.0, 0.0);
    // The unit that older engines log counts all 60 layers in equal pages.
    near(case("google/gemma-4-31B-it", BF16, "h100-sxm", "0.19.0").report(1).kv_bytes_per_token, 983_040.0, 0.0);
}

#[test]
fn m15_recurrent_layers_cache_no_keys() {
    near(case("Qwen/Qwen3.5-35B-A3B", BF16, "h100-sxm", "").report(1).kv_bytes_per_token, 20_480.0, 0.0);
}

#[test]
fn m16_states_are_fp32_and_have_slots() {
    let c = case("moonshotai/Kimi-K3", Quantization::Native, "gb300", "");
    let without = c.with(|s| s.serving.prefix_caching = false);
    near(without.report(1).state_bytes_per_sequence, 449e6, 0.002);
    near(without.report(8).state_bytes_per_sequence, 56e6, 0.01);
    let with = without.with(|s| s.serving.prefix_caching = true);
    near(with.report(1).state_bytes_per_sequence, 2.0 * 449e6, 0.002);
}

#[test]
fn m17_hybrid_pages_are_inflated_to_hold_a_state() {
    let exact = [
        ("Qwen/Qwen3.8-27B", 262_144.0, 17_520_656_384.0),
        ("Qwen/Qwen3.6-35B-A3B", 262_144.0, 5_514_854_400.0),
        ("nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-BF16", 262_144.0, 1_725_628_416.0),
    ];
    for (model, tokens, bytes) in exact {
        assert_eq!(case(model, BF16, "h200-sxm", "0.30").tp(1).sequence_bytes(tokens), bytes, "{model}");
    }
}

#[test]
fn m18_capacity_is_the_inverse_of_a_bent_curve() {
    let m = case("google/gemma-4-31B-it", BF16, "h200-sxm", "").tp(1);
    let longest = m.longest_that_fits(2.0);
    assert!(m.admitted_sequences(longest) >= 2.0 && m.admitted_sequences(longest + 1.0) < 2.0, "{longest}");
    let short = m.longest_that_fits(8.0);
    assert!(longest > 4.0 * short * 1.2, "a straight line would give {short} x 4, not {longest}");
}

#[test]
fn m19_sparse_attention_keeps_index_keys() {
    let c = case("deepseek-ai/DeepSeek-V3.2", Quantization::Native, "h200-sxm", "");
    near(c.report(8).kv_bytes_per_token, 61.0 * (656.0 + 132.0), 0.0);
    let bf16 = c.with(|s| s.model.kv_cache = KvDtype::Bf16);
    near(bf16.report(8).kv_bytes_per_token, 61.0 * (1152.0 + 132.0), 0.0);
    let trt = bf16.with(|s| {
        s.model.kv_cache = KvDtype::Fp8;
        s.serving.engine = EngineKind::TensorrtLlm;
    });
    near(trt.report(8).kv_bytes_per_token, 47_092.0, 0.0);
}

#[test]
fn m20_compressed_attention_is_a_few_kilobytes_a_token() {
    let c = case("deepseek-ai/DeepSeek-V4-Pro-0813", Quantization::Native, "b300-sxm", "");
    near(c.tp(8).sequence_bytes(131_072.0) / 131_072.0, 5_200.0, 0.10);
    let elements = c.with(|s| {
        s.serving.engine = EngineKind::TensorrtLlm;
        s.model.kv_cache = KvDtype::Fp8;
    });
    near(elements.tp(8).sequence_bytes(131_072.0) / 131_072.0, 4_600.0, 0.10);
}

#[test]
fn m21_drafting_does_not_turn_windows_into_full_caches() {
    let plain = case("openai/gpt-oss-120b", Quantization::Native, "h100-sxm", "");
    let before = plain.tp(2);
    let after = plain.with(|s| s.serving.draft_layers = 1).tp(2);
    let (short, long) = (after.sequence_bytes(65_536.0), after.sequence_bytes(131_072.0));
    let grown = before.sequence_bytes(131_072.0) - before.sequence_bytes(65_536.0);
    assert!(long - short <= grown * 1.1, "windows stay bounded while drafting");
}

#[test]
fn m22_activation_depends_on_the_engine_version() {
    let at = |v: &str| case("Qwen/Qwen3-14B", BF16, "h100-sxm", v).report(1).per_gpu.activation_bytes / GIB;
    near(at("0.15.0"), 5.64, 0.02);
    near(at("0.17.0"), 2.23, 0.02);
    near(case("Qwen/Qwen3-14B", BF16, "rtx-a6000", "0.29").report(1).per_gpu.activation_bytes / GIB, 1.49, 0.01);
}

#[test]
fn m23_communication_buffers_appear_at_two_gpus() {
    let c = case(LLAMA8, BF16, "h100-sxm", "0.19.0");
    assert!(c.report(2).per_gpu.non_torch_bytes > c.report(1).per_gpu.non_torch_bytes + 1.5 * GIB);
}

#[test]
fn m24_graphs_are_inside_the_budget_since_0_21() {
    let pool = |v: &str, graphs: bool| {
        case("Qwen/Qwen3-8B", BF16, "h100-sxm", v)
            .with(|s| s.serving.cuda_graphs = graphs)
            .report(1)
            .per_gpu
            .kv_pool_bytes
    };
    assert_eq!(pool("0.19.0", true), pool("0.19.0", false));
    near((pool("0.29", false) - pool("0.29", true)) / GIB, 0.94, 0.02);
}

#[test]
fn m25_a_share_of_the_total_is_not_a_share_of_what_is_free() {
    let of = |e| {
        case(LLAMA70, Quantization::Fp8, "h200-sxm", "").with(|s| {
            s.serving.engine = e;
            s.serving.memory_utilization = Some(0.8);
        })
    };
    let (total, free) = (of(EngineKind::Vllm).report(1).per_gpu, of(EngineKind::TensorrtLlm).report(1).per_gpu);
    near(total.budget_bytes, 0.8 * total.capacity_bytes, 1e-9);
    let left = free.capacity_bytes - free.weights_bytes - free.activation_bytes - free.non_torch_bytes;
    near(free.kv_pool_bytes, 0.8 * left, 1e-9);
}

#[test]
fn m26_pipeline_stages_are_not_an_equal_share() {
    let llama = case(LLAMA8, BF16, "h100-sxm", "0.19.0").size(Layout::new(1, 4)).report();
    near(llama.per_gpu.weights_bytes / GIB, 4.26, 0.02);
    let qwen = case("Qwen/Qwen3-8B", BF16, "h100-sxm", "0.19.0").size(Layout::new(1, 3)).report();
    near(qwen.per_gpu.weights_bytes / GIB, 5.48, 0.02);
}

#[test]
fn m27_pipeline_stages_share_the_cache() {
    let c = case(LLAMA8, BF16, "h100-sxm", "");
    let (one, four) = (c.tp(1), c.size(Layout::new(1, 4)));
    near(four.sequence_bytes(8192.0), one.sequence_bytes(8192.0) / 4.0, 0.0);
}

#[test]
fn m28_a_step_reads_only_the_experts_it_visits() {
    let catalog = Catalog::embedded().unwrap();
    let s = case("Qwen/Qwen3-30B-A3B-Instruct-2507", BF16, "h100-sxm", "").0;
    let subject = Subject::of(&s, &catalog, &mut Vec::new()).unwrap();
    let p = subject.parameters;
    assert!(p.active(8.0 / 128.0) < 0.12 * p.total(false) && p.routed_experts > 0.9 * p.total(false));
}

#[test]
fn m29_throughput_is_not_linear_in_the_batch_once_arithmetic_binds() {
    let at = |n: f64| {
        let p = case(LLAMA8, BF16, "h100-sxm", "").on(1).requests(128.0, 128.0, n).plan().speed;
        p.output_tokens_per_second
    };
    let (one, two, many, twice) = (at(1.0), at(2.0), at(512.0), at(1024.0));
    assert!(two > 1.8 * one, "{one} {two}: few requests share one reading of the weights");
    assert!(twice < 1.5 * many, "{many} {twice}: with hundreds the arithmetic binds");
    // No batch outruns 2 operations a parameter and token at the dense peak.
    assert!(twice * 2.0 * 2.0 * 8.03e9 < 989.5e12, "prompt and output tokens alike");
}

#[test]
fn m30_the_first_token_waits_for_the_prompt_and_for_the_queue() {
    let ttft = |input: f64, n: f64| {
        case(LLAMA70, Quantization::Fp8, "h100-sxm", "").on(4).requests(input, 128.0, n).plan().speed.ttft_ms
    };
    assert!(ttft(8192.0, 1.0) > 4.0 * ttft(1024.0, 1.0), "eight times the prompt");
    assert!(ttft(1024.0, 128.0) > 3.0 * ttft(1024.0, 1.0), "others' prompts come first");
}

#[test]
fn m31_an_all_reduce_over_pcie_is_not_one_over_nvlink() {
    let c = Catalog::embedded().unwrap();
    let seconds = |id: &str| {
        let a = c.accelerator(id).unwrap();
        crossover::engine::speed::collectives::AllReduce::among(&c.speed, a, 4).seconds(2e6)
    };
    assert_eq!(c.accelerator("l40s").unwrap().interconnect.gbs_per_gpu_bidirectional, 0.0, "no NVLink on L40S");
    assert!(seconds("l40s") > 5.0 * seconds("h100-sxm"), "{} {}", seconds("l40s"), seconds("h100-sxm"));
}

#[test]
fn m32_peaks_are_dense() {
    let c = Catalog::embedded().unwrap();
    let t = c.accelerator("h100-sxm").unwrap().tflops_dense;
    assert!(t.bf16.unwrap() < 1000.0 && t.fp8.unwrap() < 2000.0, "sparse peaks are twice that");
    for a in &c.accelerators {
        // Eight bit has at most twice sixteen bit's peak (16 x on none): a sparse figure beside a dense one shows here.
        if let (Some(wide), Some(narrow)) = (a.tflops_dense.bf16, a.tflops_dense.fp8) {
            assert!(narrow <= 2.1 * wide, "{}: {narrow} for {wide}", a.id);
        }
    }
    let ttft = case(LLAMA8, BF16, "h100-sxm", "").on(1).requests(8192.0, 16.0, 1.0).plan().speed.ttft_ms;
    assert!(ttft * 1e-3 > 8192.0 * 2.0 * 7.5e9 / 989.5e12, "{ttft} ms is faster than the dense peak allows");
}

#[test]
fn m33_an_eight_bit_cache_doubles_tokens_not_memory() {
    let c = case(LLAMA8, BF16, "h100-sxm", "");
    let bf16 = c.report(1);
    let fp8 = c.with(|s| s.model.kv_cache = KvDtype::Fp8).report(1);
    assert_eq!(bf16.per_gpu.kv_pool_bytes, fp8.per_gpu.kv_pool_bytes);
    near(fp8.max_sequences_at_max, 2.0 * bf16.max_sequences_at_max, 0.02);
}

#[test]
fn m34_time_per_output_token_leaves_the_first_token_out() {
    for in_flight in [1.0, 8.0] {
        let s = case(LLAMA8, BF16, "h100-sxm", "").on(1).requests(8000.0, 16.0, in_flight).plan().speed;
        // Little's law: requests in flight = rate x (TTFT + (output - 1) x TPOT).
        near(s.requests_per_second * (s.ttft_ms + 15.0 * s.tpot_ms) * 1e-3, in_flight, 1e-6);
    }
    // Alone, no other request's prefill lengthens the steps: half of what a token takes in all is the first one's share.
    let s = case(LLAMA8, BF16, "h100-sxm", "").on(1).requests(8000.0, 16.0, 1.0).plan().speed;
    let end_to_end = s.ttft_ms + 15.0 * s.tpot_ms;
    assert!(end_to_end / 16.0 > 2.0 * s.tpot_ms, "{end_to_end} over 16 tokens is another figure than {}", s.tpot_ms);
}

#[test]
fn m35_a_replica_is_all_gpus_of_its_layout() {
    assert_eq!(Layout::new(4, 2).gpus(), 8);
    let r = case(LLAMA70, Quantization::Fp8, "h100-sxm", "").report(4);
    assert!(r.weights_bytes_total > 3.9 * r.per_gpu.weights_bytes, "total is of the replica, per_gpu of one rank");
}

#[test]
fn m36_tables_in_host_memory_are_counted_there() {
    let r = case("deepseek-ai/DeepSeek-V4.1-Flash", Quantization::Native, "b300-sxm", "").report(4);
    near(r.host_memory_bytes / GIB, 183.1, 0.01);
    near(r.per_gpu.weights_bytes * 4.0 + r.host_memory_bytes, r.weights_bytes_total, 0.05);
    assert_eq!(case(LLAMA8, BF16, "h100-sxm", "").report(1).host_memory_bytes, 0.0);
}

#[test]
fn m37_a_context_longer_than_the_models_is_refused() {
    let c = case(LLAMA8, BF16, "h100-sxm", "").with(|s| s.serving.max_model_len = Some(200_000));
    assert!(c.warnings().iter().any(|w| w.path == "serving.max_model_len"));
}

#[test]
fn m38_runtime_eight_bit_halves_linears_although_the_checkpoint_is_sixteen() {
    let r = case(LLAMA8, Quantization::Fp8, "h100-sxm", "0.19.0").report(1);
    near(r.per_gpu.weights_bytes / GIB, 8.49, 0.01);
}

#[test]
fn m39_no_more_sequences_than_state_blocks() {
    // vLLM 0.30 on an H100 with 0.90 of its memory: "max_num_seqs (1024) exceeds available Mamba cache blocks (733)",
    // and 1,610 blocks for Qwen3.6-35B-A3B-FP8 (mondegreens/apron@09c3175 docs/traces/kv-budget-residuals.md).
    let at = |model: &str, q| case(model, q, "h100-sxm", "0.30").with(|s| s.serving.memory_utilization = Some(0.9));
    let c = at("nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-BF16", BF16);
    let m = c.tp(1);
    assert!(m.max_num_seqs_is_cut);
    near(m.max_num_seqs, 733.0, 0.03);
    let qwen = at("Qwen/Qwen3.6-35B-A3B", Quantization::Fp8).tp(1);
    assert!(!qwen.max_num_seqs_is_cut);
    near(qwen.per_gpu.kv_pool_bytes / 21_626_880.0, 1610.0, 0.02);
    let catalog = Catalog::embedded().unwrap();
    let pinned = c.with(|s| s.serving.max_num_seqs = Some(1024)).0;
    let subject = Subject::of(&pinned, &catalog, &mut Vec::new()).unwrap();
    let mut warnings = Vec::new();
    crossover::engine::memory::hints::warn(&subject, &Memory::size(&subject, Layout::new(1, 1)), &mut warnings);
    assert_eq!(warnings[0].path, "serving.max_num_seqs");
}

#[test]
fn m40_the_whole_context_is_not_assumed() {
    let r = case("Qwen/Qwen3.5-27B", Quantization::Fp8, "l40s", "").report(1);
    assert!(r.fits.longest_request, "8k requests fit although 262k would not");
    let all = case("Qwen/Qwen3.5-27B", Quantization::Fp8, "l40s", "").with(|s| s.serving.max_model_len = Some(262_144));
    assert!(!all.report(1).fits.longest_request);
}
