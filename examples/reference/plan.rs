//! Every name of the plan, from the types that write it: the structs of the engine and what their fields say of
//! themselves.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const HEAD: &str = "# Every name of the plan

<!-- Written by `cargo run --example reference` from the engine's types; do not edit this page. -->

What `crossover plan --format json` prints, name by name, and what `--expect PATH=VALUE` takes. `[]` stands for an index that
counts from 0, such as `cost.api[0].role`; `ROLE` for `same_weights`, `nearest`, `frontier`, and for `self_hosted` in cumulative
sums. A number that cannot be known is `null`, even where *or null* is not said. [The plan](plan.md) tells the same in order.
";

/// A field: name, what it is, type.
struct Member {
    name: String,
    says: String,
    kind: String,
}

/// Structs that are written out, by name.
type Types = BTreeMap<String, Vec<Member>>;

/// The whole page.
pub fn page() -> Result<String, Box<dyn std::error::Error>> {
    let mut types = Types::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine"))? {
        read(&std::fs::read_to_string(file)?, &mut types);
    }
    // The one type of the document that is not the engine's.
    let warning = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scenario/mod.rs"))?;
    read(&warning, &mut types);
    let mut out = HEAD.to_string();
    let plan = types.get("Plan").ok_or("the plan has no type")?;
    let (parts, leaves): (Vec<&Member>, Vec<&Member>) = plan.iter().partition(|m| types.contains_key(base(&m.kind)));
    out.push_str("\n## The document\n\n| Path | Kind | Meaning |\n|---|---|---|\n");
    for m in leaves {
        leaf(&mut out, &m.name, m);
    }
    for part in parts {
        let _ = write!(out, "\n## `{}`\n\n{}\n\n| Path | Kind | Meaning |\n|---|---|---|\n", part.name, part.says);
        rows(&mut out, &types, &part.name, &part.kind);
    }
    Ok(out)
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => out.extend(sources(&path)?),
            false => out.push(path),
        }
    }
    out.sort();
    Ok(out)
}

/// Collect the serialised structs of a source file, which is formatted by rustfmt: one field a line, its words above it.
fn read(text: &str, types: &mut Types) {
    let (mut written, mut inside, mut says) = (false, None::<String>, String::new());
    for line in text.lines() {
        let bare = line.trim();
        if let Some(words) = bare.strip_prefix("///") {
            says = format!("{says} {}", words.trim()).trim().to_string();
        } else if bare.starts_with("#[derive(") {
            written = bare.contains("Serialize");
        } else if let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {")) {
            inside = written.then(|| name.to_string());
            says.clear();
        } else if line == "}" {
            inside = None;
        } else if let (Some(name), Some(field)) = (&inside, bare.strip_prefix("pub ")) {
            if let Some((field, kind)) = field.trim_end_matches(',').split_once(": ") {
                let member = Member { name: field.into(), says: std::mem::take(&mut says), kind: kind.into() };
                types.entry(name.clone()).or_default().push(member);
            }
        } else if !bare.starts_with("#[") {
            says.clear();
        }
    }
}

/// Rows of a value of some type at a path.
fn rows(out: &mut String, types: &Types, path: &str, kind: &str) {
    let inner = |wrapper: &str| kind.strip_prefix(wrapper).and_then(|k| k.strip_suffix('>'));
    if let Some(kind) = inner("Option<") {
        return rows(out, types, path, kind);
    }
    if let Some(kind) = inner("Vec<") {
        return rows(out, types, &format!("{path}[]"), kind);
    }
    let name = kind.rsplit("::").next().unwrap_or(kind);
    let Some(members) = types.get(name) else {
        return;
    };
    for m in members {
        let below = format!("{path}.{}", m.name);
        if types.contains_key(base(&m.kind)) {
            rows(out, types, &below, &m.kind);
        } else {
            leaf(out, &below, m);
        }
    }
}

fn leaf(out: &mut String, path: &str, m: &Member) {
    let (suffix, word) = described(&m.kind);
    let _ = writeln!(out, "| `{path}{suffix}` | {word} | {} |", m.says.replace('|', "\\|"));
}

/// The type inside options, lists and maps.
fn base(kind: &str) -> &str {
    let inside = kind.rsplit(['<', ' ']).next().unwrap_or(kind).trim_end_matches('>');
    inside.rsplit("::").next().unwrap_or(inside)
}

/// What follows the name, and a word for the type; a number for each side has the role behind its name.
fn described(kind: &str) -> (&'static str, String) {
    let suffix = match kind {
        k if k.contains("Vec<") => "[]",
        "BySide" => ".ROLE",
        _ => "",
    };
    let word = match base(kind) {
        "f64" | "u32" | "usize" | "u64" | "BySide" => "number",
        "bool" => "yes or no",
        _ => "text",
    };
    let optional = if kind.starts_with("Option<") { ", or null" } else { "" };
    (suffix, format!("{word}{optional}"))
}
