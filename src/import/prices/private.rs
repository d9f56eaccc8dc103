//! A private price file: prices that one reader uses instead of, or beside, the catalog's. Schema:
//! `docs/src/reference/private-prices.schema.json`.

use serde_json::{Map, Value, json};

use super::{Offer, sanity};
use crate::catalog::api_price::{BatchPrices, LongContextTier, TokenPrices};
use crate::catalog::{ApiPrice, Catalog, Words};
use crate::import::{ImportError, json as parse};
use crate::visible::acts;

/// Version of the file this program writes.
pub const VERSION: u32 = 1;
/// Most rows of a file.
pub const MOST_ROWS: usize = 2000;
/// Most bytes of a file: that many rows with every field written out have less.
pub const MOST_BYTES: usize = 4 << 20;
/// Most characters of a name in it.
const MOST_CHARS: usize = 200;

/// A private price file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PrivatePrices {
    /// Day the prices were read, ISO 8601.
    pub as_of: String,
    /// Where they are from, in the owner's words.
    pub source: String,
    /// The rows.
    pub rows: Vec<PrivatePrice>,
}

/// One price.
#[derive(Debug, Clone, PartialEq)]
pub struct PrivatePrice {
    /// Id: one of the catalog's to replace it, or a new one such as `ours/llama-3.3-70b`.
    pub id: String,
    /// Who serves it.
    pub provider: String,
    /// The provider's model name.
    pub model: String,
    /// US dollars per million tokens.
    pub usd_per_mtok: TokenPrices,
    /// Prices of requests with a long input.
    pub long_context_tier: Option<LongContextTier>,
    /// Prices of work that can wait.
    pub batch: Option<BatchPrices>,
    /// Longest context, tokens.
    pub context_tokens: Option<f64>,
    /// The open model it serves, as the catalog spells it; left out for anything else.
    pub open_model: Option<String>,
}

impl PrivatePrice {
    /// A row of an offer.
    pub(super) fn of(offer: &Offer, id: String, provider: String, model: String) -> Self {
        Self {
            id,
            provider,
            model,
            usd_per_mtok: offer.usd_per_mtok,
            long_context_tier: offer.long_context_tier.clone(),
            batch: offer.batch,
            context_tokens: offer.context_tokens,
            open_model: None,
        }
    }

    fn read(value: &Value, path: &str) -> Result<Self, ImportError> {
        let names =
            ["id", "provider", "model", "usd_per_mtok", "long_context_tier", "batch", "context_tokens", "open_model"];
        let row = Part::of(value, path, &names)?;
        let prices = row.part("usd_per_mtok", &["input", "output", "cached_input", "cache_write"])?;
        let prices = prices.ok_or_else(|| row.wrong("usd_per_mtok", "is missing"))?;
        let long = row.part("long_context_tier", &["above_input_tokens", "input", "output", "cached_input", "note"])?;
        let batch = row.part("batch", &["discount", "input", "output"])?;
        Ok(Self {
            id: row.text("id")?,
            provider: row.text("provider")?,
            model: row.text("model")?,
            usd_per_mtok: TokenPrices {
                input: prices.needed("input")?,
                output: prices.needed("output")?,
                cached_input: prices.number("cached_input")?,
                cache_write: prices.number("cache_write")?,
            },
            long_context_tier: match long {
                None => None,
                Some(t) => Some(LongContextTier {
                    above_input_tokens: t.needed("above_input_tokens")?,
                    input: t.needed("input")?,
                    output: t.needed("output")?,
                    cached_input: t.number("cached_input")?,
                    note: Words::default(),
                }),
            },
            batch: match batch {
                None => None,
                Some(b) => {
                    let (input, output) = (b.needed("input")?, b.needed("output")?);
                    let discount = 1.0 - input / prices.needed("input")?;
                    Some(BatchPrices { discount: b.number("discount")?.unwrap_or(discount), input, output })
                }
            },
            context_tokens: row.number("context_tokens")?,
            open_model: match row.fields.get("open_model") {
                None | Some(Value::Null) => None,
                Some(_) => Some(row.text("open_model")?),
            },
        })
    }

