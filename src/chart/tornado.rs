//! What matters most: how far the monthly difference moves as one input goes from its low to its high end.

use super::axis::{Scale, round_step};
use super::metrics::text_width;
use super::palette::{Ink, Side};
use super::picture::{Align, Frame, Label, Mark, Picture, Rect};
use super::words::usd;
use crate::engine::Plan;
use crate::math::ceil_tolerant;
use crate::scenario::fields::field;

/// Bars shown.
const BARS: usize = 8;

/// The label of an input, or the end of its path where the table has none.
pub fn field_label(path: &str) -> String {
    match field(path) {
        Some(field) => field.label.to_string(),
        None => capitalised(&path.rsplit('.').next().unwrap_or(path).replace('_', " ")),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Which input it is.
pub fn finding(plan: &Plan) -> String {
    match plan.sensitivity.as_slice() {
        [] => "No input was varied".into(),
        [first, ..] => format!(
            "{} matters most: from one end of its range to the other, the monthly difference goes from {} to {}",
            field_label(&first.path),
            usd(first.low_usd),
            usd(first.high_usd)
        ),
    }
}

/// Draw it.
pub fn picture(plan: &Plan, frame: Frame) -> Picture {
    let (mut p, top) = Picture::begin(frame, finding(plan));
    let size = frame.label_size();
    let bars = &plan.sensitivity[..plan.sensitivity.len().min(BARS)];
    if bars.is_empty() {
        return p;
    }
    let names = bars.iter().map(|s| text_width(&field_label(&s.path), size, false)).fold(0.0, f64::max);
    p.plot = Rect { left: names + 14.0, top: top + size * 3.4, right: frame.width - 30.0, bottom: frame.height - 8.0 };
    let all = || bars.iter().flat_map(|s| [s.low_usd, s.high_usd]);
    let (low, high) = (all().fold(0.0, f64::min), all().fold(0.0, f64::max));
    let step = round_step((high - low).max(1.0), 4);
    let ends = (-ceil_tolerant(-low / step) * step, ceil_tolerant(high / step) * step);
    let x = Scale::linear(ends, (p.plot.left, p.plot.right));
    p.x = Some(x);
    axes(&mut p, x, size);
    let pitch = ((p.plot.bottom - p.plot.top) / bars.len() as f64).min(30.0);
    for (i, swing) in bars.iter().enumerate() {
        let middle = p.plot.top + pitch * (i as f64 + 0.5);
        let (a, b) = (x.px(swing.low_usd), x.px(swing.high_usd));
        bar(&mut p, (a.min(b), a.max(b)), x.px(0.0), middle, pitch * 0.3);
        p.text(Label::new(field_label(&swing.path), (p.plot.left - 8.0, middle), Align::End, size, Ink::Text));
    }
    p
}

fn axes(p: &mut Picture, x: Scale, size: f64) {
    let plot = p.plot;
    let most = ((plot.right - plot.left) / (size * 6.0)).max(2.0) as usize;
    for v in x.ticks(most) {
        let px = x.px(v);
        p.hairline((px, plot.top), (px, plot.bottom), if v == 0.0 { Ink::Axis } else { Ink::Grid });
        p.text_inside(Label::new(usd(v), (px, plot.top - size * 0.8), Align::Middle, size, Ink::Muted));
    }
    let title = match p.frame.narrow() {
        true => "self-hosted minus API, US dollars",
        false => "self-hosted minus cheapest API, US dollars per month",
    };
    p.text_inside(Label::new(title, (plot.right, plot.top - size * 2.3), Align::End, size, Ink::Muted));
}

/// A bar from low to high: blue where self-hosting is cheaper, grey where the API is.
fn bar(p: &mut Picture, (left, right): (f64, f64), zero: f64, middle: f64, half: f64) {
    let area = |l: f64, r: f64| Rect { left: l, right: r.max(l + 1.0), top: middle - half, bottom: middle + half };
    if left < zero {
        p.marks.push(Mark::Bar { area: area(left, right.min(zero)), ink: Ink::Of(Side::SelfHosted) });
    }
    if right > zero {
        p.marks.push(Mark::Bar { area: area(left.max(zero), right), ink: Ink::Axis });
    }
}
