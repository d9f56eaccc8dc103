//! Month by month: volume grows, replicas step, prices step, updates happen, reservations end, both sides pay.
//!
//! Cash and amortised cost are two views that are never mixed: `self_hosted_usd` and `cumulative` are cash (owned
//! hardware is paid for in the month it is bought, setup in the first month, an update in its month);
//! `self_hosted_amortised_usd` spreads all of that.

mod by_side;
mod horizon;
mod purchases;
mod rent_or_own;

use serde::Serialize;

use super::break_even::BreakEven;
use super::cost::Cost;
use super::deployment::Subject;
use super::fleet::Fleet;
use crate::quantity::{Unit, human};
use crate::scenario::Acquisition;
pub use by_side::BySide;
pub use horizon::{BASELINES, Horizon, Step, Walked};
pub use purchases::Purchases;
pub use rent_or_own::{RentOrOwn, hours_to_pay, months_to_pay};

/// The Plan's projection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Projection {
    /// Month of the calendar that month 1 is, `YYYY-MM`: that of the newest price in the catalog.
    pub first_month: String,
    /// The months, first to last.
    pub months: Vec<Month>,
    /// Month from whose end on self-hosting has cost less than the cheapest baseline, setup included; cash.
    pub payback_month: Option<u32>,
    /// Month in which growth reaches the threshold against the cheapest baseline.
    pub growth_reaches_threshold_month: Option<u32>,
    /// Self-hosted over the whole horizon, amortised, setup in full, US dollars; `null` where unknown.
    pub self_hosted_total_usd: Option<f64>,
    /// Each baseline over the whole horizon, US dollars, by role.
    pub api_total_usd: BySide,
    /// The same fleet rented on demand, reserved and owned.
    pub rent_or_own: Vec<RentOrOwn>,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Month {
    /// 1 is the first.
    pub month: u32,
    /// Volume.
    pub tokens_per_day: f64,
    /// All replicas.
    pub replicas: f64,
    /// Self-hosted, cash, US dollars.
    pub self_hosted_usd: Option<f64>,
    /// Self-hosted with setup, updates and purchases spread, US dollars.
    pub self_hosted_amortised_usd: Option<f64>,
    /// Each baseline, US dollars, by role.
    pub api_usd: BySide,
    /// Cash since the start, by `self_hosted` and role.
    pub cumulative: BySide,
    /// What happens this month.
    pub events: Vec<String>,
}

/// Project the horizon.
pub fn project(subject: &Subject, fleet: &Fleet, cost: &Cost, break_even: &[BreakEven]) -> Projection {
    let walked = Walked::of(Horizon::new(&cost.pricing, &cost.pricing.likely));
    let mut cash = Cash::start(subject, fleet, cost);
    walked.months.iter().for_each(|step| cash.month(step));
    let (hosted, api) = walked.totals;
    let (months, own_total) = (cash.months, walked.horizon.hosted.known.then_some(hosted));
    let threshold = cost.cheapest(cost.tokens_per_day).and_then(|cheapest| {
        break_even.iter().find(|b| b.against == cheapest.role)?.always_cheaper_above_tokens_per_day
    });
    let roles = cost.pricing.api.iter().map(|a| a.role);
    Projection {
        first_month: subject.catalog.newest_month().to_string(),
        payback_month: payback(&months),
        growth_reaches_threshold_month: threshold
            .and_then(|t| months.iter().find(|m| m.tokens_per_day >= t).map(|m| m.month)),
        self_hosted_total_usd: own_total,
        api_total_usd: roles.zip(api).collect(),
        rent_or_own: rent_or_own::compare(subject, cost, &walked),
        months,
    }
}

/// The first month from whose end on the sum of self-hosting stays below the least sum of a baseline.
fn payback(months: &[Month]) -> Option<u32> {
    let ahead = |m: &Month| {
        let own = m.cumulative.get("self_hosted")?;
        let others = m.api_usd.keys().map(|side| m.cumulative[side]);
        Some(*own < others.min_by(f64::total_cmp)?)
    };
    let behind = months.iter().rposition(|m| ahead(m) != Some(true));
    let first = behind.map_or(0, |i| i + 1);
    months.get(first).map(|m| m.month)
}

/// The months as they are paid.
struct Cash<'a> {
    subject: &'a Subject<'a>,
    cost: &'a Cost,
    purchases: Purchases,
    before: f64,
    load: f64,
    sums: BySide,
    months: Vec<Month>,
}

impl<'a> Cash<'a> {
    fn start(subject: &'a Subject<'a>, fleet: &Fleet, cost: &'a Cost) -> Self {
        let before = cost.self_hosted.carrying(fleet.tokens_per_day);
        let load = cost.self_hosted.load;
        let purchases = Purchases::of(cost.pricing.hosted.payment);
        let months = Vec::with_capacity(cost.pricing.months as usize);
        Self { subject, cost, purchases, before, load, sums: BySide::default(), months }
    }