    fn value(&self) -> Value {
        let p = &self.usd_per_mtok;
        let mut prices = json!({"input": p.input, "output": p.output});
        put(&mut prices, "cached_input", p.cached_input.map(Value::from));
        put(&mut prices, "cache_write", p.cache_write.map(Value::from));
        let mut row = json!({"id": self.id, "provider": self.provider, "model": self.model, "usd_per_mtok": prices});
        let long = self.long_context_tier.as_ref().map(|t| {
            let mut tier = json!({"above_input_tokens": t.above_input_tokens, "input": t.input, "output": t.output});
            put(&mut tier, "cached_input", t.cached_input.map(Value::from));
            tier
        });
        put(&mut row, "long_context_tier", long);
        let batch = self.batch.map(|b| json!({"discount": b.discount, "input": b.input, "output": b.output}));
        put(&mut row, "batch", batch);
        put(&mut row, "context_tokens", self.context_tokens.map(Value::from));
        put(&mut row, "open_model", self.open_model.clone().map(Value::from));
        row
    }

    fn check(&self) -> Result<(), String> {
        let text = |name: &str, text: &str| match text {
            t if t.trim().is_empty() => Err(format!("{name} is empty")),
            t if t.chars().count() > MOST_CHARS => Err(format!("{name} is longer than {MOST_CHARS} characters")),
            t if t.chars().any(acts) => Err(format!("{name} has control characters")),
            _ => Ok(()),
        };
        text("id", &self.id)?;
        text("provider", &self.provider)?;
        text("model", &self.model)?;
        if let Some(model) = &self.open_model {
            text("open_model", model)?;
        }
        if self.context_tokens.is_some_and(|t| !(t.is_finite() && (1.0..=1e9).contains(&t))) {
            return Err("context_tokens is not a number of tokens".into());
        }
        sanity::check(&Offer {
            provider: self.provider.clone(),
            model: self.model.clone(),
            key: self.id.clone(),
            usd_per_mtok: self.usd_per_mtok,
            long_context_tier: self.long_context_tier.clone(),
            batch: self.batch,
            context_tokens: self.context_tokens,
        })
    }
}

/// An object of the file whose fields are all known.
struct Part<'a> {
    path: String,
    fields: &'a Map<String, Value>,
}

impl<'a> Part<'a> {
    fn of(value: &'a Value, path: &str, names: &[&str]) -> Result<Self, ImportError> {
        let Value::Object(fields) = value else {
            return Err(ImportError::new(path, "is not an object", SCHEMA));
        };
        if let Some(unknown) = fields.keys().find(|k| !names.contains(&k.as_str())) {
            let name: String = unknown.chars().take(60).collect();
            return Err(ImportError::new(
                path,
                format!("has no field '{name}'"),
                format!("known are {}", names.join(", ")),
            ));
        }
        Ok(Self { path: path.into(), fields })
    }

    fn wrong(&self, name: &str, message: &str) -> ImportError {
        ImportError::new(&self.path, format!("{name} {message}"), SCHEMA)
    }

    fn part(&self, name: &str, names: &[&str]) -> Result<Option<Self>, ImportError> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => Self::of(value, &format!("{}.{name}", self.path), names).map(Some),
        }
    }

    fn number(&self, name: &str) -> Result<Option<f64>, ImportError> {
        super::number(self.fields, name).map_err(|_| self.wrong(name, "is not a number"))
    }

    fn needed(&self, name: &str) -> Result<f64, ImportError> {
        self.number(name)?.ok_or_else(|| self.wrong(name, "is missing"))
    }

    fn text(&self, name: &str) -> Result<String, ImportError> {
        let text = self.fields.get(name).and_then(Value::as_str);
        text.map(str::to_string).ok_or_else(|| self.wrong(name, "is not text"))
    }
}

/// What is said of a file beyond [`MOST_BYTES`].
pub fn too_large(bytes: f64) -> ImportError {
    let message = format!("has {:.0} MB, more than the {} MB that are read", bytes / 1e6, MOST_BYTES >> 20);
    ImportError::new("price file", message, "keep the rows you plan with")
}

const SCHEMA: &str = "see docs/src/reference/private-prices.schema.json";

/// Write a field where there is something to write.
fn put(object: &mut Value, name: &str, value: Option<Value>) {
    if let (Value::Object(fields), Some(value)) = (object, value) {
        fields.insert(name.into(), value);
    }
}

