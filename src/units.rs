//! Quantities with their unit in the type, so that GB is never read as GiB and a month never as an hour.

/// Hours in a month everywhere in the product: 365 days x 24 hours / 12 months.
pub const HOURS_PER_MONTH: f64 = 730.0;
/// Days in a month, from the same 730 hours.
pub const DAYS_PER_MONTH: f64 = HOURS_PER_MONTH / 24.0;
/// Seconds in a day.
pub const SECONDS_PER_DAY: f64 = 86_400.0;
/// Bytes in a GiB (2^30).
pub const GIB: f64 = 1_073_741_824.0;
/// Weeks in a working year.
pub const WEEKS_PER_YEAR: f64 = 52.0;

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $from:ident, $get:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
        pub struct $name(f64);
        impl $name {
            /// Make one from a plain number of its unit.
            pub const fn $from(value: f64) -> Self { Self(value) }
            /// Read it as a plain number of its unit.
            pub const fn $get(self) -> f64 { self.0 }
        }
        impl std::ops::Add for $name { type Output = Self; fn add(self, o: Self) -> Self { Self(self.0 + o.0) } }
        impl std::ops::Sub for $name { type Output = Self; fn sub(self, o: Self) -> Self { Self(self.0 - o.0) } }
        impl std::ops::Mul<f64> for $name { type Output = Self; fn mul(self, o: f64) -> Self { Self(self.0 * o) } }
        impl std::ops::Div<f64> for $name { type Output = Self; fn div(self, o: f64) -> Self { Self(self.0 / o) } }
        impl std::iter::Sum for $name { fn sum<I: Iterator<Item = Self>>(i: I) -> Self { Self(i.map(|v| v.0).sum()) } }
    };
}

quantity!(/** Memory or traffic, in bytes. */ Bytes, from_bytes, as_bytes);
quantity!(/** Tokens, of either direction. */ Tokens, from_tokens, as_tokens);
quantity!(/** US dollars. */ Usd, from_usd, as_usd);
quantity!(/** US dollars per GPU hour. */ UsdPerHour, from_usd_per_hour, as_usd_per_hour);
quantity!(/** Time, in seconds. */ Seconds, from_seconds, as_seconds);

impl Bytes {
    /// From GiB (2^30 bytes).
    pub const fn from_gib(value: f64) -> Self {
        Self(value * GIB)
    }
    /// In GiB (2^30 bytes).
    pub const fn as_gib(self) -> f64 {
        self.0 / GIB
    }
}

impl Seconds {
    /// From milliseconds.
    pub const fn from_milliseconds(value: f64) -> Self {
        Self(value / 1e3)
    }
    /// In milliseconds.
    pub const fn as_milliseconds(self) -> f64 {
        self.0 * 1e3
    }
}

impl UsdPerHour {
    /// What one such GPU costs in a month of 730 hours.
    pub const fn per_month(self) -> Usd {
        Usd(self.0 * HOURS_PER_MONTH)
    }
}
