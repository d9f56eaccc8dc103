//! The constants of the speed model: what was fitted to measurements, per engine, with its residuals.
//!
//! They live in `public/catalog/speed.json`, written by `cargo run --release --example calibrate`; nothing here is
//! typed by hand but the priors, which say what is plausible before a single case is read.

use serde::Serialize;

use super::{Row, Rows, Table, Words, row, table};

macro_rules! constants {
    ($($(#[doc = $doc:literal])+ $name:ident: $unit:literal = $prior:literal ~ $spread:literal),+ $(,)?) => {
        /// Constants of one engine, each readable on its own. Times are per step unless a name says otherwise.
        #[derive(Debug, Clone, Copy, PartialEq, Serialize)]
        pub struct Constants { $($(#[doc = $doc])+ pub $name: f64),+ }

        row!(Constants { $($name),+ });

        impl Constants {
            /// Name of each constant, in order.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];
            /// Unit of each constant, in order.
            pub const UNITS: &'static [&'static str] = &[$($unit),+];
            /// What each constant is, in order.
            pub const MEANINGS: &'static [&'static str] = &[$(concat!($($doc),+)),+];
            /// How far a fit may reasonably move each one, as a standard deviation of its logarithm.
            pub const SPREADS: &'static [f64] = &[$($spread),+];
            /// What is plausible before any case is read: rounded from public operator tables and roofline fits.
            pub const PRIOR: Self = Self { $($name: $prior),+ };

            /// The constants as numbers, in the order of the names.
            pub fn to_vec(&self) -> Vec<f64> { vec![$(self.$name),+] }

            /// The constants from numbers in the order of the names; missing ones keep their prior.
            pub fn from_slice(values: &[f64]) -> Self {
                let mut at = values.iter().copied();
                let mut out = Self::PRIOR;
                $(if let Some(v) = at.next() { out.$name = v; })+
                out
            }
        }
    };
}

constants! {
    /// Share of peak memory bandwidth that reading dense weights reaches.
    weight_bandwidth: "1" = 0.85 ~ 0.08,
    /// The same for routed experts.
    expert_bandwidth: "1" = 0.80 ~ 0.12,
    /// The same for the KV cache and recurrent states.
    kv_bandwidth: "1" = 0.85 ~ 0.2,
    /// Share of peak arithmetic that dense matrix products reach in 16 bit.
    dense_arithmetic: "1" = 0.70 ~ 0.2,
    /// The same for routed experts.
    expert_arithmetic: "1" = 0.40 ~ 0.25,
    /// What 8-bit products reach of that share, against their own higher peak.
    eight_bit_arithmetic: "1" = 0.85 ~ 0.15,
    /// The same for 4-bit products.
    four_bit_arithmetic: "1" = 0.60 ~ 0.25,
    /// What 8-bit routed experts scaled in blocks of 128 x 128 reach on Blackwell, whose units scale groups of 32, of
    /// what they reach elsewhere.
    blackwell_eight_bit_experts: "1" = 0.60 ~ 0.4,
    /// The same for 4-bit routed experts, whose products are too small for its wider units.
    blackwell_four_bit_experts: "1" = 0.60 ~ 0.4,
    /// What routed experts stored in fewer bits than they compute in reach of the others: unpacking takes their place.
    weight_only_experts: "1" = 0.60 ~ 0.4,
    /// Share of peak 16-bit arithmetic that attention over a prompt reaches.
    prompt_attention_arithmetic: "1" = 0.40 ~ 0.3,
    /// What it reaches of that where an index selects the tokens: they are gathered one by one.
    sparse_prompt_attention: "1" = 0.5 ~ 0.5,
    /// Share of peak 16-bit arithmetic that attention of a decode step reaches, which binds only for wide latents.
    decode_attention_arithmetic: "1" = 0.35 ~ 0.3,
    /// Ceiling of what the engine's kernels compute on any accelerator.
    arithmetic_limit: "TFLOPS" = 100000.0 ~ 0.0,
    /// Host time of a step.
    step: "us" = 300.0 ~ 0.5,
    /// Launches and synchronisation of a layer.
    layer: "us" = 28.0 ~ 0.3,
    /// More of it where a layer routes experts.
    expert_layer: "us" = 20.0 ~ 0.5,
    /// More where attention works on latents.
    latent_layer: "us" = 20.0 ~ 0.6,
    /// More where a sparse-attention index is searched.
    sparse_layer: "us" = 40.0 ~ 0.6,
    /// More where a recurrent state is updated.
    state_layer: "us" = 20.0 ~ 0.6,
    /// More where tensor parallelism synchronises.
    parallel_layer: "us" = 3.0 ~ 0.5,
    /// More per doubling of tensor parallelism.
    parallel_doubling: "us" = 3.0 ~ 0.5,
    /// Factor on expert, latent, sparse and state layers before Blackwell, whose kernels are fused.
    unfused_kernels: "1" = 1.2 ~ 0.4,
    /// Host time of each running sequence.
    sequence: "us" = 8.0 ~ 0.5,
    /// Share of the measured all-reduce time that is not hidden behind other work.
    collective: "1" = 1.0 ~ 0.2,
    /// How much longer each further pipeline stage makes the slowest one.
    stage_imbalance: "1" = 0.1 ~ 0.4,
    /// Launches of a layer of a prefill, which no graph captures; hidden where the step computes for longer.
    prefill_layer: "us" = 40.0 ~ 0.5,
    /// More where attention works on latents.
    prefill_latent_layer: "us" = 60.0 ~ 0.6,
    /// More where a recurrent state is built up.
    prefill_state_layer: "us" = 60.0 ~ 0.6,
    /// Share of a prefill's time that running requests feel; a replay of 10 waves of requests through a scheduler that
    /// mixes prompts into steps gives up to 0.95, the rest falls into others' time to first token.
    interference: "1" = 0.85 ~ 0.2,
    /// Network, tokenizer and scheduler before the first token.
    first_token: "ms" = 30.0 ~ 1.0,
    /// Share of requests that start in one burst, as measured runs do.
    burst: "1" = 0.1 ~ 0.8,
    /// Prefills in front of a request, per unit of prefill utilisation.
    prefill_queue: "1" = 0.5 ~ 1.0,
    /// Serial host time of each request in a burst.
    request: "ms" = 1.5 ~ 1.2,
}

/// Everything fitted or measured about speed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// What the file is and how it is made.
    pub about: Words,
    /// The command that writes it.
    pub command: Words,
    /// Day of the fit, ISO 8601.
    pub calibrated_on: String,
    /// Unit of each constant, in the file alone: the program has [`Constants::UNITS`].
    pub units: std::collections::BTreeMap<String, String>,
    /// Constants per engine and class.
    pub engines: Rows<EngineConstants>,
    /// How achieved bandwidth differs between memory architectures.
    pub architectures: Vec<ArchitectureFactor>,
    /// How long links take.
    pub links: Vec<Link>,
}

row!(Calibration { about, command, calibrated_on, architectures, links } skip { units, engines });

/// Constants of an engine for dense models or for mixtures of experts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EngineConstants {
    /// Engine id.
    pub engine: String,
    /// `dense` or `moe`.
    pub class: String,
    /// The constants.
    pub constants: Constants,
    /// Models it was measured with.
    pub models: Vec<String>,
    /// Accelerators it was measured on.
    pub accelerators: Vec<String>,
    /// Where the measurements are from.
    pub sources: Vec<Words>,
    /// How far predictions were from the measurements.
    pub residuals: Vec<Residual>,
}

/// What tells the constants of an engine apart.
#[derive(Debug, Clone)]
pub struct EngineClass {
    engine: String,
    class: String,
}

row!(EngineClass { engine, class });

impl Row for EngineConstants {
    type Head = EngineClass;
    const TABLE: Table = table!("speed");

    fn head(&self) -> EngineClass {
        EngineClass { engine: self.engine.clone(), class: self.class.clone() }
    }
}

row!(EngineConstants { engine, class, constants, models, accelerators, sources, residuals });

/// Absolute relative errors of one quantity, in the fit and with whole models or accelerators left out of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Residual {
    /// `tpot_ms`, `ttft_ms`, `saturated` or `output_tokens_per_second`.
    pub quantity: String,
    /// Cases.
    pub cases: u32,
    /// Median, in the fit.
    pub median: f64,
    /// 80th percentile, in the fit.
    pub p80: f64,
    /// 90th percentile, in the fit.
    pub p90: f64,
    /// Median signed error, in the fit.
    pub bias: f64,
    /// Each model predicted by a fit without it.
    pub unseen_model: Errors,
    /// Each accelerator predicted by a fit without it.
    pub unseen_accelerator: Errors,
}

