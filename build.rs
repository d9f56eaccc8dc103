//! Prepares the catalog for embedding: without white space, and with the texts that only people read in a list of their
//! own, which the page fetches after its first view.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use serde_json::{Value, json};

/// Files whose texts go into the list; rows of the others are part of answers.
const LISTED: [&str; 5] = ["accelerators.json", "api_prices.json", "engines.json", "gpu_prices.json", "models.json"];
/// Fields that hold such texts (`catalog::Words`).
const WORDS: [&str; 9] = [
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
/// Where the models are, and the index that all of them are scored on (`catalog::INDEX`).
const MODELS: &str = "models.json";
/// See [`MODELS`].
const INDEX: &str = "AA Intelligence Index v4.1";
/// Models of the first view (`Scenario::default`); the rows of the others reach a page later.
const FIRST_VIEW: [&str; 1] = ["meta-llama/Llama-3.3-70B-Instruct"];
/// Field of rows whose source is part of an answer: announced prices.
const ANNOUNCED: &str = "effective_from";
/// The list's first and last line, which no row names.
const FIRST: &str = "words of the catalog begin here";
/// See [`FIRST`].
const LAST: &str = "words of the catalog end here";

/// The rest of the models' first and last line, which are no row.
const FIRST_ROW: &str = "the other models begin here";
/// See [`FIRST_ROW`].
const LAST_ROW: &str = "the other models end here";

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
            if name == MODELS {
                return divide(&value, out);
            }
            value.to_string()
        }
        Err(_) => text,
    };
    fs::write(out.join(name), prepared)
}

/// Write the models' names, and their rows one a line: those of the first view, and the rest in their places.
fn divide(models: &Value, out: &Path) -> io::Result<()> {
    let rows = models["rows"].as_array().ok_or_else(|| io::Error::other("models.json has no rows"))?;
    let early = |row: &Value| FIRST_VIEW.iter().any(|id| row["id"] == *id);
    let score = |row: &Value| Some(row["quality"].as_array()?.iter().find(|q| q["metric"] == INDEX)?["value"].clone());
    let name = |row: &Value| match score(row) {
        Some(score) => json!({ "id": row["id"], "score": score }),
        None => json!({ "id": row["id"] }),
    };
    let places: Vec<usize> = (0..rows.len()).filter(|place| early(&rows[*place])).collect();
    let lines = |rows: &mut dyn Iterator<Item = String>| rows.map(|row| row + "\n").collect::<String>();
    let rest = lines(&mut rows.iter().map(|row| if early(row) { String::new() } else { row.to_string() }));
    fs::write(out.join("model_names.json"), Value::from_iter(rows.iter().map(name)).to_string())?;
    fs::write(out.join("models_first.json"), json!(places).to_string())?;
    fs::write(out.join("models_first.jsonl"), lines(&mut places.iter().map(|place| rows[*place].to_string())))?;
    fs::write(out.join("models_rest.jsonl"), format!("{FIRST_ROW}\n{rest}{LAST_ROW}\n"))
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
