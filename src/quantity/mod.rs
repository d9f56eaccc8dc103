//! People's numbers: what they write (`50M/day`, `80 GiB`, `$2.35/h`, `20..50`) and what they read.
//!
//! [`parse`] is total and never guesses: `1,5` or `20..50M` is refused with a hint. [`exact`] and [`compact`] write
//! what `parse` reads back bit for bit; [`human`] and [`spoken`] round for reading and hearing.

mod decimal;
mod error;
mod format;
mod parse;
mod range;
mod suffix;
mod unit;

pub use error::QuantityError;
pub use format::{compact, compact_range, exact, exact_range, human, spoken, whole};
pub use parse::{parse, parse_one};
pub use range::Range;
pub use unit::Unit;

#[cfg(test)]
mod tests;
