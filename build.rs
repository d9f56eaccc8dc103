//! Prepares the catalog for embedding: without white space, by columns, with the texts that only people read in a list of
//! their own and most rows of some tables apart, which the page fetches after its first view.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use serde_json::{Map, Value, json};

/// Files whose texts go into the list; rows of the others are part of answers.
const LISTED: [&str; 8] = [
    "accelerators.json",
    "api_prices.json",
    "bands.json",
    "defaults.json",
    "engines.json",
    "gpu_prices.json",
    "models.json",
    "speed.json",
];
/// Fields that hold such texts (`catalog::Words`).
const WORDS: [&str; 11] = [
    ABOUT,
    "command",
    "source",
    "sources",
    "note",
    "notes",
    "native_note",
    "params_basis",
    "verification",
    "memory_bytes_basis",
    "unsourced_fields",
];
/// Index that the models are scored on (`catalog::INDEX`).
const INDEX: &str = "AA Intelligence Index v4.1";
/// Tables that are read whole (`catalog::Reading`).
const BY_COLUMNS: [&str; 7] = [
    "all_in_power.json",
    "api_prices.json",
    "bands.json",
    "defaults.json",
    "engines.json",
    "gpu_prices.json",
    "quantization_quality.json",
];
/// What the file is about, which only people ask.
const ABOUT: &str = "about";
/// What the numbers of a file are in, which the program knows by itself.
const UNITS: &str = "units";
/// Columns that follow from others: the price of an instance is that of its GPUs.
const FOLLOWING: [&str; 1] = ["usd_per_instance_hour"];
/// Where the rows of a file are.
const ROWS: &str = "rows";

/// A table whose rows are read one by one (`catalog::Rows`).
struct Divided {
    /// Its file, without the ending.
    name: &'static str,
    /// The rows in the file.
    rows: &'static str,
    /// What is known of a row before it is read.
    head: fn(&Value) -> Value,
    /// Whether the first view looks at a row (`Scenario::default`).
    first: fn(&Value) -> bool,
}

const DIVIDED: [Divided; 3] = [
    Divided {
        name: "accelerators",
        rows: ROWS,
        head: |a| json!({ "id": a["id"], "architecture": a["architecture"], "memory_type": a["memory_type"] }),
        first: |a| a["id"] == "h100-sxm",
    },
    Divided {
        name: "models",
        rows: ROWS,
        head: |m| json!({ "id": m["id"], "score": score(m) }),
        first: |m| m["id"] == "meta-llama/Llama-3.3-70B-Instruct",
    },
    Divided {
        name: "speed",
        rows: "engines",
        head: |e| json!({ "engine": e["engine"], "class": e["class"] }),
        first: |e| e["engine"] == "vllm" && e["class"] == "dense",
    },
];

fn score(model: &Value) -> Option<Value> {
    Some(model["quality"].as_array()?.iter().find(|q| q["metric"] == INDEX)?["value"].clone())
}

/// Field of rows whose source is part of an answer: announced prices.
const ANNOUNCED: &str = "effective_from";
/// The list's first and last line, which no row names.
const FIRST: &str = "words of the catalog begin here";
/// See [`FIRST`].
const LAST: &str = "words of the catalog end here";

/// First and last line of a table's other rows, which are no row.
const FIRST_ROW: &str = "the other rows begin here";
/// See [`FIRST_ROW`].
const LAST_ROW: &str = "the other rows end here";

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let folder = root.join("public/catalog");
    println!("cargo::rerun-if-changed={}", folder.display());
    // The splitter of the page asks the linker which data each function refers to.
    if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|a| a == "wasm32")
        && env::var("PROFILE").is_ok_and(|p| p == "release")
    {
        println!("cargo::rustc-link-arg-bin=crossover=--emit-relocs");
    }
    let mut list = List::default();
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)?.map(|e| e.map(|e| e.path())).collect::<io::Result<_>>()?;
    files.sort();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "json")) {
        prepare(file, &out, &mut list)?;
    }
    fs::write(out.join("words.txt"), format!("{FIRST}\n{}\n{LAST}\n", list.texts.join("\n")))
}

