//! Fewer replicas than the peak needs, with the rest of the load on the API; and replicas that follow the load.

use serde::Serialize;

use super::load::LoadCurve;
use crate::math::ceil_tolerant;

/// A fleet sized for a percentile of the load, the excess spilled to the API.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SpillOption {
    /// Share of the day whose load the fleet carries alone.
    pub percentile: f64,
    /// Replicas that carry it, spares not counted.
    pub replicas: f64,
    /// Share of the tokens that go to the API.
    pub api_share_of_tokens: f64,
    /// The self-hosted side with that, the API's tokens included, US dollars per month; `null` where a price is unknown.
    pub usd_per_month: Option<f64>,
}

/// What rented GPUs could save if replicas followed the load hour by hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scaling {
    /// Replica hours a day that carry the load with no spare.
    pub replica_hours_per_day: f64,
    /// Hours a day in which not one request is expected within ten minutes, so that the last replica could stop.
    pub scale_to_zero_hours_per_day: f64,
}

/// Percentiles of load offered.
const PERCENTILES: [f64; 4] = [0.80, 0.90, 0.95, 0.99];
/// Seconds without a request after which a replica may stop.
const IDLE_S: f64 = 600.0;
/// Slices a day is cut into.
const SLICES: u32 = 96;

/// The options that need fewer replicas than carrying the whole load does; not yet priced.
pub fn options(load: &LoadCurve, replicas_for_average: f64, replicas_for_all: f64) -> Vec<SpillOption> {
    let mut out: Vec<SpillOption> = Vec::new();
    for percentile in PERCENTILES {
        let part = load.up_to(Some(percentile));
        let replicas = ceil_tolerant(replicas_for_average * part.level()).max(1.0);
        if replicas < replicas_for_all {
            // Of two that need as many replicas, the one that spills less.
            out.retain(|o| o.replicas < replicas);
            out.push(SpillOption { percentile, replicas, api_share_of_tokens: part.spilled(), usd_per_month: None });
        }
    }
    out
}

/// Replicas that follow the load, before start-up times.
pub fn scaling(load: &LoadCurve, replicas_for_average: f64, requests_per_second: f64) -> Scaling {
    let most = load.level();
    let mut hours = 0.0;
    let mut idle = 0.0;
    let slice = 24.0 / f64::from(SLICES);
    for i in 0..SLICES {
        let level = load.at((f64::from(i) + 0.5) / f64::from(SLICES)).min(most);
        if requests_per_second * level * IDLE_S < 1.0 {
            idle += slice;
        } else {
            hours += slice * ceil_tolerant(replicas_for_average * level).max(1.0);
        }
    }
    Scaling { replica_hours_per_day: hours, scale_to_zero_hours_per_day: idle }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At the same rate all day: with one request expected in ten minutes a replica keeps running, with fewer it may stop.
    #[test]
    fn a_replica_stops_where_less_than_one_request_is_expected() {
        let level = LoadCurve::new(1.0, 0.0);
        let at = |requests: f64| {
            let s = scaling(&level, 0.25, requests / IDLE_S);
            (s.replica_hours_per_day, s.scale_to_zero_hours_per_day)
        };
        assert_eq!((at(1.0), at(0.9)), ((24.0, 0.0), (0.0, 24.0)));
    }
}