impl PrivatePrices {
    /// Read a file. One bad row refuses the whole of it: prices are not half taken.
    ///
    /// # Errors
    /// Text that is not such a file, or a row that breaks a rule, with its path.
    pub fn read(text: &str) -> Result<Self, ImportError> {
        if text.len() > MOST_BYTES {
            return Err(too_large(text.len() as f64));
        }
        let value = parse(text, "price file")?;
        let file = Part::of(&value, "price file", &["version", "as_of", "source", "rows"])?;
        let version = file.number("version")?.ok_or_else(|| file.wrong("version", "is missing"))?;
        if version != f64::from(VERSION) {
            let message = format!("is of version {version}; this program reads version {VERSION}");
            return Err(ImportError::new("version", message, "write the file again with this program"));
        }
        let Some(Value::Array(list)) = file.fields.get("rows") else {
            return Err(file.wrong("rows", "is not a list"));
        };
        if list.len() > MOST_ROWS {
            let message = format!("has {} rows, more than the {MOST_ROWS} that are read", list.len());
            return Err(ImportError::new("rows", message, "keep the rows you plan with"));
        }
        let as_of = file.text("as_of")?;
        if !is_day(&as_of) {
            return Err(ImportError::new("as_of", "is not a day", "write it as 2026-11-23"));
        }
        let mut rows: Vec<PrivatePrice> = Vec::with_capacity(list.len());
        for (i, row) in list.iter().enumerate() {
            let path = format!("rows.{i}");
            let row = PrivatePrice::read(row, &path)?;
            row.check().map_err(|message| ImportError::new(path, message, "mend the row or remove it"))?;
            if rows.iter().any(|other| other.id.eq_ignore_ascii_case(&row.id)) {
                return Err(ImportError::new(format!("rows.{i}.id"), "is there twice", "remove one of them"));
            }
            rows.push(row);
        }
        let source: String = file.text("source")?.chars().filter(|c| !acts(*c)).take(MOST_CHARS).collect();
        Ok(Self { as_of, source, rows })
    }

    /// The file's text.
    pub fn write(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(PrivatePrice::value).collect();
        let file = json!({"version": VERSION, "as_of": self.as_of, "source": self.source, "rows": rows});
        format!("{file:#}\n")
    }

    /// The catalog with these prices in place of its own, marked as private.
    pub fn apply(&self, catalog: &mut Catalog) {
        for row in &self.rows {
            let place = catalog.api_prices.iter().position(|r| r.id.eq_ignore_ascii_case(&row.id));
            let before = place.map(|i| catalog.api_prices[i].clone());
            let private = self.row(row, before);
            match place {
                Some(i) => catalog.api_prices[i] = private,
                None => catalog.api_prices.push(private),
            }
        }
        catalog.resolve_open_models();
    }

    /// A row of the catalog; what the file does not say stays as the catalog has it.
    fn row(&self, row: &PrivatePrice, before: Option<ApiPrice>) -> ApiPrice {
        let kind = if row.open_model.is_some() { "open_weights_hosted" } else { "proprietary" };
        let known = before.as_ref();
        ApiPrice {
            id: known.map_or_else(|| row.id.clone(), |b| b.id.clone()),
            provider: row.provider.clone(),
            model: row.model.clone(),
            kind: known.map_or_else(|| kind.into(), |b| b.kind.clone()),
            open_model_key: row
                .open_model
                .as_deref()
                .map(slug)
                .or_else(|| known.and_then(|b| b.open_model_key.clone())),
            open_model_id: None,
            score: None,
            usd_per_mtok: row.usd_per_mtok,
            long_context_tier: row
                .long_context_tier
                .clone()
                .or_else(|| known.and_then(|b| b.long_context_tier.clone())),
            batch: row.batch,
            context_tokens: row.context_tokens.or_else(|| known.and_then(|b| b.context_tokens)),
            max_output_tokens: known.and_then(|b| b.max_output_tokens),
            as_of: self.as_of.clone(),
            source: format!("your own price file: {}", self.source).into(),
            confidence: "private".into(),
            stale: false,
            private: true,
            quality: known.map_or_else(Vec::new, |b| b.quality.clone()),
            peak_hours_per_week: known.and_then(|b| b.peak_hours_per_week),
            effective_from: None,
            notes: Words::default(),
        }
    }
}

/// A model id without its organisation, which is what the catalog's keys are made of.
fn slug(id: &str) -> String {
    id.rsplit('/').next().unwrap_or(id).to_string()
}

/// Whether a text is a day such as 2026-11-23.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize| {
        (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().ok()).flatten()
    };
    match parts[..] {
        [y, m, d] => {
            let (y, m, d) = (number(y, 4), number(m, 2), number(d, 2));
            y.is_some() && m.is_some_and(|m| (1..=12).contains(&m)) && d.is_some_and(|d| (1..=31).contains(&d))
        }
        _ => false,
    }
}
