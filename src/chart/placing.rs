//! Where a word finds room: beside its dot, over no line and no other word; at the ends of lines, apart.

use super::palette::Ink;
use super::picture::{Align, Label, Mark, Picture, Rect, spread};

/// A square around a point.
pub(super) fn around((px, py): (f64, f64), r: f64) -> Rect {
    Rect { left: px - r, top: py - r, right: px + r, bottom: py + r }
}

/// The words of a picture, and its lines as beads.
pub(super) fn obstacles(p: &Picture) -> Vec<Rect> {
    let mut out: Vec<Rect> = p.labels().map(Label::area).collect();
    for mark in &p.marks {
        let Mark::Line { points, ink: Ink::Of(_) | Ink::Text, .. } = mark else { continue };
        for pair in points.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let beads = ((to.0 - from.0).abs().max((to.1 - from.1).abs()) / 5.0).ceil().max(1.0);
            for i in 0..=beads as usize {
                let share = i as f64 / beads;
                out.push(around((from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share), 1.5));
            }
        }
    }
    out
}

/// A bold label near a dot, and whether it hides nothing.
pub(super) fn place(dot: (f64, f64), text: &str, size: f64, ink: Ink, taken: &[Rect], plot: Rect) -> (Label, bool) {
    let inside =
        |r: &Rect| r.left >= plot.left && r.right <= plot.right && r.top >= plot.top && r.bottom <= plot.bottom;
    let mut fallback = None;
    for far in [1.0, 1.6, 2.3, 3.2, 4.2] {
        for (sx, sy, align) in
            [(-1.0, -1.0, Align::End), (1.0, 1.0, Align::Start), (-1.0, 1.0, Align::End), (1.0, -1.0, Align::Start)]
        {
            let at = (dot.0 + sx * 7.0, dot.1 + sy * size * far);
            let label = Label::new(text, at, align, size, ink).bold();
            let area = label.area();
            if inside(&area) && !taken.iter().any(|t| t.overlaps(&area)) {
                return (label, true);
            }
            if fallback.is_none() && inside(&area) {
                fallback = Some(label);
            }
        }
    }
    let last = || Label::new(text, (dot.0 - 7.0, dot.1 - size), Align::End, size, ink).bold();
    (fallback.unwrap_or_else(last), false)
}

/// The name at the right end of a line.
pub(super) struct End {
    pub text: &'static str,
    pub ink: Ink,
    pub bold: bool,
    /// Height of the line there.
    pub at: f64,
}

/// Write the names at the ends of the lines, moved apart.
pub(super) fn ends(p: &mut Picture, ends: Vec<End>, size: f64) {
    let mut heights: Vec<f64> = ends.iter().map(|e| e.at).collect();
    spread(&mut heights, size * 1.25, p.plot.top, p.plot.bottom - size * 0.2);
    for (end, py) in ends.into_iter().zip(heights) {
        let label = Label::new(end.text, (p.plot.right + 6.0, py), Align::Start, size, end.ink);
        p.text(if end.bold { label.bold() } else { label });
    }
}
