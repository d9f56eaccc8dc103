//! Typed, bounded access to the fields of a JSON object.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::{ImportError, Note};

/// Longest list read (layers of the deepest models are in the hundreds).
const MOST_ITEMS: usize = 4096;

/// An object under a path, and what was assumed while reading it.
pub struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: String,
    /// What was assumed.
    pub notes: Vec<Note>,
    /// Paths that were asked for, where somebody wants to know.
    asked: Option<Asked>,
}

/// Paths of fields, shared by an object and the objects in it.
type Asked = Rc<RefCell<BTreeSet<String>>>;

impl<'a> Fields<'a> {
    /// The fields of an object.
    pub fn of(value: &'a Value, path: &str) -> Result<Self, ImportError> {
        match value {
            Value::Object(map) => Ok(Self { map, path: path.into(), notes: Vec::new(), asked: None }),
            other => Err(wrong(path, "an object", other)),
        }
    }

    /// The same, keeping account of what is asked for; see [`Fields::read_part`].
    pub fn watched(mut self) -> Self {
        self.asked = Some(Asked::default());
        self
    }

    /// The same fields, with nothing assumed yet.
    pub fn again(&self) -> Self {
        Self { map: self.map, path: self.path.clone(), notes: Vec::new(), asked: self.asked.clone() }
    }

    /// The part of the object that was asked for since [`Fields::watched`]: whoever reads it reads the same.
    pub fn read_part(&self) -> Value {
        let asked = self.asked.as_ref().map(|a| a.borrow().clone()).unwrap_or_default();
        part(self.map, &self.path, &asked)
    }

    /// Full path of a field.
    pub fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.into() } else { format!("{}.{name}", self.path) }
    }

    /// Note an assumption about a field.
    pub fn note(&mut self, name: &str, message: impl Into<String>) {
        let path = self.path_of(name);
        self.notes.push(Note { path, message: message.into() });
    }

    /// The value of a field; absent and null are the same.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        if let Some(asked) = &self.asked {
            asked.borrow_mut().insert(self.path_of(name));
        }
        self.map.get(name).filter(|v| !v.is_null())
    }

    /// A whole number between 0 and `most` under the first of the names that is there.
    pub fn whole(&self, names: &[&str], most: u32) -> Result<Option<u32>, ImportError> {
        for name in names {
            if let Some(v) = self.get(name) {
                return self.to_whole(name, v, most).map(Some);
            }
        }
        Ok(None)
    }

    /// The same, at least 1; 0 counts as absent, which is how configurations switch a feature off.
    pub fn count(&self, names: &[&str], most: u32) -> Result<Option<u32>, ImportError> {
        Ok(self.whole(names, most)?.filter(|n| *n > 0))
    }

    /// What is the matter with a count that [`Fields::count`] did not find: it is 0, or not there.
    pub fn lack(&self, names: &[&str]) -> &'static str {
        if names.iter().any(|name| self.get(name).is_some()) { "is 0" } else { "is missing" }
    }

    /// A count that nothing can do without.
    ///
    /// # Errors
    /// As [`Fields::whole`]; where it is 0 or not there.
    pub fn needed(&self, names: &[&str], most: u32) -> Result<u32, ImportError> {
        let found = self.count(names, most)?;
        found.ok_or_else(|| match names.iter().find(|name| self.get(name).is_some()) {
            Some(name) => ImportError::new(self.path_of(name), "is 0", "it must be at least 1"),
            None => {
                let hint = "the configuration must describe a decoder language model";
                ImportError::new(self.path_of(names.first().unwrap_or(&"")), "is missing", hint)
            }
        })
    }

    fn to_whole(&self, name: &str, v: &Value, most: u32) -> Result<u32, ImportError> {
        let number = v.as_f64().filter(|n| n.is_finite()).ok_or_else(|| wrong(&self.path_of(name), "a number", v))?;
        if number < 0.0 || number > f64::from(most) || number.fract() != 0.0 {
            let message = format!("{number} is not a whole number between 0 and {most}");
            return Err(ImportError::new(self.path_of(name), message, "check the configuration"));
        }
        Ok(number as u32)
    }

    /// A truth value.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, ImportError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(b)) => Ok(Some(*b)),
            Some(other) => Err(wrong(&self.path_of(name), "true or false", other)),
        }
    }

    /// Text, shortened where it is only shown.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, ImportError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(s)) if s.len() <= 200 => Ok(Some(s)),
            Some(Value::String(_)) => Err(ImportError::new(self.path_of(name), "longer than 200 bytes", "shorten it")),
            Some(other) => Err(wrong(&self.path_of(name), "text", other)),
        }
    }

    /// A list of bounded length.
    pub fn list(&self, name: &str) -> Result<Option<&'a [Value]>, ImportError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Array(items)) if items.len() <= MOST_ITEMS => Ok(Some(items)),
            Some(Value::Array(items)) => {
                let message = format!("{} entries are more than any model has layers", items.len());
                Err(ImportError::new(self.path_of(name), message, "check the configuration"))
            }
            Some(other) => Err(wrong(&self.path_of(name), "a list", other)),
        }
    }

    /// A nested object.
    pub fn object(&self, name: &str) -> Result<Option<Fields<'a>>, ImportError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let fields = Fields::of(value, &self.path_of(name))?;
        Ok(Some(Self { asked: self.asked.clone(), ..fields }))
    }
}

/// The fields of an object whose paths are among those asked for. Only [`Fields::object`] looks into objects, so what it
/// did not ask for inside them may go too.
fn part(map: &Map<String, Value>, path: &str, asked: &BTreeSet<String>) -> Value {
    let mut out = Map::new();
    for (name, value) in map {
        let full = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if !asked.contains(&full) {
            continue;
        }
        let kept = match value {
            Value::Object(inner) => part(inner, &full, asked),
            other => other.clone(),
        };
        out.insert(name.clone(), kept);
    }
    Value::Object(out)
}

fn wrong(path: &str, wanted: &str, got: &Value) -> ImportError {
    let kind = match got {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    let path = if path.is_empty() { "config.json" } else { path };
    ImportError::new(path, format!("is {kind}, not {wanted}"), "paste the model's own config.json")
}
