//! A picture's marks drawn through any plotters backend, in eighths of a CSS pixel so that shallow lines stay smooth.

use plotters::coord::Shift;
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle, Text};
use plotters::prelude::{Color, DrawingArea, DrawingBackend, IntoDrawingArea};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, ShapeStyle, TextStyle};
use plotters_backend::{BackendCoord, DrawingErrorKind};
use plotters_svg::SVGBackend;

use super::palette::{Ink, Theme};
use super::picture::{Align, Label, Mark, Picture, Rect};

/// Backend units in a CSS pixel.
pub const PER_PIXEL: f64 = 8.0;
/// The system's own fonts, the same stack as the page.
pub const FONTS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
/// Distance of hatching lines, CSS pixels.
const HATCH: f64 = 6.0;
/// Paper ring around a dot, CSS pixels.
const RING: f64 = 1.5;

/// A picture could not be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the picture could not be drawn: {0}")]
pub struct ChartError(pub String);

fn failed<E: std::fmt::Display>(e: E) -> ChartError {
    ChartError(e.to_string())
}

/// A backend that pictures are drawn through.
pub trait Backend: DrawingBackend {
    /// Whether it dashes a line by itself; through others a line is drawn dash by dash.
    const DASHES: bool = false;

    /// Draw a line with dashes and gaps in turn, each so many backend units long; where it dashes by itself.
    ///
    /// # Errors
    /// What drawing says.
    fn draw_dashed(
        &mut self,
        _points: &[BackendCoord],
        _style: &ShapeStyle,
        _dash: &[f64],
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        Ok(())
    }
}

impl Backend for SVGBackend<'_> {}

/// A dashed line as one element.
struct Dashed<'a> {
    points: Vec<BackendCoord>,
    style: ShapeStyle,
    dash: &'a [f64],
}

impl<'a> PointCollection<'a, BackendCoord> for &'a Dashed<'_> {
    type Point = &'a BackendCoord;
    type IntoIter = &'a [BackendCoord];

    fn point_iter(self) -> &'a [BackendCoord] {
        &self.points
    }
}

impl<DB: Backend> Drawable<DB> for Dashed<'_> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        points: I,
        backend: &mut DB,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<DB::ErrorType>> {
        backend.draw_dashed(&points.collect::<Vec<_>>(), &self.style, self.dash)
    }
}

struct Painter<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    theme: Theme,
    font_scale: f64,
}

/// Draw a picture. `font_scale` is what the backend multiplies a font's size with before it is a CSS size; 1 for a
/// canvas, 1.24 for plotters' SVG backend.
pub fn paint<DB: Backend>(picture: &Picture, backend: DB, font_scale: f64) -> Result<(), ChartError> {
    let area = backend.into_drawing_area();
    let painter = Painter { area: &area, theme: picture.frame.theme, font_scale };
    for mark in &picture.marks {
        painter.mark(mark)?;
    }
    area.present().map_err(failed)
}

fn unit(px: f64) -> i32 {
    (px * PER_PIXEL).round() as i32
}

fn point((x, y): (f64, f64)) -> (i32, i32) {
    (unit(x), unit(y))
}

