//! Which inputs are drawn, from where to where, and why.

use std::sync::LazyLock;

use serde::Serialize;

use super::distribution::{Quantiles, Shape};
use crate::catalog::Words;
use crate::engine::cost::inputs::range_of;
use crate::engine::cost::{Cost, Lever, Payment};
use crate::engine::deployment::Subject;
use crate::engine::fleet::Fleet;
use crate::engine::fleet::search::Candidate;
use crate::engine::speed;
use crate::math::pow;
use crate::scenario::{Range, Scenario};

/// Half-width of the band around the sequences that fit, as a share, where the KV pool limits a replica: measured pool
/// sizes are met within a few per cent (see the accuracy tests of memory).
const KV_POOL_BAND: f64 = 0.05;
/// 95th over 90th percentile of the normal distribution: from an 80 % to a 90 % interval.
const FROM_80_TO_90: f64 = 1.644_853_627 / 1.281_551_566;

/// An input that is not certain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrawnInput {
    /// Path of the input in the Scenario, or in the Plan for what the engine itself is unsure of.
    pub path: &'static str,
    /// 5th percentile.
    pub low: f64,
    /// What the plan uses.
    pub likely: f64,
    /// 95th percentile.
    pub high: f64,
    /// Distribution.
    pub shape: Shape,
    /// Whether it is the catalog's band for a default, not a range of the scenario.
    pub default_band: bool,
    /// Where the band is from.
    pub source: Words,
}

/// An input to be drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Which one.
    pub lever: Lever,
    /// What is said about it.
    pub input: DrawnInput,
    /// What a replica then carries; for inputs that change its speed.
    pub capacity: Option<Carries>,
    /// Largest value possible: 1 for shares, infinite otherwise.
    pub most: f64,
}

/// What a replica carries at the ends of an input's range, over what it carries at the likely value; on straight lines
/// in between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Carries {
    /// At the low end.
    pub low: f64,
    /// At the high end.
    pub high: f64,
}

/// The look-up tables of an input's draws. They cost more than the rest of a plan, so only draws make them.
pub struct Tables {
    /// Its values.
    pub values: Quantiles,
    /// What a replica then carries.
    pub capacity: Option<Quantiles>,
}

impl Drawn {
    fn new(lever: Lever, range: Range, default_band: bool, source: Words) -> Self {
        let most = if is_share(lever) { 1.0 } else { f64::INFINITY };
        let shape = if is_share(lever) || range.low <= 0.0 { Shape::Pert } else { Shape::LogNormal };
        let Range { low, likely, high } = range;
        let input = DrawnInput { path: lever.path(), low, likely, high, shape, default_band, source };
        Self { lever, input, capacity: None, most }
    }

    /// Make the look-up tables.
    pub fn tables(&self) -> Tables {
        let DrawnInput { low, likely, high, shape, .. } = self.input;
        let values = Quantiles::of(Range { low, likely, high }, shape, self.most);
        let line = |x: f64, end: f64, ratio: f64| {
            if end == likely { 1.0 } else { 1.0 + (ratio - 1.0) * ((x - likely) / (end - likely)).clamp(0.0, 1.5) }
        };
        let capacity = self
            .capacity
            .map(|c| values.map(|x| if x < likely { line(x, low, c.low) } else { line(x, high, c.high) }.max(0.05)));
        Tables { values, capacity }
    }
}

fn is_share(lever: Lever) -> bool {
    matches!(lever, Lever::CachedInputShare | Lever::BatchableShare | Lever::ResidualShare | Lever::ErrorGap)
}

/// The inputs to draw: ranges of the scenario, bands of what it leaves at the default, and the engine's own bands.
pub fn inputs(subject: &Subject, fleet: &Fleet, cost: &Cost) -> Vec<Drawn> {
    static DEFAULTS: LazyLock<Scenario> = LazyLock::new(Scenario::default);
    let mut out = Vec::with_capacity(Lever::ALL.len() / 2);
    let levers = Lever::ALL.iter().filter(|lever| matters(**lever, cost));
    out.extend(levers.filter_map(|lever| drawn(subject, fleet, cost, &DEFAULTS, *lever)));
    let shape = speed::Shape::of(subject);
    for input in &mut out {
        input.capacity = capacity(subject, &shape, fleet, input);
    }
    out
}

