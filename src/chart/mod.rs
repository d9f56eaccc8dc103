//! Pictures of a Plan, drawn by the same code through any plotters backend: a canvas in the browser, SVG elsewhere.
//!
//! [`picture`] decides what is drawn, as a list of marks in CSS pixels that tests can read; [`paint`] draws it;
//! [`svg`] does both into a document, [`still`] also for the verdict, and [`png`] draws that document in pixels; [`table`] gives the same numbers as rows for people who cannot see a picture.

mod axis;
mod beside;
mod break_even;
mod cost;
mod headline;
mod memory;
mod metrics;
mod money;
mod paint;
mod palette;
mod picture;
mod placing;
mod projection;
mod raster;
mod readout;
mod speed;
mod still;
mod svg;
mod table;
mod tornado;
mod verdict;
pub mod words;

use crate::engine::Plan;
pub use axis::Scale;
pub use beside::{Beside, Line, MOST_PINNED, Pin, letter};
pub use cost::{NOT_PRICED, gap_is_not_priced};
pub use headline::{Figure, chance_of, figures, stands_in_the_way};
pub use memory::{MemoryPart, parts as memory_parts};
pub use money::{converted, signed};
pub use paint::{Backend, ChartError, FONTS, PER_PIXEL, paint};
pub use palette::{Ink, Side, Theme};
pub use picture::{Align, Frame, Label, Mark, Picture, Rect};
pub use raster::{SCALES, png};
pub use readout::{Readout, readout};
pub use speed::has_speed;
pub use still::{Still, still};
pub use svg::{SIZE, svg, svg_beside};
pub use table::{Table, figure_table, table, with_difference};
pub use tornado::{field_label, input_label};

/// The pictures there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Panel {
    /// Monthly cost against tokens per day, with every crossing.
    BreakEven,
    /// Month by month.
    Projection,
    /// One GPU's memory.
    Memory,
    /// Where the money goes.
    Cost,
    /// Throughput against time per token.
    Speed,
    /// What matters most.
    Tornado,
}

impl Panel {
    /// Every panel, in reading order.
    pub const ALL: [Self; 6] =
        [Self::BreakEven, Self::Projection, Self::Memory, Self::Speed, Self::Cost, Self::Tornado];

    /// Its name on a command line and in an address.
    pub const fn id(self) -> &'static str {
        match self {
            Self::BreakEven => "break-even",
            Self::Projection => "projection",
            Self::Memory => "memory",
            Self::Cost => "cost",
            Self::Speed => "speed",
            Self::Tornado => "tornado",
        }
    }

    /// The panel of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.id() == id)
    }

    /// Its heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::BreakEven => "Break-even",
            Self::Projection => "Month by month",
            Self::Memory => "Memory of one GPU",
            Self::Cost => "Where the money goes",
            Self::Speed => "Speed of one replica",
            Self::Tornado => "What matters most",
        }
    }
}

/// What a panel shows of a Plan alone.
pub fn picture(panel: Panel, plan: &Plan, frame: Frame) -> Picture {
    picture_beside(panel, plan, frame, &Beside::default())
}

/// What a panel shows of a Plan with pinned scenarios beside it and some lines hidden.
pub fn picture_beside(panel: Panel, plan: &Plan, frame: Frame, beside: &Beside) -> Picture {
    match panel {
        Panel::BreakEven => break_even::picture(plan, frame, beside),
        Panel::Projection => projection::picture(plan, frame, beside),
        Panel::Memory => memory::picture(plan, frame),
        Panel::Cost => cost::picture(plan, frame),
        Panel::Speed => speed::picture(plan, frame),
        Panel::Tornado => tornado::picture(plan, frame),
    }
}

/// The sentence that states what a panel shows.
pub fn finding(panel: Panel, plan: &Plan) -> String {
    match panel {
        Panel::BreakEven => break_even::finding(plan),
        Panel::Projection => projection::finding(plan),
        Panel::Memory => memory::finding(plan),
        Panel::Cost => cost::finding(plan),
        Panel::Speed => speed::finding(plan),
        Panel::Tornado => tornado::finding(plan),
    }
}

#[cfg(test)]
mod tests;
