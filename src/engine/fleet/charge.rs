//! What the GPUs of a fleet are charged at, so that layouts are compared in money and not only in GPUs.
//!
//! Most ways of paying charge every GPU alike. Two do not: spot, where the first replica is rented on demand, so that
//! large replicas cost more; and a chosen provider, whose instances of different sizes have prices of their own.

use crate::engine::cost::gpu_hours;
use crate::engine::deployment::Subject;
use crate::scenario::Acquisition;

/// How one layout's GPUs are charged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Charge {
    /// US dollars per GPU hour where prices differ by layout, else 1: only the order matters.
    pub hour: f64,
    /// The same for the GPUs of the first replica.
    pub first_hour: f64,
}

impl Charge {
    /// Every GPU alike.
    const EVEN: Self = Self { hour: 1.0, first_hour: 1.0 };

    /// The charge of replicas of so many GPUs. Where a price is unknown GPUs are counted, not priced.
    pub fn of(subject: &Subject, gpus_per_replica: u32) -> Self {
        let h = &subject.scenario.hardware;
        let spot = h.acquisition == Acquisition::Spot;
        if !spot && (h.provider.is_none() || h.usd_per_gpu_hour.is_some()) {
            return Self::EVEN;
        }
        match gpu_hours(subject, gpus_per_replica) {
            (Some(hour), Some(flexible)) if spot => Self { hour, first_hour: flexible.max(hour) },
            (Some(hour), _) if !spot => Self { hour, first_hour: hour },
            _ => Self::EVEN,
        }
    }

    /// An hour of a fleet of so many GPUs, the first replica's among them.
    pub fn fleet(self, gpus: f64, gpus_per_replica: u32) -> f64 {
        gpus * self.hour + f64::from(gpus_per_replica) * (self.first_hour - self.hour)
    }
}

#[cfg(test)]
mod tests {
    //! Pins when GPUs are charged alike, and that spot's first replica is not.
    use super::*;
    use crate::catalog::Catalog;
    use crate::quantity::Range;
    use crate::scenario::Scenario;

    /// AWS asks $1.861 an hour for one L40S, and $2.6232 each where they come in fours.
    #[test]
    fn only_a_providers_instances_have_prices_of_their_size() {
        let catalog = Catalog::embedded().unwrap();
        let charge = |provider: Option<&str>, own: Option<f64>, gpus| {
            let mut s = Scenario::default();
            s.hardware.accelerator = "l40s".into();
            s.hardware.provider = provider.map(Into::into);
            s.hardware.usd_per_gpu_hour = own.map(Range::point);
            Charge::of(&Subject::of(&s, &catalog, &mut Vec::new()).unwrap(), gpus)
        };
        let hours = |usd: f64| Charge { hour: usd, first_hour: usd };
        assert_eq!([charge(Some("AWS"), None, 1), charge(Some("AWS"), None, 4)], [hours(1.861), hours(2.6232)]);
        assert_eq!([charge(None, None, 4), charge(Some("AWS"), Some(2.0), 4)], [Charge::EVEN; 2]);
    }

    #[test]
    fn a_larger_first_replica_on_spot_costs_more_at_as_many_gpus() {
        let spot = Charge { hour: 2.0, first_hour: 4.0 };
        assert_eq!(spot.fleet(16.0, 2), 36.0);
        assert_eq!(spot.fleet(16.0, 8), 48.0);
        assert_eq!(Charge::EVEN.fleet(16.0, 8), Charge::EVEN.fleet(16.0, 1));
    }
}
