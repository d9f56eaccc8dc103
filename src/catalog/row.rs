//! How rows are read out of the catalog's JSON: one small reader for every type. A derived parser a type would take a
//! seventh of the page's bytes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Why a row cannot be read: the path inside the document and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct RowError {
    path: String,
    reason: &'static str,
}

impl RowError {
    pub(crate) fn new(reason: &'static str) -> Self {
        Self { path: String::new(), reason }
    }

    /// The same seen from one level further out.
    #[inline(never)]
    fn inside(mut self, step: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path.insert_str(0, dot);
        self.path.insert_str(0, step);
        self
    }
}

/// What can be read from a JSON value.
pub trait FromJson: Sized {
    /// Read it; fails with the path of what does not fit.
    fn from_json(value: Value) -> Result<Self, RowError>;

    /// What stands where the field is missing; `None` where it may not be.
    fn absent() -> Option<Self> {
        None
    }
}

/// The fields of an object, taken one by one. Fields that nobody takes are of no concern to the program.
pub(crate) struct Fields(Map<String, Value>);

// Out of line, here and in `row!`: hundreds of fields share one copy.
impl Fields {
    /// The fields of a value that must be an object.
    #[inline(never)]
    pub(crate) fn of(value: Value) -> Result<Self, RowError> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(RowError::new("must be an object")),
        }
    }

    #[inline(never)]
    fn value(&mut self, name: &str) -> Option<Value> {
        self.0.get_mut(name).map(Value::take)
    }

    /// A field that must be there, unless its type has something to stand for it.
    #[inline(never)]
    pub(crate) fn take<T: FromJson>(&mut self, name: &str) -> Result<T, RowError> {
        match self.value(name) {
            Some(value) => T::from_json(value).map_err(|e| e.inside(name)),
            None => T::absent().ok_or_else(|| RowError::new("is missing").inside(name)),
        }
    }

    /// A field that may be left out.
    #[inline(never)]
    pub(crate) fn take_or_default<T: FromJson + Default>(&mut self, name: &str) -> Result<T, RowError> {
        match self.value(name) {
            Some(value) => T::from_json(value).map_err(|e| e.inside(name)),
            None => Ok(T::default()),
        }
    }
}

/// The rows of a table that is written column by column, each under the name of its field; null where a row has none.
#[inline(never)]
pub(crate) fn by_columns(table: Value) -> Result<Value, RowError> {
    let mut rows: Vec<Map<String, Value>> = Vec::new();
    for (name, column) in Fields::of(table)?.0 {
        let Value::Array(column) = column else { return Err(RowError::new("must be a list").inside(&name)) };
        rows.resize_with(rows.len().max(column.len()), Map::new);
        for (row, value) in rows.iter_mut().zip(column).filter(|(_, value)| !value.is_null()) {
            row.insert(name.clone(), value);
        }
    }
    Ok(rows.into_iter().map(Value::Object).collect())
}

/// How the rows of a type are read: `row!(Type { required fields } default { others } skip { never in the file })`.
/// Fields of type `Option` may always be left out.
macro_rules! row {
    ($type:ident { $($field:ident),* $(,)? } $(default { $($or:ident),* $(,)? })? $(skip { $($not:ident),* })?) => {
        impl $crate::catalog::FromJson for $type {
            #[inline(never)]
            fn from_json(value: serde_json::Value) -> Result<Self, $crate::catalog::RowError> {
                let mut fields = $crate::catalog::Fields::of(value)?;
                Ok(Self {
                    $($field: fields.take(stringify!($field))?,)*
                    $($($or: fields.take_or_default(stringify!($or))?,)*)?
                    $($($not: Default::default(),)*)?
                })
            }
        }
    };
}
pub(crate) use row;

impl FromJson for Value {
    fn from_json(value: Value) -> Result<Self, RowError> {
        Ok(value)
    }
}

impl FromJson for String {
    fn from_json(value: Value) -> Result<Self, RowError> {
        match value {
            Value::String(text) => Ok(text),
            _ => Err(RowError::new("must be text")),
        }
    }
}

impl FromJson for f64 {
    fn from_json(value: Value) -> Result<Self, RowError> {
        value.as_f64().ok_or(RowError::new("must be a number"))
    }
}

impl FromJson for u32 {
    fn from_json(value: Value) -> Result<Self, RowError> {
        let whole = value.as_u64().and_then(|n| Self::try_from(n).ok());
        whole.ok_or(RowError::new("must be a whole number below 2^32"))
    }
}

impl FromJson for bool {
    fn from_json(value: Value) -> Result<Self, RowError> {
        value.as_bool().ok_or(RowError::new("must be true or false"))
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Value) -> Result<Self, RowError> {
        if value.is_null() { Ok(None) } else { T::from_json(value).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Value) -> Result<Self, RowError> {
        let Value::Array(items) = value else { return Err(RowError::new("must be a list")) };
        let mut out = Self::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            out.push(T::from_json(item).map_err(|e| e.inside(&format!("[{i}]")))?);
        }
        Ok(out)
    }
}

impl<T: FromJson, const N: usize> FromJson for [T; N] {
    fn from_json(value: Value) -> Result<Self, RowError> {
        Vec::from_json(value)?.try_into().map_err(|_| RowError::new("is a list of another length"))
    }
}

impl FromJson for BTreeMap<String, String> {
    fn from_json(value: Value) -> Result<Self, RowError> {
        let mut out = Self::new();
        for (key, text) in Fields::of(value)?.0 {
            let text = String::from_json(text).map_err(|e| e.inside(&key))?;
            out.insert(key, text);
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, PartialEq)]
    struct Pair {
        name: String,
        size: Option<u32>,
        note: String,
        shares: [f64; 2],
    }
    row!(Pair { name, size, shares } default { note });

    fn read(value: Value) -> Result<Vec<Pair>, String> {
        Vec::from_json(value).map_err(|e| e.to_string())
    }

    #[test]
    fn what_is_left_out_is_absent_or_empty() {
        let pair = Pair { name: "a".into(), size: None, note: String::new(), shares: [1.0, 0.5] };
        assert_eq!(read(json!([{ "name": "a", "shares": [1, 0.5], "other": 3 }])), Ok(vec![pair]));
    }

    #[test]
    fn a_table_by_columns_is_its_rows() {
        let table = json!({ "name": ["a", "b"], "size": [null, 3] });
        assert_eq!(by_columns(table), Ok(json!([{ "name": "a" }, { "name": "b", "size": 3 }])));
        assert_eq!(by_columns(json!({ "name": 3 })).map_err(|e| e.to_string()), Err("name: must be a list".into()));
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_path() {
        let said = |value| read(value).unwrap_err();
        assert_eq!(said(json!([{ "name": "a", "shares": [1, 2] }, { "shares": [1, 2] }])), "[1].name: is missing");
        assert_eq!(said(json!([{ "name": 3, "shares": [1, 2] }])), "[0].name: must be text");
        assert_eq!(said(json!([{ "name": "a", "shares": [1, "2"] }])), "[0].shares[1]: must be a number");
        assert_eq!(said(json!([{ "name": "a", "shares": [1] }])), "[0].shares: is a list of another length");
        assert_eq!(
            said(json!([{ "name": "a", "size": 2.5, "shares": [1, 2] }])),
            "[0].size: must be a whole number below 2^32"
        );
        assert_eq!(said(json!([{ "name": "a", "note": null, "shares": [1, 2] }])), "[0].note: must be text");
        assert_eq!(said(json!({ "name": "a" })), ": must be a list");
    }
}
