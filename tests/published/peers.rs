//! Two public calculators whose printed result does not follow from their own inputs.

use crossover::engine::projection::months_to_pay;

#[test]
fn peakinfer_says_a_month_and_a_half_and_computes_under_one() {
    // peakinfer.com self-hosting calculator (2026): API $40,000 a month, GPUs $10,000, salary $15,000 x 30 %, setup
    // three months of half an engineer; its text says "~1.5 months".
    let setup = 15_000.0 * 3.0 * 0.5;
    let months = months_to_pay(setup, 40_000.0, 10_000.0 + 15_000.0 * 0.30).unwrap();
    assert_eq!(format!("{months:.2}"), "0.88");
}

#[test]
fn randomcalculators_calls_the_dearer_side_cheaper_and_counts_the_purchase_twice() {
    // randomcalculators.com LLM on-premise vs cloud (2026): 8 GPUs at $35k with 40 % overhead over 4 years, 0.7 kW at
    // PUE 1.4 and $0.12, 400 h a month, data centre $3,000, cloud $4.50 a GPU hour.
    let capex = 8.0 * 35_000.0 * 1.4;
    let power = 8.0 * 0.7 * 1.4 * 0.12 * 400.0;
    let on_premise = capex / 48.0 + power + 3_000.0;
    let cloud = 8.0 * 4.50 * 400.0;
    assert_eq!(format!("{on_premise:.0}"), "11543");
    assert!(on_premise < cloud, "the page calls the cloud cheaper");
    // Its break-even divides the purchase by a saving that has the write-off in it: 137 months instead of 35.6 of cash.
    assert_eq!(format!("{:.0}", capex / (cloud - on_premise)), "137");
    assert_eq!(format!("{:.1}", months_to_pay(capex, cloud, power + 3_000.0).unwrap()), "35.6");
}
