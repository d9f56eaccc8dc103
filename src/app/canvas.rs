//! plotters on a canvas, crisp at any pixel ratio: drawn in eighths of a CSS pixel, with text measured by the canvas
//! itself (the stock backend measures through a styled element, which a strict content policy forbids).

use plotters::style::ShapeStyle;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::chart::{Backend, PER_PIXEL};

/// A canvas of a CSS size.
pub struct CrispCanvas {
    inner: CanvasBackend,
    context: CanvasRenderingContext2d,
    size: (u32, u32),
}

type Failure = DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>;

impl CrispCanvas {
    /// Prepare and clear a canvas of `width` by `height` CSS pixels, of at least `sharpness` device pixels each; `None`
    /// where the browser has no 2-D canvas.
    pub fn on(canvas: &HtmlCanvasElement, width: f64, height: f64, sharpness: f64) -> Option<Self> {
        let ratio = web_sys::window()?.device_pixel_ratio().max(sharpness).clamp(0.5, 8.0);
        let device = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if (canvas.width(), canvas.height()) != device {
            canvas.set_width(device.0);
            canvas.set_height(device.1);
        }
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let size = ((width * PER_PIXEL) as u32, (height * PER_PIXEL) as u32);
        let scale = ratio / PER_PIXEL;
        context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0).ok()?;
        context.clear_rect(0.0, 0.0, f64::from(size.0), f64::from(size.1));
        context.set_line_join("round");
        Some(Self { inner: CanvasBackend::with_canvas_object(canvas.clone())?, context, size })
    }
}

impl Backend for CrispCanvas {
    /// A call to the browser for each dash took most of the time of drawing.
    const DASHES: bool = true;

    fn draw_dashed(&mut self, points: &[BackendCoord], style: &ShapeStyle, dash: &[f64]) -> Result<(), Failure> {
        let pattern: js_sys::Array = dash.iter().map(|d| wasm_bindgen::JsValue::from_f64(*d)).collect();
        // A line that the browser does not dash is still the line.
        let _ = self.context.set_line_dash(&pattern);
        let drawn = self.inner.draw_path(points.iter().copied(), style);
        let _ = self.context.set_line_dash(&js_sys::Array::new());
        drawn
    }
}

impl DrawingBackend for CrispCanvas {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Result<(), Failure> {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Result<(), Failure> {
        self.inner.present()
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Result<(), Failure> {
        self.inner.draw_pixel(at, colour)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Result<(), Failure> {
        self.inner.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), Failure> {
        self.inner.draw_rect(from, to, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), Failure> {
        self.inner.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Result<(), Failure> {
        self.inner.draw_circle(centre, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Result<(), Failure> {
        self.inner.fill_polygon(corners, style)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Result<(), Failure> {
        self.inner.draw_text(text, style, at)
    }

    fn estimate_text_size<S: BackendTextStyle>(&self, text: &str, style: &S) -> Result<(u32, u32), Failure> {
        self.context.set_font(&format!("{} {}px {}", style.style().as_str(), style.size(), style.family().as_str()));
        let width = self.context.measure_text(text).map_or(0.0, |m| m.width());
        Ok((width.ceil() as u32, style.size().ceil() as u32))
    }
}
