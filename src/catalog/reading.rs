//! The embedded files read one by one, so that a page can answer in between.

use std::sync::OnceLock;

use super::speed::Calibration;
use super::{Catalog, CatalogError, FromJson, Models, Rows, bad, columns, document, field};

/// A catalog of which some files are read.
pub struct Reading {
    catalog: Catalog,
    /// Files that wait.
    waiting: Vec<Read>,
}

/// Reads a file into its place.
type Read = fn(&mut Catalog) -> Result<(), CatalogError>;

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!(env!("OUT_DIR"), "/", $name)))
    };
}

/// The files, the last one first.
const FILES: [Read; 7] = [
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
    *into = Vec::from_json(columns(name, field(name, text, "rows")?)?).map_err(|e| bad(name, &e))?;
    Ok(())
}

fn quality((name, text): (&'static str, &str), catalog: &mut Catalog) -> Result<(), CatalogError> {
    catalog.quality_source = field(name, text, "source")?;
    rows((name, text), &mut catalog.quantization_quality)
}

impl Reading {
    /// Begin.
    ///
    /// # Errors
    /// Here and in the steps: a file that cannot be read, which the tests rule out for a released build.
    pub fn new() -> Result<Self, CatalogError> {
        let (speed, constants) = file!("speed.json");
        let catalog = Catalog {
            models: Models::embedded()?,
            accelerators: Rows::embedded()?,
            gpu_prices: Vec::new(),
            all_in_power: Vec::new(),
            bands: Vec::new(),
            api_prices: Vec::new(),
            gateways: OnceLock::new(),
            engines: Vec::new(),
            quantization_quality: Vec::new(),
            quality_source: String::new(),
            defaults: Vec::new(),
            speed: Calibration { engines: Rows::embedded()?, ..document(speed, constants)? },
            newest_month: String::new(),
        };
        Ok(Self { catalog, waiting: FILES.to_vec() })
    }

    /// Read a file; whether another one waits. Rows of some are read when they are looked at ([`Rows`]).
    ///
    /// # Errors
    /// See [`Reading::new`].
    pub fn step(&mut self) -> Result<bool, CatalogError> {
        if let Some(read) = self.waiting.pop() {
            read(&mut self.catalog)?;
        }
        Ok(!self.waiting.is_empty())
    }

    /// The catalog, once no file waits any more.
    pub fn finish(mut self) -> Catalog {
        self.catalog.find_newest_month();
        self.catalog.resolve_open_models();
        self.catalog
    }
}
