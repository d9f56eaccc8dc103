//! The same fleet over the same horizon, rented on demand, reserved and owned.

use serde::Serialize;

use super::horizon::{Horizon, Walked};
use crate::engine::cost::{self, Cost, GpuRate, SelfHosted};
use crate::engine::deployment::Subject;
use crate::scenario::{Acquisition, Scenario};
use crate::units::HOURS_PER_MONTH;

/// One way of paying for the fleet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RentOrOwn {
    /// `on_demand`, `reserved_1y`, `reserved_3y` or `owned`.
    pub acquisition: &'static str,
    /// US dollars per GPU hour where rented, at list.
    pub usd_per_gpu_hour: Option<f64>,
    /// Self-hosted over the horizon, amortised, setup in full, US dollars; `null` where the price is unknown.
    pub total_usd: Option<f64>,
    /// Hours in use after which owning has cost less than this way of renting, US dollars for US dollars: purchase over
    /// the hourly rent less the hourly cost of owning; `null` for owned and where it never does.
    pub owning_pays_after_hours: Option<f64>,
    /// Whether the price is an estimate.
    pub estimated: bool,
}

/// One way of paying for the fleet, priced.
struct Priced {
    way: Acquisition,
    usd_per_gpu_hour: Option<f64>,
    usd_per_gpu: Option<f64>,
    estimated: bool,
    hosted: SelfHosted,
    total_usd: Option<f64>,
}

/// Every way of paying, the scenario's prices kept for its own way, whose horizon was walked.
pub fn compare(subject: &Subject, cost: &Cost, walked: &Walked) -> Vec<RentOrOwn> {
    let ways = [Acquisition::OnDemand, Acquisition::Reserved1y, Acquisition::Reserved3y, Acquisition::Owned];
    let mut other = subject.scenario.clone();
    other.hardware.usd_per_gpu_hour = None;
    let priced = ways.map(|way| {
        other.hardware.acquisition = way;
        match way == subject.scenario.hardware.acquisition {
            true => of(way, &cost.pricing.rate, cost.self_hosted, walked.totals.0),
            false => priced(subject, cost, &other, walked),
        }
    });
    let owned = priced.iter().find(|p| p.way == Acquisition::Owned);
    priced
        .iter()
        .map(|p| RentOrOwn {
            acquisition: p.way.id(),
            usd_per_gpu_hour: p.usd_per_gpu_hour,
            total_usd: p.total_usd,
            owning_pays_after_hours: match p.way {
                Acquisition::Owned => None,
                _ => owned.and_then(|o| owning_pays_after(o, p)),
            },
            estimated: p.estimated,
        })
        .collect()
}

/// The fleet paid for as another scenario does.
fn priced(subject: &Subject, cost: &Cost, other: &Scenario, walked: &Walked) -> Priced {
    let (way, own) = (other.hardware.acquisition, &cost.pricing);
    let other = Subject { scenario: other, ..subject.clone() };
    let (rate, likely, frame) = cost::reprice_hosted(&other, cost);
    let horizon = Horizon::with(&frame, &own.api, own.months, &likely);
    of(way, &rate, horizon.hosted, walked.totals_of(&horizon).0)
}

fn of(way: Acquisition, rate: &GpuRate, hosted: SelfHosted, total_usd: f64) -> Priced {
    Priced {
        way,
        usd_per_gpu_hour: rate.usd_per_gpu_hour,
        usd_per_gpu: rate.usd_per_gpu,
        estimated: rate.estimated,
        hosted,
        total_usd: hosted.known.then_some(total_usd),
    }
}

/// Hours after which buying has cost less than renting: price over (rent less the running cost of what is owned).
fn owning_pays_after(owned: &Priced, rented: &Priced) -> Option<f64> {
    let o = &owned.hosted;
    let gpus = f64::from(o.curve.gpus_per_replica);
    let running = (o.maintenance_per_replica + o.colocation_per_replica + o.power_per_replica) / gpus;
    hours_to_pay(owned.usd_per_gpu?, rented.usd_per_gpu_hour?, running)
}

/// Hours of use after which a purchase has cost less than renting; `None` where running it costs as much as renting.
///
/// `running_usd_per_month` is what owning costs besides the purchase (maintenance, power, colocation).
pub fn hours_to_pay(purchase_usd: f64, rent_usd_per_hour: f64, running_usd_per_month: f64) -> Option<f64> {
    let per_month = |hour: f64| hour * HOURS_PER_MONTH;
    months_to_pay(purchase_usd, per_month(rent_usd_per_hour), running_usd_per_month).map(per_month)
}

/// Months after which an outlay has been earned back by what it saves; `None` where it saves nothing.
pub fn months_to_pay(outlay_usd: f64, replaced_usd_per_month: f64, running_usd_per_month: f64) -> Option<f64> {
    let saved = replaced_usd_per_month - running_usd_per_month;
    (saved > 0.0 && outlay_usd.is_finite()).then(|| outlay_usd / saved)
}

#[cfg(test)]
mod tests {
    use super::{hours_to_pay, months_to_pay};

    #[test]
    fn what_saves_nothing_is_never_earned_back() {
        assert_eq!(months_to_pay(100.0, 7.0, 5.0), Some(50.0));
        assert_eq!((months_to_pay(100.0, 5.0, 5.0), months_to_pay(100.0, 4.0, 5.0)), (None, None));
        assert_eq!(months_to_pay(f64::INFINITY, 7.0, 5.0), None);
        // Two dollars an hour less 730 a month leave a dollar an hour.
        assert_eq!((hours_to_pay(1000.0, 2.0, 730.0), hours_to_pay(1000.0, 1.0, 730.0)), (Some(1000.0), None));
    }
}
