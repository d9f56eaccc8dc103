//! From a parsed document to a validated Scenario, field by field along the table.

use serde_json::{Map, Value};

use super::value::{Problem, read_number};
use super::{MAX_WARNINGS, contradictions, items};
use crate::catalog::nearest::nearest;
use crate::quantity::{Unit, exact, exact_range};
use crate::scenario::field::{Absent, Choice, Field, Flag, Kind, Number, Refusal, Special, Text, TextSource};
use crate::scenario::{Range, Scenario, VERSION, Warning, fields};
use crate::visible::{acts, visible};

/// Warnings as they accumulate, at most [`MAX_WARNINGS`] of them.
#[derive(Default)]
pub(crate) struct Notes {
    warnings: Vec<Warning>,
    beyond: usize,
    /// Whether messages leave out what is used instead.
    refusing: bool,
}

impl Notes {
    /// For callers that refuse a value instead of using another.
    pub(crate) fn refusing() -> Self {
        Self { refusing: true, ..Self::default() }
    }

    /// Whether further notes are only counted.
    fn full(&self) -> bool {
        self.warnings.len() >= MAX_WARNINGS
    }

    /// Note what is the matter with a field.
    pub(crate) fn add(&mut self, path: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) {
        if !self.full() {
            self.warnings.push(Warning::new(path, message, hint));
        } else {
            self.beyond += 1;
        }
    }

    /// Note what is the matter with a field, and what is done about it unless the value is refused.
    pub(crate) fn add_used(&mut self, path: impl Into<String>, message: &str, done: &str, hint: impl Into<String>) {
        let said = if self.refusing { message.to_string() } else { format!("{message}; {done}") };
        self.add(path, said, hint);
    }

    /// The warnings, with a last one that counts those left out.
    pub(crate) fn finish(mut self) -> Vec<Warning> {
        if self.beyond > 0 {
            let more = format!("{} more problems are not listed", self.beyond);
            self.warnings.push(Warning::new("", more, "mend the listed ones first"));
        }
        self.warnings
    }
}

/// A key or a text of the input, short enough to be repeated in a message, without effect on what shows it.
pub(crate) fn quoted(text: &str) -> String {
    let short: String = visible(&text.chars().take(60).collect::<String>());
    if text.chars().nth(60).is_some() { short + "…" } else { short }
}

/// What a JSON value is, with its article.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

pub(super) fn read(document: &Value) -> (Scenario, Vec<Warning>) {
    let mut scenario = Scenario::default();
    let mut notes = Notes::default();
    let Some(object) = document.as_object() else {
        notes.add("", format!("a scenario is an object, not {}; the defaults are used", kind_of(document)), "write {}");
        return (scenario, notes.finish());
    };
    read_version(object, &mut notes);
    for field in fields() {
        let section = match field.section() {
            Some(name) => object.get(name).and_then(Value::as_object),
            None => Some(object),
        };
        if let Some(value) = section.and_then(|s| s.get(field.name())) {
            put(field, "", &mut scenario, value, &mut notes);
        }
    }
    note_unknown(object, &mut notes);
    contradictions::note(&scenario, object, &mut notes);
    (scenario, notes.finish())
}

fn read_version(object: &Map<String, Value>, notes: &mut Notes) {
    match object.get("version") {
        None => {}
        Some(v) if v.as_f64() == Some(f64::from(VERSION)) => {}
        Some(v) => notes.add(
            "version",
            format!("version {} is unknown; the document is read as version {VERSION}", quoted(&v.to_string())),
            format!("write \"version\": {VERSION}"),
        ),
    }
}

