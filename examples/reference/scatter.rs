//! Predicted against measured: a plain SVG with two logarithmic axes and the line on which both agree.

use std::fmt::Write;

use crossover::math::log10;

/// Pixels of the plot, of its margin, and of the names beside it.
const SIDE: f64 = 420.0;
const MARGIN: f64 = 56.0;
const NAMES: f64 = 190.0;
/// Colours of the series, of equal weight on the page's paper.
const COLOURS: [&str; 5] = ["#0b5cad", "#0a7554", "#c2410c", "#8544a0", "#9a5b00"];

/// Points of one colour.
pub struct Series {
    /// What they are.
    pub name: String,
    /// Measured and predicted.
    pub points: Vec<(f64, f64)>,
}

/// One picture.
pub struct Plot<'a> {
    /// What is measured, with its unit.
    pub title: &'a str,
    /// Power of ten at which both axes begin.
    pub from: f64,
    /// Names of the decades from there on.
    pub labels: &'a [&'a str],
    /// Errors whose lines are drawn beside the diagonal: 2.0 is twice and half.
    pub factor: Option<f64>,
    /// What is plotted.
    pub series: Vec<Series>,
}

impl Plot<'_> {
    /// The picture.
    pub fn svg(&self) -> String {
        let (width, height) = (SIDE + 2.0 * MARGIN + NAMES, SIDE + 2.0 * MARGIN);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
             <title>{}: predicted against measured</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fdfcf9\"/>\n",
            self.title
        );
        self.axes(&mut out);
        for (series, colour) in self.series.iter().zip(COLOURS) {
            for (measured, predicted) in series.points.iter().filter(|(m, p)| *m > 0.0 && *p > 0.0) {
                let (x, y) = (MARGIN + self.place(*measured), MARGIN + SIDE - self.place(*predicted));
                let _ = writeln!(
                    out,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\" fill-opacity=\"0.6\"/>"
                );
            }
        }
        self.names(&mut out);
        out + "</svg>\n"
    }

    /// Pixels from the axis' beginning; what lies outside is put on the edge.
    fn place(&self, value: f64) -> f64 {
        ((log10(value) - self.from) / (self.labels.len() - 1) as f64 * SIDE).clamp(0.0, SIDE)
    }

    fn names(&self, out: &mut String) {
        for (i, (series, colour)) in self.series.iter().zip(COLOURS).enumerate() {
            let (x, y) = (MARGIN + SIDE + 20.0, MARGIN + 10.0 + 22.0 * i as f64);
            let _ = writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"{colour}\"/>");
            let (name, n) = (&series.name, series.points.len());
            let _ = writeln!(out, "<text x=\"{}\" y=\"{}\" fill=\"#1c1e21\">{name}, n = {n}</text>", x + 10.0, y + 4.0);
        }
    }

    fn axes(&self, out: &mut String) {
        let end = MARGIN + SIDE;
        let grey = "text-anchor=\"middle\" fill=\"#5d6167\"";
        for (i, label) in self.labels.iter().enumerate() {
            let at = SIDE * i as f64 / (self.labels.len() - 1) as f64;
            let (x, y) = (MARGIN + at, end - at);
            let _ = writeln!(out, "<path d=\"M{x:.1} {MARGIN}V{end}M{MARGIN} {y:.1}H{end}\" stroke=\"#e6e3dc\"/>");
            let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{}\" {grey}>{label}</text>", end + 18.0);
            let (x, y) = (MARGIN - 6.0, y + 4.0);
            let _ = writeln!(out, "<text x=\"{x}\" y=\"{y:.1}\" text-anchor=\"end\" fill=\"#5d6167\">{label}</text>");
        }
        let _ =
            writeln!(out, "<path d=\"M{MARGIN} {end}L{end} {MARGIN}\" stroke=\"#8b8e92\" stroke-dasharray=\"4 4\"/>");
        if let Some(factor) = self.factor {
            let off = log10(factor) / (self.labels.len() - 1) as f64 * SIDE;
            let (near, far) = (MARGIN + off, end - off);
            let lines = format!("M{MARGIN} {far:.1}L{far:.1} {MARGIN}M{near:.1} {end}L{end} {near:.1}");
            let _ = writeln!(out, "<path d=\"{lines}\" stroke=\"#d9d5cb\" stroke-dasharray=\"2 4\"/>");
        }
        let (middle, below) = (MARGIN + SIDE / 2.0, end + 40.0);
        let _ =
            writeln!(out, "<text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\" fill=\"#1c1e21\">measured</text>");
        let above = MARGIN - 16.0;
        let _ = writeln!(out, "<text x=\"{MARGIN}\" y=\"{above}\" fill=\"#1c1e21\">predicted: {}</text>", self.title);
    }
}
