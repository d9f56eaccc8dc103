//! Widths of text without a font: a fixed table, so that a picture is laid out the same natively and in a browser.

/// Advance widths of Helvetica and its metric twins for ASCII 32..=126, thousandths of an em (Adobe Font Metrics,
/// Helvetica, 1997). System fonts are within a few percent of it for our labels.
const ADVANCE: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
/// Advance of anything else, thousandths of an em.
const OTHER: u16 = 600;
/// Bold over regular width, and a margin for fonts wider than Helvetica (DejaVu Sans, the widest in wide use, is 15 % wider).
const BOLD: f64 = 1.09;
const MARGIN: f64 = 1.15;

/// Width of a line of text at a size, in the size's unit.
pub fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    let thousandths: f64 = text
        .chars()
        .map(|c| {
            let i = (c as usize).wrapping_sub(32);
            f64::from(ADVANCE.get(i).copied().unwrap_or(OTHER))
        })
        .sum();
    thousandths / 1000.0 * size * MARGIN * if bold { BOLD } else { 1.0 }
}

/// Break a sentence into lines no wider than `width`, at spaces; a word that is wider stands alone.
pub fn wrap(text: &str, size: f64, bold: bool, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line)
                if text_width(line, size, bold) + text_width(" ", size, bold) + text_width(word, size, bold)
                    <= width =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_inside_the_width_and_lose_no_word() {
        let text = "Self-hosting is cheaper above 273M tokens a day than a frontier API";
        let lines = wrap(text, 14.0, true, 180.0);
        assert!(lines.len() > 1 && lines.iter().all(|l| text_width(l, 14.0, true) <= 180.0));
        assert_eq!(lines.join(" "), text);
    }
}
