//! Where the money goes: the self-hosted lines as a waterfall up to their total, and the API baselines below.

use super::axis::{Scale, round_top};
use super::headline::unknown_because;
use super::metrics::text_width;
use super::palette::{Ink, Side};
use super::picture::{Align, Frame, Label, Mark, Picture, Rect};
use super::words::{percent, usd};
use crate::engine::Plan;

/// Name of the line that has a price only once the reader has given one.
pub(super) const QUALITY_GAP: &str = "Quality gap";

/// What stands in place of an amount that nobody has given: not 0.
pub const NOT_PRICED: &str = "not priced";

/// Whether the quality gap is unknown rather than nothing: the plan then says what is missing.
pub fn gap_is_not_priced(plan: &Plan) -> bool {
    plan.advice.reasons.iter().any(|r| r.path == "cost.self_hosted.quality_gap_usd")
}

/// The self-hosted lines with their names; those that are zero only because the reader has none of it are left out of
/// the picture, not of the table.
pub(super) fn lines(plan: &Plan) -> Vec<(&'static str, f64)> {
    let Some(l) = &plan.cost.self_hosted else { return Vec::new() };
    vec![
        ("GPUs for the load", l.gpu_usd),
        ("Spare replicas", l.redundancy_usd),
        ("Hosts, storage, network", l.overhead_usd),
        ("People", l.people_usd),
        ("Model updates", l.updates_usd),
        ("Spill-over to an API", l.spill_usd),
        (QUALITY_GAP, l.quality_gap_usd),
        ("Power", l.power_usd),
    ]
}

/// The largest line.
pub fn finding(plan: &Plan) -> String {
    let Some(own) = &plan.cost.self_hosted else {
        return format!("{}, so what self-hosting costs is unknown", unknown_because(plan));
    };
    let total = own.total_usd_per_month;
    let largest = lines(plan).into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    match largest {
        Some((name, value)) if total > 0.0 => format!(
            "Self-hosting costs {} a month, {} of it for {}; the GPUs run at {} of what they could serve",
            usd(total),
            percent(value / total),
            in_a_sentence(name),
            percent(plan.fleet.utilization)
        ),
        _ => "Self-hosting costs nothing in this scenario".into(),
    }
}

fn in_a_sentence(name: &str) -> String {
    match name.starts_with("GPU") {
        true => format!("the {name}"),
        false => name.to_ascii_lowercase(),
    }
}

struct Row {
    name: String,
    from: f64,
    to: f64,
    ink: Ink,
    strong: bool,
}

fn rows(plan: &Plan) -> Vec<Row> {
    let mut out = Vec::new();
    let mut sum = 0.0;
    for (name, value) in lines(plan).into_iter().filter(|(_, v)| *v != 0.0) {
        out.push(Row { name: name.into(), from: sum, to: sum + value, ink: Ink::Memory(1), strong: false });
        sum += value;
    }
    if let Some(own) = &plan.cost.self_hosted {
        let ink = Ink::Of(Side::SelfHosted);
        out.push(Row { name: "Self-hosted".into(), from: 0.0, to: own.total_usd_per_month, ink, strong: true });
    }
    for api in &plan.cost.api {
        let Some(side) = Side::of_role(&api.role) else { continue };
        let (name, ink) = (side.label().to_string(), Ink::Of(side));
        out.push(Row { name, from: 0.0, to: api.total_usd_per_month, ink, strong: true });
    }
    out
}

/// Draw it.
pub fn picture(plan: &Plan, frame: Frame) -> Picture {
    let (mut p, top) = Picture::begin(frame, finding(plan));
    let (size, rows) = (frame.label_size(), rows(plan));
    let names = rows.iter().map(|r| text_width(&r.name, size, r.strong)).fold(0.0, f64::max);
    let values = rows.iter().map(|r| text_width(&usd(r.to - r.from), size, true)).fold(0.0, f64::max);
    p.plot = Rect {
        left: names + 12.0,
        top: top + size * 1.8,
        right: frame.width - values - 10.0,
        bottom: frame.height - 6.0,
    };
    let most = rows.iter().map(|r| r.to.max(r.from)).fold(0.0, f64::max);
    let x = Scale::linear((0.0, round_top(most, 4)), (p.plot.left, p.plot.right));
    p.x = Some(x);
    for v in x.ticks(if frame.narrow() { 2 } else { 4 }) {
        let px = x.px(v);
        p.hairline((px, p.plot.top), (px, p.plot.bottom), if v == 0.0 { Ink::Axis } else { Ink::Grid });
        p.text_inside(Label::new(usd(v), (px, p.plot.top - size * 0.8), Align::Middle, size, Ink::Muted));
    }
    let pitch = ((p.plot.bottom - p.plot.top) / rows.len().max(1) as f64).min(30.0);
    for (i, row) in rows.iter().enumerate() {
        let middle = p.plot.top + pitch * (i as f64 + 0.5);
        bar(&mut p, row, middle, pitch, x, size);
    }
    p
}

fn bar(p: &mut Picture, row: &Row, middle: f64, pitch: f64, x: Scale, size: f64) {
    let half = pitch * if row.strong { 0.36 } else { 0.28 };
    let (left, right) = (x.px(row.from.min(row.to)), x.px(row.from.max(row.to)));
    let area = Rect { left, right: right.max(left + 1.0), top: middle - half, bottom: middle + half };
    p.marks.push(Mark::Bar { area, ink: row.ink });
    let ink = if row.strong { row.ink } else { Ink::Text };
    let weight = |l: Label| if row.strong { l.bold() } else { l };
    p.text(weight(Label::new(&row.name, (p.plot.left - 8.0, middle), Align::End, size, ink)));
    let value = Label::new(usd(row.to - row.from), (area.right + 6.0, middle), Align::Start, size, ink);
    p.text(weight(value));
}
