//! The pieces of work, on the default scenario.

use std::hint::black_box;

use crossover::catalog::Catalog;
use crossover::chart::{Panel, Theme, svg};
use crossover::engine::cost::Cost;
use crossover::engine::deployment::Subject;
use crossover::engine::uncertainty::Drawn;
use crossover::engine::{Effort, Plan, break_even, cost, fleet, plan_with, uncertainty};
use crossover::scenario::{Scenario, link};

/// Every piece of work.
pub const NAMES: [&str; 7] = [
    "plan without draws",
    "layout search",
    "break-even",
    "10,000 draws",
    "plan with 10,000 draws",
    "link decode",
    "chart draw",
];

/// A link such as people send: a dozen fields and two steps.
const LINK: &str = "#v=1&tokens=20M..50M..200M&in=4000&out=400&cached=0.6&growth=0.1&peak=2.5&quant=fp8&gpu=h200-sxm\
                    &rent=reserved_1y&spares=2&fte=0.75&months=24&step1.name=classify&step1.calls=100k&step1.in=800\
                    &step2.name=answer&step2.calls=20k&step2.out=600";

/// Everything the work starts from; made once and kept for as long as the program runs.
pub struct Work {
    catalog: &'static Catalog,
    scenario: &'static Scenario,
    subject: Subject<'static>,
    cost: Cost,
    inputs: Vec<Drawn>,
    plan: Plan,
}

impl Work {
    /// Of the default scenario; `None` if it cannot be planned.
    pub fn new() -> Option<Self> {
        let catalog: &'static Catalog = Box::leak(Box::new(Catalog::embedded().ok()?));
        let scenario: &'static Scenario = Box::leak(Box::new(Scenario::default()));
        let warnings = &mut Vec::new();
        let subject = Subject::of(scenario, catalog, warnings).ok()?;
        let fleet = fleet::choose(&subject, warnings);
        let cost = cost::price(&subject, &fleet, warnings);
        let inputs = uncertainty::inputs(&subject, &fleet, &cost);
        let plan = plan_with(scenario, catalog, Effort::default()).ok()?;
        Some(Self { catalog, scenario, subject, cost, inputs, plan })
    }

    /// The facts.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn catalog(&self) -> &'static Catalog {
        self.catalog
    }

    /// Do one piece of work; `false` if there is none of that name or it failed.
    pub fn run(&self, name: &str) -> bool {
        let plan = |draws| black_box(plan_with(black_box(self.scenario), self.catalog, Effort { draws })).is_ok();
        match name {
            "plan without draws" => plan(0),
            "plan with 10,000 draws" => plan(10_000),
            "layout search" => black_box(fleet::choose(black_box(&self.subject), &mut Vec::new())).runs,
            "break-even" => !black_box(break_even::solve(black_box(&self.cost))).is_empty(),
            "10,000 draws" => black_box(uncertainty::draw(black_box(&self.inputs), &self.cost, 10_000)).draws > 0,
            "link decode" => black_box(link::decode(black_box(LINK), self.catalog)).is_ok(),
            "chart draw" => black_box(svg(Panel::BreakEven, black_box(&self.plan), Theme::Light, 800, 500)).is_ok(),
            _ => false,
        }
    }
}
