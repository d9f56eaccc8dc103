//! What a field of the question is: its path, its link key, its words, its bounds, and how it is read and written.
//!
//! One table of such rows ([`super::fields::FIELDS`]) drives the JSON reader and writer, the link codec, `--set`, the
//! page's controls, the draws of the uncertainty and the reference documentation, so that none of them can forget a
//! field.

use super::Range;
use crate::quantity::{Unit, exact_range};

/// One field of a document `T` (the scenario itself, a step, a price change).
pub struct Field<T: 'static> {
    /// Path in the document, for example `workload.tokens_per_day`.
    pub path: &'static str,
    /// Key in links, for example `tokens`.
    pub key: &'static str,
    /// Label for people, for example `Tokens per day`.
    pub label: &'static str,
    /// Which part of the form it belongs to.
    pub group: Group,
    /// Whether it belongs to the few that are shown first.
    pub essential: bool,
    /// What it holds.
    pub kind: Kind<T>,
}

/// Parts of the form, in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// Title.
    About,
    /// Volume, sizes, targets.
    Workload,
    /// Steps of a pipeline.
    Steps,
    /// Weights and precision.
    Model,
    /// Serving engine and layout.
    Serving,
    /// Accelerators and how they are paid for.
    Hardware,
    /// Owned hardware.
    Owned,
    /// Costs around the accelerators.
    Overhead,
    /// Engineering time.
    People,
    /// Model updates.
    Updates,
    /// Cost of a weaker model.
    Quality,
    /// API baselines.
    Api,
    /// What rules the API out.
    Requirements,
    /// Length of the projection.
    Horizon,
    /// How amounts are shown.
    Display,
}

impl Group {
    /// Every group, in reading order.
    pub const ALL: &'static [Self] = &[
        Self::About,
        Self::Workload,
        Self::Steps,
        Self::Model,
        Self::Serving,
        Self::Hardware,
        Self::Owned,
        Self::Overhead,
        Self::People,
        Self::Updates,
        Self::Quality,
        Self::Api,
        Self::Requirements,
        Self::Horizon,
        Self::Display,
    ];

    /// Heading for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::About => "About",
            Self::Workload => "Workload",
            Self::Steps => "Steps",
            Self::Model => "Model",
            Self::Serving => "Serving",
            Self::Hardware => "Hardware",
            Self::Owned => "Owned hardware",
            Self::Overhead => "Overhead",
            Self::People => "People",
            Self::Updates => "Updates",
            Self::Quality => "Quality",
            Self::Api => "API",
            Self::Requirements => "Requirements",
            Self::Horizon => "Horizon",
            Self::Display => "Display",
        }
    }
}

/// What a field holds, with the functions that read and write it.
pub enum Kind<T: 'static> {
    /// A number with a unit and bounds.
    Number(Number<T>),
    /// Yes or no.
    Flag(Flag<T>),
    /// One of a fixed list of ids.
    Choice(Choice<T>),
    /// Free text or a catalog id.
    Text(Text<T>),
    /// A part of the document with a shape of its own.
    Special(Special),
}

/// A number with a unit and bounds.
pub struct Number<T: 'static> {
    /// What it is measured in.
    pub unit: Unit,
    /// Smallest value accepted.
    pub min: f64,
    /// Largest value accepted.
    pub max: f64,
    /// Whether only whole numbers make sense.
    pub integer: bool,
    /// Whether it may be a range; pins and whole numbers take one value.
    pub ranged: bool,
    /// Whether it may be left to the planner (`null`).
    pub nullable: bool,
    /// How a slider shows it.
    pub slider: Slider,
    /// Read it; `None` means "decide for me".
    pub get: fn(&T) -> Option<Range>,
    /// Write it. The value must lie within `min..=max` (see [`Number::put`]); `None` is kept only where `nullable`.
    pub set: fn(&mut T, Option<Range>),
}

/// Ends and scale of a slider; narrower than the accepted bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slider {
    /// Left end.
    pub low: f64,
    /// Right end.
    pub high: f64,
    /// Whether equal distances multiply instead of add.
    pub log: bool,
}

/// Why a number cannot be put into a field.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// Not a number, or infinite.
    #[error("is not a finite number")]
    NotFinite,
    /// Outside the bounds.
    #[error("{value} is outside {min}..{max}")]
    OutOfRange {
        /// The value.
        value: f64,
        /// Smallest accepted.
        min: f64,
        /// Largest accepted.
        max: f64,
    },
    /// A fraction where only whole numbers make sense.
    #[error("{value} is not a whole number")]
    NotWhole {
        /// The value.
        value: f64,
    },
    /// `low <= likely <= high` does not hold.
    #[error("the ends of the range are not in ascending order")]
    Disordered,
    /// A range where only one value makes sense.
    #[error("takes one number, not a range")]
    NoRange,
}

