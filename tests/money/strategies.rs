//! Random sides and random scenarios.

use crossover::engine::cost::{ApiBaseline, SelfHosted};
use crossover::engine::fleet::FleetCurve;
use crossover::engine::fleet::spares::Spares;
use crossover::quantity::Range;
use crossover::scenario::{Acquisition, Scenario};
use proptest::prelude::*;

/// A number whose logarithm is even between two ends.
pub fn log(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (low.ln()..high.ln()).prop_map(f64::exp)
}

prop_compose! {
    /// What stands by: mostly in one zone.
    fn spares()(least in 0_u32..4, zones in prop_oneof![2 => Just(1), 1 => 2_u32..9]) -> Spares {
        Spares { least, zones }
    }
}

prop_compose! {
    /// A self-hosted side.
    pub fn hosted()(
        capacity in log(1e5, 1e10),
        load in log(0.3, 3.0),
        spares in spares(),
        pinned in prop_oneof![9 => Just(None), 1 => (1_u32..20).prop_map(Some)],
        replica in log(100.0, 50_000.0),
        first_extra in prop_oneof![Just(0.0), log(1.0, 10_000.0)],
        power_per_replica in prop_oneof![Just(0.0), log(10.0, 2_000.0)],
        colocation in prop_oneof![Just(0.0), log(100.0, 10_000.0)],
        overhead_share in prop_oneof![Just(0.0), 0.0..0.6],
        overhead_minimum in prop_oneof![Just(0.0), log(10.0, 100_000.0)],
        people in log(10.0, 100_000.0),
        update_people in log(10.0, 50_000.0),
        update_per_replica in log(1.0, 5_000.0),
        every in 0.25..24.0,
        quality_gap_per_token in prop_oneof![3 => Just(0.0), 1 => log(1e-9, 1e-6)],
        failover_per_token in prop_oneof![3 => Just(0.0), 1 => log(1e-10, 1e-7)],
        (spilled, spill_usd_per_token) in prop_oneof![3 => Just((0.0, 0.0)), 1 => (0.0..0.5, log(1e-8, 1e-5))],
    ) -> SelfHosted {
        SelfHosted {
            curve: FleetCurve {
                tokens_per_day_per_replica: capacity,
                tokens_per_day_at_full_load: capacity * 3.0,
                spares,
                pinned,
                gpus_per_replica: 2,
            },
            load, known: true, replica, first_extra, power_per_replica, colocation, overhead_share, overhead_minimum,
            egress: 0.0, people, update_people, update_per_replica, every, quality_gap_per_token, failover_per_token,
            spilled, spill_usd_per_token, setup: 0.0, purchase: 0.0, maintenance_per_replica: 0.0, colocation_per_replica: 0.0,
        }
    }
}

prop_compose! {
    /// A baseline.
    pub fn baseline()(
        usd_per_token in log(1e-8, 1e-4),
        quality_gap_per_token in prop_oneof![3 => Just(0.0), 1 => log(1e-9, 1e-6)],
        updates in prop_oneof![Just(0.0), log(1.0, 5_000.0)],
    ) -> ApiBaseline {
        ApiBaseline {
            role: "same_weights", id: "x".into(), why: String::new(), usd_per_token, quality_gap_per_token, updates,
            premium: None,
        }
    }
}

prop_compose! {
    /// A scenario somebody might type.
    pub fn scenario()(
        volume in log(1e4, 1e10),
        input in log(20.0, 50_000.0),
        output in log(5.0, 4_000.0),
        peak in 1.0..8.0,
        growth in 0.0..0.4,
        cached in 0.0..1.0,
        batchable in 0.0..1.0,
        accelerator in prop::sample::select(vec!["h100-sxm", "a100-80-sxm", "h200-sxm", "l4", "mi355x", "rtx-4090"]),
        model in prop::sample::select(vec!["meta-llama/Llama-3.3-70B-Instruct", "openai/gpt-oss-120b", "Qwen/Qwen3-8B"]),
        acquisition in prop::sample::select(vec![
            Acquisition::OnDemand, Acquisition::Reserved1y, Acquisition::Reserved3y, Acquisition::Spot,
            Acquisition::Owned,
        ]),
        own_price in prop_oneof![Just(None), log(0.1, 20.0).prop_map(Some)],
        spares in spares(),
        (failover, spill) in (any::<bool>(), prop_oneof![3 => Just(None), 1 => (0.5..1.0).prop_map(Some)]),
        (fte, weeks, every, horizon) in (0.0..5.0, 0.0..50.0, 0.25..24.0, 1_u32..36),
        (gap, error) in (prop_oneof![Just(None), (0.0..0.3).prop_map(Some)], 0.0..0.1),
        required in any::<bool>(),
    ) -> Scenario {
        let p = Range::point;
        let mut s = Scenario::default();
        s.workload.tokens_per_day = p(volume);
        s.workload.input_tokens = p(input);
        s.workload.output_tokens = p(output);
        s.workload.peak_to_average = p(peak);
        s.workload.growth_per_month = p(growth);
        s.workload.cached_input_share = p(cached);
        s.workload.batchable_share = p(batchable);
        s.hardware.accelerator = accelerator.into();
        s.model.id = model.into();
        s.hardware.acquisition = acquisition;
        s.hardware.usd_per_gpu_hour = own_price.map(p);
        (s.hardware.spare_replicas, s.hardware.zones) = (spares.least, spares.zones);
        s.hardware.api_failover = failover;
        s.hardware.spill_percentile = spill;
        s.people.run_fte = p(fte);
        s.people.setup_weeks = p(weeks);
        s.updates.every_months = p(every);
        s.quality.task_error_gap = gap.map(p);
        s.quality.usd_per_error = p(error);
        s.requirements.data_residency = required;
        s.horizon_months = horizon;
        s
    }
}
