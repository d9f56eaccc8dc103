//! Which price rows the three baselines are, by a stated rule where the scenario names none.
//!
//! - Same weights: the cheapest row of the model's own weights that is not stale, for the scenario's mix of tokens.
//! - Nearest: the cheapest row of other weights whose index score is at least [`NEAREST_LEAST_SHARE`] of the model's,
//!   on [`INDEX`]. Rows without a score on that very index are not considered.
//! - Frontier: the highest score on the newest index snapshot of the catalog.

use std::borrow::Cow;

use super::tariff::{self, Mix};
use crate::catalog::api_price::IndexScore;
use crate::catalog::{ApiPrice, Catalog};
use crate::engine::deployment::Subject;
use crate::scenario::{QualityTier, Warning};

pub use crate::catalog::INDEX;

/// Score, as a share of the model's, that counts as "as good": 10 % below at most.
pub const NEAREST_LEAST_SHARE: f64 = 0.9;
/// Roles in the order of the Plan.
pub const ROLES: [&str; 3] = ["same_weights", "nearest", "frontier"];

/// A row chosen for a role, and why.
#[derive(Debug, Clone)]
pub struct Chosen<'a> {
    /// The price row.
    pub row: &'a ApiPrice,
    /// Why this one, in words.
    pub why: Cow<'static, str>,
}

/// The row of a role (an index into [`ROLES`]), `hosts` being those of the same weights; a warning says why where there is none.
pub fn choose<'a>(
    subject: &Subject<'a>,
    role: usize,
    mix: &Mix,
    hosts: &[&'a ApiPrice],
    warnings: &mut Vec<Warning>,
) -> Option<Chosen<'a>> {
    let api = &subject.scenario.api;
    let named = [&api.same_weights, &api.nearest, &api.frontier][role];
    if let Some(id) = named {
        let row = subject.catalog.api_price(id);
        if row.is_none() {
            warnings.push(unknown(role, format!("no price is known for '{id}'")));
        }
        return row.map(|row| Chosen { row, why: "named by the scenario".into() });
    }
    let found = match role {
        0 => same_weights(subject, mix, hosts),
        1 => nearest(subject, mix, hosts),
        _ => frontier(subject.catalog),
    };
    match found {
        Ok(chosen) => Some(chosen),
        Err(why) => {
            warnings.push(unknown(role, why));
            None
        }
    }
}

fn unknown(role: usize, message: String) -> Warning {
    Warning::new(format!("api.{}", ROLES[role]), message, "choose an id from `crossover catalog api-prices`")
}

fn same_weights<'a>(subject: &Subject<'a>, mix: &Mix, hosts: &[&'a ApiPrice]) -> Result<Chosen<'a>, String> {
    let row = cheapest(hosts.iter().copied(), mix, subject.catalog, |_| true);
    let why = || "cheapest host of the same weights in the catalog".into();
    row.map(|row| Chosen { row, why: why() }).ok_or_else(|| "nobody in the catalog hosts these weights".into())
}

/// The dearest host of the same weights, where there is more than one.
pub fn premium<'a>(subject: &Subject<'a>, mix: &Mix, hosts: &[&'a ApiPrice]) -> Option<&'a ApiPrice> {
    if hosts.len() < 2 {
        return None;
    }
    priced(hosts.iter().copied(), mix, subject.catalog).max_by(by_price).map(|(_, row)| row)
}

/// The rows of the same weights that may be chosen without being named.
pub fn hosts<'a>(subject: &Subject<'a>) -> Vec<&'a ApiPrice> {
    let catalog = subject.catalog;
    catalog.api_prices.iter().filter(|a| automatic(a) && catalog.serves(a, &subject.model)).collect()
}

fn nearest<'a>(subject: &Subject<'a>, mix: &Mix, hosts: &[&'a ApiPrice]) -> Result<Chosen<'a>, String> {
    let own = subject.model.score();
    let Some(own) = own else {
        return Err(format!("{} has no score on the {INDEX}, so no API of its quality can be named", subject.model.id));
    };
    let catalog = subject.catalog;
    let scores = |a: &ApiPrice| a.score.is_some_and(|s| s >= own * NEAREST_LEAST_SHARE);
    let rows = catalog.api_prices.iter().filter(|a| scores(a) && automatic(a));
    match cheapest(rows, mix, catalog, |a| !hosts.iter().any(|o| o.id == a.id)) {
        Some(row) => Ok(Chosen {
            row,
            why: format!(
                "cheapest API that scores at least 90 % of the model's {own} on the {INDEX} (it scores {})",
                row.score.unwrap_or(own)
            )
            .into(),
        }),
        None => Err(format!("no other API in the catalog scores as high as this model's {own} on the {INDEX}")),
    }
}

fn frontier(catalog: &Catalog) -> Result<Chosen<'_>, String> {
    let rows = catalog.api_prices.iter().filter(|a| automatic(a));
    let scored = rows.flat_map(|a| a.quality.iter().map(move |q| (a, q)));
    let best = scored.max_by(|(_, a), (_, b)| a.as_of.cmp(&b.as_of).then(a.value.total_cmp(&b.value)));
    best.map(|(row, q)| Chosen {
        row,
        why: format!("highest score of the newest snapshot ({} on {}, {})", q.value, q.index, q.as_of).into(),
    })
    .ok_or_else(|| "no API in the catalog has a quality score".into())
}

