//! Tables whose rows are read when they are first looked at: a first view looks at one or two of them, and the others
//! reach a page later (`scripts/split/`).

use std::fmt::Debug;
use std::sync::OnceLock;

use serde::{Serialize, Serializer};

use super::{CatalogError, FromJson, bad, columns, parsed};

/// The texts of a table, all written by `build.rs`.
#[derive(Clone, Copy)]
pub struct Table {
    /// The file that people edit.
    pub file: &'static str,
    /// What is known of each row before it is read, by columns.
    pub heads: &'static str,
    /// Places of the rows that a first view looks at, as JSON.
    pub places: &'static str,
    /// These rows, one a line.
    pub first: &'static str,
    /// Every row in its place; empty where it is in `first`.
    pub rest: fn() -> &'static [&'static str],
}

/// The table that `build.rs` writes under a name.
macro_rules! table {
    ($name:literal) => {{
        // In a page the lines are carried by the part that this function belongs to, so that they are there by the time
        // it runs.
        #[inline(never)]
        fn rest() -> &'static [&'static str] {
            #[cfg(test)]
            $crate::catalog::later::note();
            static REST: &str = include_str!(concat!(env!("OUT_DIR"), "/", $name, "_rest.jsonl"));
            static LINES: std::sync::OnceLock<Vec<&'static str>> = std::sync::OnceLock::new();
            // What is known about the rows while compiling does not hold before that part is there.
            LINES.get_or_init(|| $crate::catalog::rows::lines(std::hint::black_box(REST)))
        }
        $crate::catalog::Table {
            file: concat!($name, ".json"),
            heads: include_str!(concat!(env!("OUT_DIR"), "/", $name, "_heads.json")),
            places: include_str!(concat!(env!("OUT_DIR"), "/", $name, "_first.json")),
            first: include_str!(concat!(env!("OUT_DIR"), "/", $name, "_first.jsonl")),
            rest,
        }
    }};
}
pub(crate) use table;

/// The rows between a first and a last line that are none.
#[inline(never)]
pub(crate) fn lines(rest: &'static str) -> Vec<&'static str> {
    rest.lines().skip(1).collect()
}

/// What can be a row of such a table.
pub trait Row: FromJson + 'static {
    /// What is known of it before it is read.
    type Head: FromJson + Clone + Debug;
    /// Where it is from.
    const TABLE: Table;

    /// What would be known of it.
    fn head(&self) -> Self::Head;
}

/// The rows of a table in the order of its file.
#[derive(Debug, Clone)]
pub struct Rows<T: Row> {
    heads: Vec<T::Head>,
    /// Empty until the row is read; `None` where it cannot be.
    rows: Vec<OnceLock<Option<Box<T>>>>,
    /// Rows of the first view, by place.
    first: Vec<(usize, &'static str)>,
}

impl<T: Row> Default for Rows<T> {
    fn default() -> Self {
        Self { heads: Vec::new(), rows: Vec::new(), first: Vec::new() }
    }
}

/// The first rows of a table, by place.
#[inline(never)]
fn first_of(table: &Table) -> Result<Vec<(usize, &'static str)>, CatalogError> {
    let places: Vec<u32> = Vec::from_json(parsed(table.file, table.places)?).map_err(|e| bad(table.file, &e))?;
    Ok(places.into_iter().map(|place| place as usize).zip(table.first.lines()).collect())
}

impl<T: Row> Rows<T> {
    /// The rows of the embedded file, none of them read.
    ///
    /// # Errors
    /// A file that cannot be read, which the tests rule out for a released build.
    pub(super) fn embedded() -> Result<Self, CatalogError> {
        let table = T::TABLE;
        let heads = Vec::from_json(columns(table.file, parsed(table.file, table.heads)?)?);
        let heads: Vec<T::Head> = heads.map_err(|e| bad(table.file, &e))?;
        let rows = heads.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { heads, rows, first: first_of(&table)? })
    }

    /// Read every row.
    ///
    /// # Errors
    /// The first row that cannot be read: its line and what is wrong there.
    pub(super) fn read(&self) -> Result<(), CatalogError> {
        let mut unread = (0..self.len()).filter(|place| self.get(*place).is_none());
        unread.try_for_each(|place| self.row(place).map(|_| ()))
    }

