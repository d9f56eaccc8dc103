//! What a reader lays beside a plan: pinned scenarios on the same axes, and lines taken out of sight.

use std::sync::Arc;

use super::break_even::at;
use super::palette::Side;
use crate::engine::Plan;

/// Most scenarios pinned.
pub const MOST_PINNED: usize = 3;
/// What the pinned scenarios are called in pictures.
const LETTERS: [&str; MOST_PINNED] = ["A", "B", "C"];
/// Dashes and gaps of their lines, pixels; none is that of a side.
const DASHES: [&[f64]; MOST_PINNED] = [&[16.0, 4.0], &[6.0, 3.0, 1.5, 3.0], &[1.5, 4.5]];

/// A scenario kept for comparison.
#[derive(Debug, Clone)]
pub struct Pin {
    /// What the reader calls it.
    pub name: String,
    /// Its answer.
    pub plan: Arc<Plan>,
}

/// Answers are the same where they are the same one: comparing every figure would tell nothing more.
impl PartialEq for Pin {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.plan, &other.plan)
    }
}

/// A line that a legend names and can hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A side of the plan itself.
    Of(Side),
    /// The self-hosted side of a pinned scenario, counted from 0.
    Pinned(usize),
}

impl Line {
    /// Its bit in [`Beside::hidden`].
    pub const fn bit(self) -> u8 {
        match self {
            Self::Of(side) => 1 << side as u8,
            Self::Pinned(i) => 16 << i,
        }
    }

    /// Dashes and gaps, pixels; empty for a solid line.
    pub fn dash(self) -> &'static [f64] {
        match self {
            Self::Of(side) => side.dash(),
            Self::Pinned(i) => DASHES.get(i).copied().unwrap_or(&[]),
        }
    }
}

/// The letter of a pinned scenario, counted from 0.
pub fn letter(i: usize) -> &'static str {
    LETTERS.get(i).copied().unwrap_or("?")
}

/// Pinned scenarios and hidden lines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beside {
    /// At most [`MOST_PINNED`] are drawn.
    pub pins: Vec<Pin>,
    /// A bit for each [`Line`] that is out of sight.
    pub hidden: u8,
}

impl Beside {
    /// Whether a line is in sight.
    pub fn shows(&self, line: Line) -> bool {
        self.hidden & line.bit() == 0
    }

    /// The pinned scenarios in sight, with their places.
    pub fn pinned(&self) -> impl Iterator<Item = (usize, &Pin)> {
        self.pins.iter().take(MOST_PINNED).enumerate().filter(|(i, _)| self.shows(Line::Pinned(*i)))
    }

    /// The lines of a plan in sight, self-hosted first.
    pub fn sides(&self) -> impl Iterator<Item = Side> {
        Side::ALL.into_iter().filter(|s| self.shows(Line::Of(*s)))
    }
}

/// The cheapest baseline of a plan at its own volume.
pub(super) fn cheapest(plan: &Plan) -> Option<Side> {
    let least = plan.cost.api.iter().min_by(|a, b| a.total_usd_per_month.total_cmp(&b.total_usd_per_month))?;
    Side::of_role(&least.role)
}

/// The baseline of a pinned scenario that is drawn beside the plan's own: its cheapest, where the same baseline of the
/// plan takes another price for the same volume, by more than one in a hundred.
pub(super) fn other_api(plan: &Plan, pin: &Plan) -> Option<Side> {
    let side = cheapest(pin)?;
    let volume = pin.curves.tokens_per_day;
    let price = |p: &Plan| p.curves.api.iter().find(|a| a.role == side.role()).and_then(|a| at(&a.samples, volume));
    let (own, other) = (price(plan), price(pin)?);
    own.is_none_or(|own| (own - other).abs() > 0.01 * own.abs()).then_some(side)
}
