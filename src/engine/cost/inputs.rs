//! The inputs of the cost as one flat array, so that one of them can be moved and everything priced again without
//! touching a scenario: for the draws, the tornado and the thresholds.

use crate::engine::deployment::Subject;
use crate::scenario::{Acquisition, Range, Scenario};

macro_rules! levers {
    ($($(#[$doc:meta])* $name:ident = $path:literal),+ $(,)?) => {
        /// An input of the cost that can be moved.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(usize)]
        pub enum Lever { $($(#[$doc])* $name),+ }

        impl Lever {
            /// Every lever, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Path in the Scenario, or in the Plan for what the engine itself is unsure of.
            pub const fn path(self) -> &'static str {
                match self { $(Self::$name => $path),+ }
            }
        }
    };
}

levers! {
    /// Tokens a day in the first month.
    TokensPerDay = "workload.tokens_per_day",
    /// Growth per month, 0.05 = 5 %.
    GrowthPerMonth = "workload.growth_per_month",
    /// Busiest hour over mean hour.
    PeakToAverage = "workload.peak_to_average",
    /// Mean input tokens.
    InputTokens = "workload.input_tokens",
    /// Mean output tokens.
    OutputTokens = "workload.output_tokens",
    /// Share of input tokens found in the cache.
    CachedInputShare = "workload.cached_input_share",
    /// Share of requests that can wait.
    BatchableShare = "workload.batchable_share",
    /// US dollars per GPU hour (rented).
    UsdPerGpuHour = "hardware.usd_per_gpu_hour",
    /// US dollars per GPU (owned).
    UsdPerGpu = "owned.usd_per_gpu",
    /// Years of use.
    Years = "owned.years",
    /// Share of the price left at the end.
    ResidualShare = "owned.residual_share",
    /// Maintenance per year, share of the price.
    MaintenancePerYear = "owned.maintenance_per_year",
    /// US dollars per kWh.
    UsdPerKwh = "owned.usd_per_kwh",
    /// Power usage effectiveness.
    Pue = "owned.pue",
    /// Watts per GPU.
    WattsPerGpu = "owned.watts_per_gpu",
    /// Colocation, US dollars per month in all.
    Colocation = "owned.colocation_usd_per_month",
    /// Overhead, share of the GPU bill.
    OverheadShare = "overhead.share_of_gpu",
    /// Least overhead, US dollars per month.
    OverheadMinimum = "overhead.minimum_usd_per_month",
    /// Egress, US dollars per month.
    Egress = "overhead.egress_usd_per_month",
    /// An engineer, US dollars per year.
    EngineerUsdPerYear = "people.engineer_usd_per_year",
    /// Engineers who run it.
    RunFte = "people.run_fte",
    /// Engineer-weeks of setup.
    SetupWeeks = "people.setup_weeks",
    /// Months between updates.
    UpdateEvery = "updates.every_months",
    /// Engineer-weeks per update.
    UpdateWeeks = "updates.engineer_weeks",
    /// Days old and new run side by side.
    ParallelRunDays = "updates.parallel_run_days",
    /// GPU need of a token after an update over before it.
    HardwarePerUpdate = "updates.hardware_factor",
    /// Engineer-weeks of an update on the API side.
    MigrationWeeks = "updates.api_migration_weeks",
    /// Share of tasks that fail more often than with the frontier baseline.
    ErrorGap = "quality.task_error_gap",
    /// US dollars per failed task.
    UsdPerError = "quality.usd_per_error",
    /// Real over predicted throughput of a replica.
    Throughput = "speed.error_band",
    /// Real over predicted sequences in the KV pool.
    KvPool = "memory.per_gpu.kv_pool_bytes",
    /// Same-weights price over today's.
    SameWeightsPrice = "api.same_weights",
    /// Nearest API's price over today's.
    NearestPrice = "api.nearest",
    /// Frontier API's price over today's.
    FrontierPrice = "api.frontier",
}

/// How many levers there are.
pub const COUNT: usize = Lever::ALL.len();

/// A value for every lever.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inputs([f64; COUNT]);

impl Inputs {
    /// All zero; to be filled in.
    pub const fn zero() -> Self {
        Self([0.0; COUNT])
    }

    /// Multiply a lever.
    #[inline]
    pub const fn scale(&mut self, lever: Lever, factor: f64) {
        self.0[lever as usize] *= factor;
    }

    /// The value of a lever.
    #[inline]
    pub const fn get(&self, lever: Lever) -> f64 {
        self.0[lever as usize]
    }

    /// Set a lever.
    #[inline]
    pub const fn set(&mut self, lever: Lever, value: f64) {
        self.0[lever as usize] = value;
    }

    /// A copy with one lever moved.
    pub fn with(mut self, lever: Lever, value: f64) -> Self {
        self.set(lever, value);
        self
    }

    /// The scenario's likely values; prices the scenario leaves open and the bands of the engine are filled in by
    /// whoever knows them.
    pub fn likely(subject: &Subject) -> Self {
        let mut out = Self::zero();
        for &lever in Lever::ALL {
            if let Some(range) = range_of(subject.scenario, lever) {
                out.set(lever, range.likely);
            }
        }
        for one in
            [Lever::Throughput, Lever::KvPool, Lever::SameWeightsPrice, Lever::NearestPrice, Lever::FrontierPrice]
        {
            out.set(one, 1.0);
        }
        out
    }
}

/// What the scenario says about a lever; `None` where it leaves it open or the lever is the engine's own.
pub fn range_of(s: &Scenario, lever: Lever) -> Option<Range> {
    let (w, o) = (&s.workload, &s.owned);
    let rented = s.hardware.acquisition != Acquisition::Owned;
    match lever {
        Lever::TokensPerDay => Some(w.tokens_per_day),
        Lever::GrowthPerMonth => Some(w.growth_per_month),
        Lever::PeakToAverage => Some(w.peak_to_average),
        Lever::InputTokens => Some(w.input_tokens),
        Lever::OutputTokens => Some(w.output_tokens),
        Lever::CachedInputShare => Some(w.cached_input_share),
        Lever::BatchableShare => Some(w.batchable_share),
        Lever::UsdPerGpuHour => s.hardware.usd_per_gpu_hour.filter(|_| rented),
        Lever::UsdPerGpu => o.usd_per_gpu.filter(|_| !rented),
        Lever::Years => Some(o.years),
        Lever::ResidualShare => Some(o.residual_share),
        Lever::MaintenancePerYear => Some(o.maintenance_per_year),
        Lever::UsdPerKwh => Some(o.usd_per_kwh),
        Lever::Pue => Some(o.pue),
        Lever::WattsPerGpu => o.watts_per_gpu,
        Lever::Colocation => o.colocation_usd_per_month,
        Lever::OverheadShare => Some(s.overhead.share_of_gpu),
        Lever::OverheadMinimum => Some(s.overhead.minimum_usd_per_month),
        Lever::Egress => Some(s.overhead.egress_usd_per_month),
        Lever::EngineerUsdPerYear => Some(s.people.engineer_usd_per_year),
        Lever::RunFte => Some(s.people.run_fte),
        Lever::SetupWeeks => Some(s.people.setup_weeks),
        Lever::UpdateEvery => Some(s.updates.every_months),
        Lever::UpdateWeeks => Some(s.updates.engineer_weeks),
        Lever::ParallelRunDays => Some(s.updates.parallel_run_days),
        Lever::HardwarePerUpdate => Some(s.updates.hardware_factor),
        Lever::MigrationWeeks => Some(s.updates.api_migration_weeks),
        Lever::ErrorGap => s.quality.task_error_gap,
        Lever::UsdPerError => Some(s.quality.usd_per_error),
        Lever::Throughput | Lever::KvPool => None,
        Lever::SameWeightsPrice | Lever::NearestPrice | Lever::FrontierPrice => None,
    }
}
