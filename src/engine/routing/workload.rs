//! The workload of a pipeline: the sums and means of its steps.

use std::borrow::Cow;

use crate::scenario::{Range, Scenario, Step};

/// The scenario with its workload's volume and sizes taken from its steps; unchanged without steps, or where no step is
/// called.
pub fn with_workload_of_steps(scenario: &Scenario) -> Cow<'_, Scenario> {
    let steps = &scenario.steps;
    let calls: f64 = steps.iter().map(|s| s.calls_per_day.likely).sum();
    if calls <= 0.0 {
        return Cow::Borrowed(scenario);
    }
    let weighted = |value: &dyn Fn(&Step) -> Range, weight: &dyn Fn(&Step) -> f64| {
        let all: f64 = steps.iter().map(weight).sum();
        let mean = |end: &dyn Fn(Range) -> f64| {
            steps.iter().map(|s| end(value(s)) * weight(s)).sum::<f64>() / if all > 0.0 { all } else { 1.0 }
        };
        Range { low: mean(&|r| r.low), likely: mean(&|r| r.likely), high: mean(&|r| r.high) }
    };
    let count = |s: &Step| s.calls_per_day.likely;
    let input = |s: &Step| s.calls_per_day.likely * s.input_tokens.likely;
    let tokens = |end: &dyn Fn(Range) -> f64| {
        steps.iter().map(|s| end(s.calls_per_day) * (s.input_tokens.likely + s.output_tokens.likely)).sum::<f64>()
    };
    let mut out = scenario.clone();
    let w = &mut out.workload;
    w.tokens_per_day = Range { low: tokens(&|r| r.low), likely: tokens(&|r| r.likely), high: tokens(&|r| r.high) };
    w.input_tokens = weighted(&|s| s.input_tokens, &count);
    w.output_tokens = weighted(&|s| s.output_tokens, &count);
    w.cached_input_share = weighted(&|s| s.cached_input_share, &input);
    w.batchable_share = weighted(&|s| s.batchable_share, &count);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_without_input_have_nothing_in_the_cache() {
        let point = Range::point;
        let step = Step {
            calls_per_day: point(10.0),
            input_tokens: point(0.0),
            output_tokens: point(30.0),
            cached_input_share: point(0.5),
            ..Step::default()
        };
        let scenario = Scenario { steps: vec![step.clone(), step], ..Scenario::default() };
        let w = with_workload_of_steps(&scenario).workload.clone();
        assert_eq!((w.tokens_per_day, w.output_tokens), (point(600.0), point(30.0)));
        assert_eq!((w.input_tokens, w.cached_input_share), (point(0.0), point(0.0)));
    }
}