fn drawn(subject: &Subject, fleet: &Fleet, cost: &Cost, defaults: &Scenario, lever: Lever) -> Option<Drawn> {
    let likely = cost.pricing.likely.get(lever);
    match lever {
        Lever::Throughput => {
            let wide = pow(1.0 + fleet.speed.error_band.max(0.0), FROM_80_TO_90);
            let range = Range { low: 1.0 / wide, likely: 1.0, high: wide };
            return (wide > 1.0).then(|| Drawn::new(lever, range, true, "error band of the speed model".into()));
        }
        Lever::KvPool => {
            let range = Range { low: 1.0 - KV_POOL_BAND, likely: 1.0, high: 1.0 + KV_POOL_BAND };
            return (fleet.speed.bound == "kv_pool")
                .then(|| Drawn::new(lever, range, true, "error band of the memory model".into()));
        }
        _ => {}
    }
    let said = range_of(subject.scenario, lever);
    match said {
        Some(range) if !range.is_point() => Some(Drawn::new(lever, range, false, "range of the scenario".into())),
        Some(point) if range_of(defaults, lever) != Some(point) => None,
        Some(_) => default_band(subject, lever, likely),
        None => {
            let band = subject.catalog.bands.iter().find(|b| b.path == lever.path())?;
            let range = Range { low: band.low * likely, likely, high: band.high * likely };
            (likely > 0.0).then(|| Drawn::new(lever, range, true, band.source.dated(&band.as_of)))
        }
    }
}

/// The catalog's band of a default. The reader's own load is not drawn unless it is given as a range, nor is what is a
/// choice of the planner instead of an estimate.
fn default_band(subject: &Subject, lever: Lever, likely: f64) -> Option<Drawn> {
    let row = subject.catalog.default_value(lever.path())?;
    let own_load = matches!(lever, Lever::TokensPerDay | Lever::InputTokens | Lever::OutputTokens);
    let range = Range { low: row.low, likely, high: row.high };
    if own_load || row.choice || range.is_point() || !(row.low <= likely && likely <= row.high) {
        return None;
    }
    Some(Drawn::new(lever, range, true, row.source.dated(&row.as_of)))
}

/// Whether a lever can move anything in this plan.
fn matters(lever: Lever, cost: &Cost) -> bool {
    let owned = cost.pricing.hosted.payment == Payment::Owned;
    let has = |role: &str| cost.pricing.api.iter().any(|a| a.role == role);
    match lever {
        Lever::UsdPerGpuHour => !owned,
        Lever::Pue => owned && !cost.pricing.hosted.all_in_watts,
        Lever::UsdPerGpu
        | Lever::Years
        | Lever::ResidualShare
        | Lever::MaintenancePerYear
        | Lever::UsdPerKwh
        | Lever::WattsPerGpu
        | Lever::Colocation => owned,
        Lever::SameWeightsPrice => has("same_weights"),
        Lever::NearestPrice => has("nearest"),
        Lever::FrontierPrice => has("frontier"),
        _ => true,
    }
}

/// For inputs that change how fast a replica is: what it carries at the low and the high end, over the likely one.
fn capacity(subject: &Subject, shape: &speed::Shape, fleet: &Fleet, drawn: &Drawn) -> Option<Carries> {
    let DrawnInput { low, high, .. } = drawn.input;
    if !matches!(drawn.lever, Lever::CachedInputShare | Lever::InputTokens | Lever::OutputTokens) {
        return None;
    }
    let at = |value: f64| {
        let (value, mut sizes) = (value.max(0.0), subject.sizes);
        match drawn.lever {
            Lever::CachedInputShare if !subject.scenario.serving.prefix_caching => {}
            Lever::CachedInputShare => sizes.cached_input_share = value,
            Lever::InputTokens => sizes.input = value,
            _ => sizes.output = value,
        }
        // Only the sizes of a request tell the speed what is asked, so the scenario may stand as it is.
        let other = Subject { sizes, ..subject.clone() };
        // The layout is the plan's: what is unsure is the load, not what was deployed.
        let carries = Candidate::of(&other, shape, fleet.layout).curve.tokens_per_day_per_replica;
        Some(carries / fleet.curve.tokens_per_day_per_replica).filter(|r| r.is_finite() && *r > 0.0)
    };
    Some(Carries { low: at(low)?, high: at(high)? })
}
