//! The numbers of a Plan that a server is started with.

use crate::catalog::{Catalog, KvDtype, Quantization};
use crate::engine::Plan;
use crate::scenario::Scenario;

/// What is served, and how, in the words all engines share.
#[derive(Debug, Clone)]
pub struct Served {
    /// Hugging Face id to load: the published checkpoint of the format where the catalog knows one.
    pub repo: String,
    /// Name clients use.
    pub name: String,
    /// Whether `repo` is already in the planned format.
    pub prequantized: bool,
    /// Planned format, `native` resolved.
    pub quantization: Quantization,
    /// KV cache format.
    pub kv_cache: KvDtype,
    /// Engine version of the scenario.
    pub engine_version: Option<String>,
    /// Accelerator's maker.
    pub vendor: String,
    /// Accelerator's name.
    pub accelerator: String,
    /// GPUs that share every layer.
    pub tensor_parallel: u32,
    /// Pipeline stages.
    pub pipeline_parallel: u32,
    /// Attention replicas inside a replica.
    pub data_parallel_attention: u32,
    /// GPUs of a replica.
    pub gpus: u32,
    /// Replicas that carry the peak.
    pub replicas_for_peak: u32,
    /// All replicas.
    pub replicas: u32,
    /// Zones the plan counts on.
    pub zones: u32,
    /// Share of memory the engine may take.
    pub utilization: f64,
    /// Longest sequence, tokens.
    pub max_model_len: u32,
    /// Requests admitted to a batch: the operating point.
    pub max_num_seqs: u32,
    /// Most tokens per step, as the memory and the speed of the plan count on; 0 where that is not known.
    pub max_num_batched_tokens: u32,
    /// Whether prefixes are cached.
    pub prefix_caching: bool,
    /// Whether graphs are captured.
    pub cuda_graphs: bool,
    /// Whether a speculative drafter runs beside the model.
    pub drafter: bool,
    /// Weights of a replica, bytes.
    pub weights_bytes: f64,
    /// US dollars per token over what is sent, all costs included; `None` where a price is unknown.
    pub usd_per_token: Option<f64>,
    /// Volume that price was computed at, tokens a day.
    pub tokens_per_day: f64,
    /// Link that reproduces the plan.
    pub link: String,
}

/// Whole numbers out of the Plan's floats: up, and within what a flag can hold.
fn whole(x: f64) -> u32 {
    if x.is_finite() { x.ceil().clamp(0.0, 4e9) as u32 } else { 0 }
}

impl Served {
    /// Read them out of a Plan.
    pub fn of(scenario: &Scenario, plan: &Plan, catalog: &Catalog) -> Self {
        // With steps, the Plan's fleet is that of the pool it says it is about.
        let about = plan.routing.as_ref().and_then(|r| r.panels_model.as_deref()).unwrap_or(&scenario.model.id);
        let model = catalog.model(about);
        let native = model.and_then(|m| Quantization::from_id(&m.native_dtype));
        let quantization = match scenario.model.quantization {
            Quantization::Native => native.unwrap_or(Quantization::Bf16),
            q => q,
        };
        let accelerator = catalog.accelerator(&scenario.hardware.accelerator);
        let vendor = accelerator.map_or("", |a| a.vendor.as_str());
        let variant = model.and_then(|m| {
            let released = m.released(scenario.serving.engine.id(), vendor, |v| v.is_in(quantization));
            released.iter().find_map(|v| v.repo.clone())
        });
        let own = model.map_or_else(|| scenario.model.id.clone(), |m| m.id.clone());
        let prequantized = variant.is_some() || native == Some(quantization);
        let g = &plan.memory.per_gpu;
        let longest = scenario.workload.max_request_tokens.likely;
        Self {
            name: own.rsplit('/').next().unwrap_or(&own).to_string(),
            repo: variant.unwrap_or(own),
            prequantized,
            quantization,
            kv_cache: scenario.model.kv_cache,
            engine_version: scenario.serving.engine_version.clone(),
            vendor: accelerator.map_or_else(String::new, |a| a.vendor.clone()),
            accelerator: accelerator.map_or_else(|| scenario.hardware.accelerator.clone(), |a| a.name.clone()),
            tensor_parallel: plan.fleet.tensor_parallel,
            pipeline_parallel: plan.fleet.pipeline_parallel,
            data_parallel_attention: plan.fleet.data_parallel_attention,
            gpus: plan.fleet.gpus_per_replica,
            replicas_for_peak: whole(plan.fleet.replicas_for_peak),
            replicas: whole(plan.fleet.replicas),
            zones: scenario.hardware.zones,
            utilization: if g.capacity_bytes > 0.0 { g.budget_bytes / g.capacity_bytes } else { 0.9 },
            max_model_len: scenario.serving.max_model_len.unwrap_or_else(|| whole(longest)),
            max_num_seqs: scenario.serving.max_num_seqs.unwrap_or_else(|| whole(plan.speed.concurrency).max(1)),
            max_num_batched_tokens: whole(plan.memory.max_num_batched_tokens),
            prefix_caching: scenario.serving.prefix_caching,
            cuda_graphs: scenario.serving.cuda_graphs,
            drafter: scenario.serving.draft_layers > 0,
            weights_bytes: plan.memory.weights_bytes_total,
            usd_per_token: plan.cost.self_hosted.as_ref().map(|l| l.usd_per_million_tokens_reserved / 1e6),
            tokens_per_day: plan
                .projection
                .months
                .first()
                .map_or(scenario.workload.tokens_per_day.likely, |m| m.tokens_per_day),
            link: plan.scenario_link.clone(),
        }
    }

    /// Seconds to allow for loading: the weights at 0.5 GB/s from a cold network disk, at least ten minutes.
    pub fn start_seconds(&self) -> u32 {
        whole(self.weights_bytes / 0.5e9).clamp(600, 7200)
    }

    /// Whether the accelerator is AMD's, which needs other images and device names.
    pub fn is_amd(&self) -> bool {
        self.vendor == "AMD"
    }
}
