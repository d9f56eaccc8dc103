//! A panel as an SVG document that stands alone: title, description, system fonts, no scripts and no styles.

use plotters_svg::SVGBackend;

use super::paint::{ChartError, PER_PIXEL, paint};
use super::palette::{Ink, Theme};
use super::picture::{Frame, Mark, Picture, Rect};
use super::{Beside, Panel, picture_beside};
use crate::engine::Plan;

/// plotters' SVG backend divides font sizes by this before it writes them.
const SVG_FONT_SCALE: f64 = 1.24;
/// Width and height of a picture where nothing is said, CSS pixels.
pub const SIZE: (u32, u32) = (960, 540);
/// Sizes accepted, CSS pixels.
const SIZES: std::ops::RangeInclusive<u32> = 200..=4000;

/// Draw a panel of a Plan as an SVG document of `width` by `height` CSS pixels, with its finding as the title.
///
/// # Errors
/// A size outside 200..4000 pixels, or what the backend says.
pub fn svg(panel: Panel, plan: &Plan, theme: Theme, width: u32, height: u32) -> Result<String, ChartError> {
    svg_beside(panel, plan, Frame::new(f64::from(width), f64::from(height), theme), &Beside::default())
}

/// The same in a frame of whole CSS pixels, with pinned scenarios beside the plan and some lines hidden.
///
/// # Errors
/// As [`svg`].
pub fn svg_beside(panel: Panel, plan: &Plan, frame: Frame, beside: &Beside) -> Result<String, ChartError> {
    document(panel.heading(), frame, |frame| picture_beside(panel, plan, frame, beside))
}

/// Draw the picture that `of` makes for a titled frame, under a heading for screen readers.
pub(super) fn document(
    heading: &str,
    mut frame: Frame,
    of: impl FnOnce(Frame) -> Picture,
) -> Result<String, ChartError> {
    let (width, height) = (frame.width as u32, frame.height as u32);
    if !SIZES.contains(&width) || !SIZES.contains(&height) {
        let (least, most) = (SIZES.start(), SIZES.end());
        return Err(ChartError(format!("{width} x {height} pixels is outside {least}..{most} on a side")));
    }
    frame.titled = true;
    let mut drawn = of(frame);
    let paper = Rect { left: 0.0, top: 0.0, right: frame.width, bottom: frame.height };
    drawn.marks.insert(0, Mark::Bar { area: paper, ink: Ink::Paper });
    let units = (width * PER_PIXEL as u32, height * PER_PIXEL as u32);
    let mut body = String::new();
    paint(&drawn, SVGBackend::with_string(&mut body, units), SVG_FONT_SCALE)?;
    Ok(with_head(&body, &drawn.finding, heading, (width, height), units))
}

/// Replace the backend's opening tag by one in CSS pixels with a name and a description for screen readers.
fn with_head(body: &str, finding: &str, heading: &str, (width, height): (u32, u32), units: (u32, u32)) -> String {
    let rest = body.find('>').map_or(body, |i| &body[i + 1..]);
    let head = format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}" "#,
            r#"role="img" aria-labelledby="title desc">"#,
            "\n<title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>"
        ),
        width,
        height,
        units.0,
        units.1,
        escape(heading),
        escape(finding)
    );
    head + rest
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