impl<DB: Backend> Painter<'_, DB> {
    fn mark(&self, mark: &Mark) -> Result<(), ChartError> {
        match mark {
            Mark::Line { points, ink, width, dash } => self.line(points, *ink, *width, dash),
            Mark::Area { points, ink, opacity } => self.area(points, *ink, *opacity),
            Mark::Bar { area, ink } => self.bar(*area, *ink),
            Mark::Hatch { area, ink } => self.hatch(*area, *ink),
            Mark::Dot { at, radius, ink } => {
                self.disc(*at, radius + RING, Ink::Paper)?;
                self.disc(*at, *radius, *ink)
            }
            Mark::Text(label) => self.text(label),
        }
    }

    fn style(&self, ink: Ink, width: f64) -> ShapeStyle {
        ShapeStyle::from(&ink.colour(self.theme)).stroke_width(unit(width).max(1) as u32)
    }

    fn line(&self, points: &[(f64, f64)], ink: Ink, width: f64, dash: &[f64]) -> Result<(), ChartError> {
        let style = self.style(ink, width);
        if DB::DASHES && !dash.is_empty() {
            let dash: Vec<f64> = dash.iter().map(|d| d * PER_PIXEL).collect();
            let line = Dashed { points: points.iter().copied().map(point).collect(), style, dash: &dash };
            return self.area.draw(&line).map_err(failed);
        }
        let pieces = if dash.is_empty() { vec![points.to_vec()] } else { dashes(points, dash) };
        for piece in pieces {
            let path = PathElement::new(piece.into_iter().map(point).collect::<Vec<_>>(), style);
            self.area.draw(&path).map_err(failed)?;
        }
        Ok(())
    }

    fn area(&self, points: &[(f64, f64)], ink: Ink, opacity: f64) -> Result<(), ChartError> {
        let corners: Vec<_> = points.iter().copied().map(point).collect();
        self.area.draw(&Polygon::new(corners, ink.colour(self.theme).mix(opacity))).map_err(failed)
    }

    fn bar(&self, r: Rect, ink: Ink) -> Result<(), ChartError> {
        let corners = [point((r.left, r.top)), point((r.right, r.bottom))];
        self.area.draw(&Rectangle::new(corners, ink.colour(self.theme).filled())).map_err(failed)
    }

    fn hatch(&self, r: Rect, ink: Ink) -> Result<(), ChartError> {
        let (w, h) = (r.right - r.left, r.bottom - r.top);
        let mut offset = HATCH;
        while offset < w + h {
            let from = (r.left + offset.min(w), r.top + (offset - w).max(0.0));
            let to = (r.left + (offset - h).max(0.0), r.top + offset.min(h));
            self.line(&[from, to], ink, 1.0, &[])?;
            offset += HATCH;
        }
        let around = [(r.left, r.top), (r.right, r.top), (r.right, r.bottom), (r.left, r.bottom), (r.left, r.top)];
        self.line(&around, ink, 1.0, &[])
    }

    fn disc(&self, at: (f64, f64), radius: f64, ink: Ink) -> Result<(), ChartError> {
        let circle = Circle::new(point(at), unit(radius), ink.colour(self.theme).filled());
        self.area.draw(&circle).map_err(failed)
    }

    fn text(&self, label: &Label) -> Result<(), ChartError> {
        let h = match label.align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        let style = if label.bold { FontStyle::Bold } else { FontStyle::Normal };
        // The family as it is: reading one from a text would bring the tables of every alphabet's capitals.
        let font = FontDesc::new(FontFamily::Name(FONTS), label.size * PER_PIXEL * self.font_scale, style);
        let colour = label.ink.colour(self.theme);
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(h, VPos::Center));
        self.area.draw(&Text::new(label.text.as_str(), point(label.at), style)).map_err(failed)
    }
}

/// Cut a line into its dashes.
fn dashes(points: &[(f64, f64)], pattern: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let Some(first) = points.first() else { return Vec::new() };
    let (mut out, mut current) = (Vec::new(), vec![*first]);
    let (mut slot, mut left) = (0, pattern[0]);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let length = (dx * dx + dy * dy).sqrt();
            if length <= left || length == 0.0 {
                left -= length;
                current.push(to);
                break;
            }
            from = (from.0 + dx * left / length, from.1 + dy * left / length);
            current.push(from);
            if slot % 2 == 0 {
                out.push(std::mem::take(&mut current));
            }
            current = vec![from];
            slot = (slot + 1) % pattern.len();
            left = pattern[slot].max(0.5);
        }
    }
    if slot % 2 == 0 && current.len() > 1 {
        out.push(current);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::dashes;

    #[test]
    fn dashes_cover_their_share_of_a_line() {
        let pieces = dashes(&[(0.0, 0.0), (50.0, 0.0), (100.0, 0.0)], &[6.0, 4.0]);
        let drawn: f64 = pieces.iter().flat_map(|p| p.windows(2).map(|w| w[1].0 - w[0].0)).sum();
        assert_eq!(pieces.len(), 10);
        assert!((drawn - 60.0).abs() < 1e-9);
    }
}
