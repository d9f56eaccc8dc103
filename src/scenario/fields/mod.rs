//! The table of the scenario's fields, in canonical order. See [`super::field`] for what a row is.

mod demand;
mod deployment;
mod help;
mod money;
mod parts;

use super::field::{Absent, Choice, Field, Flag, Group, Kind, Number, Slider, Text, TextSource};
use super::{Range, Scenario};
use crate::quantity::Unit;
pub use parts::{LATER_STEP_FIELDS, PRICE_CHANGE_FIELDS, STEP_FIELDS};

/// Every field of a scenario, in the canonical order of documents, links and forms.
pub fn fields() -> impl Iterator<Item = &'static Field<Scenario>> {
    demand::FIELDS.iter().chain(deployment::FIELDS).chain(money::FIELDS)
}

/// The field at a path such as `workload.tokens_per_day`.
pub fn field(path: &str) -> Option<&'static Field<Scenario>> {
    fields().find(|f| f.path == path)
}

/// The field of a link key such as `tokens`.
pub fn field_of_key(key: &str) -> Option<&'static Field<Scenario>> {
    fields().find(|f| f.key == key)
}

impl<T> Field<T> {
    /// What it means, in a sentence without a full stop.
    pub fn help(&self) -> &'static str {
        help::help(self.path)
    }
}

type Read<T> = fn(&T) -> Option<Range>;
type Write<T> = fn(&mut T, Option<Range>);
type Get<T> = fn(&T) -> bool;
type Set<T> = fn(&mut T, bool);
type ReadText<T> = fn(&T) -> Option<&str>;
type WriteText<T> = fn(&mut T, Option<String>);

const fn row<T>(path: &'static str, key: &'static str, label: &'static str, group: Group, kind: Kind<T>) -> Field<T> {
    Field { path, key, label, group, essential: false, kind }
}

const fn essential<T>(f: Field<T>) -> Field<T> {
    Field { path: f.path, key: f.key, label: f.label, group: f.group, essential: true, kind: f.kind }
}

/// A number with its unit, bounds and slider, which may be a range.
const fn number<T>(unit: Unit, min: f64, max: f64, slider: Slider, access: (Read<T>, Write<T>)) -> Kind<T> {
    let (get, set) = access;
    Kind::Number(Number { unit, min, max, integer: false, ranged: true, nullable: false, slider, get, set })
}

/// A whole number of a unit.
const fn whole<T>(unit: Unit, min: f64, max: f64, slider: Slider, access: (Read<T>, Write<T>)) -> Kind<T> {
    let (get, set) = access;
    Kind::Number(Number { unit, min, max, integer: true, ranged: false, nullable: false, slider, get, set })
}

/// A number that may be left to the planner and may be a range.
const fn optional<T>(unit: Unit, min: f64, max: f64, slider: Slider, access: (Read<T>, Write<T>)) -> Kind<T> {
    let (get, set) = access;
    Kind::Number(Number { unit, min, max, integer: false, ranged: true, nullable: true, slider, get, set })
}

/// A number that is left to the planner or pinned to one value.
const fn pin<T>(unit: Unit, min: f64, max: f64, slider: Slider, access: (Read<T>, Write<T>)) -> Kind<T> {
    let (get, set) = access;
    Kind::Number(Number { unit, min, max, integer: false, ranged: false, nullable: true, slider, get, set })
}

/// A whole number that is left to the planner or pinned.
const fn whole_pin<T>(unit: Unit, min: f64, max: f64, slider: Slider, access: (Read<T>, Write<T>)) -> Kind<T> {
    let (get, set) = access;
    Kind::Number(Number { unit, min, max, integer: true, ranged: false, nullable: true, slider, get, set })
}

/// A number of one value.
const fn single<T>(unit: Unit, min: f64, max: f64, slider: Slider, access: (Read<T>, Write<T>)) -> Kind<T> {
    let (get, set) = access;
    Kind::Number(Number { unit, min, max, integer: false, ranged: false, nullable: false, slider, get, set })
}

const fn flag<T>(access: (Get<T>, Set<T>)) -> Kind<T> {
    Kind::Flag(Flag { get: access.0, set: access.1 })
}

const fn text<T>(source: TextSource, absent: Option<Absent>, access: (ReadText<T>, WriteText<T>)) -> Kind<T> {
    Kind::Text(Text { source, absent, limit: TEXT_LIMIT, get: access.0, set: access.1 })
}

/// Most characters of a title, name or id.
pub const TEXT_LIMIT: usize = 200;

const fn linear(low: f64, high: f64) -> Slider {
    Slider { low, high, log: false }
}

const fn log(low: f64, high: f64) -> Slider {
    Slider { low, high, log: true }
}

