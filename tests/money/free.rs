//! A self-hosted side that costs nothing, for tests that set what they are about; those of the search share it.

use super::{FleetCurve, SelfHosted, Spares};

/// Replicas of one GPU that each carry so many tokens a day, without spares, updated every month.
pub fn free(tokens_per_day_per_replica: f64) -> SelfHosted {
    SelfHosted {
        curve: FleetCurve {
            tokens_per_day_per_replica,
            tokens_per_day_at_full_load: 3.0 * tokens_per_day_per_replica,
            spares: Spares::fixed(0),
            pinned: None,
            gpus_per_replica: 1,
        },
        load: 1.0,
        known: true,
        replica: 0.0,
        first_extra: 0.0,
        power_per_replica: 0.0,
        colocation: 0.0,
        overhead_share: 0.0,
        overhead_minimum: 0.0,
        egress: 0.0,
        people: 0.0,
        update_people: 0.0,
        update_per_replica: 0.0,
        every: 1.0,
        quality_gap_per_token: 0.0,
        failover_per_token: 0.0,
        spilled: 0.0,
        spill_usd_per_token: 0.0,
        setup: 0.0,
        purchase: 0.0,
        maintenance_per_replica: 0.0,
        colocation_per_replica: 0.0,
    }
}
