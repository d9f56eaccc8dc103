//! One GPU's memory as a stacked bar: weights, activations, overhead, graphs, KV cache, and what is left.

use super::axis::Scale;
use super::metrics::text_width;
use super::palette::Ink;
use super::picture::{Align, Frame, Label, Mark, Picture, Rect};
use super::words::{count, gib};
use crate::engine::Plan;
use crate::units::GIB;

/// A part of the bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MemoryPart {
    /// Its name.
    pub label: &'static str,
    /// What it is, in a sentence without a full stop.
    pub help: &'static str,
    /// Its size, bytes on the fullest GPU.
    pub bytes: f64,
    /// Its colour; `None` is hatched: outside what the engine may take.
    pub ink: Option<Ink>,
}

/// The parts of one GPU, in the order of the bar; they add up to its capacity where everything fits.
pub fn parts(plan: &Plan) -> [MemoryPart; 6] {
    let g = &plan.memory.per_gpu;
    let part = |label, help, bytes, ink| MemoryPart { label, help, bytes, ink };
    [
        part("Weights", "This GPU's share of the model", g.weights_bytes, Some(Ink::Memory(0))),
        part("KV cache", "Keys and values of the requests in flight", g.kv_pool_bytes, Some(Ink::Memory(1))),
        part("Activations", "Peak of one step", g.activation_bytes, Some(Ink::Memory(2))),
        part("Engine", "Context, communication buffers, sampler", g.non_torch_bytes, Some(Ink::Memory(3))),
        part("CUDA graphs", "Captured launches", g.cuda_graph_bytes, Some(Ink::Memory(4))),
        part("Kept free", "Outside the share the engine may take", g.unused_bytes, None),
    ]
}

/// Whether it fits, and what binds.
pub fn finding(plan: &Plan) -> String {
    let m = &plan.memory;
    let gpus = plan.fleet.gpus_per_replica;
    let on = if gpus == 1 { "one GPU".to_string() } else { format!("{gpus} GPUs") };
    if !m.fits.weights {
        let need: f64 = parts(plan).iter().map(|p| p.bytes).sum();
        return format!("It does not fit: each GPU would need {} and has {}", gib(need), gib(m.per_gpu.capacity_bytes));
    }
    if !m.fits.longest_request {
        return format!("The weights fit on {on}, but not one request of the longest size");
    }
    format!(
        "Fits on {on}: {} of weights{}, and room for {} average requests at once",
        gib(m.per_gpu.weights_bytes),
        if gpus == 1 { "" } else { " each" },
        count(m.max_sequences_at_mean)
    )
}

/// Draw it.
pub fn picture(plan: &Plan, frame: Frame) -> Picture {
    let (mut p, top) = Picture::begin(frame, finding(plan));
    let size = frame.label_size();
    let all = parts(plan);
    let sum: f64 = all.iter().map(|m| m.bytes).sum();
    let capacity = plan.memory.per_gpu.capacity_bytes;
    let bar = Rect { left: 4.0, top: top + size * 1.8, right: frame.width - 4.0, bottom: top + size * 1.8 + 46.0 };
    p.plot = bar;
    let x = Scale::linear((0.0, sum.max(capacity).max(1.0)), (bar.left, bar.right));
    p.x = Some(x);
    let mut at = 0.0;
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for part in all.into_iter().filter(|m| m.bytes > 0.0) {
        let area = Rect { left: x.px(at), right: x.px(at + part.bytes), ..bar };
        at += part.bytes;
        segment(&mut p, area, part);
        match holds_words(area, part, size) {
            true => inside.push((area, part)),
            false => outside.push(((area.left + area.right) / 2.0, part)),
        }
    }
    if sum > capacity * 1.000_001 {
        let area = Rect { left: x.px(capacity), right: x.px(sum), ..bar };
        p.marks.push(Mark::Hatch { area, ink: Ink::Warning });
    }
    for (area, part) in inside {
        written(&mut p, area, part, size);
    }
    leaders(&mut p, &outside, size);
    limit(&mut p, x, capacity, sum, size);
    p
}

fn segment(p: &mut Picture, area: Rect, part: MemoryPart) {
    match part.ink {
        Some(ink) => p.marks.push(Mark::Bar { area, ink }),
        None => p.marks.push(Mark::Hatch { area, ink: Ink::Axis }),
    }
    p.hairline((area.right, area.top), (area.right, area.bottom), Ink::Paper);
}

/// Whether a part has room for its words: on the two darkest tints only, where paper-coloured text has the contrast of
/// text.
fn holds_words(area: Rect, part: MemoryPart, size: f64) -> bool {
    let width = text_width(part.label, size, true).max(text_width(&gib(part.bytes), size, false)) + 10.0;
    matches!(part.ink, Some(Ink::Memory(0 | 1))) && area.right - area.left > width
}

/// A part's name and size on it, on a ground of its own where what is too much is hatched.
fn written(p: &mut Picture, area: Rect, part: MemoryPart, size: f64) {
    let (middle, height) = ((area.left + area.right) / 2.0, (area.top + area.bottom) / 2.0);
    let line = |text: String, y| Label::new(text, (middle, y), Align::Middle, size, Ink::Paper);
    for label in [line(part.label.into(), height - size * 0.65).bold(), line(gib(part.bytes), height + size * 0.65)] {
        if let Some(ink) = part.ink {
            p.marks.push(Mark::Bar { area: label.area(), ink });
        }
        p.text(label);
    }
}

/// Labels below the bar for the parts too small to hold them, each on a line of its own. The leftmost comes first, so
/// that the lines to the others run past it on its right.
fn leaders(p: &mut Picture, outside: &[(f64, MemoryPart)], size: f64) {
    let mut height = p.plot.bottom + size * 1.3;
    for (middle, part) in outside {
        let text = format!("{} {}", part.label, gib(part.bytes));
        let w = text_width(&text, size, false);
        p.line(vec![(*middle, p.plot.bottom), (*middle, height)], Ink::Axis, 1.0, &[]);
        let left = *middle - 12.0 - w >= 2.0;
        let (to, align) = if left { (*middle - 8.0, Align::End) } else { (*middle + 8.0, Align::Start) };
        p.hairline((*middle, height), (if left { to + 3.0 } else { to - 3.0 }, height), Ink::Axis);
        p.text_inside(Label::new(text, (to, height), align, size, Ink::Text));
        height += size * 1.55;
    }
}

/// What the GPU has, and by how much it is too little, above the bar.
fn limit(p: &mut Picture, x: Scale, capacity: f64, sum: f64, size: f64) {
    let bar = p.plot;
    let over = sum > capacity * 1.000_001;
    let (ink, px) = (if over { Ink::Warning } else { Ink::Axis }, x.px(capacity));
    p.line(vec![(px, bar.top - 5.0), (px, bar.bottom + 5.0)], ink, 2.0, &[]);
    let height = bar.top - size * 0.95;
    let label = match over {
        true => {
            let text = format!("{} on the GPU, {:.1} GiB too much", gib(capacity), (sum - capacity) / GIB);
            Label::new(text, (px, height), Align::Start, size, ink).bold()
        }
        false => Label::new(format!("{} on the GPU", gib(capacity)), (px, height), Align::End, size, Ink::Muted),
    };
    let unit = Label::new("GiB (2^30 bytes)", (bar.left, height), Align::Start, size, Ink::Muted);
    p.text_inside(label);
    let free = p.labels().last().is_none_or(|l| !l.area().overlaps(&unit.area()));
    if free {
        p.text(unit);
    }
}