/// Write a file as it is embedded. One that is not JSON is left to the reader, which says where.
fn prepare(file: &Path, out: &Path, list: &mut List) -> io::Result<()> {
    let text = fs::read_to_string(file)?;
    let name = file.file_name().unwrap_or_default();
    let prepared = match serde_json::from_str::<Value>(&text) {
        Ok(mut value) => {
            if LISTED.iter().any(|l| name == *l) {
                list.take(&mut value);
            }
            let divided = DIVIDED.iter().find(|d| name == format!("{}.json", d.name).as_str());
            if let Some(table) = divided {
                table.write(&value[table.rows], out)?;
                if let Some(fields) = value.as_object_mut() {
                    fields.retain(|name, _| name != table.rows && name != UNITS);
                }
            } else if let Some(rows) = value.get_mut(ROWS).filter(|_| BY_COLUMNS.iter().any(|b| name == *b)) {
                *rows = by_columns(rows);
                value.as_object_mut().and_then(|fields| fields.remove(ABOUT));
            }
            value.to_string()
        }
        Err(_) => text,
    };
    fs::write(out.join(name), prepared)
}

/// A table column by column, null where a row has no such field.
fn by_columns(rows: &Value) -> Value {
    let rows: Vec<&Map<String, Value>> = rows.as_array().into_iter().flatten().filter_map(Value::as_object).collect();
    let mut columns = Map::new();
    for name in rows.iter().flat_map(|row| row.keys()).filter(|name| !FOLLOWING.contains(&name.as_str())) {
        let column = || rows.iter().map(|row| row.get(name).cloned().unwrap_or_default()).collect();
        columns.entry(name.clone()).or_insert_with(column);
    }
    Value::Object(columns)
}

impl Divided {
    /// Write what is known of each row, and the rows one a line: those of the first view, and the rest in their places.
    fn write(&self, rows: &Value, out: &Path) -> io::Result<()> {
        let name = self.name;
        let rows = rows.as_array().ok_or_else(|| io::Error::other(format!("{name}.json has no {}", self.rows)))?;
        let places: Vec<usize> = (0..rows.len()).filter(|place| (self.first)(&rows[*place])).collect();
        let lines = |rows: &mut dyn Iterator<Item = String>| rows.map(|row| row + "\n").collect::<String>();
        let first = lines(&mut places.iter().map(|place| rows[*place].to_string()));
        let rest = lines(&mut rows.iter().map(|row| if (self.first)(row) { String::new() } else { row.to_string() }));
        let heads = by_columns(&rows.iter().map(self.head).collect());
        fs::write(out.join(format!("{name}_heads.json")), heads.to_string())?;
        fs::write(out.join(format!("{name}_first.json")), json!(places).to_string())?;
        fs::write(out.join(format!("{name}_first.jsonl")), first)?;
        fs::write(out.join(format!("{name}_rest.jsonl")), format!("{FIRST_ROW}\n{rest}{LAST_ROW}\n"))
    }
}

/// Texts, each once.
#[derive(Default)]
struct List {
    texts: Vec<String>,
    places: HashMap<String, usize>,
}

impl List {
    /// Put places of the list where texts stand.
    fn take(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.take(item)),
            Value::Object(fields) if fields.get(ANNOUNCED).is_none_or(Value::is_null) => {
                for (name, field) in fields.iter_mut() {
                    if WORDS.contains(&name.as_str()) { self.place(field) } else { self.take(field) }
                }
            }
            _ => {}
        }
    }

    fn place(&mut self, field: &mut Value) {
        match field {
            // A line is a text, so one of several lines stays where it is.
            Value::String(text) if !text.contains(['\n', '\r']) => {
                let next = self.texts.len();
                let place = *self.places.entry(text.clone()).or_insert(next);
                if place == next {
                    self.texts.push(text.clone());
                }
                *field = Value::from(place);
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.place(item)),
            _ => {}
        }
    }
}
