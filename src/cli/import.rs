//! `crossover import`: a model of one's own as the scenario fields that use it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use serde_json::json;

use super::args::ImportArgs;
use super::{CliError, fetch, output};
use crate::import::{Imported, MOST_JSON_BYTES, config, gguf, hub, index};

/// Read a model and print the scenario that uses it.
pub fn run(args: &ImportArgs) -> Result<(), CliError> {
    let mut imported = match (&args.file, &args.hub) {
        (_, Some(id)) => from_hub(&args.base, id)?,
        (Some(file), _) if starts_as_gguf(file)? => read_gguf(file)?,
        (Some(file), _) => config::parse(&text(file)?)?,
        (None, None) => return Err(CliError::Usage("name a file, or a model with --hub".into())),
    };
    if let Some(file) = &args.index {
        index::attach(&mut imported, index::total_size(&text(file)?)?, "model.safetensors.index.json");
    }
    let answer = json!({
        "scenario": { "version": 1, "model": {
            "config": imported.config,
            "quantization": imported.quantization.map(|q| q.id()),
            "weights_bytes": imported.weights_bytes,
        } },
        "model": imported.model,
        "notes": imported.notes,
    });
    output::write(&format!("{}\n", serde_json::to_string_pretty(&answer)?))
}

/// A model of a hub: its configuration, and its size from the index or the hub's own count.
fn from_hub(base: &str, id: &str) -> Result<Imported, CliError> {
    let mut fetching = hub::Fetching::of(base, id)?;
    while let Some(address) = fetching.next_address() {
        output::complain(&format!("contacting {address}"));
        let reply = fetch::get(address, fetching.most_bytes());
        fetching.answered(&reply)?;
    }
    fetching.finished().ok_or_else(|| failed(id, &std::io::Error::other("the hub gave no model")))
}

fn failed(path: &str, e: &std::io::Error) -> CliError {
    CliError::File { path: path.into(), reason: e.to_string() }
}

fn starts_as_gguf(path: &str) -> Result<bool, CliError> {
    let mut first = Vec::new();
    let file = File::open(path).map_err(|e| failed(path, &e))?;
    file.take(4).read_to_end(&mut first).map_err(|e| failed(path, &e))?;
    Ok(first == b"GGUF")
}

/// A text file of a bounded size.
fn text(path: &str) -> Result<String, CliError> {
    let mut out = String::new();
    let file = File::open(path).map_err(|e| failed(path, &e))?;
    file.take(MOST_JSON_BYTES as u64 + 1).read_to_string(&mut out).map_err(|e| failed(path, &e))?;
    Ok(out)
}

/// The header of a GGUF file, read in slices; the weights are not touched.
fn read_gguf(path: &str) -> Result<Imported, CliError> {
    let mut file = File::open(path).map_err(|e| failed(path, &e))?;
    let length = file.metadata().map_err(|e| failed(path, &e))?.len();
    let slice = |at: u64, n: usize| {
        let mut out = Vec::new();
        file.seek(SeekFrom::Start(at)).map_err(|e| e.to_string())?;
        file.by_ref().take(n as u64).read_to_end(&mut out).map_err(|e| e.to_string())?;
        Ok(out)
    };
    Ok(gguf::read(length, slice)?)
}
