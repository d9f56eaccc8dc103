//! A picture as a list of marks in CSS pixels: what is drawn, before anyone draws it.

use super::axis::Scale;
use super::metrics::text_width;
use super::palette::{Ink, Theme};
use crate::order::order_of;

/// How large, and for which page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Width, CSS pixels.
    pub width: f64,
    /// Height, CSS pixels.
    pub height: f64,
    /// Light or dark.
    pub theme: Theme,
    /// Whether the finding is written above the picture; the page has it in the caption instead.
    pub titled: bool,
    /// Whether the projection shows sums since the start.
    pub cumulative: bool,
    /// Whether the projection's costs stand on a logarithmic scale.
    pub logarithmic: bool,
}

/// Width above which labels grow with the page around them, as on a 4K screen, CSS pixels.
const WIDE: f64 = 1100.0;

impl Frame {
    /// A frame of that size for the page: no title, monthly figures.
    pub fn new(width: f64, height: f64, theme: Theme) -> Self {
        Self { width, height, theme, titled: false, cumulative: false, logarithmic: false }
    }

    /// Whether there is little room, as on a phone.
    pub fn narrow(&self) -> bool {
        self.width < 520.0
    }

    /// Size of labels, CSS pixels.
    pub fn label_size(&self) -> f64 {
        match self.width {
            w if w > WIDE => 14.0,
            _ if self.narrow() => 11.0,
            _ => 12.5,
        }
    }
}

/// An area in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Rect {
    /// Whether two areas share any pixel.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// Where a text hangs from its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// The point is its left end.
    Start,
    /// The point is its middle.
    Middle,
    /// The point is its right end.
    End,
}

/// A line of text; its point is at half its height.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// What it says.
    pub text: String,
    /// Point, CSS pixels.
    pub at: (f64, f64),
    /// Where it hangs from the point.
    pub align: Align,
    /// Size, CSS pixels.
    pub size: f64,
    /// Bold or regular.
    pub bold: bool,
    /// Colour.
    pub ink: Ink,
}

impl Label {
    /// A regular label.
    pub fn new(text: impl Into<String>, at: (f64, f64), align: Align, size: f64, ink: Ink) -> Self {
        Self { text: text.into(), at, align, size, bold: false, ink }
    }

    /// The same in bold.
    pub fn bold(mut self) -> Self {
        self.bold = true;
        self
    }

    /// The area it takes.
    pub fn area(&self) -> Rect {
        let w = text_width(&self.text, self.size, self.bold);
        let left = match self.align {
            Align::Start => self.at.0,
            Align::Middle => self.at.0 - w / 2.0,
            Align::End => self.at.0 - w,
        };
        let half = self.size * 0.6;
        Rect { left, top: self.at.1 - half, right: left + w, bottom: self.at.1 + half }
    }
}

/// One thing drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line through points; `dash` in CSS pixels, empty for solid.
    Line {
        /// Points, CSS pixels.
        points: Vec<(f64, f64)>,
        /// Colour.
        ink: Ink,
        /// Thickness, CSS pixels.
        width: f64,
        /// Dashes and gaps.
        dash: &'static [f64],
    },
    /// A filled area.
    Area {
        /// Corners, CSS pixels.
        points: Vec<(f64, f64)>,
        /// Colour.
        ink: Ink,
        /// 0 transparent to 1 opaque.
        opacity: f64,
    },
    /// A filled rectangle.
    Bar {
        /// Where.
        area: Rect,
        /// Colour.
        ink: Ink,
    },
    /// A rectangle of slanted lines: free, or missing.
    Hatch {
        /// Where.
        area: Rect,
        /// Colour.
        ink: Ink,
    },
    /// A dot with a ring of paper around it.
    Dot {
        /// Middle, CSS pixels.
        at: (f64, f64),
        /// Radius, CSS pixels.
        radius: f64,
        /// Colour.
        ink: Ink,
    },
    /// A line of text.
    Text(Label),
}

/// What is drawn, and how its axes translate, for whoever points at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// How large, for which page.
    pub frame: Frame,
    /// One sentence that states the finding.
    pub finding: String,
    /// The plotting area.
    pub plot: Rect,
    /// Horizontal axis, where there is one.
    pub x: Option<Scale>,
    /// Vertical axis, where there is one.
    pub y: Option<Scale>,
    /// Marks, back to front.
    pub marks: Vec<Mark>,
}

/// Title size, CSS pixels.
const TITLE: f64 = 16.0;

impl Picture {
    /// An empty picture; with a title where the frame asks for one. Returns the upper edge left for the rest.
    pub fn begin(frame: Frame, finding: String) -> (Self, f64) {
        let mut picture = Self { frame, finding, plot: Rect::default(), x: None, y: None, marks: Vec::new() };
        let mut top = 4.0;
        if frame.titled {
            for line in super::metrics::wrap(&picture.finding.clone(), TITLE, true, frame.width - 16.0) {
                picture.text(Label::new(line, (8.0, top + TITLE * 0.75), Align::Start, TITLE, Ink::Text).bold());
                top += TITLE * 1.35;
            }
            top += 6.0;
        }
        (picture, top)
    }

    /// Add a line.
    pub fn line(&mut self, points: Vec<(f64, f64)>, ink: Ink, width: f64, dash: &'static [f64]) {
        self.marks.push(Mark::Line { points, ink, width, dash });
    }

    /// Add a hairline.
    pub fn hairline(&mut self, from: (f64, f64), to: (f64, f64), ink: Ink) {
        self.line(vec![from, to], ink, 1.0, &[]);
    }

    /// Add a text.
    pub fn text(&mut self, label: Label) {
        self.marks.push(Mark::Text(label));
    }

    /// Add a text, moved sideways just enough to stay inside the frame.
    pub fn text_inside(&mut self, mut label: Label) {
        let area = label.area();
        if area.left < 2.0 {
            label.at.0 += 2.0 - area.left;
        } else if area.right > self.frame.width - 2.0 {
            label.at.0 -= area.right - self.frame.width + 2.0;
        }
        self.text(label);
    }

    /// Add a dot.
    pub fn dot(&mut self, at: (f64, f64), radius: f64, ink: Ink) {
        self.marks.push(Mark::Dot { at, radius, ink });
    }

    /// Every text of the picture.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        self.marks.iter().filter_map(|m| match m {
            Mark::Text(label) => Some(label),
            _ => None,
        })
    }
}

/// Move the heights of labels apart until none is closer to the next than `gap`, keeping their order and staying
/// between `top` and `bottom` where there is room.
pub fn spread(heights: &mut [f64], gap: f64, top: f64, bottom: f64) {
    let order = order_of(heights.len(), &mut |a, b| heights[a].total_cmp(&heights[b]));
    let mut least = top;
    for i in &order {
        heights[*i] = heights[*i].max(least);
        least = heights[*i] + gap;
    }
    let mut most = bottom;
    for i in order.iter().rev() {
        heights[*i] = heights[*i].min(most);
        most = heights[*i] - gap;
    }
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn labels_move_apart_and_stay_inside() {
        let mut h = [50.0, 52.0, 98.0, 99.0];
        spread(&mut h, 14.0, 0.0, 100.0);
        let mut sorted = h;
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|w| w[1] - w[0] >= 14.0 - 1e-9), "{h:?}");
        assert!(h.iter().all(|v| (0.0..=100.0).contains(v)));
    }
}
