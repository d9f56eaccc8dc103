//! Monthly cost against tokens per day, both logarithmic: the self-hosted staircase, the API lines, every crossing, and
//! the reader's own volume.

use super::axis::Scale;
use super::beside::{Beside, Line, letter, other_api};
use super::headline::unknown_because;
use super::metrics::text_width;
use super::palette::{Ink, Side};
use super::picture::{Align, Frame, Label, Mark, Picture, Rect};
use super::placing::{End, around, ends, obstacles, place};
use super::words::{count, usd};
use crate::engine::Plan;
use crate::engine::break_even::BreakEven;
use crate::engine::curves::Sample;
use crate::math::{ceil_tolerant, log10, pow};

/// Cheapest cost shown, US dollars per month; below it nobody's decision turns.
const FLOOR_USD: f64 = 100.0;

/// Where self-hosting starts to pay, against each baseline.
pub fn finding(plan: &Plan) -> String {
    if plan.curves.self_hosted.is_empty() {
        return format!("{}, so there is no self-hosted line to compare", unknown_because(plan));
    }
    let (never, ever): (Vec<_>, Vec<_>) = plan.break_even.iter().partition(|b| b.never);
    let never: Vec<&str> = never.into_iter().map(|b| phrase(&b.against)).collect();
    let ever: Vec<String> = ever.into_iter().map(|b| beats(b, plan.curves.tokens_per_day)).collect();
    match (never.is_empty(), ever.is_empty()) {
        (true, true) => "No API price is known to compare with".into(),
        (false, true) => format!("Self-hosting is never cheaper than {}", listed(&never, "or")),
        (true, false) => format!("Self-hosting {}", listed(&ever, "and")),
        (false, false) => {
            format!("Self-hosting is never cheaper than {}; it {}", listed(&never, "or"), listed(&ever, "and"))
        }
    }
}

fn phrase(role: &str) -> &'static str {
    Side::of_role(role).map_or("the API", Side::phrase)
}

/// `a`, `a or b`, `a, b or c`.
fn listed<T: AsRef<str>>(parts: &[T], word: &str) -> String {
    let texts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    match texts.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_string(),
        Some((last, rest)) => format!("{} {word} {last}", rest.join(", ")),
    }
}

fn beats(b: &BreakEven, volume: f64) -> String {
    let other = phrase(&b.against);
    match b.always_cheaper_above_tokens_per_day {
        Some(t) if volume >= t => format!("already beats {other}, from {} tokens a day", count(t)),
        Some(t) => format!("beats {other} from {} tokens a day", count(t)),
        None if b.crossings.is_empty() => format!("beats {other} at every volume"),
        None => format!("beats {other} only between crossings"),
    }
}

/// Draw it.
pub fn picture(plan: &Plan, frame: Frame, beside: &Beside) -> Picture {
    let (mut p, top) = Picture::begin(frame, finding(plan));
    let size = frame.label_size();
    let gutter = Side::ALL.iter().map(|s| text_width(s.label(), size, true)).fold(0.0, f64::max) + 12.0;
    p.plot = Rect {
        left: size * 4.2,
        top: top + size * 3.4,
        right: frame.width - gutter,
        bottom: frame.height - size * 3.4,
    };
    let lines = lines(plan, beside);
    let x = Scale::log(volume_window(plan, beside), (p.plot.left, p.plot.right));
    let y = Scale::log(cost_window(&lines), (p.plot.bottom, p.plot.top));
    (p.x, p.y) = (Some(x), Some(y));
    axes(&mut p, x, y, size);
    volumes(&mut p, plan, x, size);
    draw(&mut p, &lines, x, y, size);
    pinned_volumes(&mut p, beside, x, y, size);
    crossings(&mut p, plan, beside, x, y, size);
    p
}

/// A line to draw.
struct Drawn<'a> {
    samples: &'a [Sample],
    side: Side,
    line: Line,
    width: f64,
}

