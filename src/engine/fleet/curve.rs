//! Replicas as a function of volume: a staircase.

use super::spares::Spares;
use crate::math::ceil_tolerant;

/// What sizes the fleet for a volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FleetCurve {
    /// Tokens a day (mean) that one replica carries, with its share of the peak inside the targets; NaN where a
    /// replica cannot run.
    pub tokens_per_day_per_replica: f64,
    /// Tokens a day that one replica could carry inside the targets around the clock.
    pub tokens_per_day_at_full_load: f64,
    /// Replicas that stand by.
    pub spares: Spares,
    /// Replicas pinned by the reader, spares not counted.
    pub pinned: Option<u32>,
    /// GPUs of one replica.
    pub gpus_per_replica: u32,
}

impl FleetCurve {
    /// Replicas that carry the peak of a daily volume; at least one. NaN where a replica cannot run.
    pub fn replicas_for_peak(&self, tokens_per_day: f64) -> f64 {
        match self.pinned {
            _ if self.tokens_per_day_per_replica.is_nan() => f64::NAN,
            Some(n) => f64::from(n.max(1)),
            None => ceil_tolerant(tokens_per_day / self.tokens_per_day_per_replica).max(1.0),
        }
    }

    /// All replicas of a daily volume, spares included.
    pub fn replicas(&self, tokens_per_day: f64) -> f64 {
        self.with_spares(self.replicas_for_peak(tokens_per_day))
    }

    /// All replicas where so many carry the load.
    #[inline]
    pub fn with_spares(&self, carrying: f64) -> f64 {
        carrying + self.spares.beside(carrying)
    }

    /// Volumes up to `most` at which another replica is added, ascending.
    pub fn steps(&self, most: f64, limit: usize) -> Vec<f64> {
        if self.pinned.is_some() {
            return Vec::new();
        }
        let mut out = Vec::with_capacity(limit.min((most / self.tokens_per_day_per_replica) as usize));
        let mut n = 1.0;
        while n * self.tokens_per_day_per_replica < most && out.len() < limit {
            out.push(n * self.tokens_per_day_per_replica);
            n += 1.0;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three replicas that carry 10 each carry 30: the third is added at 20, a fourth beyond 30.
    #[test]
    fn a_step_is_where_the_replicas_before_it_are_full() {
        let spares = Spares::fixed(0);
        let full = FleetCurve {
            tokens_per_day_per_replica: 10.0,
            tokens_per_day_at_full_load: 30.0,
            spares,
            pinned: None,
            gpus_per_replica: 1,
        };
        assert_eq!(full.steps(30.0, 9), [10.0, 20.0]);
        assert_eq!((full.replicas(30.0), full.replicas(30.1)), (3.0, 4.0));
        assert_eq!((full.steps(1e3, 2).len(), FleetCurve { pinned: Some(3), ..full }.steps(30.0, 9).len()), (2, 0));
    }
}