    fn row(&self, place: usize) -> Result<T, CatalogError> {
        let Table { file, rest, .. } = T::TABLE;
        let early = self.first.iter().find(|(of, _)| *of == place).map(|(_, line)| *line);
        let line = early.or_else(|| rest().get(place).copied()).unwrap_or_default();
        let read = T::from_json(parsed(file, line)?);
        read.map_err(|e| CatalogError { file, reason: format!("row {place}: {e}") })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// What is known of each row before it is read.
    pub fn heads(&self) -> impl Iterator<Item = &T::Head> {
        self.heads.iter()
    }

    /// What is known of the row in a place.
    pub fn head(&self, place: usize) -> Option<&T::Head> {
        self.heads.get(place)
    }

    /// The place of the first row that is meant.
    pub fn place(&self, meant: impl FnMut(&T::Head) -> bool) -> Option<usize> {
        self.heads.iter().position(meant)
    }

    /// The row in a place of the file.
    pub fn get(&self, place: usize) -> Option<&T> {
        self.rows.get(place)?.get_or_init(|| self.row(place).ok().map(Box::new)).as_deref()
    }

    /// Every row in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.len()).filter_map(|place| self.get(place))
    }

    /// Whether a row is there before those that come later.
    #[cfg(test)]
    pub(super) fn is_early(&self, place: usize) -> bool {
        self.first.iter().any(|(of, _)| *of == place) && (T::TABLE.rest)().get(place) == Some(&"")
    }
}

/// Rows that are in no file.
impl<T: Row> FromIterator<T> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let rows: Vec<T> = rows.into_iter().collect();
        let heads = rows.iter().map(T::head).collect();
        let rows = rows.into_iter().map(|row| OnceLock::from(Some(Box::new(row)))).collect();
        Self { heads, rows, first: Vec::new() }
    }
}

impl<'a, T: Row> IntoIterator for &'a Rows<T> {
    type Item = &'a T;
    type IntoIter = Box<dyn Iterator<Item = &'a T> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl<T: Row + PartialEq> PartialEq for Rows<T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: Row + Serialize> Serialize for Rows<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    //! A row that is read when it is looked at is the one of the file, and what is known before says the same.

    use serde_json::Value;

    use super::*;
    use crate::catalog::speed::EngineConstants;
    use crate::catalog::{Accelerator, Catalog, Model};
    use crate::scenario::Scenario;

    fn are_those_of<T: Row + PartialEq + Debug>(list: &str) {
        let rows = Rows::<T>::embedded().unwrap();
        let file = std::fs::read_to_string(format!("public/catalog/{}", T::TABLE.file)).unwrap();
        let file: Value = serde_json::from_str(&file).unwrap();
        let written = file[list].as_array().unwrap();
        assert_eq!(rows.len(), written.len());
        for (place, row) in written.iter().enumerate() {
            let own = T::from_json(row.clone()).unwrap();
            assert_eq!(rows.get(place), Some(&own));
            assert_eq!(format!("{:?}", rows.head(place).unwrap()), format!("{:?}", own.head()));
        }
        assert_eq!(rows.get(written.len()), None);
        let again: Rows<T> = written.iter().map(|row| T::from_json(row.clone()).unwrap()).collect();
        assert_eq!(again, rows);
    }

    #[test]
    fn every_row_is_that_of_the_file_in_its_place() {
        are_those_of::<Model>("rows");
        are_those_of::<Accelerator>("rows");
        are_those_of::<EngineConstants>("engines");
    }

    #[test]
    fn what_the_first_view_looks_at_is_there_before_the_rest() {
        let (catalog, s) = (Catalog::embedded().unwrap(), Scenario::default());
        let model = catalog.models.place(&s.model.id).unwrap();
        assert!(catalog.models.is_early(model), "name it in build.rs");
        let accelerator = catalog.accelerators.place(|a| a.id == s.hardware.accelerator).unwrap();
        assert!(catalog.accelerators.is_early(accelerator), "name it in build.rs");
        let constants = catalog.speed.of(s.serving.engine.id(), catalog.models.get(model).unwrap().is_moe()).unwrap();
        let place = catalog.speed.engines.iter().position(|e| e == constants).unwrap();
        assert!(catalog.speed.engines.is_early(place), "name it in build.rs");
    }
}
