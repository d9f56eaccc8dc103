//! What one request costs at a provider: input, cached reads, cache writes, output, batch, long-context tier, and the
//! hour of the day.

use crate::catalog::api_price::LongContextTier;
use crate::catalog::{ApiPrice, Catalog};

/// Hours of a week.
const HOURS_PER_WEEK: f64 = 168.0;

/// A mean request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix {
    /// Input tokens.
    pub input: f64,
    /// Output tokens.
    pub output: f64,
    /// Share of input tokens found in the prompt cache, 0..1.
    pub cached: f64,
    /// Share of requests that can wait for the batch tariff, 0..1.
    pub batchable: f64,
}

/// US dollars per token of one tariff.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rates {
    input: f64,
    /// Reading from the cache; the input price where the provider publishes no discount.
    cached: f64,
    /// Input that is written to the cache; the input price where writing is free.
    write: f64,
    output: f64,
    /// Price of work that waits, or the ordinary one.
    batch_input: f64,
    batch_output: f64,
}

impl Rates {
    /// US dollars of a request answered at once. Caching is used only where it is the cheaper way.
    #[inline]
    fn online(&self, mix: &Mix) -> f64 {
        let with_cache = mix.cached * self.cached + (1.0 - mix.cached) * self.write;
        let input = if mix.cached > 0.0 { with_cache.min(self.input) } else { self.input };
        mix.input * input + mix.output * self.output
    }

    /// US dollars of a request that waits: the batch price without cache discounts, or the ordinary one if cheaper.
    #[inline]
    fn batch(&self, mix: &Mix) -> f64 {
        (mix.input * self.batch_input + mix.output * self.batch_output).min(self.online(mix))
    }

    /// US dollars per token of the mix, in a share of the week by dearer rates.
    #[inline]
    fn usd_per_token(&self, peak: Option<&(f64, Self)>, mix: &Mix) -> f64 {
        let online = match peak {
            Some((share, peak)) => share * peak.online(mix) + (1.0 - share) * self.online(mix),
            None => self.online(mix),
        };
        let request = (1.0 - mix.batchable) * online + mix.batchable * self.batch(mix);
        request / (mix.input + mix.output).max(1.0)
    }
}

/// How a price row bills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tariff {
    base: Rates,
    /// Input tokens above which the long-context prices hold for the whole request, and those prices.
    long: Option<(f64, Rates)>,
    /// Share of the week with the dearer tariff, and that tariff.
    peak: Option<(f64, Rates)>,
}

impl Tariff {
    /// How a row bills, its `@peak` sibling included where it is the `@offpeak` half of a pair.
    pub fn of(row: &ApiPrice, catalog: &Catalog) -> Self {
        Self {
            base: base(row),
            long: row.long_context_tier.as_ref().map(|t| (t.above_input_tokens, long(row, t))),
            peak: peak(row, catalog),
        }
    }

    /// US dollars per token of the mix, input and output counted alike.
    #[inline]
    pub fn usd_per_token(&self, mix: &Mix) -> f64 {
        let rates = match &self.long {
            Some((above, long)) if mix.input > *above => long,
            _ => &self.base,
        };
        rates.usd_per_token(self.peak.as_ref(), mix)
    }
}

/// What a token of the mix takes by a row: a look at many rows needs none of their tariffs whole.
pub fn price(row: &ApiPrice, catalog: &Catalog, mix: &Mix) -> f64 {
    let rates = match &row.long_context_tier {
        Some(tier) if mix.input > tier.above_input_tokens => long(row, tier),
        _ => base(row),
    };
    rates.usd_per_token(peak(row, catalog).as_ref(), mix)
}

/// Share of the week with the dearer tariff, and that tariff.
fn peak(row: &ApiPrice, catalog: &Catalog) -> Option<(f64, Rates)> {
    row.id.strip_suffix("@offpeak").filter(|name| !name.contains('@'))?;
    let peak = catalog.api_variant(&row.id, "peak")?;
    Some((peak.peak_hours_per_week? / HOURS_PER_WEEK, base(peak)))
}

fn long(row: &ApiPrice, t: &LongContextTier) -> Rates {
    let keep = 1.0 - row.batch.map_or(0.0, |b| b.discount);
    Rates {
        input: t.input / 1e6,
        cached: t.cached_input.unwrap_or(t.input) / 1e6,
        write: t.input / 1e6 * row.usd_per_mtok.cache_write.map_or(1.0, |w| w / row.usd_per_mtok.input),
        output: t.output / 1e6,
        batch_input: t.input / 1e6 * keep,
        batch_output: t.output / 1e6 * keep,
    }
}

fn base(row: &ApiPrice) -> Rates {
    let p = &row.usd_per_mtok;
    Rates {
        input: p.input / 1e6,
        cached: p.cached_input.unwrap_or(p.input) / 1e6,
        write: p.cache_write.unwrap_or(p.input) / 1e6,
        output: p.output / 1e6,
        batch_input: row.batch.map_or(p.input, |b| b.input) / 1e6,
        batch_output: row.batch.map_or(p.output, |b| b.output) / 1e6,
    }
}

#[cfg(test)]
mod tests {
    //! Each part of a bill, against sums done by hand.

    use super::*;

