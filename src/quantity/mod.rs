//! People's numbers: what they write (`50M/day`, `80 GiB`, `$2.35/h`, `20..50`) and what they read.

mod unit;

pub use unit::Unit;
