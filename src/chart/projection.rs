//! Month by month: both sides' cost, the band around the self-hosted line, and what happens when.

use super::axis::{Scale, round_top};
use super::beside::{Beside, Line, letter, other_api};
use super::headline::unknown_because;
use super::metrics::text_width;
use super::palette::{Ink, Side};
use super::picture::{Align, Frame, Label, Picture, Rect};
use super::placing::{End, ends};
use super::words::usd;
use crate::engine::Plan;
use crate::engine::projection::Month;
use crate::math::{log10, pow};

/// When it pays back, or that it does not.
pub fn finding(plan: &Plan) -> String {
    let n = plan.projection.months.len();
    let sum = |m: &Month, side: Side| m.cumulative.get(side.role()).copied();
    let Some(last) = plan.projection.months.last() else { return "No months are projected".into() };
    let cheapest =
        Side::ALL[1..].iter().filter_map(|s| sum(last, *s).map(|v| (*s, v))).min_by(|a, b| a.1.total_cmp(&b.1));
    match (plan.projection.payback_month, sum(last, Side::SelfHosted), cheapest) {
        (Some(m), Some(own), Some((side, api))) if own <= api => {
            format!(
                "Self-hosting has paid back by month {m} and saves {} against {} over {n} months",
                usd(api - own),
                side.phrase()
            )
        }
        (_, Some(own), Some((side, api))) => {
            format!("Over {n} months self-hosting costs {} more than {}, setup included", usd(own - api), side.phrase())
        }
        (_, None, _) => format!("{}, so the self-hosted side cannot be projected", unknown_because(plan)),
        (_, _, None) => "No API price is known to compare with".into(),
    }
}

/// US dollars of a side in a month, as the frame wants them.
pub(super) fn value(month: &Month, side: Side, cumulative: bool) -> Option<f64> {
    match (cumulative, side) {
        (true, _) => month.cumulative.get(side.role()).copied(),
        (false, Side::SelfHosted) => month.self_hosted_usd,
        (false, _) => month.api_usd.get(side.role()).copied(),
    }
}

/// Draw it.
pub fn picture(plan: &Plan, frame: Frame, beside: &Beside) -> Picture {
    let (mut p, top) = Picture::begin(frame, finding(plan));
    let size = frame.label_size();
    let months = &plan.projection.months;
    let banded = !frame.cumulative && beside.shows(Line::Of(Side::SelfHosted));
    let gutter = Side::ALL.iter().map(|s| text_width(s.label(), size, true)).fold(0.0, f64::max) + 12.0;
    p.plot = Rect {
        left: size * 4.2,
        top: top + size * 2.2,
        right: frame.width - gutter,
        bottom: frame.height - size * 4.6,
    };
    let months = months.iter().chain(beside.pinned().flat_map(|(_, p)| &p.plan.projection.months));
    let last = months.map(|m| f64::from(m.month)).fold(1.0, f64::max);
    let lines = lines(plan, beside);
    let x = Scale::linear((0.5, last.max(2.0) + 0.5), (p.plot.left, p.plot.right));
    let pixels = (p.plot.bottom, p.plot.top);
    let y = match decades(&lines, frame).filter(|_| frame.logarithmic) {
        Some(window) => Scale::log(window, pixels),
        None => Scale::linear((0.0, highest(plan, &lines, frame.cumulative, banded)), pixels),
    };
    (p.x, p.y) = (Some(x), Some(y));
    axes(&mut p, x, y, size, what(&frame, size, banded && !plan.uncertainty.bands.is_empty()));
    if banded {
        band(&mut p, plan, x, y);
    }
    draw(&mut p, &lines, x, y, size);
    events(&mut p, plan, x, size);
    p
}

/// A line to draw: a side of the plan or of a pinned scenario.
struct Drawn<'a> {
    plan: &'a Plan,
    side: Side,
    line: Line,
    width: f64,
}

/// The lines in sight, back to front.
fn lines<'a>(plan: &'a Plan, beside: &'a Beside) -> Vec<Drawn<'a>> {
    let width = |side| if side == Side::SelfHosted { 3.0 } else { 2.0 };
    let mut own: Vec<_> =
        beside.sides().map(|side| Drawn { plan, side, line: Line::Of(side), width: width(side) }).collect();
    own.reverse();
    let front = if beside.shows(Line::Of(Side::SelfHosted)) { own.pop() } else { None };
    for (i, pin) in beside.pinned() {
        let (plan_of_pin, line) = (&*pin.plan, Line::Pinned(i));
        let other = other_api(plan, plan_of_pin).filter(|s| beside.shows(Line::Of(*s)));
        own.extend(other.map(|side| Drawn { plan: plan_of_pin, side, line, width: 1.5 }));
        own.push(Drawn { plan: plan_of_pin, side: Side::SelfHosted, line, width: 2.0 });
    }
    own.into_iter().chain(front).collect()
}

/// The top of the axis: a round value above every line in sight, and above the band but for the first month, whose setup
/// would leave the others no height; there the band runs to the top.
fn highest(plan: &Plan, lines: &[Drawn], cumulative: bool, banded: bool) -> f64 {
    let values = lines.iter().flat_map(|l| l.plan.projection.months.iter().map(|m| value(m, l.side, cumulative)));
    let bands = plan.uncertainty.bands.iter().filter(|b| banded && b.month > 1 && b.side == Side::SelfHosted.role());
    let all = values.flatten().chain(bands.map(|b| b.p90_usd));
    round_top(all.filter(|v| v.is_finite()).fold(0.0, f64::max), 4)
}

