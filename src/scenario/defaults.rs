//! Version 1's defaults, frozen: links and documents name only what differs from them. Where each is from stands in
//! `public/catalog/defaults.json`.

use super::*;

impl Default for Step {
    /// Version 1's default step, frozen like the rest of the document.
    fn default() -> Self {
        Self {
            name: String::new(),
            calls_per_day: Range::point(10_000.0),
            input_tokens: Range::point(1155.0),
            output_tokens: Range::point(211.0),
            cached_input_share: Range::point(0.5),
            batchable_share: Range::point(0.0),
            quality: QualityTier::Nearest,
            data_residency: false,
            fine_tuned: false,
            ttft_p95_ms: None,
            api: None,
            model: None,
            escalated_share: None,
            first_model: None,
            first_api: None,
            place: Place::Auto,
        }
    }
}

impl Default for PriceChange {
    /// A change that changes nothing, from the first month on.
    fn default() -> Self {
        Self { month: 1, role: "all".into(), multiplier: 1.0 }
    }
}

impl Default for Scenario {
    /// The question that an empty link asks.
    fn default() -> Self {
        Self {
            title: String::new(),
            workload: Workload::default(),
            steps: Vec::new(),
            model: ModelChoice::default(),
            serving: Serving::default(),
            hardware: Hardware::default(),
            owned: Owned::default(),
            overhead: Overhead::default(),
            people: People::default(),
            updates: Updates::default(),
            quality: Quality::default(),
            api: ApiChoice::default(),
            requirements: Requirements::default(),
            horizon_months: 18,
            display: Display::default(),
        }
    }
}

impl Default for Workload {
    /// A chat assistant of 50 million tokens a day.
    fn default() -> Self {
        let p = Range::point;
        Self {
            tokens_per_day: p(50e6),
            input_tokens: p(1155.0),
            output_tokens: p(211.0),
            max_request_tokens: p(8192.0),
            peak_to_average: p(3.0),
            growth_per_month: p(0.05),
            cached_input_share: p(0.5),
            batchable_share: p(0.0),
            ttft_p95_ms: p(1500.0),
            tpot_p95_ms: p(50.0),
        }
    }
}

impl Default for ModelChoice {
    /// Llama 3.3 70B at 8 bit.
    fn default() -> Self {
        Self {
            id: "meta-llama/Llama-3.3-70B-Instruct".into(),
            quantization: Quantization::Fp8,
            kv_cache: KvDtype::Auto,
            config: None,
            weights_bytes: None,
        }
    }
}

impl Default for Serving {
    /// vLLM, everything else left to the planner.
    fn default() -> Self {
        Self {
            engine: EngineKind::Vllm,
            engine_version: None,
            tensor_parallel: None,
            pipeline_parallel: None,
            data_parallel_attention: None,
            replicas: None,
            concurrency: None,
            memory_utilization: None,
            max_model_len: None,
            max_num_seqs: None,
            max_num_batched_tokens: None,
            cuda_graphs: true,
            prefix_caching: true,
            draft_layers: 0,
        }
    }
}

impl Default for Hardware {
    /// H100s rented by the hour, one spare replica.
    fn default() -> Self {
        Self {
            accelerator: "h100-sxm".into(),
            memory_bytes: None,
            acquisition: Acquisition::OnDemand,
            provider: None,
            usd_per_gpu_hour: None,
            spare_replicas: 1,
            zones: 1,
            api_failover: false,
            spill_percentile: None,
        }
    }
}

impl Default for Owned {
    /// Four years of use, no residual value.
    fn default() -> Self {
        let p = Range::point;
        Self {
            usd_per_gpu: None,
            years: p(4.0),
            residual_share: p(0.0),
            maintenance_per_year: p(0.12),
            usd_per_kwh: p(0.12),
            pue: p(1.5),
            watts_per_gpu: None,
            colocation_usd_per_month: None,
        }
    }
}

impl Default for Overhead {
    /// A fifth of the GPU bill, at least $1,000 a month.
    fn default() -> Self {
        let p = Range::point;
        Self { share_of_gpu: p(0.20), minimum_usd_per_month: p(1000.0), egress_usd_per_month: p(0.0) }
    }
}

impl Default for People {
    /// Half an engineer to run it, six weeks to set it up.
    fn default() -> Self {
        let p = Range::point;
        Self { engineer_usd_per_year: p(220_000.0), run_fte: p(0.5), setup_weeks: p(6.0) }
    }
}

impl Default for Updates {
    /// A new model every six months.
    fn default() -> Self {
        let p = Range::point;
        Self {
            every_months: p(6.0),
            engineer_weeks: p(2.0),
            parallel_run_days: p(7.0),
            hardware_factor: p(1.0),
            api_migration_weeks: p(0.5),
        }
    }
}

impl Default for Quality {
    /// The gap is unknown, and an error costs nothing until it is priced.
    fn default() -> Self {
        let p = Range::point;
        Self { task_error_gap: None, usd_per_error: p(0.0) }
    }
}

impl Default for ApiChoice {
    /// Baselines chosen by the stated rules, prices as they are.
    fn default() -> Self {
        Self { same_weights: None, nearest: None, frontier: None, price_changes: Vec::new() }
    }
}

impl Default for Display {
    /// US dollars.
    fn default() -> Self {
        Self { currency: "USD".into(), per_usd: None, as_of: String::new() }
    }
}
