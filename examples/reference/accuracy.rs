//! The page of accuracy: predictions against measurements.

use std::collections::BTreeMap;
use std::fmt::Write;

use crossover::catalog::speed::{EngineConstants, Residual};
use crossover::catalog::{Catalog, Rows};

use super::memory_cases::Case;
use super::speed_cases;
use super::worst;

const HEAD: &str = "# Accuracy

<!-- Written by `cargo run --example reference` from the committed cases and residuals; do not edit this page. -->

What came out when predictions were held against measurements. *Median* and *80 %* are absolute relative errors: half,
and four fifths, of the cases are closer than that.

## Memory

Start-up logs of real engines, batches that were really held, published checkpoint sizes. Each case with its source is in
`tests/accuracy/memory_cases.json`, and the tests hold the share that must lie inside its tolerance.
";

const SPEED: &str = "
## Speed

Published runs, replayed at their lengths and concurrency. The first columns are errors of the fit; *model left out* and
*accelerator left out* are the errors on cases of a model, or an accelerator, that was not in the fit, which is what to
expect of one the fit has not seen. The planner's band is made of these.

TPOT is the time per output token, TTFT the time to first token under the benchmark's own burst of requests, *saturated*
the throughput with everything sent at once.
";

const SPEED_PLOTS: &str = "
The same runs as pictures, each point one published run planned again. On the dashed line both agree; between the dotted
ones the prediction is within half and twice the measurement.

![Time per output token, predicted against measured](images/speed-tpot.svg)

![Time to first token, predicted against measured](images/speed-ttft.svg)

![Output tokens per second, predicted against measured](images/speed-throughput.svg)
";

const TAIL: &str = "
## Where it is wrong

- The **time to first token** is the least certain figure. Under a benchmark's burst it is mostly queueing, and small
  differences in scheduling move it by half. TensorRT-LLM's runs show it: with lengths drawn at random a request waits for
  one to two prefills, with all lengths alike for four to five, because clients that start together stay together. SGLang's
  NVFP4 runs of DeepSeek wait five to twelve seconds wherever the first burst fills a chunk (33 of 54 runs): a server that
  compiles its kernels then.
- **Runs that fill the cache**: what the records do not say (the cache's format, the share of memory, the longest request)
  decides whether requests wait. Llama-3.1-405B under vLLM 0.6 held a third of the requests that its memory allows for, as
  if it kept room for a prompt of the model's whole context.
- **Runs of few prompts** with lengths that vary, as gpustack's of Qwen3.5-9B (1000 prompts for 512 clients), never reach the
  batch that their clients would keep up.
- **Small dense models at short outputs** can be twice as fast as predicted.
- **Mixtures of experts on an accelerator the fit has not seen** are off by a tenth to a fifth in the median, and more
  than a third in one case of five.
- **New kernels**: the first weeks of a model are slower than its architecture allows, and tuned benchmarks are faster than
  a deployment with defaults, by 1.1 to 1.8 times. One release of an engine can be worth 30 %.
- Cases here were public and are about data-centre hardware; other hardware is extrapolated from its data sheet.
- Costs are not held against anything but published worked examples: nobody publishes bills.
";

/// The whole page.
pub fn page(catalog: &Catalog, cases: &[Case], runs: &[speed_cases::Case]) -> String {
    let mut out = HEAD.to_string();
    memory(&mut out, cases);
    out.push_str("\n![Predicted against measured bytes, both axes logarithmic](images/memory-accuracy.svg)\n");
    out.push_str(SPEED);
    let _ = writeln!(out, "\nCalibrated on {}.\n", catalog.speed.calibrated_on);
    speed(&mut out, &catalog.speed.engines);
    out.push_str(SPEED_PLOTS);
    out.push_str(TAIL);
    worst::memory(&mut out, cases);
    worst::speed(&mut out, runs);
    out
}

fn memory(out: &mut String, cases: &[Case]) {
    let mut families: BTreeMap<(&str, &str), Vec<f64>> = BTreeMap::new();
    for case in cases.iter().filter(|c| c.measured > 0.0) {
        let error = (case.predicted / case.measured - 1.0).abs();
        families.entry((&case.family, &case.quantity)).or_default().push(error);
    }
    out.push_str("\n| Cases | Quantity | n | Median | 80 % | Worst |\n|---|---|--:|--:|--:|--:|\n");
    for ((family, quantity), errors) in &mut families {
        errors.sort_by(f64::total_cmp);
        let at = |share: f64| errors[((errors.len() - 1) as f64 * share).round() as usize] * 100.0;
        let (n, half, most, worst) = (errors.len(), at(0.5), at(0.8), at(1.0));
        let name = family.replace('_', " ");
        let _ = writeln!(out, "| {name} | `{quantity}` | {n} | {half:.1} % | {most:.1} % | {worst:.1} % |");
    }
}

fn speed(out: &mut String, engines: &Rows<EngineConstants>) {
    out.push_str("| Engine | Class | Quantity | n | Median | 80 % | Model left out: median | 80 % | Accelerator left out: median | 80 % |\n");
    out.push_str("|---|---|---|--:|--:|--:|--:|--:|--:|--:|\n");
    for engine in engines {
        for r in &engine.residuals {
            let quantity = name(r);
            let errors = [
                r.median,
                r.p80,
                r.unseen_model.median,
                r.unseen_model.p80,
                r.unseen_accelerator.median,
                r.unseen_accelerator.p80,
            ];
            let cells: Vec<String> = errors.iter().map(|e| format!("{:.0} %", e * 100.0)).collect();
            let _ = writeln!(
                out,
                "| {} | {} | {quantity} | {} | {} |",
                engine.engine,
                engine.class,
                r.cases,
                cells.join(" | ")
            );
        }
    }
}

fn name(residual: &Residual) -> &str {
    match residual.quantity.as_str() {
        "tpot_ms" => "TPOT",
        "ttft_ms" => "TTFT",
        "output_tokens_per_second" => "output tokens a second",
        "saturated" => "saturated throughput",
        other => other,
    }
}
