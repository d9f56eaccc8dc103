//! The documentation is true to the program: generated pages are current, every relative link leads somewhere, every
//! chapter is in the book.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crossover::catalog::Catalog;
use crossover::catalog::speed::Constants;
use crossover::chart::Panel;
use crossover::engine::advice::{Stop, Verdict};
use crossover::engine::{Effort, long_run, plan_with};
use crossover::scenario::link::decode;
use crossover::scenario::presets;
use serde_json::Value;

#[path = "../examples/reference/pages.rs"]
mod generated;

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
fn generated_pages_are_those_of_the_program() {
    for (file, text) in generated::all().unwrap() {
        let committed = fs::read_to_string(root().join(file)).unwrap_or_default();
        assert!(committed == text, "{file} is not current: run `cargo run --example reference` and commit it");
    }
}

fn book(page: &str) -> String {
    fs::read_to_string(root().join("docs/src").join(page)).unwrap()
}

/// Regression: `too_slow` was added to the engine and to none of the pages that list the verdicts.
#[test]
fn every_verdict_is_explained_wherever_they_are_listed() {
    let all = [
        Verdict::DoesNotFit,
        Verdict::TooSlow,
        Verdict::SelfHostRequired,
        Verdict::Unknown,
        Verdict::SplitByStep,
        Verdict::Unplaced,
        Verdict::SelfHost,
        Verdict::StayOnApi(Stop::Never),
    ];
    for page in ["reading.md", "reference/plan.md", "method/uncertainty.md"] {
        let text = book(page);
        for verdict in all {
            // A verdict that is added has to be added to the list above, or this does not compile.
            let id = match verdict {
                Verdict::DoesNotFit
                | Verdict::TooSlow
                | Verdict::SelfHostRequired
                | Verdict::Unknown
                | Verdict::SplitByStep
                | Verdict::Unplaced
                | Verdict::SelfHost
                | Verdict::StayOnApi(_) => verdict.id(),
            };
            assert!(text.contains(&format!("`{id}`")), "{page} does not know {id}");
        }
    }
}

#[test]
fn every_fitted_constant_is_in_a_formula() {
    let text = book("method/speed.md");
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    for name in Constants::NAMES {
        assert!(words.contains(name), "method/speed.md has no {name}");
    }
}

#[test]
fn every_panel_can_be_found_in_the_guide_to_embedding_and_every_picture_in_that_of_the_terminal() {
    let (embedding, terminal) = (book("embedding.md"), book("terminal.md"));
    for panel in Panel::ALL.iter().map(|p| p.id()).chain(["verdict", "planner"]) {
        assert!(embedding.contains(&format!("`{panel}`")), "embedding.md: {panel}");
        assert!(terminal.contains(&format!("`{panel}`")), "terminal.md: {panel}");
    }
}

/// Paths of a document with `[]` for indices and `ROLE` for the names of sides.
fn paths(value: &Value, path: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                let by_side = ["api_usd", "api_total_usd", "cumulative"].iter().any(|map| path.ends_with(map));
                let name = if by_side { "ROLE" } else { name };
                let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
                paths(inner, &path, out);
            }
        }
        Value::Array(all) => all.iter().for_each(|inner| paths(inner, &format!("{path}[]"), out)),
        // What is unknown here may be a number or a whole part elsewhere.
        Value::Null => {}
        _ => out.push(path.to_string()),
    }
}

#[test]
fn every_name_of_a_plan_is_in_the_list_of_names() {
    let (catalog, listed) = (Catalog::embedded().unwrap(), book("reference/plan-names.md"));
    for preset in presets().unwrap() {
        let (scenario, _) = decode(&preset.link, &catalog).unwrap();
        let plan = plan_with(&scenario, &catalog, Effort { draws: 16 }).unwrap();
        let mut all = Vec::new();
        paths(&serde_json::to_value(&plan).unwrap(), "", &mut all);
        for path in all {
            assert!(listed.contains(&format!("`{path}`")), "{}: {path} is not listed", preset.id);
        }
    }
}