/// The lines in sight, back to front: baselines, pinned scenarios, the staircase.
fn lines<'a>(plan: &'a Plan, beside: &'a Beside) -> Vec<Drawn<'a>> {
    let api = |p: &'a Plan, side: Side| p.curves.api.iter().find(|a| a.role == side.role()).map(|a| &a.samples[..]);
    let mut out: Vec<Drawn<'a>> = Vec::new();
    for side in beside.sides().filter(|s| *s != Side::SelfHosted) {
        out.extend(api(plan, side).map(|samples| Drawn { samples, side, line: Line::Of(side), width: 2.0 }));
    }
    for (i, pin) in beside.pinned() {
        let line = Line::Pinned(i);
        let other = other_api(plan, &pin.plan).filter(|s| beside.shows(Line::Of(*s)));
        out.extend(other.and_then(|side| Some(Drawn { samples: api(&pin.plan, side)?, side, line, width: 1.5 })));
        out.push(Drawn { samples: &pin.plan.curves.self_hosted, side: Side::SelfHosted, line, width: 2.0 });
    }
    if beside.shows(Line::Of(Side::SelfHosted)) {
        let (side, line) = (Side::SelfHosted, Line::Of(Side::SelfHosted));
        out.push(Drawn { samples: &plan.curves.self_hosted, side, line, width: 3.0 });
    }
    out.retain(|d| !d.samples.is_empty());
    out
}

fn volume_window(plan: &Plan, beside: &Beside) -> (f64, f64) {
    let own = (plan.curves.from_tokens_per_day, plan.curves.to_tokens_per_day);
    let all = beside.pinned().map(|(_, p)| &p.plan.curves);
    all.fold(own, |(from, to), c| (from.min(c.from_tokens_per_day), to.max(c.to_tokens_per_day)))
}

/// Whole decades that hold every line in sight, so that hiding one gives the others its room.
fn cost_window(lines: &[Drawn]) -> (f64, f64) {
    let costs = lines.iter().flat_map(|l| l.samples).map(|s| s.usd_per_month).filter(|v| v.is_finite() && *v > 0.0);
    let (least, most) = costs.fold((f64::INFINITY, FLOOR_USD * 10.0), |(l, m), v| (l.min(v), m.max(v)));
    let least = if least.is_finite() { least.max(FLOOR_USD) } else { FLOOR_USD };
    (pow(10.0, -ceil_tolerant(-log10(least))), pow(10.0, ceil_tolerant(log10(most))))
}

fn axes(p: &mut Picture, x: Scale, y: Scale, size: f64) {
    let plot = p.plot;
    for v in y.decades(7) {
        let py = y.px(v);
        p.hairline((plot.left, py), (plot.right, py), Ink::Grid);
        p.text(Label::new(usd(v), (plot.left - 6.0, py), Align::End, size, Ink::Muted));
    }
    let most = ((plot.right - plot.left) / (size * 4.0)).max(2.0) as usize;
    for v in x.decades(most) {
        let px = x.px(v);
        p.hairline((px, plot.top), (px, plot.bottom), Ink::Grid);
        // Below the handle of the reader's volume, which may stand on any of them.
        p.text_inside(Label::new(count(v), (px, plot.bottom + size * 1.25), Align::Middle, size, Ink::Muted));
    }
    p.hairline((plot.left, plot.bottom), (plot.right, plot.bottom), Ink::Axis);
    let title = |text: &str, at, align| Label::new(text, at, align, size, Ink::Muted);
    p.text(title("US dollars per month", (2.0, plot.top - size * 2.4), Align::Start));
    p.text(title("tokens per day", (plot.right, plot.bottom + size * 2.6), Align::End));
}

/// The reader's volume now, with a handle, and at the end of the projection.
fn volumes(p: &mut Picture, plan: &Plan, x: Scale, size: f64) {
    let (plot, now) = (p.plot, plan.curves.tokens_per_day);
    let px = x.px(now);
    let you = format!("you: {}", count(now));
    let half = text_width(&you, size, true) / 2.0;
    let middle = px.clamp(plot.left + half, plot.right - half);
    if let Some(last) = plan.projection.months.last().filter(|m| m.month > 1) {
        let later = x.px(last.tokens_per_day);
        if (later - px).abs() > 6.0 {
            p.line(vec![(later, plot.top), (later, plot.bottom)], Ink::Axis, 1.0, &[2.0, 4.0]);
            let text = format!("month {}: {}", last.month, count(last.tokens_per_day));
            let (align, from) = if later > px {
                (Align::Start, later.max(middle + half + 8.0))
            } else {
                (Align::End, later.min(middle - half - 8.0))
            };
            p.text_inside(Label::new(text, (from, plot.top - size * 0.9), align, size, Ink::Muted));
        }
    }
    p.line(vec![(px, plot.top), (px, plot.bottom)], Ink::Text, 1.5, &[]);
    p.dot((px, plot.bottom), 6.0, Ink::Text);
    if !p.frame.titled {
        handle(p, (px, plot.bottom));
    }
    p.text(Label::new(you, (middle, plot.top - size * 0.9), Align::Middle, size, Ink::Text).bold());
}