row!(Residual { quantity, cases, median, p80, p90, bias, unseen_model, unseen_accelerator });

/// Quantiles of absolute relative errors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Errors {
    /// Median.
    pub median: f64,
    /// 80th percentile.
    pub p80: f64,
    /// 90th percentile.
    pub p90: f64,
}

row!(Errors { median, p80, p90 });

/// What an architecture achieves against Hopper.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArchitectureFactor {
    /// Start of the accelerator's `architecture`.
    pub architecture: String,
    /// Start of its `memory_type`; empty for any.
    pub memory: String,
    /// Factor on achieved bandwidth.
    pub bandwidth: f64,
    /// Factor on achieved arithmetic, beside what large products were measured to reach; 1 where nothing is known.
    pub arithmetic: f64,
    /// Factor on the time of a layer's kernels that neither bandwidth nor arithmetic binds: they follow the clock.
    pub kernel_time: f64,
    /// Where it is from.
    pub source: Words,
}

/// Hopper's factors, and those of whatever nobody measured.
static UNMEASURED: ArchitectureFactor = ArchitectureFactor {
    architecture: String::new(),
    memory: String::new(),
    bandwidth: 1.0,
    arithmetic: 1.0,
    kernel_time: 1.0,
    source: Words::none(),
};

row!(ArchitectureFactor { architecture, bandwidth, arithmetic, kernel_time, source } default { memory });

