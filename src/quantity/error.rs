//! Why a text is not a number of the unit that was asked for.

use super::Unit;

/// Why a text is not a quantity; [`QuantityError::hint`] says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Nothing was written.
    #[error("is empty")]
    Empty,
    /// Longer than any sensible number.
    #[error("is longer than {limit} characters")]
    TooLong {
        /// Most characters read.
        limit: usize,
    },
    /// A comma where it could be a decimal point.
    #[error("'{text}' has a comma that does not separate thousands")]
    Comma {
        /// The numeral.
        text: String,
        /// What it would be with a point.
        with_point: String,
    },
    /// Separators that do not stand between groups of three digits.
    #[error("'{text}' has separators that do not stand between groups of three digits")]
    Grouping {
        /// The numeral.
        text: String,
    },
    /// No number at the start.
    #[error("'{text}' is not a number")]
    NotANumber {
        /// What was written.
        text: String,
        /// The unit that was expected.
        unit: Unit,
    },
    /// Below zero.
    #[error("'{text}' is negative")]
    Negative {
        /// What was written.
        text: String,
    },
    /// Beyond what a float holds.
    #[error("'{text}' is too large")]
    TooLarge {
        /// What was written.
        text: String,
    },
    /// A unit that does not belong here.
    #[error("'{found}' is not a unit of this quantity")]
    WrongUnit {
        /// The unit as written.
        found: String,
        /// The unit that was expected.
        unit: Unit,
    },
    /// `m` for million.
    #[error("'{found}' could be milli or million")]
    SmallM {
        /// The suffix as written.
        found: String,
    },
    /// `Gb` reads as gigabits.
    #[error("'{found}' reads as bits")]
    Bits {
        /// The suffix as written.
        found: String,
    },
    /// A range with more than three parts.
    #[error("a range has two or three parts, not {parts}")]
    Parts {
        /// How many there are.
        parts: usize,
    },
    /// A range whose ends are not ascending.
    #[error("the parts of the range '{text}' are not in ascending order")]
    Disordered {
        /// The range.
        text: String,
    },
    /// A range such as `20..50M`, whose low end could be 20 or 20M.
    #[error("in '{text}' it is unclear whether '{part}' is meant in {suffix} too")]
    MixedSuffix {
        /// The range.
        text: String,
        /// The bare part.
        part: String,
        /// The suffix of another part.
        suffix: String,
    },
}

impl QuantityError {
    /// How to mend it.
    pub fn hint(&self) -> String {
        match self {
            Self::Empty => "write a number".into(),
            Self::TooLong { .. } => "write a number such as 50M".into(),
            Self::Comma { with_point, .. } => {
                format!("write {with_point} with a point, or separate thousands in groups of three, as in 1,500")
            }
            Self::Grouping { .. } => "write 1,500,000 or 1500000 or 1.5M".into(),
            Self::NotANumber { unit, .. } | Self::WrongUnit { unit, .. } => format!("write it like {}", unit.example()),
            Self::Negative { .. } => "write 0 or more".into(),
            Self::TooLarge { .. } => "write a smaller number".into(),
            Self::SmallM { .. } => "write M for million".into(),
            Self::Bits { .. } => "write GB (10^9 bytes) or GiB (2^30 bytes)".into(),
            Self::Parts { .. } => "write low..high or low..likely..high".into(),
            Self::Disordered { .. } => "write the smallest first".into(),
            Self::MixedSuffix { part, suffix, .. } => format!("write {part}{suffix}, or write both ends out"),
        }
    }
}