/// Access to a `Range`.
macro_rules! range {
    ($($f:ident).+) => {
        (
            |d| Some(d.$($f).+),
            |d, v| {
                if let Some(v) = v {
                    d.$($f).+ = v;
                }
            },
        )
    };
}
/// Access to an `Option<Range>`.
macro_rules! maybe_range {
    ($($f:ident).+) => { (|d| d.$($f).+, |d, v| d.$($f).+ = v) };
}
/// Access to an `Option<f64>`, which holds no range.
macro_rules! maybe_real {
    ($($f:ident).+) => { (|d| d.$($f).+.map(Range::point), |d, v| d.$($f).+ = v.map(|r| r.likely)) };
}
/// Access to a `f64` that holds no range.
macro_rules! real {
    ($($f:ident).+) => {
        (
            |d| Some(Range::point(d.$($f).+)),
            |d, v| {
                if let Some(v) = v {
                    d.$($f).+ = v.likely;
                }
            },
        )
    };
}
/// Access to a `u32`.
macro_rules! count {
    ($($f:ident).+) => {
        (
            |d| Some(Range::point(f64::from(d.$($f).+))),
            |d, v| {
                if let Some(v) = v {
                    d.$($f).+ = v.likely as u32;
                }
            },
        )
    };
}
/// Access to an `Option<u32>`.
macro_rules! maybe_count {
    ($($f:ident).+) => {
        (|d| d.$($f).+.map(|n| Range::point(f64::from(n))), |d, v| d.$($f).+ = v.map(|r| r.likely as u32))
    };
}
/// Access to a `bool`.
macro_rules! truth {
    ($($f:ident).+) => { (|d| d.$($f).+, |d, v| d.$($f).+ = v) };
}
/// A field of one of the enums of ids.
macro_rules! choice {
    ($type:ty, $($f:ident).+) => {
        Kind::Choice(Choice {
            options: <$type>::IDS,
            get: |d| d.$($f).+.id(),
            set: |d, id| match <$type>::from_id(id) {
                Some(v) => {
                    d.$($f).+ = v;
                    true
                }
                None => false,
            },
        })
    };
}
/// Access to a `String`.
macro_rules! words {
    ($($f:ident).+) => {
        (
            |d| Some(d.$($f).+.as_str()),
            |d, v| {
                if let Some(v) = v {
                    d.$($f).+ = v;
                }
            },
        )
    };
}
/// Access to an `Option<String>`.
macro_rules! maybe_words {
    ($($f:ident).+) => { (|d| d.$($f).+.as_deref(), |d, v| d.$($f).+ = v) };
}
use {choice, count, maybe_count, maybe_range, maybe_real, maybe_words, range, real, truth, words};

#[cfg(test)]
mod tests {
    //! Pins the table: unique paths and keys, defaults inside their bounds, and writing what was read changes nothing.
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn paths_keys_and_labels_are_unique_and_keys_need_no_escaping() {
        let (mut paths, mut keys, mut labels) = (HashSet::new(), HashSet::from(["v"]), HashSet::new());
        for f in fields() {
            assert!(paths.insert(f.path), "{}", f.path);
            assert!(keys.insert(f.key), "{}", f.key);
            assert!(labels.insert(f.label), "{}", f.label);
            assert!(f.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{}", f.key);
            assert!(!f.label.ends_with(['.', ':']), "{}", f.path);
        }
    }

    #[test]
    fn defaults_lie_inside_their_bounds_and_sliders_inside_the_bounds() {
        let s = Scenario::default();
        for f in fields() {
            let Some(n) = f.number() else { continue };
            if let Some(v) = (n.get)(&s) {
                assert_eq!(n.accepts(v), Ok(()), "{}", f.path);
            } else {
                assert!(n.nullable, "{}", f.path);
            }
            assert!(n.min <= n.slider.low && n.slider.low < n.slider.high && n.slider.high <= n.max, "{}", f.path);
            assert!(!n.slider.log || n.slider.low > 0.0, "{}", f.path);
        }
    }

    #[test]
    fn every_setter_writes_the_field_its_getter_reads() {
        let untouched = Scenario::default();
        for f in fields() {
            let mut s = Scenario::default();
            let mut changed = false;
            match &f.kind {
                Kind::Number(n) => {
                    let wide = Range { low: n.slider.low, likely: n.slider.low, high: n.slider.high };
                    assert_eq!(n.put(&mut s, wide).is_ok(), n.ranged, "{}", f.path);
                    assert_eq!((n.get)(&s) == Some(wide), n.ranged, "{}", f.path);
                    let v = Range::point(n.max);
                    n.put(&mut s, v).unwrap();
                    changed |= s != untouched;
                    assert_eq!((n.get)(&s), Some(v), "{}", f.path);
                    if n.nullable {
                        (n.set)(&mut s, None);
                        assert_eq!((n.get)(&s), None, "{}", f.path);
                    }
                }
                Kind::Flag(x) => {
                    let before = (x.get)(&s);
                    (x.set)(&mut s, !before);
                    changed |= s != untouched;
                    assert_eq!((x.get)(&s), !before, "{}", f.path);
                }
                Kind::Choice(c) => {
                    for id in c.options {
                        assert!((c.set)(&mut s, id));
                        changed |= s != untouched;
                        assert_eq!((c.get)(&s), *id, "{}", f.path);
                    }
                    assert!(!(c.set)(&mut s, "no such id"));
                }
                Kind::Text(t) => {
                    (t.set)(&mut s, Some("words".into()));
                    changed |= s != untouched;
                    assert_eq!((t.get)(&s), Some("words"), "{}", f.path);
                }
                Kind::Special(_) => changed = true,
            }
            assert!(changed, "{} writes nothing", f.path);
        }
    }
}
