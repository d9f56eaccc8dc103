//! Guanzhong Pan et al., "A Cost-Benefit Analysis of On-Premise Large Language Model Deployment", arXiv 2509.18101v3,
//! Table IV: months until buying GPUs beats paying an API.
//!
//! Its formula: t = hardware / (API bill - electricity), API bill = a third of the tokens as input, two thirds as output
//! (equations 1-5); prices of Table I, hardware of Table II, capacities of Table III.
//!
//! The printed cells follow from inputs that are not the stated ones. Stated: 160 h a month (8 h x 20 d), 400 W for an
//! A100 and 575 W for a 5090, Gemini 2.5 Pro at $1.25/$10. Effective: 176 h (22 days, which Table III's capacities also
//! need), 300 W (the PCIe card), 450 W, and $7.75 a million tokens for Gemini (an output price of $11). With those, 42
//! of 45 cells come out at the printed precision and the other three within 0.06 months.

use crossover::engine::projection::months_to_pay;

/// Price of an API: name, input, output, US dollars per million tokens (Table I).
const APIS: [(&str, f64, f64); 5] = [
    ("GPT-5", 1.25, 10.0),
    ("Claude-4 Opus", 15.0, 75.0),
    ("Claude-4 Sonnet", 3.0, 15.0),
    ("Grok-4", 3.0, 15.0),
    ("Gemini 2.5 Pro", 1.25, 10.0),
];
/// Output price of Gemini that the printed cells rest on.
const GEMINI_EFFECTIVE_OUTPUT: f64 = 11.0;
/// Electricity, US dollars per kWh (section III).
const KWH: f64 = 0.15;

/// A row of Tables III and IV: model, GPUs, whether they are A100s, tokens per second, US dollars, months by API as
/// printed.
struct Row(&'static str, f64, bool, f64, f64, [&'static str; 5]);

const ROWS: [Row; 9] = [
    Row("Kimi-K2", 16.0, true, 800.0, 240_000.0, ["69.3", "8.7", "44.0", "44.0", "63.1"]),
    Row("GLM-4.5", 6.0, true, 400.0, 90_000.0, ["51.5", "6.5", "32.8", "32.8", "47.0"]),
    Row("Qwen3-235B", 4.0, true, 400.0, 60_000.0, ["34.0", "4.3", "21.8", "21.8", "31.1"]),
    Row("gpt-oss-120B", 2.0, true, 220.0, 30_000.0, ["30.9", "3.9", "19.8", "19.8", "28.2"]),
    Row("GLM-4.5-Air", 2.0, true, 200.0, 30_000.0, ["34.0", "4.3", "21.8", "21.8", "31.1"]),
    Row("Llama-3.3-70B", 1.0, true, 190.0, 15_000.0, ["17.8", "2.3", "11.4", "11.4", "16.2"]),
    Row("EXAONE 4.0 32B", 1.0, false, 200.0, 2_000.0, ["2.26", "0.3", "1.4", "1.4", "2.06"]),
    Row("Qwen3-30B", 1.0, false, 180.0, 2_000.0, ["2.5", "0.3", "1.6", "1.6", "2.3"]),
    Row("Magistral Small", 1.0, false, 150.0, 2_000.0, ["3.0", "0.4", "1.9", "1.9", "2.76"]),
];

struct Inputs {
    hours: f64,
    a100_watts: f64,
    rtx5090_watts: f64,
    gemini_output: f64,
}

const EFFECTIVE: Inputs =
    Inputs { hours: 176.0, a100_watts: 300.0, rtx5090_watts: 450.0, gemini_output: GEMINI_EFFECTIVE_OUTPUT };
const STATED: Inputs = Inputs { hours: 160.0, a100_watts: 400.0, rtx5090_watts: 575.0, gemini_output: 10.0 };

fn months(row: &Row, api: usize, i: &Inputs) -> f64 {
    let watts = if row.2 { i.a100_watts } else { i.rtx5090_watts };
    let power = row.1 * watts / 1000.0 * i.hours * KWH;
    let tokens = row.3 * i.hours * 3600.0;
    let output = if api == 4 { i.gemini_output } else { APIS[api].2 };
    let bill = tokens / 1e6 * (APIS[api].1 + 2.0 * output) / 3.0;
    months_to_pay(row.4, bill, power).unwrap()
}

/// Whether a value prints as a cell does, at the cell's own number of decimals.
fn prints_as(value: f64, cell: &str) -> bool {
    let decimals = cell.split_once('.').map_or(0, |(_, d)| d.len());
    format!("{value:.decimals$}") == cell
}

fn cells() -> impl Iterator<Item = (&'static Row, usize, &'static str)> {
    ROWS.iter().flat_map(|row| (0..5).map(move |api| (row, api, row.5[api])))
}

#[test]
fn table_iv_follows_from_the_effective_inputs() {
    let exact = cells().filter(|(row, api, cell)| prints_as(months(row, *api, &EFFECTIVE), cell)).count();
    assert_eq!(exact, 42);
    for (row, api, cell) in cells() {
        let (value, printed) = (months(row, api, &EFFECTIVE), cell.parse::<f64>().unwrap());
        assert!((value - printed).abs() <= 0.06, "{} / {}: {value:.3} printed {cell}", row.0, APIS[api].0);
    }
}

#[test]
fn erratum_the_stated_inputs_give_other_months() {
    let exact = cells().filter(|(row, api, cell)| prints_as(months(row, *api, &STATED), cell)).count();
    assert!(exact <= 2, "{exact} of 45 cells follow from the stated inputs");
    // With Gemini at its stated price every one of its cells would equal GPT-5's, which has the same price.
    for row in &ROWS {
        assert_eq!(months(row, 4, &STATED), months(row, 0, &STATED));
        assert_ne!(row.5[4], row.5[0]);
    }
}

#[test]
fn against_the_same_weights_hosted_the_same_machines_take_decades() {
    // Llama-3.3-70B at Groq, $0.59/$0.79; gpt-oss-120B at $0.15/$0.60: the essay's "hardest baseline".
    let variant = |row: &Row, input: f64, output: f64| {
        let tokens = row.3 * EFFECTIVE.hours * 3600.0 / 1e6;
        let power = row.1 * EFFECTIVE.a100_watts / 1000.0 * EFFECTIVE.hours * KWH;
        months_to_pay(row.4, tokens * (input + 2.0 * output) / 3.0, power).unwrap()
    };
    assert!((variant(&ROWS[5], 0.59, 0.79) - 189.5).abs() < 0.06);
    assert!((variant(&ROWS[3], 0.15, 0.60) - 639.8).abs() < 0.06);
    assert!((variant(&ROWS[0], 0.60, 2.50) - 292.9).abs() < 0.06);
}