    fn month(&mut self, step: &Step) {
        let hosted = &self.cost.self_hosted;
        let replicas = hosted.curve.with_spares(step.carrying);
        let setup = if step.month == 1 { hosted.setup } else { 0.0 };
        let (more, to_cash) = self.purchases.month(hosted, step);
        let cash = hosted.known.then_some(step.hosted + setup + to_cash);
        let months = f64::from(self.subject.scenario.horizon_months.max(1));
        let spread = hosted.known.then(|| {
            let lumps = step.updates * hosted.update(step.carrying);
            step.hosted - lumps + hosted.update(step.carrying) / hosted.every + hosted.setup / months
        });
        let roles = self.cost.pricing.api.iter().map(|a| a.role);
        let api_usd = BySide::from_iter(roles.clone().zip(step.api));
        if let Some(usd) = cash {
            self.sums.add("self_hosted", usd);
        }
        for (role, usd) in roles.zip(step.api) {
            self.sums.add(role, usd);
        }
        self.months.push(Month {
            month: step.month,
            tokens_per_day: step.volume,
            replicas,
            self_hosted_usd: cash,
            self_hosted_amortised_usd: spread,
            api_usd,
            cumulative: self.sums,
            events: self.events(step, more),
        });
        (self.before, self.load) = (step.carrying, step.load);
    }

    fn events(&self, step: &Step, more: f64) -> Vec<String> {
        let s = self.subject.scenario;
        let mut out = Vec::new();
        if step.month == 1 && self.cost.self_hosted.setup > 0.0 {
            out.push(format!("setup: {}", human(self.cost.self_hosted.setup, Unit::Usd)));
        }
        if more > 0.0 && self.cost.self_hosted.known {
            let usd = more * self.cost.self_hosted.purchase;
            out.push(format!("purchase of {}: {}", replicas(more), human(usd, Unit::Usd)));
        }
        // Where nothing fits, nothing grows: the count is no number in any month.
        if step.carrying.is_finite() && step.carrying != self.before {
            let all = replicas(self.cost.self_hosted.curve.with_spares(step.carrying));
            out.push(match (step.load == self.load, step.carrying > self.before) {
                (true, true) => format!("growth to {all}"),
                (false, true) => format!("the new model needs {all}"),
                (_, false) => format!("down to {all}"),
            });
        }
        if step.updates > 0.0 {
            out.push("model update".into());
        }
        out.extend(reservation_end(s.hardware.acquisition, step.month).map(str::to_string));
        for api in &self.cost.pricing.api {
            for change in api.schedule.steps.iter().filter(|c| c.month == step.month) {
                out.push(format!("{} price times {:.2} ({})", api.id, change.multiplier, change.source));
            }
        }
        let most = self.cost.self_hosted.most();
        if step.volume > most {
            out.push("the pinned replicas cannot carry this volume".into());
        }
        out
    }
}

fn replicas(n: f64) -> String {
    if n == 1.0 { "1 replica".into() } else { format!("{n:.0} replicas") }
}

fn reservation_end(acquisition: Acquisition, month: u32) -> Option<&'static str> {
    let (term, text) = match acquisition {
        Acquisition::Reserved1y => (12, "one-year reservation ends; taken to be renewed at the same price"),
        Acquisition::Reserved3y => (36, "three-year reservation ends"),
        Acquisition::OnDemand | Acquisition::Spot | Acquisition::Owned => return None,
    };
    month.is_multiple_of(term).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::engine::{Effort, plan_with};
    use crate::scenario::{Range, Scenario};

    /// Months in which so much has been paid since the start, self-hosted and to each of two baselines.
    fn months(sums: &[(f64, f64, f64)]) -> Vec<Month> {
        let month = |(month, &(own, a, b)): (u32, &(f64, f64, f64))| Month {
            month,
            tokens_per_day: 0.0,
            replicas: 1.0,
            self_hosted_usd: None,
            self_hosted_amortised_usd: None,
            api_usd: BySide::from_iter([("nearest", 0.0), ("frontier", 0.0)]),
            cumulative: BySide::from_iter([("self_hosted", own), ("nearest", a), ("frontier", b)]),
            events: Vec::new(),
        };
        (1..).zip(sums).map(month).collect()
    }

    #[test]
    fn it_has_paid_back_from_when_on_it_has_cost_less_than_every_baseline() {
        let paid = |sums: &[(f64, f64, f64)]| payback(&months(sums));
        assert_eq!(paid(&[(9.0, 4.0, 9.0), (10.0, 8.0, 18.0), (11.0, 12.0, 27.0)]), Some(3));
        // As much is not less.
        assert_eq!(paid(&[(9.0, 4.0, 9.0), (10.0, 10.0, 18.0), (11.0, 12.0, 27.0)]), Some(3));
        assert_eq!(paid(&[(4.0, 4.0, 9.0)]), None);
        assert_eq!(paid(&[(3.0, 4.0, 9.0), (12.0, 8.0, 18.0), (13.0, 14.0, 27.0)]), Some(3));
        assert_eq!(paid(&[(3.0, 4.0, 9.0), (4.0, 8.0, 18.0)]), Some(1));
        assert_eq!(paid(&[]), None);
    }
    #[test]
    fn setup_is_told_of_once_where_it_costs_something() {
        let told = |weeks: f64| {
            let (catalog, mut s) = (Catalog::embedded().unwrap(), Scenario::default());
            s.people.setup_weeks = Range::point(weeks);
            let months = plan_with(&s, &catalog, Effort { draws: 0 }).unwrap().projection.months;
            let setup = |m: &&Month| m.events.iter().any(|e| e.starts_with("setup: "));
            months.iter().filter(setup).map(|m| m.month).collect::<Vec<_>>()
        };
        assert_eq!((told(0.0), told(4.0)), (vec![], vec![1]));
    }
}
