//! The two fonts of PNG pictures: Inter regular and bold, cut down to the letters of Western Europe (`font/README.md`).

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

use crate::chart::paint::ChartError;

const REGULAR: &[u8] = include_bytes!("font/inter-400.ttf");
const BOLD: &[u8] = include_bytes!("font/inter-700.ttf");

/// A font that measures and draws.
pub struct Font(Face<'static>);

impl Font {
    /// The regular weight.
    pub fn regular() -> Result<Self, ChartError> {
        Self::read(REGULAR)
    }

    /// The bold weight.
    pub fn bold() -> Result<Self, ChartError> {
        Self::read(BOLD)
    }

    fn read(file: &'static [u8]) -> Result<Self, ChartError> {
        Face::parse(file, 0).map(Self).map_err(|e| ChartError(format!("the font cannot be read: {e}")))
    }

    /// Font units to the size's unit.
    fn scale(&self, size: f32) -> f32 {
        size / f32::from(self.0.units_per_em())
    }

    /// The glyph of a letter; one that the font lacks is drawn as its empty box.
    fn glyph(&self, letter: char) -> GlyphId {
        self.0.glyph_index(letter).unwrap_or(GlyphId(0))
    }

    /// Whether the font has a letter.
    #[cfg(test)]
    pub fn has(&self, letter: char) -> bool {
        self.0.glyph_index(letter).is_some()
    }

    fn advance(&self, glyph: GlyphId) -> f32 {
        f32::from(self.0.glyph_hor_advance(glyph).unwrap_or(0))
    }

    /// Width of a line of text, in the size's unit.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.advance(self.glyph(c))).sum::<f32>() * self.scale(size)
    }

    /// Height of a small x, in the size's unit.
    pub fn x_height(&self, size: f32) -> f32 {
        f32::from(self.0.x_height().unwrap_or(0)) * self.scale(size)
    }

    /// The outlines of a line of text whose base line begins at a point; nothing for blanks.
    pub fn outline(&self, text: &str, size: f32, at: (f32, f32)) -> Option<Path> {
        let mut pen = Pen { path: PathBuilder::new(), at, scale: self.scale(size) };
        for letter in text.chars() {
            let glyph = self.glyph(letter);
            self.0.outline_glyph(glyph, &mut pen);
            pen.at.0 += self.advance(glyph) * pen.scale;
        }
        pen.path.finish()
    }
}

/// Takes a glyph's outline in font units, upwards, into a picture, downwards.
struct Pen {
    path: PathBuilder,
    at: (f32, f32),
    scale: f32,
}

impl Pen {
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (self.at.0 + x * self.scale, self.at.1 - y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.place(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.place(x1, y1), self.place(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.place(x1, y1), self.place(x2, y2), self.place(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
