//! Exact values at one place of a picture, for a pointer or an arrow key.

use super::beside::{Beside, Line, letter};
use super::break_even::at;
use super::palette::Side;
use super::words::{count, milliseconds, usd_exact};
use super::{Panel, projection};
use crate::engine::Plan;

/// What stands at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Readout {
    /// Value on the horizontal axis, snapped to what the picture holds.
    pub x: f64,
    /// Its name, for example `50M tokens a day` or `month 7`.
    pub heading: String,
    /// Name and value of each line there; the side gives the colour.
    pub rows: Vec<(String, String, Option<Side>)>,
}

/// The values at `x` of a panel that has a horizontal axis to read along; `None` for the others.
/// Hidden lines have no value, pinned scenarios have one each.
pub fn readout(panel: Panel, plan: &Plan, x: f64, cumulative: bool, beside: &Beside) -> Option<Readout> {
    match panel {
        Panel::BreakEven => Some(at_volume(plan, x, beside)),
        Panel::Projection => at_month(plan, x, cumulative, beside),
        Panel::Speed => at_speed(plan, x),
        Panel::Memory | Panel::Cost | Panel::Tornado => None,
    }
}

fn row(side: Side, usd: Option<f64>) -> (String, String, Option<Side>) {
    (side.label().to_string(), usd.map_or("unknown".into(), usd_exact), Some(side))
}

fn pinned_row(i: usize, name: &str, usd: Option<f64>) -> (String, String, Option<Side>) {
    (format!("{}: {name}", letter(i)), usd.map_or("unknown".into(), usd_exact), Some(Side::SelfHosted))
}

fn at_volume(plan: &Plan, volume: f64, beside: &Beside) -> Readout {
    let c = &plan.curves;
    let own = beside.shows(Line::Of(Side::SelfHosted)).then(|| row(Side::SelfHosted, at(&c.self_hosted, volume)));
    let api = c.api.iter().filter_map(|a| Some((Side::of_role(&a.role)?, a)));
    let api = api.filter(|(side, _)| beside.shows(Line::Of(*side))).map(|(side, a)| row(side, at(&a.samples, volume)));
    let pinned = beside.pinned().map(|(i, p)| pinned_row(i, &p.name, at(&p.plan.curves.self_hosted, volume)));
    let rows = own.into_iter().chain(api).chain(pinned).collect();
    Readout { x: volume, heading: format!("{} tokens a day", count(volume)), rows }
}

fn at_month(plan: &Plan, x: f64, cumulative: bool, beside: &Beside) -> Option<Readout> {
    let months = &plan.projection.months;
    let near =
        months.iter().min_by(|a, b| (f64::from(a.month) - x).abs().total_cmp(&(f64::from(b.month) - x).abs()))?;
    let sides = beside.sides().filter_map(|s| {
        let value = projection::value(near, s, cumulative);
        (s == Side::SelfHosted || value.is_some()).then(|| row(s, value))
    });
    let mut rows: Vec<_> = sides.collect();
    for (i, pin) in beside.pinned() {
        let month = pin.plan.projection.months.iter().find(|m| m.month == near.month);
        rows.extend(month.map(|m| pinned_row(i, &pin.name, projection::value(m, Side::SelfHosted, cumulative))));
    }
    rows.push(("Volume".into(), format!("{} tokens a day", count(near.tokens_per_day)), None));
    if !near.events.is_empty() {
        rows.push(("Events".into(), near.events.join(", "), None));
    }
    Some(Readout { x: f64::from(near.month), heading: format!("month {}", near.month), rows })
}

fn at_speed(plan: &Plan, x: f64) -> Option<Readout> {
    let near = plan.speed.frontier.iter().min_by(|a, b| (a.tpot_ms - x).abs().total_cmp(&(b.tpot_ms - x).abs()))?;
    let rows = vec![
        ("Output".into(), format!("{} tokens a second", count(near.output_tokens_per_second)), None),
        ("Per token".into(), milliseconds(near.tpot_ms), None),
        ("First token".into(), milliseconds(near.ttft_ms), None),
    ];
    Some(Readout { x: near.tpot_ms, heading: format!("{} requests at once", count(near.concurrency)), rows })
}
