//! `crossover chart` in a documentation pipeline: every panel as SVG and PNG, light and dark, the same bytes each time.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::{Command, Output};

use crossover::chart::Panel;

const LINK: &str = "v=1&tokens=200M";

fn chart(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_crossover"))
        .args(["chart", LINK, "--output", "-"])
        .args(arguments)
        .output()
        .unwrap()
}

fn drawn(panel: &str, form: &str, theme: &str) -> Vec<u8> {
    let out = chart(&["--panel", panel, "--format", form, "--theme", theme]);
    assert!(out.status.success(), "{panel} {form} {theme}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn panels() -> impl Iterator<Item = &'static str> {
    Panel::ALL.iter().map(|p| p.id()).chain(["verdict"])
}

#[test]
fn every_panel_is_drawn_in_both_forms_and_themes_with_the_same_bytes_each_time() {
    for panel in panels() {
        for form in ["svg", "png"] {
            let [light, dark] = ["light", "dark"].map(|theme| drawn(panel, form, theme));
            assert!(light != dark, "{panel} {form}: the themes differ");
            assert!(drawn(panel, form, "light") == light, "{panel} {form}: the same bytes");
            let begin: &[u8] = if form == "svg" { b"<svg " } else { b"\x89PNG\r\n\x1a\n" };
            assert!(light.starts_with(begin), "{panel} {form}");
        }
    }
}

#[test]
fn a_picture_says_what_it_shows_and_loads_nothing() {
    for panel in panels() {
        let text = String::from_utf8(drawn(panel, "svg", "light")).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{panel}: {e}"));
        for (name, least) in [("title", 4), ("desc", 20)] {
            let found = document.descendants().find(|n| n.has_tag_name(("http://www.w3.org/2000/svg", name)));
            assert!(
                found.and_then(|n| n.text()).is_some_and(|t| t.len() >= least),
                "{panel}: no {name} for a listener"
            );
        }
        for forbidden in ["<script", "<foreignObject", "href=", "url(http", "@import"] {
            assert!(!text.contains(forbidden), "{panel}: {forbidden}");
        }
    }
}

#[test]
fn what_is_no_picture_is_refused_with_what_to_draw_instead() {
    for (arguments, word) in [
        (["--panel", "planner"], "verdict and break-even"),
        (["--panel", "nonsense"], "break-even"),
        (["--theme", "sepia"], "light"),
    ] {
        let out = chart(&arguments);
        assert_eq!(out.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&out.stderr).contains(word), "{arguments:?}");
        assert!(out.stdout.is_empty());
    }
}

#[test]
fn the_months_are_summed_and_stand_on_a_log_scale_where_asked() {
    let of = |options: &[&str]| {
        let out = chart(&[&["--panel", "projection", "--format", "svg"], options].concat());
        String::from_utf8(out.stdout).unwrap()
    };
    assert!(of(&[]).contains("US dollars per month, cash; shaded"));
    assert!(of(&["--log-scale"]).contains("US dollars per month, cash, log scale; shaded"));
    let summed = of(&["--cumulative", "--log-scale"]);
    assert!(summed.contains("US dollars since the start, log scale") && !summed.contains("shaded"));
    for option in ["--cumulative", "--log-scale"] {
        let out = chart(&["--panel", "cost", option]);
        assert_eq!(out.status.code(), Some(2));
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(said.contains(&format!("{option} is about --panel projection, not cost")), "{said}");
    }
}