impl<T> Number<T> {
    /// Whether a value may be put into the field, and if not, why.
    pub fn accepts(&self, value: Range) -> Result<(), Refusal> {
        for v in [value.low, value.likely, value.high] {
            if !v.is_finite() {
                return Err(Refusal::NotFinite);
            }
            if v < self.min || v > self.max {
                return Err(Refusal::OutOfRange { value: v, min: self.min, max: self.max });
            }
            if self.integer && v.fract() != 0.0 {
                return Err(Refusal::NotWhole { value: v });
            }
        }
        match value {
            Range { low, likely, high } if low > likely || likely > high => Err(Refusal::Disordered),
            _ if !self.ranged && !value.is_point() => Err(Refusal::NoRange),
            _ => Ok(()),
        }
    }

    /// Write a value if the field accepts it.
    pub fn put(&self, document: &mut T, value: Range) -> Result<(), Refusal> {
        self.accepts(value)?;
        (self.set)(document, Some(value));
        Ok(())
    }

    /// Write a plain number, brought inside the bounds (and rounded for whole numbers): what sliders and draws use.
    pub fn put_clamped(&self, document: &mut T, value: f64) {
        if value.is_finite() {
            let whole = if self.integer { libm::round(value) } else { value };
            (self.set)(document, Some(Range::point(whole.clamp(self.min, self.max))));
        }
    }
}

/// Yes or no.
pub struct Flag<T: 'static> {
    /// Read it.
    pub get: fn(&T) -> bool,
    /// Write it.
    pub set: fn(&mut T, bool),
}

/// One of a fixed list of ids.
pub struct Choice<T: 'static> {
    /// The ids, in the order of the documentation.
    pub options: &'static [&'static str],
    /// Read the id.
    pub get: fn(&T) -> &'static str,
    /// Write an id; `false` if it is none of `options`.
    pub set: fn(&mut T, &str) -> bool,
}

/// Free text or a catalog id.
pub struct Text<T: 'static> {
    /// Where its values come from.
    pub source: TextSource,
    /// What stands for "decide for me" (`null` or `"auto"`), where that is allowed.
    pub absent: Option<Absent>,
    /// Most characters accepted.
    pub limit: usize,
    /// Read it.
    pub get: fn(&T) -> Option<&str>,
    /// Write it; `None` is kept only where `absent` is given.
    pub set: fn(&mut T, Option<String>),
}

/// Where the values of a text field come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextSource {
    /// The reader's own words.
    Free,
    /// Ids of the catalog's models.
    Models,
    /// Ids of the catalog's accelerators.
    Accelerators,
    /// Ids of the catalog's API prices.
    ApiPrices,
    /// Names of the catalog's rental offers: a provider, with an instance or a region where it publishes several.
    Offers,
}

/// How "decide for me" is written in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// As `null`.
    Null,
    /// As `"auto"`.
    Auto,
}

/// Parts of the document with a shape of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// The list of steps.
    Steps,
    /// A raw Hugging Face `config.json`.
    ModelConfig,
    /// The list of dated API price changes.
    PriceChanges,
}

impl<T> Field<T> {
    /// The number, if the field holds one.
    pub fn number(&self) -> Option<&Number<T>> {
        match &self.kind {
            Kind::Number(n) => Some(n),
            _ => None,
        }
    }

    /// What a document says in words; nothing for lists.
    pub fn words(&self, document: &T) -> Option<String> {
        Some(match &self.kind {
            Kind::Number(n) => (n.get)(document).map_or("auto".into(), |v| exact_range(v, n.unit)),
            Kind::Flag(f) => if (f.get)(document) { "yes" } else { "no" }.into(),
            Kind::Choice(c) => (c.get)(document).into(),
            Kind::Text(t) => (t.get)(document).unwrap_or("auto").into(),
            Kind::Special(_) => return None,
        })
    }

    /// The last part of the path, which is the key inside its section of the JSON document.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// The section of the path (`workload`), or nothing for a top-level field.
    pub fn section(&self) -> Option<&'static str> {
        self.path.split_once('.').map(|(section, _)| section)
    }
}
