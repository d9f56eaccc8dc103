//! What a price list would change about the catalog: shown before anything is kept.

use super::private::{PrivatePrice, PrivatePrices};
use super::sanity::MOST_STEP;
use super::{Offer, Read, Refused, Source, plain, providers};
use crate::catalog::api_price::TokenPrices;
use crate::catalog::{ApiPrice, Catalog};

/// What a list would change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diff {
    /// Rows the catalog does not have, at providers it knows, of open weights it knows.
    pub added: Vec<PrivatePrice>,
    /// Rows with another price, and what the catalog says.
    pub changed: Vec<Change>,
    /// Rows of the catalog that the list has with the same price.
    pub unchanged: usize,
    /// Ids of the catalog's rows that the list does not have, though it has other rows of their providers. Kept as they
    /// are: a list that forgets a model does not unprice it.
    pub missing: Vec<String>,
    /// Rows that change nothing, and why.
    pub refused: Vec<Refused>,
    /// Rows about something else.
    pub left_out: usize,
}

/// A row with another price.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The row as it would be.
    pub row: PrivatePrice,
    /// The catalog's prices, US dollars per million tokens.
    pub before: TokenPrices,
}

/// What becomes of one row, in one line for both doors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// `added`, `changed`, `missing` or `refused`.
    pub what: &'static str,
    /// Id of the catalog, or key of the list.
    pub id: String,
    /// The prices before and after, or the reason.
    pub detail: String,
}

impl Diff {
    /// Whether keeping it would change anything.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty()
    }

    /// One line for every row that is not as the catalog has it.
    pub fn lines(&self) -> Vec<Line> {
        let line = |what, id: &str, detail: String| Line { what, id: id.into(), detail };
        let changed = self
            .changed
            .iter()
            .map(|c| line("changed", &c.row.id, format!("{}, now {}", price(&c.before), price(&c.row.usd_per_mtok))));
        let added = self.added.iter().map(|row| line("added", &row.id, price(&row.usd_per_mtok)));
        let missing = self.missing.iter().map(|id| line("missing", id, "not in the list; stays as it is".into()));
        let refused = self.refused.iter().map(|r| line("refused", &r.key, r.reason.clone()));
        changed.chain(added).chain(refused).chain(missing).collect()
    }

    /// The private price file that keeps it.
    pub fn keep(&self, source: Source, today: &str) -> PrivatePrices {
        let rows = self.changed.iter().map(|c| &c.row).chain(&self.added).cloned().collect();
        PrivatePrices { as_of: today.into(), source: source.name().into(), rows }
    }
}

/// Prices in words; what is not published is left out.
fn price(p: &TokenPrices) -> String {
    let maybe = |usd: Option<f64>, what: &str| usd.map_or(String::new(), |x| format!(", ${x} {what}"));
    let (cached, write) = (maybe(p.cached_input, "cached"), maybe(p.cache_write, "to cache"));
    format!("${} in, ${} out{cached}{write}", p.input, p.output)
}

/// Hold a list against the catalog.
pub fn diff(read: Read, catalog: &Catalog) -> Diff {
    let mut out = Diff { refused: read.refused, left_out: read.left_out, ..Diff::default() };
    let mut groups: Vec<(String, Vec<Offer>)> = Vec::new();
    for offer in read.offers {
        let name = format!("{}/{}", offer.provider, plain(&offer.model));
        match groups.iter_mut().find(|(n, _)| *n == name) {
            Some((_, same)) => same.push(offer),
            None => groups.push((name, vec![offer])),
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    let listed: Vec<String> = groups.iter().map(|(_, offers)| offers[0].provider.clone()).collect();
    for (name, offers) in groups {
        let Some(offer) = agreed(offers, &mut out) else { continue };
        match row_of(&name, catalog) {
            Some(row) => {
                seen.push(&row.id);
                compare(offer, row, &mut out);
            }
            None => add(offer, catalog, &mut out),
        }
    }
    let of_listed = |row: &&ApiPrice| listed.iter().any(|p| row.id.split('/').next() == Some(p.as_str()));
    let gone =
        catalog.api_prices.iter().filter(of_listed).filter(|row| is_plain(row) && !seen.contains(&row.id.as_str()));
    out.missing = gone.map(|row| row.id.clone()).collect();
    out
}

/// Whether a row is neither announced nor half of a daily tariff, which lists do not tell apart.
fn is_plain(row: &ApiPrice) -> bool {
    !row.id.contains('@')
}

fn row_of<'a>(name: &str, catalog: &'a Catalog) -> Option<&'a ApiPrice> {
    let own = |row: &ApiPrice| row.id.split('/').next().map(|provider| format!("{provider}/{}", plain(&row.model)));
    catalog.api_prices.iter().find(|row| is_plain(row) && own(row).as_deref() == Some(name))
}