    fn price(id: &str, mix: Mix) -> f64 {
        let catalog = Catalog::embedded().unwrap();
        let row = catalog.api_price(id).unwrap();
        Tariff::of(row, &catalog).usd_per_token(&mix) * (mix.input + mix.output)
    }

    /// What a look at many rows says is what their tariffs say, off the peak and above the longer tier too.
    #[test]
    fn a_row_costs_by_itself_what_its_tariff_says() {
        let catalog = Catalog::embedded().unwrap();
        let peaks = catalog.api_prices.iter().filter(|r| peak(r, &catalog).is_some()).count();
        assert!(peaks > 0);
        for row in &catalog.api_prices {
            for input in [1e3, 1e5, 1e6] {
                let mix = Mix { input, output: 200.0, cached: 0.3, batchable: 0.2 };
                assert_eq!(
                    super::price(row, &catalog, &mix),
                    Tariff::of(row, &catalog).usd_per_token(&mix),
                    "{}",
                    row.id
                );
            }
        }
    }

    const PLAIN: Mix = Mix { input: 1000.0, output: 100.0, cached: 0.0, batchable: 0.0 };

    #[test]
    fn input_output_cache_and_writes() {
        // claude-opus-5.5: 4 in, 20 out, 0.20 cached, 5 to write
        assert!((price("anthropic/claude-opus-5.5", PLAIN) - (0.004 + 0.002)).abs() < 1e-12);
        let half = Mix { cached: 0.5, ..PLAIN };
        assert!((price("anthropic/claude-opus-5.5", half) - (500.0 * 0.2e-6 + 500.0 * 5e-6 + 0.002)).abs() < 1e-12);
        // At 2 % hits writing would cost more than it saves, so caching stays off.
        let few = Mix { cached: 0.02, ..PLAIN };
        assert_eq!(price("anthropic/claude-opus-5.5", few), price("anthropic/claude-opus-5.5", PLAIN));
    }

    #[test]
    fn batch_takes_half_off_what_waits() {
        let all = Mix { batchable: 1.0, ..PLAIN };
        assert!((price("openai/gpt-6-sol", all) - 0.5 * price("openai/gpt-6-sol", PLAIN)).abs() < 1e-12);
        // Groq publishes no batch price for this row: nothing is taken off.
        assert_eq!(price("groq/llama-3.3-70b", all), price("groq/llama-3.3-70b", PLAIN));
    }

    #[test]
    fn the_long_context_tier_depends_on_the_request_itself() {
        let at = Mix { input: 100_000.0, ..PLAIN };
        let above = Mix { input: 100_001.0, ..PLAIN };
        // claude-haiku-5.5: 0.10/0.50, above 100k input tokens 0.50/2.50
        assert!((price("anthropic/claude-haiku-5.5", at) - (0.01 + 5e-5)).abs() < 1e-9);
        assert!((price("anthropic/claude-haiku-5.5", above) - (0.0500005 + 25e-5)).abs() < 1e-9);
    }

    #[test]
    fn peak_hours_cost_more_and_batch_work_avoids_them() {
        let share = 35.0 / 168.0;
        let off = 1000.0 * 0.66e-6 + 100.0 * 1.98e-6;
        assert!((price("deepseek/deepseek-v4-pro@offpeak", PLAIN) - off * (1.0 + share)).abs() < 1e-12);
        let waits = Mix { batchable: 1.0, ..PLAIN };
        assert!((price("deepseek/deepseek-v4-pro@offpeak", waits) - off).abs() < 1e-12);
        assert!((price("deepseek/deepseek-v4-pro@peak", PLAIN) - 2.0 * off).abs() < 1e-12);
    }

    /// Writing is charged over the input price in long requests as it is in short ones.
    #[test]
    fn long_requests_write_to_the_cache_too() {
        let catalog = Catalog::embedded().unwrap();
        let mut row = catalog.api_prices.iter().find(|r| r.long_context_tier.is_some()).unwrap().clone();
        (row.usd_per_mtok.input, row.usd_per_mtok.cache_write) = (4.0, Some(5.0));
        let tier = row.long_context_tier.as_mut().unwrap();
        (tier.above_input_tokens, tier.input, tier.cached_input, tier.output) = (100.0, 8.0, Some(0.8), 40.0);
        let half = Mix { cached: 0.5, ..PLAIN };
        // 500 read at 0.8, 500 written at 10, 100 of output at 40 US dollars a million.
        let usd = Tariff::of(&row, &catalog).usd_per_token(&half) * 1100.0;
        assert!((usd - (500.0 * 0.8 + 500.0 * 10.0 + 100.0 * 40.0) / 1e6).abs() < 1e-12, "{usd}");
    }

    /// Requests of which nothing is ever read again are not written to the cache, however cheap writing is.
    #[test]
    fn nothing_is_written_that_is_not_read() {
        let catalog = Catalog::embedded().unwrap();
        let mut row = catalog.api_prices[0].clone();
        (row.usd_per_mtok.input, row.usd_per_mtok.cache_write, row.usd_per_mtok.output) = (4.0, Some(1.0), 20.0);
        (row.long_context_tier, row.batch) = (None, None);
        let usd = Tariff::of(&row, &catalog).usd_per_token(&PLAIN) * 1100.0;
        assert!((usd - 0.006).abs() < 1e-12, "{usd}");
    }
}