/// What method/uncertainty.md says of the error of the draws.
#[test]
fn a_hundred_thousand_more_draws_move_no_probability_by_a_percentage_point() {
    let catalog = Catalog::embedded().unwrap();
    for preset in presets().unwrap() {
        let (scenario, _) = decode(&preset.link, &catalog).unwrap();
        let Some(few) =
            plan_with(&scenario, &catalog, Effort::default()).unwrap().uncertainty.probability_self_hosting_cheaper
        else {
            continue;
        };
        let mut run = long_run(&scenario, &catalog, 110_000).unwrap().unwrap();
        run.step(u32::MAX);
        let many = run.report().probability_self_hosting_cheaper.unwrap();
        assert!((few - many).abs() < 0.01, "{}: {few} of 10,000, {many} of 110,000", preset.id);
    }
}

/// Fragments of links to the app, with HTML's way of writing `&` undone.
fn links_to_the_app(text: &str) -> Vec<String> {
    let pieces = text.split("#v=1").skip(1);
    let ends = [')', '"', '`', '\'', '>', ' ', '\n', '<'];
    pieces.map(|p| format!("v=1{}", p.split(ends).next().unwrap().replace("&amp;", "&"))).collect()
}

#[test]
fn every_scenario_in_the_documentation_can_be_read_without_a_warning() {
    let catalog = Catalog::embedded().unwrap();
    let mut seen = 0;
    for page in pages() {
        for link in links_to_the_app(&fs::read_to_string(&page).unwrap()) {
            if link == "v=1" || link.ends_with("...") {
                continue;
            }
            let (_, warnings) = decode(&link, &catalog).unwrap();
            assert!(warnings.is_empty(), "{}: {link}: {warnings:?}", page.display());
            seen += 1;
        }
    }
    assert!(seen > 10, "only {seen} links found");
}

#[test]
fn the_essay_links_every_preset_that_checks_a_claim() {
    let essay = fs::read_to_string(root().join("docs/src/essay.md")).unwrap();
    for preset in presets().unwrap().iter().filter(|p| !p.claim.is_empty()) {
        assert!(essay.contains(&format!("index.html{})", preset.link)), "{} is not linked", preset.id);
    }
}

/// A block of code in a page.
struct Block {
    /// The word behind its opening fence; may be empty.
    language: String,
    text: String,
    /// The HTML comment right before it, if any: `not run: REASON` or `from: FILE`.
    note: String,
}

impl Block {
    fn note(&self, key: &str) -> Option<&str> {
        self.note.strip_prefix("<!-- ")?.strip_suffix(" -->")?.strip_prefix(key)?.strip_prefix(": ")
    }

    /// What a shell runs: a whole `sh` block, or the lines of a `console` block that begin with `$ `.
    fn commands(&self) -> Vec<String> {
        match self.language.as_str() {
            "sh" => vec![self.text.replace("cargo run --release -- ", "crossover ")],
            "console" => self.text.lines().filter_map(|l| l.strip_prefix("$ ")).map(String::from).collect(),
            _ => Vec::new(),
        }
    }
}

fn blocks(text: &str) -> Vec<Block> {
    let mut out = Vec::new();
    let mut open: Option<(String, Block)> = None;
    let mut last = "";
    for line in text.lines() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &mut open {
            Some((fence, _)) if ticks.len() >= fence.len() => out.extend(open.take().map(|(_, block)| block)),
            Some((_, block)) => block.text += &format!("{line}\n"),
            None if ticks.len() >= 3 => {
                let language = line[ticks.len()..].to_string();
                open = Some((ticks, Block { language, text: String::new(), note: last.to_string() }));
            }
            None if !line.trim().is_empty() => last = line,
            None => {}
        }
    }
    out
}

