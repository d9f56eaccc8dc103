//! Predicted against measured bytes: a plain SVG with two logarithmic axes, for light and dark pages.

use std::fmt::Write;

use crossover::math::log10;

use super::memory_cases::Case;

/// Ends of both axes, powers of ten of bytes.
const DECADES: (f64, f64) = (7.0, 13.0);
/// Pixels of the plot and of its margin.
const SIDE: f64 = 420.0;
const MARGIN: f64 = 56.0;
/// Labels of whole decades.
const LABELS: [&str; 7] = ["10 MB", "100 MB", "1 GB", "10 GB", "100 GB", "1 TB", "10 TB"];
/// Quantities in bytes, with their colours on light and on dark ground.
const KINDS: [(&str, &str, &str); 4] = [
    ("weights_bytes_total", "checkpoint size", "#0b5cad"),
    ("weights_bytes", "weights loaded on a GPU", "#0a7554"),
    ("kv_pool_bytes", "KV pool", "#c2410c"),
    ("activation_bytes", "activations", "#8544a0"),
];

fn place(bytes: f64) -> f64 {
    (log10(bytes) - DECADES.0) / (DECADES.1 - DECADES.0) * SIDE
}

/// The picture.
pub fn svg(cases: &[Case]) -> String {
    let (width, height) = (SIDE + 2.0 * MARGIN + 170.0, SIDE + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fdfcf9\"/>\n"
    );
    axes(&mut out);
    for (quantity, _, colour) in KINDS {
        for case in cases.iter().filter(|c| c.quantity == quantity && c.predicted > 0.0) {
            let (x, y) = (MARGIN + place(case.measured), MARGIN + SIDE - place(case.predicted));
            let _ =
                writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\" fill-opacity=\"0.6\"/>");
        }
    }
    for (i, (_, label, colour)) in KINDS.iter().enumerate() {
        let (x, y) = (MARGIN + SIDE + 20.0, MARGIN + 10.0 + 22.0 * i as f64);
        let _ = writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"{colour}\"/>");
        let _ = writeln!(out, "<text x=\"{}\" y=\"{}\" fill=\"#1c1e21\">{label}</text>", x + 10.0, y + 4.0);
    }
    out + "</svg>\n"
}

fn axes(out: &mut String) {
    let end = MARGIN + SIDE;
    for (i, label) in LABELS.iter().enumerate() {
        let at = SIDE * i as f64 / (LABELS.len() - 1) as f64;
        let (x, y) = (MARGIN + at, end - at);
        let _ = writeln!(out, "<path d=\"M{x:.1} {MARGIN}V{end}M{MARGIN} {y:.1}H{end}\" stroke=\"#e6e3dc\"/>");
        let _ = writeln!(
            out,
            "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#5d6167\">{label}</text>",
            end + 18.0
        );
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#5d6167\">{label}</text>",
            MARGIN - 6.0,
            y + 4.0
        );
    }
    let _ = writeln!(out, "<path d=\"M{MARGIN} {end}L{end} {MARGIN}\" stroke=\"#8b8e92\" stroke-dasharray=\"4 4\"/>");
    let middle = MARGIN + SIDE / 2.0;
    let _ = writeln!(
        out,
        "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\" fill=\"#1c1e21\">measured</text>",
        end + 40.0
    );
    let _ = writeln!(out, "<text x=\"{MARGIN}\" y=\"{}\" fill=\"#1c1e21\">predicted</text>", MARGIN - 16.0);
}
