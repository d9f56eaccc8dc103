//! The currency an answer is shown in, at a rate that the reader types. The engine counts in US dollars.

use super::{Display, Warning};
use crate::quantity::{Unit, exact};
use crate::visible::visible;

/// A currency other than the US dollar, with its rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Currency {
    /// ISO 4217 code, upper case.
    pub code: String,
    /// Units of it that one US dollar buys.
    pub per_usd: f64,
    /// Date of the rate, `YYYY-MM-DD`; empty where the reader gave none.
    pub as_of: String,
}

impl Currency {
    /// The currency that a scenario asks for, nothing where that is the US dollar or cannot be used; and what is wrong.
    pub fn of(display: &Display) -> (Option<Self>, Vec<Warning>) {
        let code = display.currency.trim().to_ascii_uppercase();
        let dated = display.as_of.is_empty() || is_date(&display.as_of);
        let warn = |field: &str, message: String, hint: &str| Warning::new(format!("display.{field}"), message, hint);
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            let message = format!("'{}' is no currency code, so amounts stay in US dollars", quoted(&display.currency));
            return (None, vec![warn("currency", message, "write three letters, such as EUR")]);
        }
        if code == "USD" {
            let unused = display.per_usd.map(|_| "is not used, because amounts are in US dollars".to_string());
            return (None, unused.into_iter().map(|m| warn("per_usd", m, "write a currency such as EUR")).collect());
        }
        let Some(per_usd) = display.per_usd else {
            let message = format!("no rate is known for {code}, so amounts stay in US dollars");
            return (None, vec![warn("per_usd", message, "type how much of it one US dollar buys, such as 0.92")]);
        };
        let odd = (!dated).then(|| {
            let message = format!("'{}' is no date, so the rate is shown without one", quoted(&display.as_of));
            warn("as_of", message, "write it as 2026-11-20")
        });
        let as_of = if dated { display.as_of.clone() } else { String::new() };
        (Some(Self { code, per_usd, as_of }), odd.into_iter().collect())
    }

    /// What stands before an amount: a sign that belongs to one currency, or the code.
    pub fn symbol(&self) -> String {
        match self.code.as_str() {
            "EUR" => "€".into(),
            "GBP" => "£".into(),
            "INR" => "₹".into(),
            "JPY" => "¥".into(),
            "KRW" => "₩".into(),
            code => format!("{code}\u{a0}"),
        }
    }

    /// `at 0.92 EUR per USD, 2026-11-20`.
    pub fn note(&self) -> String {
        let date = if self.as_of.is_empty() { "undated" } else { &self.as_of };
        format!("at {} {} per USD, {date}", exact(self.per_usd, Unit::Count), self.code)
    }
}

fn quoted(text: &str) -> String {
    visible(&text.chars().take(40).collect::<String>())
}

/// Whether a text is `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let number = |part: &str, digits: usize, most: u32| {
        let whole = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        whole && part.parse().is_ok_and(|n: u32| (1..=most).contains(&n))
    };
    number(year, 4, 9999) && number(month, 2, 12) && number(day, 2, 31)
}

#[cfg(test)]
mod tests {
    //! Pins which texts make a currency, and that what cannot be used is said with its field and a way out.
    use super::*;

    fn display(currency: &str, per_usd: Option<f64>, as_of: &str) -> Display {
        Display { currency: currency.into(), per_usd, as_of: as_of.into() }
    }

    #[test]
    fn a_code_with_a_dated_rate_is_a_currency() {
        let (euro, odd) = Currency::of(&display("eur", Some(0.92), "2026-11-20"));
        assert_eq!(euro.as_ref().map(Currency::note).as_deref(), Some("at 0.92 EUR per USD, 2026-11-20"));
        assert_eq!((euro.unwrap().symbol().as_str(), odd), ("€", vec![]));
        assert_eq!(Currency::of(&Display::default()), (None, vec![]));
        assert_eq!(Currency::of(&display("CHF", Some(0.8), "")).0.unwrap().note(), "at 0.8 CHF per USD, undated");
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        for (asked, path) in [
            (display("Euro", Some(0.92), ""), "display.currency"),
            (display("", None, ""), "display.currency"),
            (display("EUR", None, "2026-11-20"), "display.per_usd"),
            (display("USD", Some(1.0), ""), "display.per_usd"),
            (display("EUR", Some(0.92), "20.11.2026"), "display.as_of"),
            (display("EUR", Some(0.92), "2026-13-01"), "display.as_of"),
        ] {
            let odd = Currency::of(&asked).1;
            assert!(odd.len() == 1 && odd[0].path == path && !odd[0].hint.is_empty(), "{asked:?}: {odd:?}");
        }
    }
}
