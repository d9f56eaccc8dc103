//! What matters most: how far the monthly difference moves as one input goes from its low to its high end.

use super::axis::{Scale, round_step};
use super::metrics::text_width;
use super::palette::{Ink, Side};
use super::picture::{Align, Frame, Label, Mark, Picture, Rect};
use super::words::{three, usd};
use crate::engine::Plan;
use crate::engine::sensitivity::Swing;
use crate::math::ceil_tolerant;
use crate::quantity::human;
use crate::scenario::fields::field;

/// Paths of what the engine itself is unsure of, or of a price of the catalog, with what is drawn of them: a multiple
/// of what the plan uses.
const MULTIPLES: [(&str, &str); 5] = [
    ("speed.error_band", "Speed, real over predicted"),
    ("memory.per_gpu.kv_pool_bytes", "KV cache, real over predicted"),
    ("api.same_weights", "Price of the same weights"),
    ("api.nearest", "Price of the nearest API"),
    ("api.frontier", "Price of the frontier API"),
];

/// Bars shown.
const BARS: usize = 8;
/// Width below which names stand above their bars, CSS pixels.
const ABOVE_BELOW: f64 = 440.0;
/// Least height of a bar with its name above it, CSS pixels.
const ABOVE_PITCH: f64 = 30.0;

/// The label of an input, or the end of its path where the table has none.
pub fn field_label(path: &str) -> String {
    match field(path) {
        Some(field) => field.label.to_string(),
        None => capitalised(&path.rsplit('.').next().unwrap_or(path).replace('_', " ")),
    }
}

/// The label of something that is drawn: a field, or what the engine is unsure of.
pub fn input_label(path: &str) -> String {
    let multiple = MULTIPLES.iter().find(|(p, _)| *p == path);
    multiple.map_or_else(|| field_label(path), |(_, label)| (*label).to_string())
}

/// A value of an input as people read it: `2.2 FTE`, `$180k/yr`, `0.87x`.
pub(super) fn end_value(path: &str, value: f64) -> String {
    match field(path).and_then(crate::scenario::Field::number) {
        Some(number) => human(value, number.unit),
        None => format!("{}x", three(value)),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| std::iter::once(c.to_ascii_uppercase()).chain(letters).collect()).unwrap_or_default()
}

/// Which input it is.
pub fn finding(plan: &Plan) -> String {
    match plan.sensitivity.as_slice() {
        [] => "No input was varied".into(),
        [first, ..] => format!(
            "Most depends on {}: from {} to {}, the difference goes from {} to {} a month",
            in_a_sentence(&input_label(first.path)),
            end_value(first.path, first.low),
            end_value(first.path, first.high),
            usd(first.low_usd),
            usd(first.high_usd)
        ),
    }
}

/// A label inside a sentence: `engineers to run it`, `GPU price`, `KV cache, real over predicted`.
fn in_a_sentence(label: &str) -> String {
    let word = label.chars().nth(1).is_some_and(|second| second.is_ascii_lowercase());
    match label.split_at_checked(1) {
        Some((first, rest)) if word => first.to_ascii_lowercase() + rest,
        _ => label.to_string(),
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
    let small = size * 0.9;
    // Where there is little room beside the bars, names stand above them.
    let above = frame.width < ABOVE_BELOW && (frame.height - top - size * 3.4) / bars.len() as f64 >= ABOVE_PITCH;
    let most = if above { frame.width } else { frame.width * 0.34 };
    let name = |s: &Swing| shortened(input_label(s.path), size, most);
    let names = bars.iter().map(|s| text_width(&name(s), size, false)).fold(0.0, f64::max);
    let names = if above { 0.0 } else { names + 12.0 };
    let values = bars.iter().flat_map(|s| [s.low, s.high].map(|v| text_width(&end_value(s.path, v), small, false)));
    let value = values.fold(0.0, f64::max) + 6.0;
    let (left, right) = (names + value, frame.width - value - 2.0);
    p.plot = Rect { left, top: top + size * 3.4, right, bottom: frame.height - 8.0 };
    let all = || bars.iter().flat_map(|s| [s.low_usd, s.high_usd]);
    let (low, high) = (all().fold(0.0, f64::min), all().fold(0.0, f64::max));
    let step = round_step((high - low).max(1.0), 4);
    let ends = (-ceil_tolerant(-low / step) * step, ceil_tolerant(high / step) * step);
    let x = Scale::linear(ends, (p.plot.left, p.plot.right));
    p.x = Some(x);
    axes(&mut p, x, size);
    let pitch = ((p.plot.bottom - p.plot.top) / bars.len() as f64).min(if above { 44.0 } else { 30.0 });
    for (i, swing) in bars.iter().enumerate() {
        let middle = p.plot.top + pitch * (i as f64 + if above { 0.7 } else { 0.5 });
        let name_at = if above { middle - pitch * 0.45 } else { middle };
        let (a, b) = (x.px(swing.low_usd), x.px(swing.high_usd));
        bar(&mut p, (a.min(b), a.max(b)), x.px(0.0), middle, if above { pitch * 0.22 } else { pitch * 0.3 });
        let label = Label::new(name(swing), (2.0, name_at), Align::Start, size, Ink::Text);
        if above {
            p.marks.push(Mark::Bar { area: label.area(), ink: Ink::Paper });
        }
        p.text(label);
        for (value, at, other) in [(swing.low, a, b), (swing.high, b, a)] {
            let outside = at < other || (at == other && value == swing.low);
            let (px, align) = if outside { (at - 5.0, Align::End) } else { (at + 5.0, Align::Start) };
            let label = Label::new(end_value(swing.path, value), (px, middle), align, small, Ink::Muted);
            let area = label.area();
            if (area.left..area.right).contains(&x.px(0.0)) {
                p.marks.push(Mark::Bar { area, ink: Ink::Paper });
            }
            p.text(label);
        }
    }
    p
}

/// A name cut to a width, on a phone.
fn shortened(name: String, size: f64, width: f64) -> String {
    let mut out = name;
    while text_width(&out, size, false) > width.max(90.0) && out.chars().count() > 6 {
        let keep = out.trim_end_matches('\u{2026}').chars().count() - 1;
        out = out.chars().take(keep).collect::<String>().trim_end().to_string() + "\u{2026}";
    }
    out
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
