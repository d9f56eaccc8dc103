//! The verdict as a picture: the sentence, the four figures, and as many reasons as there is room for.

use super::headline::{Figure, all_figures};
use super::metrics::wrap;
use super::palette::{Ink, Side};
use super::picture::{Align, Frame, Label, Picture};
use crate::engine::Plan;

/// Sizes of the sentence, CSS pixels: the first at which it leaves room for the figures.
const SENTENCE: [f64; 6] = [26.0, 22.0, 19.0, 17.0, 15.0, 13.0];
/// Line heights over sizes.
const LEADING: f64 = 1.3;
/// Distance from the edges, CSS pixels.
const MARGIN: f64 = 16.0;
/// Space between columns of figures, CSS pixels.
const GUTTER: f64 = 14.0;

/// Draw it.
pub fn picture(plan: &Plan, frame: Frame) -> Picture {
    let (mut p, _) = Picture::begin(Frame { titled: false, ..frame }, plan.advice.sentence.clone());
    let all = all_figures(plan);
    let table = Columns::of(&frame);
    let most = frame.height - 2.0 * MARGIN - table.height(&all) - MARGIN;
    let (size, lines) = sentence(&plan.advice.sentence, frame.width - 2.0 * MARGIN, most);
    let mut top = MARGIN;
    for line in lines {
        let at = (MARGIN, top + size * LEADING / 2.0);
        p.text(Label::new(line, at, Align::Start, size, Ink::Text).bold());
        top += size * LEADING;
    }
    top = table.draw(&mut p, &all, top + MARGIN);
    reasons(&mut p, plan, top + MARGIN);
    p
}

/// The sentence at the largest size at which it is no taller than `most`.
fn sentence(text: &str, width: f64, most: f64) -> (f64, Vec<String>) {
    let at = |size: f64| (size, wrap(text, size, true, width));
    let smallest = SENTENCE[SENTENCE.len() - 1];
    let fits = |(size, lines): &(f64, Vec<String>)| lines.len() as f64 * size * LEADING <= most;
    SENTENCE.into_iter().map(at).find(fits).unwrap_or_else(|| at(smallest))
}

/// How the figures are set: four in a row, two where there is less room.
struct Columns {
    number: usize,
    width: f64,
    label: f64,
    value: f64,
}

impl Columns {
    fn of(frame: &Frame) -> Self {
        let number = if frame.narrow() { 2 } else { 4 };
        let gutters = GUTTER * (number as f64 - 1.0);
        let width = (frame.width - 2.0 * MARGIN - gutters) / number as f64;
        Self { number, width, label: frame.label_size(), value: if frame.narrow() { 16.0 } else { 20.0 } }
    }

    fn note(&self, figure: &Figure) -> Vec<String> {
        wrap(&figure.note, self.label, false, self.width)
    }

    fn row_height(&self, row: &[Figure]) -> f64 {
        let notes = row.iter().map(|f| self.note(f).len()).max().unwrap_or(0);
        self.label * LEADING * (1 + notes) as f64 + self.value * LEADING
    }

    fn height(&self, all: &[Figure]) -> f64 {
        let rows = all.chunks(self.number);
        let gaps = MARGIN * (rows.len() as f64 - 1.0);
        rows.map(|row| self.row_height(row)).sum::<f64>() + gaps
    }

    /// Draw them from `top` down; returns where they end.
    fn draw(&self, p: &mut Picture, all: &[Figure], mut top: f64) -> f64 {
        for (i, row) in all.chunks(self.number).enumerate() {
            top += if i == 0 { 0.0 } else { MARGIN };
            for (column, figure) in row.iter().enumerate() {
                self.figure(p, figure, (MARGIN + column as f64 * (self.width + GUTTER), top));
            }
            top += self.row_height(row);
        }
        top
    }

    fn figure(&self, p: &mut Picture, figure: &Figure, (left, top): (f64, f64)) {
        let (label, value) = (self.label * LEADING, self.value * LEADING);
        let mut text = |text: &str, y: f64, size: f64, ink: Ink| {
            let line = Label::new(text, (left, y), Align::Start, size, ink);
            p.text(if size > self.label { line.bold() } else { line });
        };
        let ink = Side::of_role(figure.side).map_or(Ink::Text, Ink::Of);
        text(&figure.label, top + label / 2.0, self.label, Ink::Muted);
        text(&figure.value, top + label + value / 2.0, self.value, ink);
        for (i, line) in self.note(figure).iter().enumerate() {
            text(line, top + label * (i as f64 + 1.5) + value, self.label, Ink::Muted);
        }
    }
}

/// Reasons from `top` down, each as a whole, until the next one finds no room.
fn reasons(p: &mut Picture, plan: &Plan, mut top: f64) {
    let (size, frame) = (p.frame.label_size() + 0.5, p.frame);
    let height = size * LEADING;
    for reason in &plan.advice.reasons {
        let lines = wrap(&reason.text, size, false, frame.width - 2.0 * MARGIN - 14.0);
        if top + height * lines.len() as f64 > frame.height - MARGIN / 2.0 {
            return;
        }
        p.dot((MARGIN + 3.0, top + height / 2.0), 2.0, Ink::Muted);
        for line in lines {
            p.text(Label::new(line, (MARGIN + 14.0, top + height / 2.0), Align::Start, size, Ink::Text));
            top += height;
        }
        top += size * 0.4;
    }
}