/// Unknown keys, and sections that are no objects.
fn note_unknown(object: &Map<String, Value>, notes: &mut Notes) {
    for (key, value) in object {
        let is_section = fields().any(|f| f.section() == Some(key));
        match value {
            Value::Object(section) if is_section => {
                for name in section.keys() {
                    if !fields().any(|f| f.section() == Some(key) && f.name() == name) {
                        unknown(&format!("{}.{}", key, quoted(name)), name, notes);
                    }
                }
            }
            other if is_section => notes.add(
                key.as_str(),
                format!("is {}, not an object; the defaults are used", kind_of(other)),
                format!("write \"{key}\": {{…}}"),
            ),
            _ if key == "version" || fields().any(|f| f.path == key) => {}
            _ => unknown(&quoted(key), key, notes),
        }
    }
}

fn unknown(path: &str, name: &str, notes: &mut Notes) {
    // A file of a megabyte holds a hundred thousand of them: what is not listed needs no hint.
    let hint = if notes.full() { String::new() } else { nearest_paths(name) };
    notes.add(path, "is not a field of a scenario and is ignored", hint);
}

/// A hint that names the fields nearest to a mistyped one.
pub(crate) fn nearest_paths(name: &str) -> String {
    let near = nearest(name, fields().map(Field::name), 3);
    let paths: Vec<&str> = near.iter().filter_map(|n| fields().find(|f| f.name() == *n)).map(|f| f.path).collect();
    match paths.is_empty() {
        true => "see the scenario reference for the fields".into(),
        false => format!("did you mean {}?", paths.join(" or ")),
    }
}

/// Put a value of the document into a field; `base` is the path of the list item the field belongs to.
pub(super) fn put<T: ItemDocument>(field: &Field<T>, base: &str, document: &mut T, value: &Value, notes: &mut Notes) {
    let problem = match &field.kind {
        Kind::Number(n) => put_number(n, document, value),
        Kind::Flag(f) => put_flag(f, document, value),
        Kind::Choice(c) => put_choice(c, document, value),
        Kind::Text(t) => put_text(t, document, value),
        Kind::Special(s) => return T::put_special(*s, document, value, notes),
    };
    if let Err(Problem { message, hint }) = problem {
        let path = if base.is_empty() { field.path.to_string() } else { format!("{base}.{}", field.path) };
        notes.add_used(path, &message, &format!("{} is used", standing(field, document)), hint);
    }
}

/// A document that fields are read into.
pub(crate) trait ItemDocument: Sized + 'static {
    /// Read a part with a shape of its own.
    fn put_special(special: Special, document: &mut Self, value: &Value, notes: &mut Notes);
}

impl ItemDocument for Scenario {
    fn put_special(special: Special, document: &mut Self, value: &Value, notes: &mut Notes) {
        match special {
            Special::Steps => document.steps = items::read_steps(value, notes),
            Special::PriceChanges => document.api.price_changes = items::read_price_changes(value, notes),
            Special::ModelConfig => document.model.config = items::read_config(value, notes),
        }
    }
}

/// The value that stands in a field, in words.
fn standing<T>(field: &Field<T>, document: &T) -> String {
    match &field.kind {
        Kind::Number(n) => (n.get)(document).map_or("the planner's own choice".into(), |r| exact_range(r, n.unit)),
        Kind::Flag(f) => (f.get)(document).to_string(),
        Kind::Choice(c) => (c.get)(document).into(),
        Kind::Text(t) => match (t.get)(document) {
            None => "the planner's own choice".into(),
            Some("") => "none".into(),
            Some(text) => quoted(text),
        },
        Kind::Special(_) => String::new(),
    }
}

fn put_number<T>(n: &Number<T>, document: &mut T, value: &Value) -> Result<(), Problem> {
    let Some(range) = read_number(value, n.unit)? else {
        return match n.nullable {
            true => {
                (n.set)(document, None);
                Ok(())
            }
            false => Err(Problem::new("cannot be left to the planner", format!("write {}", n.unit.example()))),
        };
    };
    match n.put(document, range) {
        Ok(()) => Ok(()),
        Err(Refusal::NoRange) => {
            n.put(document, Range::point(range.likely)).map_err(|r| refused(r, n))?;
            Err(Problem::new("takes one number, not a range", "write the likely value alone"))
        }
        Err(refusal) => Err(refused(refusal, n)),
    }
}

