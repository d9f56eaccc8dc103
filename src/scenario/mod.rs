//! The question: a validated document of what is served, with which model, on what hardware, by whom, against which API.

mod choices;
mod currency;
mod defaults;
pub mod document;
pub mod field;
pub mod fields;
mod ids;
pub mod link;
pub mod presets;
pub mod reference;
pub mod steps_csv;
#[cfg(test)]
pub(crate) mod testing;

use crate::catalog::{KvDtype, Quantization};
pub use crate::quantity::Range;
pub use choices::{Acquisition, EngineKind, Place, QualityTier};
pub use currency::Currency;
pub use document::{ReadError, read, read_text};
pub use field::{Field, Group};
pub use fields::{field, fields};
pub use ids::canonical_ids;
pub use link::LinkError;
pub use presets::{Preset, presets};

/// The version of the document this program writes.
pub const VERSION: u32 = 1;

/// A validated scenario: no value in it can be out of range, negative or not a number. `None` means "decide for me".
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Title for people.
    pub title: String,
    /// Volume, sizes and targets.
    pub workload: Workload,
    /// Steps of a pipeline; empty for one workload.
    pub steps: Vec<Step>,
    /// Which weights, in which precision.
    pub model: ModelChoice,
    /// How they are served.
    pub serving: Serving,
    /// On which accelerators.
    pub hardware: Hardware,
    /// Costs of owned hardware.
    pub owned: Owned,
    /// Costs around the accelerators.
    pub overhead: Overhead,
    /// Engineering time.
    pub people: People,
    /// Model updates.
    pub updates: Updates,
    /// Cost of a weaker model.
    pub quality: Quality,
    /// The API baselines.
    pub api: ApiChoice,
    /// What rules the API out.
    pub requirements: Requirements,
    /// Months of the projection, 1..36.
    pub horizon_months: u32,
    /// How the page shows amounts.
    pub display: Display,
}

impl Scenario {
    /// Whether data of the whole workload, or of one of its steps, must stay in house.
    pub fn keeps_data(&self) -> bool {
        self.requirements.data_residency || self.steps.iter().any(|s| s.data_residency)
    }

    /// Whether an API answers while replicas are down: where it is wanted and no data has to stay in house.
    pub fn fails_over_to_api(&self) -> bool {
        self.hardware.api_failover && !self.keeps_data()
    }
}

/// Volume, request sizes and latency targets. Ranges hold a 90 % interval; the likely value drives the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// Input and output tokens a day together.
    pub tokens_per_day: Range,
    /// Mean input tokens of a request.
    pub input_tokens: Range,
    /// Mean output tokens of a request.
    pub output_tokens: Range,
    /// Tokens of the longest request, input and output together.
    pub max_request_tokens: Range,
    /// Busiest hour over mean hour.
    pub peak_to_average: Range,
    /// Growth of volume per month, 0.05 = 5 %.
    pub growth_per_month: Range,
    /// Share of input tokens served from a prefix cache.
    pub cached_input_share: Range,
    /// Share of requests that can wait for off-peak or batch tariffs.
    pub batchable_share: Range,
    /// 95th-percentile time to first token allowed, ms.
    pub ttft_p95_ms: Range,
    /// 95th-percentile time per output token allowed, ms.
    pub tpot_p95_ms: Range,
}

/// One step of a pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Name for people.
    pub name: String,
    /// Calls a day.
    pub calls_per_day: Range,
    /// Mean input tokens of a call.
    pub input_tokens: Range,
    /// Mean output tokens of a call.
    pub output_tokens: Range,
    /// Share of input tokens served from a prefix cache.
    pub cached_input_share: Range,
    /// Share of calls that can wait.
    pub batchable_share: Range,
    /// Least quality the step needs.
    pub quality: QualityTier,
    /// Whether its data must stay in house.
    pub data_residency: bool,
    /// Whether it needs a fine-tuned model.
    pub fine_tuned: bool,
    /// 95th-percentile time to first token allowed, ms.
    pub ttft_p95_ms: Option<Range>,
    /// API price id, or `None` for the cheapest that meets the quality.
    pub api: Option<String>,
    /// Model id of its own, or `None` for the scenario's.
    pub model: Option<String>,
    /// Share of calls that a small model, which tries first, passes on to the large one; `None` for no cascade.
    pub escalated_share: Option<Range>,
    /// Model id of the small model, self-hosted.
    pub first_model: Option<String>,
    /// API price id of the small model.
    pub first_api: Option<String>,
    /// Where it is served.
    pub place: Place,
}

/// Which weights.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelChoice {
    /// Catalog id.
    pub id: String,
    /// Weight format.
    pub quantization: Quantization,
    /// KV cache format.
    pub kv_cache: KvDtype,
    /// A raw Hugging Face `config.json`, which wins over `id`.
    pub config: Option<serde_json::Value>,
    /// Measured checkpoint size, bytes, which wins over the computed one.
    pub weights_bytes: Option<f64>,
}

