//! Which open model a hosted price is for: short keys such as `llama-3.3-70b` against ids such as
//! `meta-llama/Llama-3.3-70B-Instruct`.

use super::{ApiPrice, Catalog, INDEX, Model, slug};

/// Words of a name that do not tell one set of weights from another.
const NOISE: [&str; 12] =
    ["instruct", "it", "chat", "hf", "bf16", "fp8", "fp4", "nvidia", "meta", "openai", "base", "text"];

/// Whether a price key names the weights of a model id.
///
/// Every word of the key must be in the id in the same order; words left over in the id may only be sizes (`675b`,
/// `a12b`, `128e`), dates (`2512`) and [`NOISE`]. So `mistral-large-3` is `Mistral-Large-3-675B-Instruct-2512`, but
/// `llama-70b` is not a distillation that has `Llama-70B` at the end of its name.
pub fn names(key: &str, model_id: &str) -> bool {
    match_words(&words(key), &words(slug(model_id)))
}

fn match_words(key: &[String], id: &[String]) -> bool {
    if key.is_empty() {
        return false;
    }
    let mut rest = key.iter().peekable();
    let mut left_over = id.iter().filter(|w| rest.next_if_eq(w).is_none());
    let only_sizes = left_over.all(|w| is_size_or_date(w));
    only_sizes && rest.peek().is_none()
}

fn words(name: &str) -> Vec<String> {
    name.to_ascii_lowercase()
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .filter(|w| !w.is_empty() && !NOISE.contains(w) && !is_date(w))
        .map(str::to_string)
        .collect()
}

fn is_date(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())
}

fn is_size_or_date(word: &str) -> bool {
    let digits = word.strip_prefix('a').unwrap_or(word).trim_end_matches(['b', 'e', 't']);
    is_date(word)
        || (digits.len() < word.len()
            && !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && word.ends_with(['b', 'e', 't']))
}

impl Catalog {
    /// Note in every price row which model of the catalog it is for, and its score. To be called again after rows are added.
    pub fn resolve_open_models(&mut self) {
        let models: Vec<Vec<String>> = self.models.ids().map(|id| words(slug(id))).collect();
        for row in &mut self.api_prices {
            let key = row.open_model_key.as_deref().map(words).unwrap_or_default();
            let found = models.iter().position(|id| match_words(&key, id));
            row.open_model_id = found.and_then(|place| self.models.ids().nth(place)).map(str::to_string);
            let own = row.quality.iter().find(|q| q.index == INDEX).map(|q| q.value);
            let of_model = || self.models.score(self.models.place(row.open_model_id.as_deref()?)?);
            row.score = own.or_else(of_model);
        }
    }

    /// Whether a price row is for these weights, also where the model is not one of the catalog.
    pub fn serves(&self, row: &ApiPrice, model: &Model) -> bool {
        match (&row.open_model_id, row.open_model_key.as_deref()) {
            (Some(id), _) => *id == model.id,
            (None, Some(key)) => names(key, &model.id),
            (None, None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    //! Every hosted price belongs to exactly one model of the catalog, and every other row is proprietary.

    use super::*;

    #[test]
    fn every_price_row_resolves_to_one_model_or_is_proprietary() {
        let catalog = Catalog::embedded().unwrap();
        for row in &catalog.api_prices {
            let Some(key) = &row.open_model_key else {
                assert_eq!(row.kind, "proprietary", "{} names no open model", row.id);
                continue;
            };
            let of: Vec<&str> = catalog.models.ids().filter(|id| names(key, id)).collect();
            assert_eq!(of.len(), 1, "{}: {key} names {of:?}", row.id);
            assert_eq!(row.open_model_id.as_deref(), Some(of[0]));
        }
        assert_eq!(catalog.api_prices.len(), 108);
    }

    /// Its own score first, else that of the model whose weights it serves; also for rows that were added.
    #[test]
    fn a_row_has_its_own_score_or_that_of_its_model() {
        let mut catalog = Catalog::embedded().unwrap();
        let mut added = catalog.api_prices.iter().find(|r| r.open_model_id.is_some()).unwrap().clone();
        (added.id, added.score, added.quality) = ("own/row".into(), None, Vec::new());
        catalog.api_prices.push(added);
        catalog.resolve_open_models();
        let mut borrowed = 0;
        for row in &catalog.api_prices {
            let own = row.quality.iter().find(|q| q.index == INDEX).map(|q| q.value);
            let of_model = row.open_model_id.as_ref().and_then(|id| catalog.model(id)).and_then(|m| m.score());
            assert_eq!(row.score, own.or(of_model), "{}", row.id);
            borrowed += u32::from(own.is_none() && of_model.is_some());
        }
        assert!(borrowed > 0);
    }

    #[test]
    fn near_names_are_other_weights() {
        assert!(names("llama-3.3-70b", "meta-llama/Llama-3.3-70B-Instruct"));
        assert!(names("qwen3-235b-a22b-2507", "Qwen/Qwen3-235B-A22B-Instruct-2507"));
        assert!(!names("llama-3.3-70b", "meta-llama/Llama-3.1-70B-Instruct"));
        assert!(!names("llama-3.1-8b", "meta-llama/Llama-3.1-405B-Instruct"));
        assert!(!names("qwen3-32b", "deepseek-ai/DeepSeek-R1-Distill-Qwen3-32B"));
        assert!(!names("kimi-k2.6", "moonshotai/Kimi-K2.7-Code"));
        assert!(!names("deepseek-v4-flash", "deepseek-ai/DeepSeek-V4.1-Flash"));
        assert!(!names("", "openai/gpt-oss-20b"));
    }
}
