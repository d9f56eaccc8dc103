//! Many draws in pieces, so that whoever asked can show how far they are and stop them.

use super::percentile::Scratch;
use super::{Band, Drawn, Source, Tally, Uncertainty};
use crate::engine::cost::Cost;

/// Draws whose months are kept for the percentiles of a long run, the first ones of the sequence; the shares and the
/// values of information rest on all draws. Keeps the memory of a run under 80 MB.
const KEPT: u32 = 131_072;

/// Draws under way.
pub struct LongRun {
    inputs: Vec<Drawn>,
    cost: Cost,
    source: Source,
    tally: Tally,
    asked: usize,
    /// Percentiles of the months that are worked out, and how many are.
    bands: Vec<Band>,
    columns: usize,
    scratch: Scratch,
}

impl LongRun {
    /// Begin; `None` where a side has no price, because nothing can be claimed then.
    pub fn new(inputs: &[Drawn], cost: &Cost, draws: u32) -> Option<Self> {
        if draws == 0 || !cost.self_hosted.known || cost.api.is_empty() {
            return None;
        }
        Some(Self {
            inputs: inputs.to_vec(),
            cost: cost.clone(),
            source: Source::new(inputs),
            tally: Tally::new(cost, inputs.len(), draws.min(KEPT) as usize),
            asked: draws as usize,
            bands: Vec::new(),
            columns: 0,
            scratch: Scratch::default(),
        })
    }

    /// Make at most `draws` more, or work out the percentiles of one month once they are made.
    pub fn step(&mut self, draws: u32) {
        let more = (draws as usize).min(self.asked - self.tally.made);
        if more == 0 && self.columns < self.tally.columns() {
            self.bands.extend(self.tally.band(self.columns, &self.cost, &mut self.scratch));
            self.columns += 1;
        }
        self.tally.run(&mut self.source, &self.cost, more);
    }

    /// Share of the draws that are made, 0 to 1.
    pub fn share(&self) -> f64 {
        self.tally.made as f64 / self.asked as f64
    }

    /// Whether all draws are made and every percentile is worked out.
    pub fn is_done(&self) -> bool {
        self.tally.made >= self.asked && self.columns >= self.tally.columns()
    }

    /// What the draws made so far say.
    pub fn report(&self) -> Uncertainty {
        let inputs = self.inputs.iter().map(|d| d.input.clone()).collect();
        let mut bands = self.bands.clone();
        bands.extend(self.tally.bands(self.columns, &self.cost));
        Uncertainty { inputs, ..self.tally.report(&self.inputs, bands) }
    }
}

#[cfg(test)]
mod tests {
    //! Pins that draws made in pieces say what draws made at once say, and that more of them hardly move the answer.
    use crate::catalog::Catalog;
    use crate::engine::{Effort, long_run, plan_drawn, plan_with};
    use crate::scenario::Scenario;

    #[test]
    fn pieces_add_up_to_the_whole() {
        let (scenario, catalog) = (Scenario::default(), Catalog::embedded().unwrap());
        let at_once = plan_with(&scenario, &catalog, Effort { draws: 5000 }).unwrap();
        let mut run = long_run(&scenario, &catalog, 5000).unwrap().unwrap();
        while !run.is_done() {
            run.step(700);
        }
        assert_eq!(run.report(), at_once.uncertainty);
        assert_eq!(plan_drawn(&scenario, &catalog, run.report()).unwrap(), at_once);
    }

    #[test]
    fn draws_beyond_the_kept_ones_still_count() {
        let (scenario, catalog) = (Scenario::default(), Catalog::embedded().unwrap());
        let mut run = long_run(&scenario, &catalog, super::KEPT + 20_000).unwrap().unwrap();
        run.step(super::KEPT);
        let before = run.report();
        run.step(u32::MAX);
        let after = run.report();
        assert_eq!((run.share(), after.draws), (1.0, super::KEPT + 20_000));
        assert_eq!(before.bands, after.bands);
        let chance = |u: &crate::engine::uncertainty::Uncertainty| u.probability_self_hosting_cheaper.unwrap();
        assert!((chance(&before) - chance(&after)).abs() < 0.001);
    }

    #[test]
    fn nothing_is_drawn_without_a_price() {
        let mut scenario = Scenario::default();
        scenario.hardware.acquisition = crate::scenario::Acquisition::Spot;
        scenario.hardware.accelerator = "t4".into();
        let catalog = Catalog::embedded().unwrap();
        let priced = plan_with(&scenario, &catalog, Effort { draws: 10 }).unwrap().uncertainty.draws > 0;
        assert_eq!(long_run(&scenario, &catalog, 10).unwrap().is_some(), priced);
    }

    /// A page shows how far a run is, and asks for more until it is done.
    #[test]
    fn a_run_is_as_far_as_its_draws_and_done_after_the_last_percentile() {
        let mut run = long_run(&Scenario::default(), &Catalog::embedded().unwrap(), 1000).unwrap().unwrap();
        assert_eq!(run.share(), 0.0);
        run.step(250);
        assert_eq!((run.share(), run.is_done()), (0.25, false));
        run.step(5000);
        assert_eq!((run.share(), run.report().draws), (1.0, 1000));
        let whole = run.report();
        for band in 0..whole.bands.len() {
            assert!(!run.is_done(), "{band}");
            run.step(1);
        }
        assert!(run.is_done());
        run.step(1);
        assert_eq!(run.report(), whole);
    }
}
