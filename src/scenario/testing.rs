//! Arbitrary valid scenarios for property tests.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::field::{Absent, Field, Kind, Special};
use super::fields::{PRICE_CHANGE_FIELDS, STEP_FIELDS, fields};
use super::{Scenario, document};

/// A scenario with any of its fields set to any value they accept: round numbers, arbitrary bits, ranges, texts with
/// every kind of character, known and unknown ids, steps, price changes, a model config.
pub(crate) fn scenarios() -> impl Strategy<Value = Scenario> {
    let plain: Vec<BoxedStrategy<(String, Value)>> = fields().filter_map(assignment).collect();
    let some = proptest::sample::subsequence((0..plain.len()).collect::<Vec<_>>(), 0..12)
        .prop_flat_map(move |picked| picked.into_iter().map(|i| plain[i].clone()).collect::<Vec<_>>());
    let steps = proptest::collection::vec(item(STEP_FIELDS), 0..4);
    let changes = proptest::collection::vec(item(PRICE_CHANGE_FIELDS), 0..3);
    let config = proptest::option::weighted(0.2, config());
    (some, steps, changes, config).prop_map(|(pairs, steps, changes, config)| {
        let mut root = Map::new();
        let lists = [("steps", json!(steps)), ("api.price_changes", json!(changes)), ("model.config", json!(config))];
        for (path, value) in pairs.into_iter().chain(lists.map(|(p, v)| (p.to_string(), v))) {
            match path.split_once('.') {
                Some((section, name)) => {
                    root.entry(section).or_insert_with(|| json!({}))[name] = value;
                }
                None => {
                    root.insert(path, value);
                }
            }
        }
        document::read(&Value::Object(root)).0
    })
}

fn config() -> impl Strategy<Value = Value> {
    (1u32..9000, any::<bool>(), "\\PC{0,10}", -1e6f64..1e6).prop_map(
        |(n, b, s, x)| json!({"hidden_size": n, "tie": b, "name": s, "rope": {"theta": x, "list": [n, null]}}),
    )
}

fn item<T>(fields: &'static [Field<T>]) -> impl Strategy<Value = Value> {
    let all: Vec<BoxedStrategy<(String, Value)>> = fields.iter().filter_map(assignment).collect();
    all.prop_map(|pairs| Value::Object(pairs.into_iter().collect()))
}

/// Ids that the catalog has, spells otherwise, or does not have.
const IDS: &[&str] =
    &["openai/gpt-oss-120b", "GPT-OSS-120B", "h100-sxm", "L40S", "anthropic/claude-opus-5.5", "nobody/knows"];

/// A path with a value the field accepts.
fn assignment<T>(field: &'static Field<T>) -> Option<BoxedStrategy<(String, Value)>> {
    let value = match &field.kind {
        Kind::Number(n) => numbers(n.min, n.max, n.integer, n.ranged, n.nullable),
        Kind::Flag(_) => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Choice(c) => proptest::sample::select(c.options).prop_map(Value::from).boxed(),
        Kind::Text(t) => {
            let text = prop_oneof!["\\PC{1,30}", proptest::sample::select(IDS).prop_map(String::from)];
            match t.absent {
                Some(Absent::Null) => prop_oneof![text.prop_map(Value::from), Just(Value::Null)].boxed(),
                Some(Absent::Auto) => prop_oneof![text.prop_map(Value::from), Just(json!("auto"))].boxed(),
                None => text.prop_map(Value::from).boxed(),
            }
        }
        Kind::Special(Special::Steps | Special::PriceChanges | Special::ModelConfig) => return None,
    };
    Some(value.prop_map(|v| (field.path.to_string(), v)).boxed())
}

fn numbers(min: f64, max: f64, integer: bool, ranged: bool, nullable: bool) -> BoxedStrategy<Value> {
    let one = prop_oneof![
        (0.0..=1.0f64).prop_map(move |x| min + (max - min) * x),
        (0.0..=1.0f64).prop_map(move |x| min + (max.min(100.0) - min) * x),
        (1u32..100, 0i32..10).prop_map(|(m, e)| format!("{m}e{e}").parse().unwrap()),
    ]
    .prop_map(move |v: f64| if integer { v.floor() } else { v }.clamp(min, max))
    .boxed();
    let mut kinds = vec![one.clone().prop_map(|v| json!(v)).boxed()];
    if ranged {
        let three = proptest::collection::vec(one, 3);
        kinds.push(
            three
                .prop_map(|mut v| {
                    v.sort_by(f64::total_cmp);
                    json!({"low": v[0], "likely": v[1], "high": v[2]})
                })
                .boxed(),
        );
    }
    if nullable {
        kinds.push(Just(Value::Null).boxed());
    }
    proptest::strategy::Union::new(kinds).boxed()
}

mod totality {
    //! Pins that the planner is total: any valid scenario is planned or refused with a path and a hint, never a panic,
    //! and the same scenario gives the same answer.
    use super::scenarios;
    use crate::catalog::Catalog;
    use crate::engine::{Effort, plan_with};
    use crate::scenario::canonical_ids;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_scenario_is_planned_or_refused(mut scenario in scenarios()) {
            canonical_ids(&mut scenario, &CATALOG);
            match plan_with(&scenario, &CATALOG, Effort { draws: 16 }) {
                Ok(plan) => {
                    let text = serde_json::to_string(&plan).unwrap();
                    let again = plan_with(&scenario, &CATALOG, Effort { draws: 16 }).unwrap();
                    prop_assert_eq!(text, serde_json::to_string(&again).unwrap());
                    prop_assert!(plan.warnings.iter().all(|w| !w.message.is_empty() && !w.hint.is_empty()));
                }
                Err(e) => prop_assert!(!e.path.is_empty() && !e.message.is_empty() && !e.hint.is_empty(), "{e:?}"),
            }
        }
    }
}
