//! Speed of one replica: output tokens per second against time per output token, with the target and where it runs.

use super::axis::{Scale, round_top};
use super::metrics::text_width;
use super::palette::{Ink, Side};
use super::picture::{Align, Frame, Label, Mark, Picture, Rect};
use super::placing::{around, obstacles, place};
use super::words::{count, milliseconds, percent, thousands};
use crate::engine::Plan;

/// Whether there is a speed to show: what does not fit has none.
pub fn has_speed(plan: &Plan) -> bool {
    plan.speed.output_tokens_per_second > 0.0
}

/// Where it runs and what holds it back.
pub fn finding(plan: &Plan) -> String {
    let s = &plan.speed;
    if !has_speed(plan) {
        return "A replica that does not fit has no speed".into();
    }
    let why = match s.bound.as_str() {
        "slo" => "held back by the latency target",
        "kv_pool" => "held back by memory for the KV cache",
        "max_num_seqs" => "held back by the engine's batch limit",
        "compute" => "held back by arithmetic",
        _ => "held back by memory bandwidth",
    };
    format!(
        "One replica writes {} tokens a second to {} at once, {why}; expect ± {}",
        in_full(s.output_tokens_per_second),
        match requests(s.concurrency) {
            one if one == "1" => "one request".into(),
            many => format!("{many} requests"),
        },
        percent(s.error_band)
    )
}

/// A rate in a sentence: 2,060 rather than 2.06k, three digits of it known.
fn in_full(value: f64) -> String {
    if !(100.0..1e5).contains(&value) {
        return count(value);
    }
    let step = if value < 1e3 {
        1.0
    } else if value < 1e4 {
        10.0
    } else {
        100.0
    };
    thousands((value / step).round() * step)
}

/// Requests at once, a mean: whole ones from ten on.
fn requests(mean: f64) -> String {
    if (10.0..1e3).contains(&mean) { format!("{mean:.0}") } else { count(mean) }
}

/// Draw it.
pub fn picture(plan: &Plan, frame: Frame) -> Picture {
    let (mut p, top) = Picture::begin(frame, finding(plan));
    let size = frame.label_size();
    let points: Vec<_> = plan.speed.frontier.iter().filter(|f| f.tpot_ms.is_finite() && f.tpot_ms > 0.0).collect();
    p.plot =
        Rect { left: size * 4.2, top: top + size * 2.4, right: frame.width - 16.0, bottom: frame.height - size * 3.4 };
    let slowest = points.iter().map(|f| f.tpot_ms).fold(plan.targets.tpot_p95_ms, f64::max);
    let most = points.iter().map(|f| f.output_tokens_per_second).fold(plan.speed.output_tokens_per_second, f64::max);
    let x = Scale::linear((0.0, round_top(slowest, 5)), (p.plot.left, p.plot.right));
    let y = Scale::linear((0.0, round_top(most, 4)), (p.plot.bottom, p.plot.top));
    (p.x, p.y) = (Some(x), Some(y));
    target(&mut p, plan, x, y, size);
    axes(&mut p, x, y, size);
    let mut ends: Vec<_> = points.iter().map(|f| (f.tpot_ms, f.output_tokens_per_second)).collect();
    // Where it runs lies on the line, between two of its samples.
    ends.extend(running(plan));
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let line = ends.into_iter().map(|(ms, rate)| (x.px(ms), y.px(rate))).collect();
    p.line(line, Ink::Of(Side::SelfHosted), 2.5, &[]);
    let taken = operating_point(&mut p, plan, x, y, size);
    batches(&mut p, plan, x, y, size, taken);
    p
}

fn axes(p: &mut Picture, x: Scale, y: Scale, size: f64) {
    let plot = p.plot;
    for v in y.ticks(4) {
        let py = y.px(v);
        p.hairline((plot.left, py), (plot.right, py), if v == 0.0 { Ink::Axis } else { Ink::Grid });
        p.text(Label::new(count(v), (plot.left - 6.0, py), Align::End, size, Ink::Muted));
    }
    for v in x.ticks(5) {
        p.text_inside(Label::new(count(v), (x.px(v), plot.bottom + size), Align::Middle, size, Ink::Muted));
    }
    p.text(Label::new("output tokens per second", (2.0, plot.top - size * 1.5), Align::Start, size, Ink::Muted));
    let at = (plot.right, plot.bottom + size * 2.5);
    p.text(Label::new("milliseconds per output token", at, Align::End, size, Ink::Muted));
}

