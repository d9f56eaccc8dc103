//! Facts as typed rows: models, accelerators, rental prices, API prices, measured quantization quality.
//!
//! The rows live in `public/catalog/*.json`, which people can edit without knowing Rust; each row names its source and
//! the day it was read. The files are embedded at build time, so that the page works offline and every door sees the
//! same facts.

pub mod accelerator;
pub mod all_in_power;
pub mod api_price;
pub mod band;
pub mod default_value;
pub mod dimensions;
pub mod engine;
pub mod gateway;
pub mod gpu_price;
#[cfg(test)]
mod later;
pub mod model;
pub mod models;
pub mod nearest;
pub mod offer;
pub mod open_model_key;
pub mod parameters;
pub mod quantization;
pub mod quantization_quality;
mod reading;
mod row;
pub mod rows;
pub mod speed;
pub mod words;

use std::sync::OnceLock;

use serde_json::Value;

pub use accelerator::{Accelerator, AcceleratorHead};
pub use all_in_power::AllInPower;
pub use api_price::ApiPrice;
pub use band::Band;
pub use default_value::DefaultValue;
pub use dimensions::Dimensions;
pub use engine::EngineRule;
pub use gateway::Gateways;
pub use gpu_price::GpuPrice;
pub use model::{INDEX, LayerGroup, Model};
pub use models::Models;
pub use parameters::Parameters;
pub use quantization::{KvDtype, Quantization};
pub use quantization_quality::{QualityCost, QualityRow, Recovery};
pub use reading::Reading;
pub(crate) use row::{Fields, row};
pub use row::{FromJson, RowError};
pub(crate) use rows::table;
pub use rows::{Row, Rows, Table};
pub use words::Words;

/// A catalog file could not be read: the file's name and what was wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("catalog file {file}: {reason}")]
pub struct CatalogError {
    /// The file inside `public/catalog`.
    pub file: &'static str,
    /// What the parser said with line and column, or the path of what does not fit.
    pub reason: String,
}

/// Every fact the planner knows.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// Open-weight models.
    pub models: Models,
    /// Accelerators.
    pub accelerators: Rows<Accelerator>,
    /// Rental prices per GPU hour.
    pub gpu_prices: Vec<GpuPrice>,
    /// Electricity per accelerator with everything around it.
    pub all_in_power: Vec<AllInPower>,
    /// How unsure prices without a quote are.
    pub bands: Vec<Band>,
    /// Managed API prices per million tokens.
    pub api_prices: Vec<ApiPrice>,
    gateways: OnceLock<Gateways>,
    /// Serving engines' memory rules by version.
    pub engines: Vec<EngineRule>,
    /// Measured quality recovery per quantization format.
    pub quantization_quality: Vec<QualityRow>,
    /// Where those were measured.
    pub quality_source: String,
    /// Where the defaults of a scenario are from.
    pub defaults: Vec<DefaultValue>,
    /// Calibrated constants of the speed model.
    pub speed: speed::Calibration,
    newest_month: String,
}

/// The part of a model's id after the slash.
fn slug(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

fn parsed(file: &'static str, text: &str) -> Result<Value, CatalogError> {
    serde_json::from_str(text).map_err(|e| CatalogError { file, reason: e.to_string() })
}

/// What is wrong in a file. Out of line, as are the next: every type shares one copy.
#[inline(never)]
fn bad(file: &'static str, e: &RowError) -> CatalogError {
    CatalogError { file, reason: e.to_string() }
}

/// The rows of a table that is written by columns.
#[inline(never)]
fn columns(file: &'static str, table: Value) -> Result<Value, CatalogError> {
    row::by_columns(table).map_err(|e| bad(file, &e))
}

fn document<T: FromJson>(file: &'static str, text: &str) -> Result<T, CatalogError> {
    T::from_json(parsed(file, text)?).map_err(|e| CatalogError { file, reason: e.to_string() })
}

/// The rows of a catalog file.
///
/// # Errors
/// Text that is not such a file, with line and column or the path of what does not fit.
pub fn read_rows<T: FromJson>(file: &'static str, text: &str) -> Result<Vec<T>, CatalogError> {
    field(file, text, "rows")
}

fn field<T: FromJson>(file: &'static str, text: &str, name: &str) -> Result<T, CatalogError> {
    let read = Fields::of(parsed(file, text)?).and_then(|mut fields| fields.take(name));
    read.map_err(|e| CatalogError { file, reason: e.to_string() })
}

impl Catalog {
    /// Read the facts embedded in the program. Fails only if a row in `public/catalog` is malformed, which the tests
    /// rule out for a released build.
    #[inline(never)]
    pub fn embedded() -> Result<Self, CatalogError> {
        let mut reading = Reading::new()?;
        while reading.step()? {}
        let mut catalog = reading.finish();
        catalog.models.read()?;
        catalog.accelerators.read()?;
        catalog.speed.engines.read()?;
        catalog.gateways = Gateways::embedded()?.into();
        Ok(catalog)
    }

    /// The model of that id, case ignored: the whole id, the short name after the slash, or the beginning of exactly one
    /// short name (`llama-3.3-70b`).
    pub fn model(&self, id: &str) -> Option<&Model> {
        let whole = || self.models.ids().position(|of| of.eq_ignore_ascii_case(id));
        let short = || self.models.ids().position(|of| slug(of).eq_ignore_ascii_case(id));
        self.models.get(self.models.place(id).or_else(whole).or_else(short).or_else(|| self.model_begun(id))?)
    }

    /// The place of the only model whose short name begins with these words; `None` where several do.
    fn model_begun(&self, words: &str) -> Option<usize> {
        let begins = |id: &str| {
            let (begin, next) = slug(id).split_at_checked(words.len())?;
            Some(begin.eq_ignore_ascii_case(words) && next.starts_with('-'))
        };
        let all = self.models.ids().enumerate().filter(|(_, id)| words.len() > 2 && begins(id) == Some(true));
        let mut places = all.map(|(place, _)| place);
        places.next().filter(|_| places.next().is_none())
    }

    /// What gateways call the API rows; read when it is first asked for.
    pub fn gateways(&self) -> &Gateways {
        self.gateways.get_or_init(|| Gateways::embedded().unwrap_or_default())
    }

    /// The accelerator of that id.
    pub fn accelerator(&self, id: &str) -> Option<&Accelerator> {
        self.accelerators.get(self.accelerators.place(|a| a.id.eq_ignore_ascii_case(id))?)
    }

    /// The API price row of that id.
    pub fn api_price(&self, id: &str) -> Option<&ApiPrice> {
        self.api_prices.iter().find(|a| a.id.eq_ignore_ascii_case(id))
    }
}

#[cfg(test)]
mod tests {
    use super::Catalog;

    #[test]
    fn a_model_is_found_by_id_short_name_or_unique_beginning() {
        let c = Catalog::embedded().unwrap();
        let whole = c.model("meta-llama/Llama-3.3-70B-Instruct").unwrap();
        assert_eq!(c.model("llama-3.3-70b-instruct"), Some(whole));
        assert_eq!(c.model("Llama-3.3-70B"), Some(whole));
        assert_eq!(c.model("llama"), None, "several begin like this");
        assert_eq!(c.model("qwen3-3"), None, "a number must not be cut");
        assert_eq!(c.model(""), None);
    }
}
