//! The models of the catalog: a page names all of them at once, but its first view looks at one.

use std::collections::HashMap;
use std::ops::Deref;

use serde::{Serialize, Serializer};

use super::{CatalogError, Model, Row, Rows, Table, row, table};

/// What is known of a model before its row is read.
#[derive(Debug, Clone)]
pub struct ModelHead {
    id: String,
    /// Its score on [`super::INDEX`].
    score: Option<f64>,
}

row!(ModelHead { id, score });

impl Row for Model {
    type Head = ModelHead;
    const TABLE: Table = table!("models");

    fn head(&self) -> ModelHead {
        ModelHead { id: self.id.clone(), score: self.score() }
    }
}

/// Open-weight models, in the order of the file.
#[derive(Debug, Clone)]
pub struct Models {
    rows: Rows<Model>,
    /// Place by id; a later row of the same id does not take the place of the first.
    places: HashMap<String, usize>,
}

impl Models {
    /// The models of the embedded file, none of them read.
    ///
    /// # Errors
    /// A file that cannot be read, which the tests rule out for a released build.
    pub(super) fn embedded() -> Result<Self, CatalogError> {
        Ok(Rows::embedded()?.into())
    }

    /// The ids in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rows.heads().map(|head| head.id.as_str())
    }

    /// The place of exactly this id.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// A model's score on [`super::INDEX`].
    pub fn score(&self, place: usize) -> Option<f64> {
        self.rows.head(place)?.score
    }
}

impl From<Rows<Model>> for Models {
    fn from(rows: Rows<Model>) -> Self {
        let ids: Vec<&str> = rows.heads().map(|head| head.id.as_str()).collect();
        let places = ids.into_iter().enumerate().rev().map(|(place, id)| (id.to_string(), place)).collect();
        Self { rows, places }
    }
}

impl Deref for Models {
    type Target = Rows<Model>;

    fn deref(&self) -> &Rows<Model> {
        &self.rows
    }
}

/// Models that are in no file.
impl FromIterator<Model> for Models {
    fn from_iter<T: IntoIterator<Item = Model>>(models: T) -> Self {
        models.into_iter().collect::<Rows<Model>>().into()
    }
}

impl Serialize for Models {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::{Catalog, Models};

    #[test]
    fn a_model_is_at_its_place_with_its_score() {
        let catalog = Catalog::embedded().unwrap();
        for (place, model) in catalog.models.iter().enumerate() {
            assert_eq!(catalog.models.place(&model.id), Some(place));
            assert_eq!(catalog.models.score(place), model.score(), "{}", model.id);
        }
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
