//! The models of the catalog, each read when it is first looked at: a page names all of them at once, but its first view
//! looks at one, and the rows of the others reach it later (`scripts/split/`).

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::OnceLock;

use serde::{Serialize, Serializer};

use super::{CatalogError, FromJson, Model, RowError, parsed, row};

/// The file that people edit.
const FILE: &str = "models.json";
/// Names and scores of all rows in the file's order, as JSON. Written by `build.rs`, as are the next two.
const NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/model_names.json"));
/// Rows that the first view looks at: their places in the order, as JSON, and one row a line.
const FIRST_PLACES: &str = include_str!(concat!(env!("OUT_DIR"), "/models_first.json"));
/// See [`FIRST_PLACES`].
const FIRST: &str = include_str!(concat!(env!("OUT_DIR"), "/models_first.jsonl"));
/// Every row in its place, one a line, between a first and a last line that are none; empty where it is in [`FIRST`].
static REST: &str = include_str!(concat!(env!("OUT_DIR"), "/models_rest.jsonl"));

/// The lines of [`REST`]. In a page they are carried by the part that this function belongs to, so that they are there by
/// the time it runs.
#[inline(never)]
fn rest() -> &'static [&'static str] {
    static LINES: OnceLock<Vec<&'static str>> = OnceLock::new();
    // What is known about the rows while compiling does not hold before that part is there.
    LINES.get_or_init(|| black_box(REST).lines().skip(1).collect())
}

/// What is known of a model before its row is read.
#[derive(Debug, Clone)]
struct Name {
    id: String,
    /// Its score on [`super::INDEX`].
    score: Option<f64>,
}

row!(Name { id, score });

/// Open-weight models, in the order of the file.
#[derive(Debug, Clone)]
pub struct Models {
    names: Vec<Name>,
    /// Place by id; a later row of the same id does not take the place of the first.
    places: HashMap<String, usize>,
    /// Empty until the row is read; `None` where it cannot be.
    rows: Vec<OnceLock<Option<Box<Model>>>>,
    /// Rows that are not in [`REST`], by place.
    first: Vec<(usize, &'static str)>,
}

impl Models {
    /// The models of the embedded file, none of them read.
    ///
    /// # Errors
    /// A file that cannot be read, which the tests rule out for a released build.
    pub(super) fn embedded() -> Result<Self, CatalogError> {
        let bad = |e: RowError| CatalogError { file: FILE, reason: e.to_string() };
        let names = Vec::from_json(parsed(FILE, NAMES)?).map_err(bad)?;
        let places: Vec<u32> = Vec::from_json(parsed(FILE, FIRST_PLACES)?).map_err(bad)?;
        let first = places.into_iter().map(|place| place as usize).zip(FIRST.lines()).collect();
        Ok(Self::of(names, first))
    }

    fn of(names: Vec<Name>, first: Vec<(usize, &'static str)>) -> Self {
        let places = names.iter().enumerate().rev().map(|(place, name)| (name.id.clone(), place)).collect();
        let rows = names.iter().map(|_| OnceLock::new()).collect();
        Self { names, places, rows, first }
    }

    /// Read every row.
    ///
    /// # Errors
    /// The first row that cannot be read: its line and what is wrong there.
    pub(super) fn read(&self) -> Result<(), CatalogError> {
        let mut unread = (0..self.len()).filter(|place| self.get(*place).is_none());
        unread.try_for_each(|place| self.row(place).map(|_| ()))
    }

    fn row(&self, place: usize) -> Result<Model, CatalogError> {
        let early = self.first.iter().find(|(of, _)| *of == place).map(|(_, line)| *line);
        let line = early.or_else(|| rest().get(place).copied()).unwrap_or_default();
        let read = Model::from_json(parsed(FILE, line)?);
        read.map_err(|e| CatalogError { file: FILE, reason: format!("row {place}: {e}") })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The ids in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| name.id.as_str())
    }

    /// The model in a place of the file.
    pub fn get(&self, place: usize) -> Option<&Model> {
        self.rows.get(place)?.get_or_init(|| self.row(place).ok().map(Box::new)).as_deref()
    }

    /// The place of exactly this id.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// A model's score on [`super::INDEX`].
    pub fn score(&self, place: usize) -> Option<f64> {
        self.names.get(place)?.score
    }

    /// Every model in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Model> {
        (0..self.len()).filter_map(|place| self.get(place))
    }
}

/// Models that are in no file.
impl FromIterator<Model> for Models {
    fn from_iter<T: IntoIterator<Item = Model>>(models: T) -> Self {
        let models: Vec<Model> = models.into_iter().collect();
        let names = models.iter().map(|m| Name { id: m.id.clone(), score: m.score() }).collect();
        let rows = models.into_iter().map(|m| OnceLock::from(Some(Box::new(m)))).collect();
        Self { rows, ..Self::of(names, Vec::new()) }
    }
}

impl Serialize for Models {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    //! A model that is read when it is looked at is the one of the file, and what is known before says the same.

    use serde_json::Value;

    use super::*;
    use crate::catalog::Catalog;
    use crate::scenario::Scenario;

    #[test]
    fn every_row_is_that_of_the_file_in_its_place() {
        let models = Models::embedded().unwrap();
        let file = std::fs::read_to_string("public/catalog/models.json").unwrap();
        let file: Value = serde_json::from_str(&file).unwrap();
        let written = file["rows"].as_array().unwrap();
        assert_eq!(models.len(), written.len());
        for (place, row) in written.iter().enumerate() {
            let own = Model::from_json(row.clone()).unwrap();
            assert_eq!(models.get(place), Some(&own), "{}", own.id);
            assert_eq!(models.place(&own.id), Some(place));
            assert_eq!(models.score(place), own.score(), "{}", own.id);
        }
        assert_eq!(models.get(written.len()), None);
    }

    #[test]
    fn the_model_of_the_first_view_is_there_before_the_rest() {
        let catalog = Catalog::embedded().unwrap();
        let place = catalog.models.place(&Scenario::default().model.id).unwrap();
        assert!(catalog.models.first.iter().any(|(of, _)| *of == place), "name it in build.rs");
        assert_eq!(rest().get(place), Some(&""));
    }

    #[test]
    fn models_of_no_file_are_looked_up_alike() {
        let catalog = Catalog::embedded().unwrap();
        let twice: Models = catalog.models.iter().chain(catalog.models.iter()).cloned().collect();
        assert_eq!(twice.len(), 2 * catalog.models.len());
        for (place, model) in catalog.models.iter().enumerate() {
            assert_eq!(twice.place(&model.id), Some(place), "the first of two");
            assert_eq!(twice.get(place + catalog.models.len()), Some(model));
        }
    }
}
