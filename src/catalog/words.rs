//! Texts for people about a fact: where it is from, and what to know about it. No answer rests on them, so they lie in a
//! list of their own, which a page fetches after its first view (`scripts/split/`).

use std::fmt;
use std::hint::black_box;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{FromJson, RowError};

/// One text a line, between a first and a last one that are none. Written by `build.rs`.
static LIST: &str = include_str!(concat!(env!("OUT_DIR"), "/words.txt"));

/// The texts of the list. In a page they are carried by the part that this function belongs to, so that they are there by
/// the time it runs.
#[inline(never)]
fn all() -> &'static [&'static str] {
    #[cfg(test)]
    super::later::note();
    static ALL: OnceLock<Vec<&'static str>> = OnceLock::new();
    // What is known about the list while compiling does not hold before that part is there.
    ALL.get_or_init(|| black_box(LIST).lines().skip(1).collect())
}

/// A text about a fact.
#[derive(Clone, Default)]
pub struct Words(Kept);

#[derive(Clone)]
enum Kept {
    /// Its place in the list.
    Listed(u32),
    /// A text of its own.
    Own(String),
    /// Another one with the day it was read behind it, put together when it is looked at.
    Dated(Box<(Words, String)>, OnceLock<String>),
}

impl Default for Kept {
    fn default() -> Self {
        Self::Own(String::new())
    }
}

impl Words {
    /// No text.
    pub const fn none() -> Self {
        Self(Kept::Own(String::new()))
    }

    /// This text and the day it was read: `text (day)`.
    pub fn dated(&self, day: &str) -> Self {
        Self(Kept::Dated(Box::new((self.clone(), day.into())), OnceLock::new()))
    }
}

impl Deref for Words {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Kept::Listed(i) => all().get(*i as usize).copied().unwrap_or_default(),
            Kept::Own(text) => text,
            Kept::Dated(of, text) => text.get_or_init(|| format!("{} ({})", of.0, of.1)),
        }
    }
}

impl<T: Into<String>> From<T> for Words {
    fn from(text: T) -> Self {
        Self(Kept::Own(text.into()))
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            // No text is in the list twice.
            (Kept::Listed(a), Kept::Listed(b)) => a == b,
            (Kept::Dated(a, _), Kept::Dated(b, _)) => a == b,
            _ => **self == **other,
        }
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl AsRef<str> for Words {
    fn as_ref(&self) -> &str {
        self
    }
}

impl std::borrow::Borrow<str> for Words {
    fn borrow(&self) -> &str {
        self
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl FromJson for Words {
    fn from_json(value: Value) -> Result<Self, RowError> {
        match (value.as_u64(), value) {
            (Some(i), _) => u32::try_from(i).map(|i| Self(Kept::Listed(i))).map_err(|_| RowError::new("is no text")),
            (None, Value::String(text)) => Ok(text.into()),
            _ => Err(RowError::new("must be text")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_the_list_is_that_of_the_file() {
        let file: Value = serde_json::from_str(include_str!("../../public/catalog/gpu_prices.json")).unwrap();
        let catalog = crate::catalog::Catalog::embedded().unwrap();
        for (row, written) in catalog.gpu_prices.iter().zip(file["rows"].as_array().unwrap()) {
            assert_eq!(Value::from(row.source.to_string()), written["source"], "{}", row.name());
            assert!(matches!(row.source.0, Kept::Listed(_)));
        }
    }

    #[test]
    fn a_number_that_is_not_in_the_list_is_no_text_and_what_is_neither_is_refused() {
        assert_eq!(Words::from_json(Value::from(4_000_000_000_u32)).map(|w| w.len()), Ok(0));
        assert!(Words::from_json(Value::from(1.5)).is_err());
        assert_eq!(Words::from_json(Value::from("x")), Ok(Words::from("x")));
    }

    #[test]
    fn a_text_has_its_day_behind_it() {
        assert_eq!(Words::from("a survey").dated("2026-11-23").to_string(), "a survey (2026-11-23)");
    }
}
