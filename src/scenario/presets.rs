//! Typical questions, each with the link that answers it.

use serde::Serialize;

use crate::catalog::{CatalogError, read_rows, row};

/// One typical question. Rows live in `public/catalog/presets.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preset {
    /// Id, for example `70b-for-200-people`.
    pub id: String,
    /// The question as a person would ask it.
    pub question: String,
    /// What the scenario holds, in a phrase.
    pub about: String,
    /// The claim it checks; empty where it checks none.
    pub claim: String,
    /// The scenario.
    pub link: String,
}

row!(Preset { id, question, about, link } default { claim });

/// Every preset, in reading order. Fails only if `public/catalog/presets.json` is malformed, which the tests rule out
/// for a released build.
pub fn presets() -> Result<Vec<Preset>, CatalogError> {
    read_rows("presets.json", include_str!(concat!(env!("OUT_DIR"), "/presets.json")))
}
