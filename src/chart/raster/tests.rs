//! Pins what a PNG promises: the size asked for, the same bytes every time, the colours of the SVG, and words that take
//! no more room than the layout gave them.

use super::*;
use crate::catalog::Catalog;
use crate::chart::metrics::text_width;
use crate::chart::{Frame, Ink, Still, Theme, still};
use crate::engine::{Effort, Plan, plan_with};
use crate::scenario::Scenario;

fn plan() -> Plan {
    plan_with(&Scenario::default(), &Catalog::embedded().unwrap(), Effort { draws: 200 }).unwrap()
}

fn decoded(file: &[u8]) -> Pixmap {
    Pixmap::decode_png(file).unwrap()
}

#[test]
fn every_still_is_drawn_in_both_themes_with_the_paper_in_the_corners() {
    let plan = plan();
    for what in Still::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            let svg = still(what, &plan, Frame::new(640.0, 400.0, theme)).unwrap();
            let (once, again) = (png(&svg, 1.5).unwrap(), png(&svg, 1.5).unwrap());
            assert!(once == again, "{what:?}");
            let picture = decoded(&once);
            assert_eq!((picture.width(), picture.height()), (960, 600));
            let paper = Ink::Paper.colour(theme);
            let last = picture.width() - 1;
            for (x, y) in [(0, 0), (last, 0), (0, picture.height() - 1)] {
                let pixel = picture.pixel(x, y).unwrap();
                assert_eq!((pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()), (paper.0, paper.1, paper.2, 255));
            }
            let colours: std::collections::HashSet<_> =
                picture.pixels().iter().map(|p| (p.red(), p.green(), p.blue())).collect();
            assert!(colours.len() > 20, "{what:?}: only {} colours", colours.len());
        }
    }
}

#[test]
fn words_take_no_more_room_than_the_layout_gave_them() {
    let (regular, bold, plan) = (Font::regular().unwrap(), Font::bold().unwrap(), plan());
    for what in Still::ALL {
        let frame = Frame { titled: true, ..Frame::new(760.0, 420.0, Theme::Light) };
        for label in what.picture(&plan, frame).labels() {
            let font = if label.bold { &bold } else { &regular };
            let (real, given) = (f64::from(font.width(&label.text, 12.0)), text_width(&label.text, 12.0, label.bold));
            assert!(real <= given * 1.001, "{what:?}: {}: {real} > {given}", label.text);
            assert!(label.text.chars().all(|c| font.has(c)), "{what:?}: a letter of {} is missing", label.text);
        }
    }
}

/// A document with one of everything; its pixels were looked at once and are the same on every machine since.
const SAMPLE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60" viewBox="0 0 960 480">
<title>t</title><desc>d</desc>
<rect x="0" y="0" width="960" height="480" opacity="1" fill="#FDFCF9" stroke="none"/>
<polygon opacity="0.2" fill="#0B5CAD" points="40,400 400,40 480,400 "/>
<polyline fill="none" opacity="1" stroke="#C2410C" stroke-width="20" points="40,40 200,300 480,60 "/>
<line opacity="1" stroke="#1C1E21" stroke-width="8" x1="0" y1="440" x2="960" y2="440"/>
<circle cx="600" cy="120" r="64" opacity="1" fill="#0A7554" stroke="none" stroke-width="1"/>
<text x="900" y="300" dy="0.5ex" text-anchor="end" font-family="x" font-size="100" opacity="1" fill="#1C1E21" font-weight="bold">
$2.35
</text>
</svg>"##;

#[test]
fn the_pixels_of_a_sample_are_those_of_every_machine() {
    let picture = decoded(&png(SAMPLE, 1.0).unwrap());
    // Fowler, Noll and Vo's hash (FNV-1a, 64 bits).
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    assert_eq!(picture.data().iter().fold(0xcbf2_9ce4_8422_2325, mix), SAMPLE_DIGEST);
}

/// Of the pixels, not of the file: a new compressor may pack the same picture into other bytes.
const SAMPLE_DIGEST: u64 = 10_000_570_991_338_065_101;

#[test]
fn what_is_not_ours_is_refused_with_its_name() {
    let said = |svg: &str, scale: f64| png(svg, scale).unwrap_err().0;
    assert!(said(SAMPLE, 0.0).contains("scale of 0"));
    assert!(said(SAMPLE, f64::NAN).contains("scale of NaN"));
    assert!(said("<svg", 1.0).len() > 5);
    assert!(said(&SAMPLE.replace("circle", "image"), 1.0).contains("<image> is not understood"));
    assert!(said(&SAMPLE.replace("#0A7554", "url(#a)"), 1.0).contains("fill"));
    assert!(said(&SAMPLE.replace("r=\"64\"", "r=\"NaN\""), 1.0).contains("r \"NaN\" of <circle>"));
    assert!(said(&SAMPLE.replace("width=\"120\"", "width=\"1200000\""), 1.0).contains("too many"));
}
