//! The documentation is true to the program: generated pages are current, every relative link leads somewhere, every
//! chapter is in the book.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../examples/reference.rs"]
mod reference;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Markdown file of the project: the book and the files at the top.
fn pages() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()) {
            match entry.is_dir() {
                true => folders.push(entry),
                false => found.push(entry),
            }
        }
    }
    found.extend(fs::read_dir(root()).unwrap().map(|e| e.unwrap().path()));
    found.retain(|p| p.extension().is_some_and(|e| e == "md"));
    found.sort();
    found
}

/// A page without its blocks and spans of code.
fn prose(text: &str) -> String {
    let mut fence: Option<String> = None;
    let mut out = String::new();
    for line in text.lines() {
        let ticks: String = line.trim_start().chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some(open) if ticks.len() >= open.len() => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => {
                let outside: Vec<&str> = line.split('`').step_by(2).collect();
                out.push_str(&outside.join("`"));
                out.push('\n');
            }
        }
    }
    out
}

/// Targets of Markdown links and of `src` and `href` attributes.
fn targets(prose: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (open, close) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"'), ("srcset=\"", '"')] {
        for piece in prose.split(open).skip(1) {
            out.push(piece.split(close).next().unwrap().split(' ').next().unwrap().to_string());
        }
    }
    out
}

/// The anchors of a page's headings, as GitHub and mdBook make them.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter_map(|l| l.strip_prefix('#')).map(|l| l.trim_start_matches('#').trim());
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    headings.map(|h| h.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")).collect()
}

#[test]
fn every_relative_link_leads_somewhere() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for target in targets(&prose(&text)) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = path.split('?').next().unwrap();
            let file = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            // The script of embeds is at the app's root, and in this repository in its folder of public files.
            let file = if path.ends_with("../embed.js") { root().join("public/embed.js") } else { file };
            assert!(file.exists(), "{}: {target} leads nowhere", page.display());
            if !anchor.is_empty() && file.extension().is_some_and(|e| e == "md") {
                let known = anchors(&fs::read_to_string(&file).unwrap());
                assert!(known.iter().any(|a| a == anchor), "{}: no heading for {target}", page.display());
            }
        }
    }
}

#[test]
fn every_chapter_is_in_the_summary() {
    let book = root().join("docs/src");
    let summary = fs::read_to_string(book.join("SUMMARY.md")).unwrap();
    let listed: Vec<PathBuf> = targets(&summary).iter().map(|t| book.join(t)).collect();
    for page in pages().into_iter().filter(|p| p.starts_with(&book) && !p.ends_with("SUMMARY.md")) {
        assert!(listed.contains(&page), "{} is not in SUMMARY.md", page.display());
    }
}

#[test]
fn the_scenario_reference_is_that_of_the_program() {
    let committed = fs::read_to_string(root().join(reference::PAGE)).unwrap();
    assert!(committed == reference::page(), "run `cargo run --example reference` and commit {}", reference::PAGE);
}
