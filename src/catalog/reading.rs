//! The embedded files read piece by piece, so that a page can answer in between.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use super::{Catalog, CatalogError, Fields, FromJson, Gateways, Model, document, field, parsed, read_rows};

/// Models read in one step.
const MODELS: usize = 24;

/// A catalog of which some files are read.
pub struct Reading {
    catalog: Catalog,
    waiting: VecDeque<Step>,
}

/// Reads a file into its place.
type Read = fn(&mut Catalog) -> Result<(), CatalogError>;

/// What a step reads.
enum Step {
    /// A file.
    File(Read),
    /// The largest file, as a tree; its rows follow.
    ModelFile,
    /// Some of its rows.
    Models(Vec<Value>),
}

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!(env!("OUT_DIR"), "/", $name)))
    };
}

/// The files but the models, each in a step.
const FILES: [Read; 8] = [
    |c| rows(file!("accelerators.json"), &mut c.accelerators),
    |c| rows(file!("gpu_prices.json"), &mut c.gpu_prices),
    |c| rows(file!("api_prices.json"), &mut c.api_prices),
    |c| rows(file!("all_in_power.json"), &mut c.all_in_power),
    |c| rows(file!("bands.json"), &mut c.bands),
    |c| rows(file!("engines.json"), &mut c.engines),
    |c| quality(file!("quantization_quality.json"), c),
    |c| rows(file!("defaults.json"), &mut c.defaults),
];

/// Out of line: every file shares one copy a type.
#[inline(never)]
fn rows<T: FromJson>((name, text): (&'static str, &str), into: &mut Vec<T>) -> Result<(), CatalogError> {
    *into = read_rows(name, text)?;
    Ok(())
}

fn quality((name, text): (&'static str, &str), catalog: &mut Catalog) -> Result<(), CatalogError> {
    catalog.quality_source = field(name, text, "source")?;
    rows((name, text), &mut catalog.quantization_quality)
}

/// The rows of the models' file.
fn models() -> Result<Vec<Value>, CatalogError> {
    let (name, text) = file!("models.json");
    let rows = Fields::of(parsed(name, text)?).and_then(|mut fields| fields.take("rows"));
    rows.map_err(|e| CatalogError { file: name, reason: e.to_string() })
}

impl Reading {
    /// Begin.
    ///
    /// # Errors
    /// Here and in the steps: a file that cannot be read, which the tests rule out for a released build.
    pub fn new() -> Result<Self, CatalogError> {
        let ((gateways, names), (speed, constants)) = (file!("gateways.json"), file!("speed.json"));
        let catalog = Catalog {
            models: Vec::new(),
            accelerators: Vec::new(),
            gpu_prices: Vec::new(),
            all_in_power: Vec::new(),
            bands: Vec::new(),
            api_prices: Vec::new(),
            gateways: Gateways::read(names).map_err(|reason| CatalogError { file: gateways, reason })?,
            engines: Vec::new(),
            quantization_quality: Vec::new(),
            quality_source: String::new(),
            defaults: Vec::new(),
            speed: document(speed, constants)?,
            newest_month: String::new(),
            places: HashMap::new(),
        };
        let waiting = FILES.into_iter().map(Step::File).chain([Step::ModelFile]).collect();
        Ok(Self { catalog, waiting })
    }

    /// Read a piece; whether another one waits.
    ///
    /// # Errors
    /// See [`Reading::new`].
    pub fn step(&mut self) -> Result<bool, CatalogError> {
        match self.waiting.pop_front() {
            Some(Step::File(read)) => read(&mut self.catalog)?,
            Some(Step::ModelFile) => {
                let mut rows = models()?.into_iter();
                while rows.len() > 0 {
                    self.waiting.push_back(Step::Models(rows.by_ref().take(MODELS).collect()));
                }
            }
            Some(Step::Models(rows)) => {
                let read: Result<Vec<Model>, _> = Vec::from_json(Value::Array(rows));
                let read = read.map_err(|e| CatalogError { file: "models.json", reason: e.to_string() })?;
                self.catalog.models.extend(read);
            }
            None => {}
        }
        Ok(!self.waiting.is_empty())
    }

    /// The catalog, once no piece waits any more.
    pub fn finish(mut self) -> Catalog {
        self.catalog.find_newest_month();
        self.catalog.resolve_open_models();
        self.catalog
    }
}
