//! Least squares on logarithms, by Levenberg and Marquardt, with a loss that lets outliers go and Gaussian priors.

use crossover::catalog::speed::Constants;

use crate::cases::Case;
use crate::errors::predict;

/// Error at which a case starts to count less, as a logarithm: TPOT, TTFT, saturated, throughput.
const SCALE: [f64; 4] = [0.10, 0.25, 0.15, 0.20];
/// Weight of each quantity.
const WEIGHT: [f64; 4] = [1.0, 1.15, 0.5, 0.3];
/// Which of the quantities is the time to first token.
const TTFT: usize = 1;
/// Strength of the priors.
const PRIOR_WEIGHT: f64 = 1.5;
/// Rounds of the solver.
const ROUNDS: usize = 40;
/// Step of the numeric derivative, in the logarithm.
const STEP: f64 = 1e-4;

/// Constants that are about waiting, not about a step.
const WAITING: [&str; 4] = ["first_token", "burst", "prefill_queue", "request"];

/// Which constants a fit may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Free {
    /// All but the ceiling of arithmetic.
    Physics,
    /// The same and the ceiling: llama.cpp's kernels do not use the largest matrix units.
    Local,
    /// Those about waiting.
    Waiting,
}

fn spreads(free: Free) -> Vec<f64> {
    let spread = |name: &&str, s: &f64| match free {
        Free::Waiting if !WAITING.contains(name) => 0.0,
        Free::Local if *name == "arithmetic_limit" => 1.0,
        _ => *s,
    };
    Constants::NAMES.iter().zip(Constants::SPREADS).map(|(n, s)| spread(n, s)).collect()
}

/// The constants nearest the cases and the prior.
pub fn fit(cases: &[&Case], prior: &Constants, start: &Constants, free: Free) -> Constants {
    let mut spread = spreads(free);
    if free == Free::Local {
        spread.iter_mut().for_each(|s| *s *= 2.0);
    }
    let mut prior = *prior;
    let mut start = *start;
    if free == Free::Local && prior.arithmetic_limit > 1e4 {
        // Between what llama.cpp reached on A100 (90 TFLOPS) and on H100 PCIe (120), XiongjieDai's table, 2024.
        prior.arithmetic_limit = 150.0;
        start.arithmetic_limit = start.arithmetic_limit.min(150.0);
    }
    let logs = |c: &Constants| c.to_vec().iter().map(|v| v.ln()).collect::<Vec<f64>>();
    let (centre, mut x) = (logs(&prior), logs(&start));
    let moving: Vec<usize> = (0..x.len()).filter(|i| spread[*i] > 0.0).collect();
    for i in (0..x.len()).filter(|i| spread[*i] == 0.0) {
        x[i] = centre[i];
    }
    let residuals = |x: &[f64]| {
        let constants = Constants::from_slice(&x.iter().map(|v| v.exp()).collect::<Vec<_>>());
        let mut r = Vec::with_capacity(cases.len() * 2 + moving.len());
        cases.iter().for_each(|c| case_residuals(c, &constants, &mut r));
        r.extend(moving.iter().map(|i| (x[*i] - centre[*i]) / spread[*i] * PRIOR_WEIGHT));
        r
    };
    let (mut damping, mut r) = (1e-2, residuals(&x));
    let mut loss: f64 = r.iter().map(|v| v * v).sum();
    for _ in 0..ROUNDS {
        let columns: Vec<Vec<f64>> = moving
            .iter()
            .map(|i| {
                let mut y = x.clone();
                y[*i] += STEP;
                residuals(&y).iter().zip(&r).map(|(a, b)| (a - b) / STEP).collect()
            })
            .collect();
        let before = loss;
        while damping < 1e8 {
            let step = solve(&columns, &r, damping);
            let mut y = x.clone();
            moving.iter().zip(&step).for_each(|(i, s)| y[*i] += s.clamp(-0.5, 0.5));
            let ry = residuals(&y);
            let ly: f64 = ry.iter().map(|v| v * v).sum();
            if ly < loss {
                (x, r, loss) = (y, ry, ly);
                damping = (damping * 0.3).max(1e-9);
                break;
            }
            damping *= 4.0;
        }
        if before - loss < 1e-5 * before {
            break;
        }
    }
    Constants::from_slice(&x.iter().map(|v| v.exp()).collect::<Vec<_>>())
}

fn case_residuals(case: &Case, constants: &Constants, out: &mut Vec<f64>) {
    let said = predict(case, constants);
    for q in 0..4 {
        let Some(measured) = case.measured[q] else { continue };
        let e = (said[q] / measured).ln() / SCALE[q];
        let robust = e.signum() * if q == TTFT { stalled(e) } else { outlying(e) };
        out.push(robust * (WEIGHT[q] * case.weight).sqrt());
    }
}

/// Cauchy's loss: grows like a square near zero, like a logarithm far out.
fn outlying(e: f64) -> f64 {
    (3.0 * (1.0 + e * e / 3.0).ln()).sqrt()
}

/// Geman and McClure's loss: stays finite far out. A first token that waited seconds for a server to compile its
/// kernels says nothing about prefill.
fn stalled(e: f64) -> f64 {
    (e * e / (1.0 + e * e / 4.0)).sqrt()
}

/// Solve (J'J + damping diag(J'J)) step = -J'r by Gaussian elimination.
fn solve(columns: &[Vec<f64>], r: &[f64], damping: f64) -> Vec<f64> {
    let n = columns.len();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let mut m: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let mut row: Vec<f64> = (0..n).map(|j| dot(&columns[i], &columns[j])).collect();
            row[i] *= 1.0 + damping;
            row.push(-dot(&columns[i], r));
            row
        })
        .collect();
    for i in 0..n {
        let pivot = (i..n).max_by(|a, b| m[*a][i].abs().total_cmp(&m[*b][i].abs())).unwrap_or(i);
        m.swap(i, pivot);
        let head = m[i].clone();
        for row in m.iter_mut().skip(i + 1) {
            let f = row[i] / head[i];
            row.iter_mut().zip(&head).for_each(|(a, b)| *a -= f * b);
        }
    }
    let mut x = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| m[i][j] * x[j]).sum();
        x[i] = (m[i][n] - known) / m[i][i];
    }
    x
}

/// Four significant digits: more would pretend to be known.
pub fn rounded(c: &Constants) -> Constants {
    let short = |v: f64| format!("{v:.3e}").parse().unwrap_or(v);
    Constants::from_slice(&c.to_vec().into_iter().map(short).collect::<Vec<_>>())
}