/// How the model is served.
#[derive(Debug, Clone, PartialEq)]
pub struct Serving {
    /// Serving engine.
    pub engine: EngineKind,
    /// Its version, or the newest known.
    pub engine_version: Option<String>,
    /// GPUs that share every layer.
    pub tensor_parallel: Option<u32>,
    /// Stages the layers are cut into.
    pub pipeline_parallel: Option<u32>,
    /// Attention replicas inside a replica (data-parallel attention).
    pub data_parallel_attention: Option<u32>,
    /// Copies of the model, spares not counted.
    pub replicas: Option<u32>,
    /// Requests in flight per replica, pinned (closed loop).
    pub concurrency: Option<f64>,
    /// Share of memory the engine may take.
    pub memory_utilization: Option<f64>,
    /// Longest sequence the engine accepts, tokens.
    pub max_model_len: Option<u32>,
    /// Most sequences in a batch.
    pub max_num_seqs: Option<u32>,
    /// Most tokens in a step.
    pub max_num_batched_tokens: Option<u32>,
    /// Whether CUDA graphs are captured.
    pub cuda_graphs: bool,
    /// Whether prefixes are cached.
    pub prefix_caching: bool,
    /// Layers of a speculative drafter; 0 for none.
    pub draft_layers: u32,
}

/// On which accelerators, and how they are paid for.
#[derive(Debug, Clone, PartialEq)]
pub struct Hardware {
    /// Catalog id.
    pub accelerator: String,
    /// Driver-visible bytes of one accelerator, pinned.
    pub memory_bytes: Option<f64>,
    /// Rented or owned.
    pub acquisition: Acquisition,
    /// The catalog's offer that is charged: a provider, with `/instance` and `@region` where it publishes several; the
    /// median of all offers if absent.
    pub provider: Option<String>,
    /// Price per GPU hour, or the catalog's median.
    pub usd_per_gpu_hour: Option<Range>,
    /// Spare replicas.
    pub spare_replicas: u32,
    /// Availability zones that the fleet is spread over; from two on, one of them may fail.
    pub zones: u32,
    /// Whether an API takes over when a replica is lost.
    pub api_failover: bool,
    /// Share of the day, 0..1, whose load the fleet is sized for; an API takes what arrives above it. All of it if absent.
    pub spill_percentile: Option<f64>,
}

/// Costs of owned hardware.
#[derive(Debug, Clone, PartialEq)]
pub struct Owned {
    /// Server price per GPU, or the catalog's.
    pub usd_per_gpu: Option<Range>,
    /// Years of use.
    pub years: Range,
    /// Share of the price left at the end.
    pub residual_share: Range,
    /// Maintenance per year, share of the price.
    pub maintenance_per_year: Range,
    /// Electricity, US dollars per kWh.
    pub usd_per_kwh: Range,
    /// Power usage effectiveness of the site.
    pub pue: Range,
    /// All-in watts per GPU, or board power.
    pub watts_per_gpu: Option<Range>,
    /// Colocation, US dollars per month in all.
    pub colocation_usd_per_month: Option<Range>,
}

/// Costs around the accelerators.
#[derive(Debug, Clone, PartialEq)]
pub struct Overhead {
    /// CPU hosts, storage, network and monitoring as a share of the GPU bill.
    pub share_of_gpu: Range,
    /// Least of it, US dollars per month.
    pub minimum_usd_per_month: Range,
    /// Egress, US dollars per month.
    pub egress_usd_per_month: Range,
}

/// Engineering time.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    /// Loaded cost of an engineer, US dollars per year.
    pub engineer_usd_per_year: Range,
    /// Engineers who run it.
    pub run_fte: Range,
    /// Engineer-weeks until it serves.
    pub setup_weeks: Range,
}

/// Model updates.
#[derive(Debug, Clone, PartialEq)]
pub struct Updates {
    /// Months between updates.
    pub every_months: Range,
    /// Engineer-weeks per update.
    pub engineer_weeks: Range,
    /// Days old and new run side by side.
    pub parallel_run_days: Range,
    /// GPU need of a token after an update over before it; 1 where the successor runs as fast on the same GPUs.
    pub hardware_factor: Range,
    /// Engineer-weeks of an update on the API side.
    pub api_migration_weeks: Range,
}

/// Cost of a weaker model.
#[derive(Debug, Clone, PartialEq)]
pub struct Quality {
    /// Share of tasks that fail more often than with the frontier baseline; unknown if absent.
    pub task_error_gap: Option<Range>,
    /// Cost of one failed task, US dollars.
    pub usd_per_error: Range,
}

/// The API baselines: ids of price rows, or `None` to choose by the stated rule.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiChoice {
    /// The same weights hosted by someone else.
    pub same_weights: Option<String>,
    /// The cheapest of nearest quality.
    pub nearest: Option<String>,
    /// A frontier model.
    pub frontier: Option<String>,
    /// Dated steps of API prices.
    pub price_changes: Vec<PriceChange>,
}

/// A step of API prices.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceChange {
    /// Month of the projection from which it holds, 1 is the first.
    pub month: u32,
    /// Which baseline: `same_weights`, `nearest`, `frontier` or `all`.
    pub role: String,
    /// New price over old price.
    pub multiplier: f64,
}

/// What rules the API out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Requirements {
    /// Data must stay in house.
    pub data_residency: bool,
    /// The model is fine-tuned.
    pub fine_tuned: bool,
}

/// How the page shows amounts; the engine counts in US dollars. See [`Currency`].
#[derive(Debug, Clone, PartialEq)]
pub struct Display {
    /// ISO 4217 code.
    pub currency: String,
    /// Units of that currency that one US dollar buys.
    pub per_usd: Option<f64>,
    /// Date of the rate, `YYYY-MM-DD`.
    pub as_of: String,
}

/// Something the reader should know about the input: where, what, and how to mend it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Warning {
    /// Path of the field in the Scenario, for example `workload.tokens_per_day`.
    pub path: String,
    /// What is the matter.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

impl Warning {
    /// A warning about a field.
    pub fn new(path: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), hint: hint.into() }
    }
}