/// How long an all-reduce takes on a kind of link.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Link {
    /// `nvlink3`, `nvlink4`, `nvlink5`, `xgmi`, `pcie4`, `pcie5` or `network`.
    pub link: String,
    /// Where it is from.
    pub source: Words,
    /// Measured times; empty where the ring below is used.
    pub measured: Vec<AllReduceRow>,
    /// A ring's start-up per doubling of GPUs, us.
    pub ring_startup_us: f64,
    /// A ring's rate per GPU, GB/s.
    pub ring_gbs: f64,
}

row!(Link { link, source } default { measured, ring_startup_us, ring_gbs });

/// Measured all-reduce times among some GPUs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AllReduceRow {
    /// GPUs.
    pub gpus: u32,
    /// Message sizes, KiB.
    pub kib: Vec<f64>,
    /// Times, us.
    pub us: Vec<f64>,
}

row!(AllReduceRow { gpus, kib, us });

impl Calibration {
    /// The constants for an engine and class; those of its other class where it was measured only in that.
    pub fn of(&self, engine: &str, moe: bool) -> Option<&EngineConstants> {
        let class = if moe { "moe" } else { "dense" };
        let own = |e: &EngineClass| e.engine == engine;
        let place = self.engines.place(|e| own(e) && e.class == class).or_else(|| self.engines.place(own));
        self.engines.get(place?)
    }

    /// What an architecture with that memory achieves against Hopper.
    pub fn architecture(&self, architecture: &str, memory: &str) -> &ArchitectureFactor {
        let fits = |f: &&ArchitectureFactor| architecture.starts_with(&f.architecture) && memory.starts_with(&f.memory);
        self.architectures.iter().find(fits).unwrap_or(&UNMEASURED)
    }
}
