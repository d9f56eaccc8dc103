//! A baseline's price month by month: announced prices of the catalog and the scenario's own steps.

use super::tariff::{Mix, Tariff};
use crate::catalog::ApiPrice;
use crate::engine::deployment::Subject;
use crate::order::sort_by;

/// Longest projection, months.
pub const MONTHS: usize = 36;

/// Price over today's price in every month; index 0 is the first month.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Multipliers by month.
    pub multipliers: [f64; MONTHS],
    /// The steps, by month.
    pub steps: Vec<PriceStep>,
}

/// A dated step.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceStep {
    /// Month from which it holds, 1 is the first.
    pub month: u32,
    /// New price over old price.
    pub multiplier: f64,
    /// Where the step is from, in words.
    pub source: String,
}

impl Schedule {
    /// The schedule of a row in a role. Steps of one baseline multiply.
    pub fn of(subject: &Subject, role: &str, row: &ApiPrice, mix: &Mix) -> Self {
        let today = Tariff::of(row, subject.catalog).usd_per_token(mix);
        let mut steps: Vec<PriceStep> = subject
            .catalog
            .api_announcements(&row.id)
            .filter_map(|later| {
                let month = months_after(subject.catalog.newest_month(), later.effective_from.as_deref()?)?;
                let price = Tariff::of(later, subject.catalog).usd_per_token(mix);
                let source = format!("announced: {}", later.source);
                (today > 0.0).then(|| PriceStep { month, multiplier: price / today, source })
            })
            .collect();
        let own = subject.scenario.api.price_changes.iter().filter(|c| c.role == role || c.role == "all");
        steps.extend(own.map(|c| PriceStep {
            month: c.month.max(1),
            multiplier: c.multiplier,
            source: "api.price_changes".into(),
        }));
        sort_by(&mut steps, |a, b| a.month.cmp(&b.month));
        let mut multipliers = [1.0; MONTHS];
        for step in &steps {
            for m in multipliers.iter_mut().skip(step.month as usize - 1) {
                *m *= step.multiplier;
            }
        }
        Self { multipliers, steps }
    }

    /// Price over today's price in a month, 1 is the first.
    #[inline]
    pub fn at(&self, month: u32) -> f64 {
        self.multipliers[(month.max(1) as usize - 1).min(MONTHS - 1)]
    }
}

/// The month of the projection (1 is the month of the newest price) in which a day falls; `None` if it is no date.
fn months_after(first: &str, day: &str) -> Option<u32> {
    let count = |text: &str| -> Option<i64> {
        Some(text.get(..4)?.parse::<i64>().ok()? * 12 + text.get(5..7)?.parse::<i64>().ok()?)
    };
    u32::try_from((count(day)? - count(first)? + 1).max(1)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::scenario::Scenario;

    #[test]
    fn the_first_month_is_that_of_the_newest_price() {
        assert_eq!(months_after("2026-11", "2026-11-30"), Some(1));
        assert_eq!(months_after("2026-11", "2027-01-01"), Some(3));
        assert_eq!(months_after("2026-11", "2025-01-01"), Some(1));
        assert_eq!(months_after("2026-11", "soon"), None);
    }

    /// A price that was nothing has no multiple.
    #[test]
    fn the_announced_price_of_what_is_free_is_no_step() {
        let mut catalog = Catalog::embedded().unwrap();
        let later = catalog.api_prices.iter().find(|r| r.effective_from.is_some()).unwrap().id.clone();
        let name = later.split_once('@').unwrap().0;
        let of = |catalog: &Catalog| {
            let scenario = Scenario::default();
            let subject = Subject::of(&scenario, catalog, &mut Vec::new()).unwrap();
            let mix = Mix { input: 1000.0, output: 100.0, cached: 0.0, batchable: 0.0 };
            Schedule::of(&subject, "nearest", catalog.api_price(name).unwrap(), &mix)
        };
        assert_eq!(of(&catalog).steps.len(), 1);
        let row = catalog.api_prices.iter_mut().find(|r| r.id == name).unwrap();
        (row.usd_per_mtok.input, row.usd_per_mtok.output) = (0.0, 0.0);
        let free = of(&catalog);
        assert_eq!((free.steps, free.multipliers), (Vec::new(), [1.0; MONTHS]));
    }

    #[test]
    fn the_last_month_stands_for_all_later_ones() {
        let mut multipliers = [1.0; MONTHS];
        (multipliers[0], multipliers[34], multipliers[35]) = (2.0, 3.0, 4.0);
        let schedule = Schedule { multipliers, steps: Vec::new() };
        let at = [0, 1, 2, 35, 36, 37, 99].map(|month| schedule.at(month));
        assert_eq!(at, [2.0, 2.0, 1.0, 3.0, 4.0, 4.0, 4.0]);
    }
}
