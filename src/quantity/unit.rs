//! The units that fields of a scenario are measured in, and how people write and say them.

/// What a number counts. The canonical value is always the plain number in this unit: a share of 0.5 is 50 %, a time
/// of 1500 is 1500 ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A plain count of something named by the field.
    Count,
    /// A dimensionless multiple, written `3x`.
    Times,
    /// A share, 1 = 100 %.
    Share,
    /// A share per month.
    SharePerMonth,
    /// A share per year.
    SharePerYear,
    /// Tokens.
    Tokens,
    /// Tokens a day.
    TokensPerDay,
    /// Calls a day.
    CallsPerDay,
    /// Bytes.
    Bytes,
    /// US dollars.
    Usd,
    /// US dollars per hour.
    UsdPerHour,
    /// US dollars per month.
    UsdPerMonth,
    /// US dollars per year.
    UsdPerYear,
    /// US dollars per kilowatt-hour.
    UsdPerKwh,
    /// US dollars per million tokens.
    UsdPerMillionTokens,
    /// Milliseconds.
    Milliseconds,
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
    /// Watts.
    Watts,
    /// Full-time engineers.
    Fte,
}

impl Unit {
    /// Every unit.
    pub const ALL: &'static [Self] = &[
        Self::Count,
        Self::Times,
        Self::Share,
        Self::SharePerMonth,
        Self::SharePerYear,
        Self::Tokens,
        Self::TokensPerDay,
        Self::CallsPerDay,
        Self::Bytes,
        Self::Usd,
        Self::UsdPerHour,
        Self::UsdPerMonth,
        Self::UsdPerYear,
        Self::UsdPerKwh,
        Self::UsdPerMillionTokens,
        Self::Milliseconds,
        Self::Days,
        Self::Weeks,
        Self::Months,
        Self::Years,
        Self::Watts,
        Self::Fte,
    ];

    /// What stands after the number in a text box, with its leading space where one belongs.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Count | Self::Usd | Self::Bytes => "",
            Self::Times => "x",
            Self::Share => "%",
            Self::SharePerMonth => "%/mo",
            Self::SharePerYear => "%/yr",
            Self::Tokens => " tokens",
            Self::TokensPerDay | Self::CallsPerDay => "/day",
            Self::UsdPerHour => "/h",
            Self::UsdPerMonth => "/mo",
            Self::UsdPerYear => "/yr",
            Self::UsdPerKwh => "/kWh",
            Self::UsdPerMillionTokens => "/Mtok",
            Self::Milliseconds => " ms",
            Self::Days => " days",
            Self::Weeks => " weeks",
            Self::Months => " months",
            Self::Years => " years",
            Self::Watts => " W",
            Self::Fte => " FTE",
        }
    }

    /// The unit in full words, plural, as a screen reader should say it after the number; empty for a plain count.
    pub const fn spoken(self) -> &'static str {
        match self {
            Self::Count => "",
            Self::Times => "times",
            Self::Share => "percent",
            Self::SharePerMonth => "percent per month",
            Self::SharePerYear => "percent per year",
            Self::Tokens => "tokens",
            Self::TokensPerDay => "tokens per day",
            Self::CallsPerDay => "calls per day",
            Self::Bytes => "bytes",
            Self::Usd => "dollars",
            Self::UsdPerHour => "dollars per hour",
            Self::UsdPerMonth => "dollars per month",
            Self::UsdPerYear => "dollars per year",
            Self::UsdPerKwh => "dollars per kilowatt-hour",
            Self::UsdPerMillionTokens => "dollars per million tokens",
            Self::Milliseconds => "milliseconds",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
            Self::Watts => "watts",
            Self::Fte => "full-time engineers",
        }
    }

    /// Whether the number is an amount of money.
    pub const fn is_money(self) -> bool {
        matches!(
            self,
            Self::Usd
                | Self::UsdPerHour
                | Self::UsdPerMonth
                | Self::UsdPerYear
                | Self::UsdPerKwh
                | Self::UsdPerMillionTokens
        )
    }

    /// Whether the number is shown in per cent.
    pub const fn is_share(self) -> bool {
        matches!(self, Self::Share | Self::SharePerMonth | Self::SharePerYear)
    }

    /// What a hint gives as an example of a well-written number of this unit.
    pub const fn example(self) -> &'static str {
        match self {
            Self::Count => "8",
            Self::Times => "3x",
            Self::Share => "50%",
            Self::SharePerMonth => "5%/mo",
            Self::SharePerYear => "12%/yr",
            Self::Tokens => "8k",
            Self::TokensPerDay => "50M/day",
            Self::CallsPerDay => "20k/day",
            Self::Bytes => "80 GiB",
            Self::Usd => "$30k",
            Self::UsdPerHour => "$2.35/h",
            Self::UsdPerMonth => "$1000/mo",
            Self::UsdPerYear => "$220k/yr",
            Self::UsdPerKwh => "$0.12/kWh",
            Self::UsdPerMillionTokens => "$0.60/Mtok",
            Self::Milliseconds => "1.5 s",
            Self::Days => "7 days",
            Self::Weeks => "6 weeks",
            Self::Months => "6 months",
            Self::Years => "4 years",
            Self::Watts => "700 W",
            Self::Fte => "0.5 FTE",
        }
    }
}