/// Whether a row may be chosen without being named: not stale, today's price, and not one half of a daily tariff.
fn automatic(row: &ApiPrice) -> bool {
    !row.stale && row.effective_from.is_none() && row.peak_hours_per_week.is_none()
}

/// Rows with their US dollars per token of the mix.
fn priced<'a>(
    rows: impl Iterator<Item = &'a ApiPrice>,
    mix: &Mix,
    catalog: &Catalog,
) -> impl Iterator<Item = (f64, &'a ApiPrice)> {
    rows.map(|row| (tariff::price(row, catalog, mix), row))
}

fn by_price(a: &(f64, &ApiPrice), b: &(f64, &ApiPrice)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id))
}

/// The cheapest of the rows that are good enough. A row is priced more quickly than judged, so only those are judged that
/// would be cheaper than what was found before.
fn cheapest<'a>(
    rows: impl Iterator<Item = &'a ApiPrice>,
    mix: &Mix,
    catalog: &Catalog,
    good: impl Fn(&ApiPrice) -> bool,
) -> Option<&'a ApiPrice> {
    let mut best: Option<(f64, &ApiPrice)> = None;
    for one in priced(rows, mix, catalog) {
        if best.is_none_or(|best| by_price(&one, &best).is_lt()) && good(one.1) {
            best = Some(one);
        }
    }
    best.map(|(_, row)| row)
}

/// The highest score of the newest snapshot.
fn top(catalog: &Catalog) -> Option<&IndexScore> {
    frontier(catalog).ok()?.row.quality.iter().max_by(|a, b| a.as_of.cmp(&b.as_of))
}

fn reaches(row: &ApiPrice, top: Option<&IndexScore>) -> bool {
    top.is_some_and(|top| {
        let same = |q: &&IndexScore| q.index == top.index && q.as_of == top.as_of;
        row.quality.iter().find(same).is_some_and(|q| q.value >= top.value * NEAREST_LEAST_SHARE)
    })
}

/// Whether a row scores within [`NEAREST_LEAST_SHARE`] of the highest score of the newest snapshot.
pub fn is_frontier(row: &ApiPrice, catalog: &Catalog) -> bool {
    reaches(row, top(catalog))
}

/// The cheapest row that is good enough for a step of a pipeline: any row; a row that scores at least
/// [`NEAREST_LEAST_SHARE`] of the model's (its own weights included); or a row that scores as near to the highest score
/// of the newest snapshot.
pub fn for_step<'a>(subject: &Subject<'a>, quality: QualityTier, mix: &Mix) -> Option<&'a ApiPrice> {
    let catalog = subject.catalog;
    let own = subject.model.score();
    let top = top(catalog);
    let good = |row: &ApiPrice| match quality {
        QualityTier::Any => true,
        QualityTier::Nearest => {
            let scores = row.score.zip(own).is_some_and(|(s, own)| s >= own * NEAREST_LEAST_SHARE);
            scores || catalog.serves(row, &subject.model)
        }
        QualityTier::Frontier => reaches(row, top),
    };
    cheapest(catalog.api_prices.iter().filter(|a| automatic(a)), mix, catalog, good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_another_index_or_day_are_not_compared() {
        let row = &Catalog::embedded().unwrap().api_prices[0];
        let score = |index: &str, as_of: &str, value: f64| IndexScore {
            index: index.into(),
            as_of: as_of.into(),
            value,
            source: row.source.clone(),
        };
        let top = score("an index", "2026-11-20", 60.0);
        let scored = |quality: Vec<IndexScore>| reaches(&ApiPrice { quality, ..row.clone() }, Some(&top));
        assert!(scored(vec![score("an index", "2026-11-20", 54.0)]));
        assert!(!scored(vec![score("an index", "2026-11-20", 53.9)]));
        let others = || vec![score("another index", "2026-11-20", 99.0), score("an index", "2026-05-01", 99.0)];
        assert!(!scored(others()));
        assert!(scored([others(), vec![score("an index", "2026-11-20", 60.0)]].concat()));
    }
}