#[test]
fn every_command_of_the_documentation_runs() {
    let program = Path::new(env!("CARGO_BIN_EXE_crossover"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut ran = 0;
    for page in pages() {
        let folder = std::env::temp_dir().join(format!("crossover-docs-{}-{ran}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let all = blocks(&fs::read_to_string(&page).unwrap());
        for command in all.iter().filter(|b| b.note("not run").is_none()).flat_map(Block::commands) {
            let shell = Command::new("sh").args(["-ec", &command]).current_dir(&folder).env("PATH", &path).output();
            let out = shell.unwrap();
            let said = String::from_utf8_lossy(&out.stderr).into_owned();
            assert!(out.status.success(), "{}: $ {command}\n{said}", page.display());
            ran += 1;
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    assert!(ran > 20, "only {ran} commands found");
}

#[test]
fn every_option_of_the_terminal_is_in_the_book() {
    let pages = ["terminal.md", "ci.md", "exports.md"].map(book).concat();
    for command in [
        &["plan"] as &[&str],
        &["chart"],
        &["export"],
        &["import"],
        &["catalog"],
        &["prices", "fetch"],
        &["prices", "check"],
    ] {
        let out = Command::new(env!("CARGO_BIN_EXE_crossover")).args(command).arg("--help").output().unwrap();
        let help = String::from_utf8(out.stdout).unwrap();
        let options = help.split_whitespace().filter(|w| w.starts_with("--") && w.len() > 2 && *w != "--help");
        let mut seen = 0;
        for option in options.map(|o| o.trim_end_matches(|c: char| !c.is_alphanumeric())) {
            assert!(
                pages.contains(&format!("{option} ")) || pages.contains(&format!("{option}`")),
                "{command:?}: {option}"
            );
            seen += 1;
        }
        assert!(seen > 0 || command == ["prices", "check"], "{command:?} shows no option: {help}");
    }
}

/// Words that begin a command, so that none hides in a block without a language.
const PROGRAMS: [&str; 9] = ["make", "cargo", "crossover", "npm", "npx", "git", "pip", "docker", "sh"];

#[test]
fn a_command_that_is_not_run_says_why() {
    for page in pages() {
        for block in blocks(&fs::read_to_string(&page).unwrap()) {
            let hidden = |l: &str| PROGRAMS.iter().any(|p| l.trim_start_matches("$ ").starts_with(&format!("{p} ")));
            let shown: String = block.text.chars().take(60).collect();
            assert!(
                !matches!(block.language.as_str(), "bash" | "shell" | "text") || !block.text.lines().any(hidden),
                "{}: commands stand in sh or console blocks: {shown}",
                page.display()
            );
            if block.language.is_empty() {
                assert!(!block.text.lines().any(hidden), "{}: a command without a language: {shown}", page.display());
            }
            if let Some(reason) = block.note("not run") {
                assert!(reason.len() > 10, "{}: why is this not run? {shown}", page.display());
            }
        }
    }
}

/// Languages of files that readers copy; what is shown must be what the tests build, start or run.
const COPIED: [&str; 8] = ["yaml", "nginx", "caddyfile", "toml", "js", "jsx", "python", "rst"];

#[test]
fn every_recipe_that_is_shown_is_the_file_that_is_tested() {
    let mut shown = 0;
    for page in pages().into_iter().filter(|p| p.starts_with(root().join("docs/src"))) {
        for block in blocks(&fs::read_to_string(&page).unwrap()) {
            let Some(file) = block.note("from") else {
                let free = !COPIED.contains(&block.language.as_str()) || block.note("not run").is_some();
                assert!(free, "{}: a {} block names no file", page.display(), block.language);
                continue;
            };
            let text = fs::read_to_string(root().join(file)).unwrap();
            assert!(text.contains(&block.text), "{}: the block is not that of {file}", page.display());
            shown += 1;
        }
    }
    assert!(shown > 8, "only {shown} recipes found");
}

#[test]
fn external_addresses_are_listed_with_the_day_somebody_looked() {
    let list = fs::read_to_string(root().join("docs/external_links.csv")).unwrap();
    let rows: Vec<(&str, &str)> = list.lines().skip(1).filter_map(|l| l.split_once(',')).collect();
    for (address, day) in &rows {
        let digits = day.len() == 10 && day.split('-').all(|part| part.parse::<u32>().is_ok());
        assert!(address.starts_with("https://") && digits, "{address},{day}");
    }
    let mut used = Vec::new();
    for page in pages() {
        for target in targets(&prose(&fs::read_to_string(&page).unwrap())) {
            if target.contains("://") && !target.contains("crossover.example") {
                assert!(rows.iter().any(|(a, _)| *a == target), "{}: {target} is not listed", page.display());
                used.push(target);
            }
        }
    }
    let unused: Vec<_> = rows.iter().filter(|(a, _)| !used.iter().any(|u| u == a)).collect();
    assert!(unused.is_empty(), "listed and used nowhere: {unused:?}");
}