fn refused<T>(refusal: Refusal, n: &Number<T>) -> Problem {
    let whole = if n.integer { "a whole number" } else { "a number" };
    let hint = format!("write {whole} from {} to {}", exact(n.min, n.unit), exact(n.max, n.unit));
    let message = match refusal {
        Refusal::OutOfRange { value, .. } => {
            format!("{} is out of range", exact(value, if value < 0.0 { Unit::Count } else { n.unit }))
        }
        other => other.to_string(),
    };
    Problem::new(message, hint)
}

fn put_flag<T>(f: &Flag<T>, document: &mut T, value: &Value) -> Result<(), Problem> {
    let lower = value.as_str().map(|s| s.trim().to_ascii_lowercase());
    let truth = match (value, lower.as_deref()) {
        (Value::Bool(b), _) => *b,
        (_, Some("true" | "yes" | "1" | "on")) => true,
        (_, Some("false" | "no" | "0" | "off")) => false,
        (Value::String(s), _) => {
            return Err(Problem::new(format!("'{}' is neither true nor false", quoted(s)), "write true or false"));
        }
        (other, _) => {
            return Err(Problem::new(format!("is {}, not true or false", kind_of(other)), "write true or false"));
        }
    };
    (f.set)(document, truth);
    Ok(())
}

fn put_choice<T>(c: &Choice<T>, document: &mut T, value: &Value) -> Result<(), Problem> {
    let all = || format!("write one of {}", c.options.join(", "));
    let Value::String(text) = value else {
        return Err(Problem::new(format!("is {}, not text", kind_of(value)), all()));
    };
    let wanted = text.trim();
    if c.options.iter().any(|id| id.eq_ignore_ascii_case(wanted) && (c.set)(document, id)) {
        return Ok(());
    }
    let near = nearest(wanted, c.options.iter().copied(), 3);
    let hint = if near.is_empty() {
        all()
    } else {
        format!("did you mean {}? Known are {}", near.join(", "), c.options.join(", "))
    };
    Err(Problem::new(format!("unknown value '{}'", quoted(text)), hint))
}

/// A text without characters that act on their surroundings, at most `limit` characters of it. Blanks around it go last,
/// since leaving out a character or the end can bring some to the edge.
fn cleaned(text: &str, limit: usize) -> String {
    let seen: String = text.chars().filter(|c| !acts(*c)).collect();
    let short: String = seen.trim().chars().take(limit).collect();
    short.trim_end().to_string()
}

fn put_text<T>(t: &Text<T>, document: &mut T, value: &Value) -> Result<(), Problem> {
    let absent = value.is_null()
        || (t.source != TextSource::Free || t.absent == Some(Absent::Null)) && value.as_str() == Some("auto");
    if absent {
        return match t.absent {
            Some(_) => {
                (t.set)(document, None);
                Ok(())
            }
            None => Err(Problem::new("cannot be left to the planner", "write a text")),
        };
    }
    let Value::String(text) = value else {
        return Err(Problem::new(format!("is {}, not text", kind_of(value)), "write a text in quotes"));
    };
    let clean = cleaned(text, t.limit);
    let changed = clean != text.trim();
    if clean.is_empty() && t.source != TextSource::Free {
        return Err(Problem::new("is empty", "write an id"));
    }
    if clean.is_empty() && t.absent.is_some() {
        return Err(Problem::new("is empty", "leave it out, or write null"));
    }
    if changed && t.source != TextSource::Free {
        return Err(Problem::new(
            "is too long or has control characters",
            format!("write an id of at most {} characters", t.limit),
        ));
    }
    (t.set)(document, Some(clean));
    match changed {
        true => Err(Problem::new(
            "was cut or had control characters",
            format!("write at most {} printable characters", t.limit),
        )),
        false => Ok(()),
    }
}