/// The one offer of a model that the list has several keys for, if they agree on its price.
fn agreed(offers: Vec<Offer>, out: &mut Diff) -> Option<Offer> {
    let same = |a: &Offer, b: &Offer| {
        let (a, b) = (&a.usd_per_mtok, &b.usd_per_mtok);
        near(a.input, b.input) && near(a.output, b.output)
    };
    let mut offers = offers.into_iter();
    let first = offers.next()?;
    let rest: Vec<Offer> = offers.collect();
    match rest.iter().find(|other| !same(&first, other)) {
        None => Some(first),
        Some(other) => {
            let reason = format!("listed again as {} at another price", other.key);
            out.refused.push(Refused { key: first.key.clone(), reason });
            None
        }
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs())
}

fn same_price(offer: &Offer, row: &ApiPrice) -> bool {
    let maybe = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => near(a, b),
        // What the list does not say is not a change.
        (None, _) => true,
        (Some(_), None) => false,
    };
    let (a, b) = (&offer.usd_per_mtok, &row.usd_per_mtok);
    near(a.input, b.input)
        && near(a.output, b.output)
        && maybe(a.cached_input, b.cached_input)
        && maybe(a.cache_write, b.cache_write)
}

fn compare(offer: Offer, row: &ApiPrice, out: &mut Diff) {
    if same_price(&offer, row) {
        out.unchanged += 1;
        return;
    }
    let before = row.usd_per_mtok;
    let step = |a: f64, b: f64| (a / b).max(b / a);
    let most = step(offer.usd_per_mtok.input, before.input).max(step(offer.usd_per_mtok.output, before.output));
    if most > MOST_STEP {
        let p = &offer.usd_per_mtok;
        let reason = format!(
            "${} in, ${} out is {most:.0} times off the catalog's ${} in, ${} out of {}; if it is right, write it into \
             a private price file by hand",
            p.input, p.output, before.input, before.output, row.as_of
        );
        out.refused.push(Refused { key: offer.key, reason });
        return;
    }
    let mut kept = PrivatePrice::of(&offer, row.id.clone(), row.provider.clone(), row.model.clone());
    kept.usd_per_mtok.cached_input = kept.usd_per_mtok.cached_input.or(row.usd_per_mtok.cached_input);
    kept.usd_per_mtok.cache_write = kept.usd_per_mtok.cache_write.or(row.usd_per_mtok.cache_write);
    kept.open_model = row.open_model_key.clone();
    out.changed.push(Change { row: kept, before });
}

/// A row the catalog does not have: taken where it serves weights that the catalog knows, else left out.
fn add(offer: Offer, catalog: &Catalog, out: &mut Diff) {
    let name = plain(&offer.model);
    let Some(model) = catalog.models.ids().position(|id| plain(id) == name).and_then(|place| catalog.models.get(place))
    else {
        out.left_out += 1;
        return;
    };
    let others = catalog.api_prices.iter().filter(|row| catalog.serves(row, model)).map(|row| row.usd_per_mtok.output);
    let (low, high) = others.fold((f64::INFINITY, 0.0_f64), |(low, high), x| (low.min(x), high.max(x)));
    let output = offer.usd_per_mtok.output;
    if high > 0.0 && (output > high * MOST_STEP || output < low / MOST_STEP) {
        let reason =
            format!("output at ${output} is far off the ${low} to ${high} that others ask for the same weights");
        out.refused.push(Refused { key: offer.key, reason });
        return;
    }
    let provider = providers::of_id(&offer.provider).map_or(offer.provider.as_str(), |p| p.name);
    let id = format!("{}/{}", offer.provider, model.slug());
    let mut row = PrivatePrice::of(&offer, id, provider.into(), offer.model.clone());
    row.open_model = Some(model.id.clone());
    out.added.push(row);
}