/// The area inside the target: faster than the 95th percentile allowed.
fn target(p: &mut Picture, plan: &Plan, x: Scale, y: Scale, size: f64) {
    let limit = plan.targets.tpot_p95_ms;
    if limit.is_nan() || limit <= 0.0 {
        return;
    }
    let (plot, px) = (p.plot, x.px(limit));
    let points = vec![(plot.left, plot.top), (px, plot.top), (px, plot.bottom), (plot.left, plot.bottom)];
    p.marks.push(Mark::Area { points, ink: Ink::Of(Side::SelfHosted), opacity: 0.07 });
    p.line(vec![(px, plot.top), (px, plot.bottom)], Ink::Axis, 1.0, &[4.0, 3.0]);
    let text = format!("target, p95: {}", milliseconds(limit));
    // Away from where it runs, which has words of its own.
    let low = running(plan).is_some_and(|(_, rate)| y.px(rate) > (plot.top + plot.bottom) / 2.0);
    let height = if low { plot.top + size } else { plot.bottom - size };
    let label = Label::new(text, (px - 6.0, height), Align::End, size, Ink::Muted);
    // A fast replica begins its line where the words would stand.
    let near = around((label.area().left, height), size);
    let first = plan.speed.frontier.iter().map(|f| (x.px(f.tpot_ms), y.px(f.output_tokens_per_second)));
    let hides = first
        .into_iter()
        .any(|(fx, fy)| fx >= near.left && fx <= px && fy >= near.top - size && fy <= near.bottom + size);
    let room = plot.right - px - 6.0 > label.area().right - label.area().left;
    let other = if low { plot.bottom - size } else { plot.top + size };
    p.text_inside(match (label.area().left < plot.left, hides, room) {
        (true, ..) | (_, true, true) => Label { at: (px + 6.0, label.at.1), align: Align::Start, ..label },
        // No room beside the target either: at its other end.
        (_, true, false) => Label { at: (label.at.0, other), ..label },
        _ => label,
    });
}

/// Time per output token, ms, and output tokens a second where it runs; nothing where it does not fit.
fn running(plan: &Plan) -> Option<(f64, f64)> {
    let s = &plan.speed;
    (s.output_tokens_per_second > 0.0 && s.tpot_ms.is_finite()).then_some((s.tpot_ms, s.output_tokens_per_second))
}

/// Where it runs, with its words where they hide no line. Returns what is taken.
fn operating_point(p: &mut Picture, plan: &Plan, x: Scale, y: Scale, size: f64) -> Vec<Rect> {
    let s = &plan.speed;
    let mut taken = obstacles(p);
    let Some((ms, rate)) = running(plan) else { return taken };
    let dot = (x.px(ms), y.px(rate));
    p.dot(dot, 6.0, Ink::Text);
    taken.push(around(dot, 7.0));
    let mut text = format!("runs here: {} at once, {}/token", requests(s.concurrency), milliseconds(s.tpot_ms));
    if text_width(&text, size, true) > (p.plot.right - p.plot.left) * 0.5 {
        text = format!("runs here: {}", requests(s.concurrency));
    }
    let (label, free) = place(dot, &text, size, Ink::Text, &taken, p.plot);
    let area = label.area();
    if !free {
        p.marks.push(Mark::Bar { area, ink: Ink::Paper });
    }
    taken.push(area);
    p.text_inside(label);
    taken
}

/// Batch sizes along the line, where they do not crowd.
fn batches(p: &mut Picture, plan: &Plan, x: Scale, y: Scale, size: f64, mut taken: Vec<Rect>) {
    let mut last = (x.px(plan.speed.tpot_ms), y.px(plan.speed.output_tokens_per_second));
    let run = last;
    for f in &plan.speed.frontier {
        let at = (x.px(f.tpot_ms), y.px(f.output_tokens_per_second));
        let far = |q: (f64, f64)| (at.0 - q.0).abs() + (at.1 - q.1).abs() > size * 3.2;
        if far(last) && far(run) {
            p.dot(at, 3.0, Ink::Of(Side::SelfHosted));
            let label =
                Label::new(count(f.concurrency), (at.0 + 2.0, at.1 + size * 1.2), Align::Start, size, Ink::Muted);
            let area = label.area();
            let inside = area.right < p.plot.right && area.bottom < p.plot.bottom;
            if inside && !taken.iter().any(|t| t.overlaps(&area)) {
                taken.push(area);
                p.text(label);
            }
            last = at;
        }
    }
}
