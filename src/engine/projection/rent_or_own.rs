//! The same fleet over the same horizon, rented on demand, reserved and owned.

use serde::Serialize;

use super::horizon::Horizon;
use crate::engine::cost::{self, Cost};
use crate::engine::deployment::Subject;
use crate::scenario::Acquisition;
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

/// Every way of paying, the scenario's prices kept for its own way.
pub fn compare(subject: &Subject, cost: &Cost) -> Vec<RentOrOwn> {
    let own_way = subject.scenario.hardware.acquisition;
    let ways = [Acquisition::OnDemand, Acquisition::Reserved1y, Acquisition::Reserved3y, Acquisition::Owned];
    let priced: Vec<(Acquisition, Cost)> =
        ways.into_iter().map(|way| (way, priced(subject, cost, own_way, way))).collect();
    let owned = priced.iter().find(|(way, _)| *way == Acquisition::Owned).map(|(_, c)| c.clone());
    priced
        .iter()
        .map(|(way, c)| {
            let horizon = Horizon::new(&c.pricing, &c.pricing.likely);
            let known = horizon.hosted.known.then(|| horizon.totals().0);
            RentOrOwn {
                acquisition: way.id(),
                usd_per_gpu_hour: c.pricing.rate.usd_per_gpu_hour,
                total_usd: known,
                owning_pays_after_hours: match way {
                    Acquisition::Owned => None,
                    _ => owned.as_ref().and_then(|o| owning_pays_after(o, c)),
                },
                estimated: c.pricing.rate.estimated,
            }
        })
        .collect()
}

fn priced(subject: &Subject, cost: &Cost, own_way: Acquisition, way: Acquisition) -> Cost {
    if way == own_way {
        return cost.clone();
    }
    let mut scenario = subject.scenario.clone();
    scenario.hardware.acquisition = way;
    scenario.hardware.usd_per_gpu_hour = None;
    let other = Subject { scenario: &scenario, ..subject.clone() };
    cost::reprice_hosted(&other, cost)
}

/// Hours after which buying has cost less than renting: price over (rent less the running cost of what is owned).
fn owning_pays_after(owned: &Cost, rented: &Cost) -> Option<f64> {
    let gpus = f64::from(owned.self_hosted.curve.gpus_per_replica);
    let o = &owned.self_hosted;
    let running = (o.maintenance_per_replica + o.colocation_per_replica + o.power_per_replica) / gpus;
    hours_to_pay(owned.pricing.rate.usd_per_gpu?, rented.pricing.rate.usd_per_gpu_hour?, running)
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
