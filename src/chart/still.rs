//! What stands alone as a picture, outside the page: every panel, and the verdict.

use super::paint::ChartError;
use super::picture::{Frame, Picture};
use super::{Beside, Panel, picture, svg, verdict};
use crate::engine::Plan;

/// A picture that stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Still {
    /// The sentence, its figures and its reasons.
    Verdict,
    /// A panel.
    Of(Panel),
}

impl Still {
    /// Every still, in reading order.
    pub const ALL: [Self; 7] = [
        Self::Verdict,
        Self::Of(Panel::BreakEven),
        Self::Of(Panel::Projection),
        Self::Of(Panel::Memory),
        Self::Of(Panel::Speed),
        Self::Of(Panel::Cost),
        Self::Of(Panel::Tornado),
    ];

    /// Its name on a command line and in an address.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Of(panel) => panel.id(),
        }
    }

    /// The still of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.id() == id)
    }

    /// What it shows of a Plan.
    pub fn picture(self, plan: &Plan, frame: Frame) -> Picture {
        match self {
            Self::Verdict => verdict::picture(plan, frame),
            Self::Of(panel) => picture(panel, plan, frame),
        }
    }
}

/// Draw a still of a Plan as an SVG document, in a frame of whole CSS pixels.
///
/// # Errors
/// A size outside 200..4000 pixels, or what the backend says.
pub fn still(what: Still, plan: &Plan, frame: Frame) -> Result<String, ChartError> {
    match what {
        Still::Verdict => svg::document("Verdict", frame, |frame| verdict::picture(plan, frame)),
        Still::Of(panel) => svg::svg_beside(panel, plan, frame, &Beside::default()),
    }
}
