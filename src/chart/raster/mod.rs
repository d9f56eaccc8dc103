//! A picture as PNG: the SVG that [`super::svg`] writes, drawn with the fonts of this folder instead of the reader's.
//!
//! The same document gives the same bytes on every machine: the fonts are part of the program, the rasteriser works
//! without vector instructions, and nothing asks the system. Only what our own documents hold is understood; anything
//! else is an error, since a picture with something missing is a wrong picture.

mod font;

use roxmltree::{Document, Node};
use tiny_skia::{Color, FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

use super::paint::ChartError;
use font::Font;

/// Device pixels per CSS pixel that are accepted.
pub const SCALES: std::ops::RangeInclusive<f64> = 0.5..=4.0;
/// Most pixels of a picture; 4 bytes each while it is drawn.
const MOST_PIXELS: f64 = 64e6;

/// Draw one of our SVG documents with `scale` device pixels per CSS pixel, as a PNG file.
///
/// # Errors
/// A scale outside [`SCALES`], a picture of more than 64 million pixels, or a document that [`super::svg`] did not write.
pub fn png(svg: &str, scale: f64) -> Result<Vec<u8>, ChartError> {
    if !SCALES.contains(&scale) {
        return Err(ChartError(format!("a scale of {scale} is outside {}..{}", SCALES.start(), SCALES.end())));
    }
    let document = Document::parse(svg).map_err(|e| ChartError(e.to_string()))?;
    let root = document.root_element();
    let (width, height) = (number(root, "width")? * scale, number(root, "height")? * scale);
    if width * height > MOST_PIXELS {
        return Err(ChartError(format!("{width:.0} x {height:.0} pixels are too many; lower the size or the scale")));
    }
    let pixmap = Pixmap::new(width.round() as u32, height.round() as u32);
    let mut sheet = Sheet {
        pixmap: pixmap.ok_or_else(|| ChartError(format!("{width:.0} x {height:.0} pixels are no picture")))?,
        to_pixels: Transform::from_scale((width / view(root, 2)?) as f32, (height / view(root, 3)?) as f32),
        regular: Font::regular()?,
        bold: Font::bold()?,
    };
    for node in root.children().filter(Node::is_element) {
        sheet.draw(node)?;
    }
    sheet.pixmap.encode_png().map_err(|e| ChartError(e.to_string()))
}

/// The n-th number of the view box.
fn view(root: Node, n: usize) -> Result<f64, ChartError> {
    let text = root.attribute("viewBox").unwrap_or_default();
    text.split(' ').nth(n).and_then(|t| t.parse().ok()).ok_or_else(|| strange(root, "viewBox"))
}

fn strange(node: Node, name: &str) -> ChartError {
    let (tag, value) = (node.tag_name().name(), node.attribute(name).unwrap_or_default());
    ChartError(format!("{name} \"{value}\" of <{tag}> is not understood"))
}

fn number(node: Node, name: &str) -> Result<f64, ChartError> {
    let found = node.attribute(name).and_then(|t| t.parse::<f64>().ok());
    found.filter(|n| n.is_finite()).ok_or_else(|| strange(node, name))
}

/// Attribute as the rasteriser counts: f32.
fn measure(node: Node, name: &str) -> Result<f32, ChartError> {
    Ok(number(node, name)? as f32)
}

/// A colour attribute with the element's opacity; nothing for `none`.
fn paint(node: Node, name: &str) -> Result<Option<Paint<'static>>, ChartError> {
    let text = node.attribute(name).unwrap_or("none");
    if text == "none" {
        return Ok(None);
    }
    let hex = text.strip_prefix('#').filter(|h| h.len() == 6).and_then(|h| u32::from_str_radix(h, 16).ok());
    let hex = hex.ok_or_else(|| strange(node, name))?;
    let opacity = node.attribute("opacity").map_or(Ok(1.0), |_| measure(node, "opacity"))?;
    let mut colour = Color::from_rgba8((hex >> 16) as u8, (hex >> 8) as u8, hex as u8, 255);
    colour.apply_opacity(opacity);
    let mut paint = Paint::default();
    paint.set_color(colour);
    Ok(Some(paint))
}