/// The whole decades around every line in sight; nothing where no month costs anything.
fn decades(lines: &[Drawn], frame: Frame) -> Option<(f64, f64)> {
    let values = lines.iter().flat_map(|l| l.plan.projection.months.iter().map(|m| value(m, l.side, frame.cumulative)));
    let costs = values.flatten().filter(|v| v.is_finite() && *v > 0.0);
    let (low, high) = costs.fold((f64::INFINITY, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)));
    let low = pow(10.0, log10(low).floor());
    (high > 0.0).then(|| (low, pow(10.0, log10(high).ceil()).max(low * 10.0)))
}

/// What the vertical axis is about, and the shaded area where there is room to say it.
fn what(frame: &Frame, size: f64, banded: bool) -> String {
    let text = if frame.cumulative { "US dollars since the start" } else { "US dollars per month, cash" };
    let text = if frame.logarithmic { format!("{text}, log scale") } else { text.into() };
    let whole = format!("{text}; shaded: 8 of 10 draws");
    if banded && text_width(&whole, size, false) < frame.width - 4.0 { whole } else { text }
}

fn axes(p: &mut Picture, x: Scale, y: Scale, size: f64, title: String) {
    let plot = p.plot;
    for v in if y.logarithmic { y.decades(6) } else { y.ticks(4) } {
        let py = y.px(v);
        p.hairline((plot.left, py), (plot.right, py), if v == y.from { Ink::Axis } else { Ink::Grid });
        p.text(Label::new(usd(v), (plot.left - 6.0, py), Align::End, size, Ink::Muted));
    }
    let every = if x.to > 24.0 || p.frame.narrow() { 6.0 } else { 3.0_f64 };
    let (mut month, mut free) = (1.0, 0.0);
    while month <= x.to - 0.5 {
        let (text, align) =
            if month == 1.0 { ("month 1".to_string(), Align::Start) } else { (format!("{month:.0}"), Align::Middle) };
        let at = (if month == 1.0 { plot.left + 2.0 } else { x.px(month) }, plot.bottom + size);
        let label = Label::new(text, at, align, size, Ink::Muted);
        // On the narrowest phones the first words reach to the second tick.
        if label.area().left > free {
            free = label.area().right + 4.0;
            p.text(label);
        }
        month = if month == 1.0 { every } else { month + every };
    }
    p.text(Label::new(title, (2.0, plot.top - size * 1.4), Align::Start, size, Ink::Muted));
}

/// The 10th to 90th percentile of the self-hosted side, where draws were made.
fn band(p: &mut Picture, plan: &Plan, x: Scale, y: Scale) {
    let own: Vec<_> = plan.uncertainty.bands.iter().filter(|b| b.side == Side::SelfHosted.role()).collect();
    if own.len() < 2 {
        return;
    }
    // A plateau a month, as the line.
    let px = |month: u32, half: f64| x.px(f64::from(month) + half);
    let up = own.iter().flat_map(|b| [-0.5, 0.5].map(|half| (px(b.month, half), y.px(b.p90_usd))));
    let back = own.iter().rev().flat_map(|b| [0.5, -0.5].map(|half| (px(b.month, half), y.px(b.p10_usd))));
    let points = up.chain(back).collect();
    p.marks.push(super::picture::Mark::Area { points, ink: Ink::Of(Side::SelfHosted), opacity: 0.14 });
}

/// The line of a side: a plateau a month, because money is paid by the month; sums since the start rise straight.
fn path(plan: &Plan, side: Side, cumulative: bool, x: Scale, y: Scale) -> Vec<(f64, f64)> {
    let half = if cumulative { 0.0 } else { 0.5 };
    let months = plan.projection.months.iter();
    months
        .filter_map(|m| value(m, side, cumulative).map(|v| (f64::from(m.month), y.px(v))))
        .flat_map(|(month, py)| [(x.px(month - half), py), (x.px(month + half), py)])
        .collect()
}

fn draw(p: &mut Picture, lines: &[Drawn], x: Scale, y: Scale, size: f64) {
    let mut named = Vec::new();
    for l in lines {
        let points = path(l.plan, l.side, p.frame.cumulative, x, y);
        let Some(end) = points.last() else { continue };
        let text = match l.line {
            Line::Of(side) => side.label(),
            Line::Pinned(i) => letter(i),
        };
        let bold = l.line != Line::Of(l.side) || l.side == Side::SelfHosted;
        named.push(End { text, ink: Ink::Of(l.side), bold, at: end.1 });
        p.line(points, Ink::Of(l.side), l.width, l.line.dash());
    }
    ends(p, named, size);
}

/// Ticks below the axis where something happens, labelled where there is room.
fn events(p: &mut Picture, plan: &Plan, x: Scale, size: f64) {
    let (top, mut free) = (p.plot.bottom + size * 2.0, 0.0);
    for m in plan.projection.months.iter().filter(|m| !m.events.is_empty()) {
        let px = x.px(f64::from(m.month));
        p.hairline((px, top), (px, top + 6.0), Ink::Axis);
        let label = Label::new(m.events.join(", "), (px, top + 6.0 + size * 0.8), Align::Middle, size, Ink::Muted);
        let area = label.area();
        let shift = (4.0 - area.left).max(0.0);
        if area.left + shift >= free && area.right + shift <= p.frame.width - 2.0 {
            free = area.right + shift + 8.0;
            p.text(Label { at: (label.at.0 + shift, label.at.1), ..label });
        }
    }
}
