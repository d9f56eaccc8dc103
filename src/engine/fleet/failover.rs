//! What the fleet survives: the loss of a replica, or of a zone, at peak and inside the targets.

use serde::Serialize;

/// What may fail at the peak while the targets still hold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Failover {
    /// Replicas that carry the peak inside the targets.
    pub replicas_needed: f64,
    /// Replicas that may fail at once.
    pub replicas_that_may_fail: f64,
    /// Whether one replica may.
    pub survives_one_replica: bool,
    /// Fewest zones to spread the replicas over so that a whole zone may fail; `null` where no spreading helps.
    pub zones_to_survive_one: Option<f64>,
    /// Zones that the fleet is spread over: `hardware.zones`.
    pub zones: u32,
    /// Whether the fullest of them may fail; never where there is one.
    pub survives_one_zone: bool,
    /// Whether the API takes over what the fleet cannot.
    pub api_takes_over: bool,
}

impl Failover {
    /// Of a fleet of `replicas` in `zones` where `needed` carry the peak inside the targets.
    pub fn of(replicas: f64, needed: f64, zones: u32, api_takes_over: bool) -> Self {
        let spare = (replicas - needed).max(0.0);
        // A zone holds at most the replicas divided by the zones, rounded up.
        let fullest = (replicas / f64::from(zones)).ceil();
        let enough = (spare >= 1.0).then(|| (replicas / spare).ceil());
        Self {
            replicas_needed: needed,
            replicas_that_may_fail: spare,
            survives_one_replica: spare >= 1.0,
            zones_to_survive_one: enough,
            zones,
            survives_one_zone: zones > 1 && spare >= fullest,
            api_takes_over,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spare_of_four_survives_a_replica_and_one_of_four_zones() {
        let f = Failover::of(4.0, 3.0, 1, false);
        assert!(f.survives_one_replica && !f.survives_one_zone);
        assert_eq!(f.zones_to_survive_one, Some(4.0));
        assert!(!Failover::of(3.0, 3.0, 1, true).survives_one_replica);
        assert_eq!(Failover::of(3.0, 3.0, 1, false).zones_to_survive_one, None);
        assert_eq!(Failover::of(6.0, 3.0, 1, false).zones_to_survive_one, Some(2.0));
        // Of five replicas in three zones one zone holds two.
        assert!(Failover::of(5.0, 3.0, 3, false).survives_one_zone);
        assert!(!Failover::of(4.0, 3.0, 3, false).survives_one_zone);
        // Nobody survives the loss of everything, whatever is needed.
        assert!(!Failover::of(3.0, 0.0, 1, false).survives_one_zone);
    }
}