struct Sheet {
    pixmap: Pixmap,
    to_pixels: Transform,
    regular: Font,
    bold: Font,
}

impl Sheet {
    fn draw(&mut self, node: Node) -> Result<(), ChartError> {
        match node.tag_name().name() {
            "title" | "desc" => Ok(()),
            "rect" => self.shape(node, rectangle(node)?),
            "circle" => self.shape(node, circle(node)?),
            "line" => self.shape(node, line(node)?),
            "polyline" => self.shape(node, path(node, false)?),
            "polygon" => self.shape(node, path(node, true)?),
            "text" => self.text(node),
            other => Err(ChartError(format!("<{other}> is not understood"))),
        }
    }

    /// Fill and stroke; a shape without extent leaves nothing.
    fn shape(&mut self, node: Node, path: Option<Path>) -> Result<(), ChartError> {
        let Some(path) = path else { return Ok(()) };
        if let Some(fill) = paint(node, "fill")? {
            self.pixmap.fill_path(&path, &fill, FillRule::Winding, self.to_pixels, None);
        }
        if let Some(ink) = paint(node, "stroke")? {
            let stroke = Stroke { width: measure(node, "stroke-width")?, ..Stroke::default() };
            self.pixmap.stroke_path(&path, &ink, &stroke, self.to_pixels, None);
        }
        Ok(())
    }

    fn text(&mut self, node: Node) -> Result<(), ChartError> {
        let Some(ink) = paint(node, "fill")? else { return Ok(()) };
        let font = if node.attribute("font-weight") == Some("bold") { &self.bold } else { &self.regular };
        let (text, size) = (node.text().unwrap_or_default().trim(), measure(node, "font-size")?);
        let shift = match node.attribute("text-anchor") {
            Some("start") => 0.0,
            Some("middle") => font.width(text, size) / 2.0,
            Some("end") => font.width(text, size),
            _ => return Err(strange(node, "text-anchor")),
        };
        let drop = match node.attribute("dy") {
            Some("0.5ex") => font.x_height(size) * 0.5,
            Some("-0.5ex") => font.x_height(size) * -0.5,
            Some("0.76em") => size * 0.76,
            _ => return Err(strange(node, "dy")),
        };
        let at = (measure(node, "x")? - shift, measure(node, "y")? + drop);
        if let Some(outline) = font.outline(text, size, at) {
            self.pixmap.fill_path(&outline, &ink, FillRule::Winding, self.to_pixels, None);
        }
        Ok(())
    }
}

fn rectangle(node: Node) -> Result<Option<Path>, ChartError> {
    let [x, y] = [measure(node, "x")?, measure(node, "y")?];
    let [width, height] = [measure(node, "width")?, measure(node, "height")?];
    Ok(Rect::from_xywh(x, y, width, height).map(PathBuilder::from_rect))
}

fn circle(node: Node) -> Result<Option<Path>, ChartError> {
    Ok(PathBuilder::from_circle(measure(node, "cx")?, measure(node, "cy")?, measure(node, "r")?))
}

fn line(node: Node) -> Result<Option<Path>, ChartError> {
    let mut path = PathBuilder::new();
    path.move_to(measure(node, "x1")?, measure(node, "y1")?);
    path.line_to(measure(node, "x2")?, measure(node, "y2")?);
    Ok(path.finish())
}

fn path(node: Node, closed: bool) -> Result<Option<Path>, ChartError> {
    let mut path = PathBuilder::new();
    for pair in node.attribute("points").unwrap_or_default().split_whitespace() {
        let point = pair.split_once(',').and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
        let (x, y) = point.ok_or_else(|| strange(node, "points"))?;
        if path.is_empty() { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    if closed {
        path.close();
    }
    Ok(path.finish())
}

#[cfg(test)]
mod tests;