/// Arrowheads to both sides: on the page the volume can be dragged.
fn handle(p: &mut Picture, (px, py): (f64, f64)) {
    for side in [-1.0, 1.0] {
        let x = px + side * 11.0;
        p.line(vec![(x, py - 4.0), (x + side * 4.0, py), (x, py + 4.0)], Ink::Text, 1.5, &[]);
    }
}

fn draw(p: &mut Picture, lines: &[Drawn], x: Scale, y: Scale, size: f64) {
    let mut named = Vec::new();
    for l in lines {
        let points: Vec<_> = l.samples.iter().map(|s| (x.px(s.tokens_per_day), y.px(s.usd_per_month))).collect();
        let text = match l.line {
            Line::Of(side) => side.label(),
            Line::Pinned(i) => letter(i),
        };
        let bold = l.line != Line::Of(l.side) || l.side == Side::SelfHosted;
        named.extend(points.last().map(|(_, at)| End { text, ink: Ink::Of(l.side), bold, at: *at }));
        p.line(points, Ink::Of(l.side), l.width, l.line.dash());
    }
    ends(p, named, size);
}

/// The volume of each pinned scenario: a dot with its letter on its own line.
fn pinned_volumes(p: &mut Picture, beside: &Beside, x: Scale, y: Scale, size: f64) {
    for (i, pin) in beside.pinned() {
        let volume = pin.plan.curves.tokens_per_day;
        let Some(usd) = at(&pin.plan.curves.self_hosted, volume) else { continue };
        let dot = (x.px(volume), y.px(usd));
        p.dot(dot, 7.0, Ink::Of(Side::SelfHosted));
        p.text(Label::new(letter(i), dot, Align::Middle, size * 0.85, Ink::Paper).bold());
    }
}

/// A labelled dot at each crossing; labels look for a place around their dot where they hide no line and no word.
fn crossings(p: &mut Picture, plan: &Plan, beside: &Beside, x: Scale, y: Scale, size: f64) {
    if !beside.shows(Line::Of(Side::SelfHosted)) {
        return;
    }
    let mut taken = obstacles(p);
    for b in &plan.break_even {
        let (Some(side), Some(curve)) =
            (Side::of_role(&b.against), plan.curves.api.iter().find(|a| a.role == b.against))
        else {
            continue;
        };
        if !beside.shows(Line::Of(side)) {
            continue;
        }
        for c in &b.crossings {
            let Some(usd) = at(&curve.samples, c.tokens_per_day) else { continue };
            let dot = (x.px(c.tokens_per_day), y.px(usd));
            p.dot(dot, 4.5, Ink::Of(side));
            let (label, free) = place(dot, &count(c.tokens_per_day), size, Ink::Of(side), &taken, p.plot);
            let area = label.area();
            if !free {
                p.marks.push(Mark::Bar { area, ink: Ink::Paper });
            }
            taken.push(area);
            taken.push(around(dot, 5.0));
            p.text(label);
        }
    }
}

/// Cost of a sampled line at a volume, straight between its samples.
pub(super) fn at(samples: &[Sample], tokens_per_day: f64) -> Option<f64> {
    let i = samples.partition_point(|s| s.tokens_per_day < tokens_per_day);
    let (b, a) = (samples.get(i)?, samples.get(i.checked_sub(1).unwrap_or(i))?);
    let span = b.tokens_per_day - a.tokens_per_day;
    let share = if span > 0.0 { (tokens_per_day - a.tokens_per_day) / span } else { 0.0 };
    Some(a.usd_per_month + share * (b.usd_per_month - a.usd_per_month))
}
