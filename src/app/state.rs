//! The page's truth: one scenario, the plan derived from it, and the scenarios before and after it.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::timing::{Debounce, Latest, later, lay_out_soon, now, soon};
use crate::catalog::Catalog;
use crate::chart::{self, Pin};
use crate::engine::{Effort, LongRun, Plan, Unplannable, long_run, plan_drawn, plan_with};
use crate::scenario::{Currency, Scenario, Warning};

/// Rest after the last change before the uncertainty is drawn, ms.
const SETTLE_MS: u32 = 140;
/// Draws between two looks at the clock, and time of a task given to them, ms: short enough for a slow phone.
const PIECE: u32 = 250;
const PIECE_MS: f64 = 4.0;
/// Changes of the same field within this time are one step of undo, ms.
const SAME_STROKE_MS: f64 = 1200.0;
/// Steps of undo kept.
const DEPTH: usize = 200;

/// A plan with its uncertainty, and the scenario it answers.
#[derive(Debug, Clone)]
struct Settled {
    scenario: Scenario,
    plan: Arc<Plan>,
}

/// A plan, or why there is none.
type Answer = Result<Arc<Plan>, Unplannable>;

/// A plan that follows others. Two are the same where they are the same one: comparing every figure would cost each move of
/// a slider more than it saves.
fn planned(
    plan: impl Fn(Option<&Option<Arc<Plan>>>) -> Option<Arc<Plan>> + Send + Sync + 'static,
) -> Memo<Option<Arc<Plan>>> {
    Memo::new_with_compare(plan, |a, b| match (a, b) {
        (Some(Some(a)), Some(Some(b))) => !Arc::ptr_eq(a, b),
        (Some(a), Some(b)) => a.is_some() != b.is_some(),
        _ => true,
    })
}

/// What the page asks at one time: a scenario, and those pinned beside it.
pub type Moment = (Scenario, Vec<Scenario>);

/// Moments to go back and forward to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    past: Vec<Moment>,
    future: Vec<Moment>,
    stroke: Option<(&'static str, f64)>,
    /// When a pointer went down that is still down: what it drags rests as long as it likes.
    held: Option<f64>,
}

impl History {
    /// Remember `before`, unless the same field is still being moved.
    fn record(&mut self, field: &'static str, before: Moment, at: f64) {
        let held = self.held;
        let goes_on = |t: f64| at - t < SAME_STROKE_MS || held.is_some_and(|since| since <= t);
        let same = self.stroke.is_some_and(|(f, t)| f == field && goes_on(t));
        if !same {
            self.past.push(before);
            if self.past.len() > DEPTH {
                self.past.remove(0);
            }
        }
        self.future.clear();
        self.stroke = Some((field, at));
    }

    /// Whether there is a step to go back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is a step to go forward.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

/// Everything the views read. Signals only, so it is copied freely.
#[derive(Clone, Copy)]
pub struct App {
    /// The facts.
    pub catalog: &'static Catalog,
    /// The question.
    pub scenario: RwSignal<Scenario>,
    /// The question as a part of the page sees it: what is folded away sees it when it is opened.
    pub seen: Signal<Scenario>,
    /// The answer to it; without uncertainty while something moves.
    pub plan: Memo<Answer>,
    /// The last good answer, in the reader's currency.
    pub shown: Memo<Option<Arc<Plan>>>,
    /// The last answer that came to rest, with its uncertainty, in the reader's currency.
    pub rested: Memo<Option<Arc<Plan>>>,
    /// The currency shown, if it is not the US dollar.
    pub currency: Memo<Option<Currency>>,
    /// Scenarios pinned beside it.
    pub pins: RwSignal<Vec<Scenario>>,
    /// Their answers, for pictures and tables.
    pub pinned: Memo<Vec<Pin>>,
    /// Share of a long run of draws that is made; nothing while none is under way.
    pub drawing: RwSignal<Option<f64>>,
    /// Long runs that were begun.
    pub runs: Latest,
    /// Undo and redo.
    pub history: RwSignal<History>,
    /// Counts the times the scenario was replaced as a whole; drafts of text older than that are dropped.
    pub epoch: RwSignal<u32>,
    /// What was wrong with the link the page was opened with, and that link.
    pub link_trouble: RwSignal<Option<(String, Vec<Warning>)>>,
    /// Fields whose text cannot be read at the moment.
    pub wrong: RwSignal<BTreeSet<&'static str>>,
    /// A word of confirmation for the reader and the screen reader.
    pub notice: RwSignal<String>,
    /// Words that were said.
    words: Latest,
    /// Counts the times the page is put on paper.
    pub papers: RwSignal<u32>,
    settled: RwSignal<Option<Arc<Settled>>>,
}

impl App {
    /// Start with the defaults.
    pub fn new(catalog: &'static Catalog) -> Self {
        let scenario = RwSignal::new(Scenario::default());
        let settled = RwSignal::new(None::<Arc<Settled>>);
        let pins = RwSignal::new(Vec::new());
        let answer = move |_: Option<&Answer>| {
            let s = scenario.get();
            match settled.get() {
                Some(rest) if rest.scenario == s => Ok(rest.plan.clone()),
                _ => plan_with(&s, catalog, Effort { draws: 0 }).map(Arc::new),
            }
        };
        let plan = Memo::new_with_compare(answer, |a, b| match (a, b) {
            (Some(Ok(a)), Some(Ok(b))) => !Arc::ptr_eq(a, b),
            (Some(Err(a)), Some(Err(b))) => a != b,
            _ => true,
        });
        let currency = Memo::new(move |_| scenario.with(|s| Currency::of(&s.display).0));
        let shown = planned(move |before| match plan.get() {
            Ok(plan) => Some(in_currency(plan, currency)),
            Err(_) => before.cloned().flatten(),
        });
        Self {
            catalog,
            scenario,
            seen: scenario.into(),
            plan,
            shown,
            rested: planned(move |_| settled.get().map(|s| in_currency(s.plan.clone(), currency))),
            currency,
            pins,
            pinned: super::pins::pinned(scenario, pins, currency, catalog),
            drawing: RwSignal::new(None),
            runs: Latest::default(),
            history: RwSignal::new(History::default()),
            epoch: RwSignal::new(0),
            link_trouble: RwSignal::new(None),
            wrong: RwSignal::new(BTreeSet::new()),
            notice: RwSignal::new(String::new()),
            words: Latest::default(),
            papers: RwSignal::new(0),
            settled,
        }
    }

    /// The same for a part of the page that is looked at only while it is open: closed, it keeps what it saw last, so that
    /// a move of a slider costs it nothing.
    pub fn seen_while(self, open: RwSignal<bool>) -> Self {
        let seen = Memo::new(move |before: Option<&Scenario>| match before {
            Some(before) if !open.get() => before.clone(),
            _ => self.scenario.get(),
        });
        let shown = planned(move |before| match before {
            Some(before) if !open.get() => before.clone(),
            _ => self.shown.get(),
        });
        Self { seen: seen.into(), shown, ..self }
    }

    /// A text of a plan with the sign of the reader's currency.
    pub fn money(self, text: &str) -> String {
        self.currency.with(|c| chart::signed(text, c.as_ref()))
    }

    /// The scenario and those pinned beside it.
    pub fn moment(self) -> Moment {
        (self.scenario.get_untracked(), self.pins.get_untracked())
    }

    /// Keep an answer that was drawn elsewhere.
    pub fn settle_on(self, scenario: Scenario, plan: Plan) {
        self.settled.set(Some(Arc::new(Settled { scenario, plan: Arc::new(plan) })));
    }

    /// Draw the uncertainty whenever the scenario has come to rest.
    pub fn keep_settled(self) {
        let rest = Debounce::default();
        Effect::new(move |first: Option<()>| {
            self.scenario.track();
            let delay = if first.is_none() { 30 } else { SETTLE_MS };
            rest.after(delay, move || self.settle());
        });
    }

    /// Lay the page out as soon as it answers something else, so that less is left to do in the frame that shows it.
    pub fn lay_out_early(self) {
        Effect::new(move |first: Option<()>| {
            self.shown.track();
            if first.is_some() {
                lay_out_soon();
            }
        });
    }

    /// The last answer that came to rest, in US dollars, and the scenario it answers: a file is made of both.
    pub fn rested_in_usd(self) -> Option<(Scenario, Arc<Plan>)> {
        self.settled.with(|rest| rest.as_ref().map(|r| (r.scenario.clone(), r.plan.clone())))
    }

    /// Come to rest at once, for a file or paper of the scenario as it stands: what was moved a moment ago is in it. A scenario
    /// without an answer leaves the last one that came to rest.
    pub fn rest_now(self) {
        if !untrack(|| self.at_rest()) {
            let scenario = self.scenario.get_untracked();
            self.settle_if(plan_with(&scenario, self.catalog, Effort::default()), scenario);
        }
    }

    fn settle(self) {
        if untrack(|| self.at_rest()) {
            return;
        }
        let scenario = self.scenario.get_untracked();
        match long_run(&scenario, self.catalog, Effort::default().draws) {
            Ok(Some(run)) => self.draw_on(scenario, run),
            Ok(None) => self.settle_if(plan_with(&scenario, self.catalog, Effort::default()), scenario),
            // The plan itself says why there is no answer.
            Err(_) => {}
        }
    }

    fn settle_if(self, plan: Result<Plan, Unplannable>, scenario: Scenario) {
        if let Ok(plan) = plan {
            self.settle_on(scenario, plan);
        }
    }

    /// Draw a piece in a task of its own, and the next one after it, unless the scenario is another by then.
    fn draw_on(self, scenario: Scenario, mut run: LongRun) {
        soon(move || {
            if untrack(|| self.at_rest()) || self.scenario.with_untracked(|s| *s != scenario) {
                return;
            }
            let began = now();
            while now() - began < PIECE_MS && !run.is_done() {
                run.step(PIECE);
            }
            if !run.is_done() {
                return self.draw_on(scenario, run);
            }
            self.settle_if(plan_drawn(&scenario, self.catalog, run.report()), scenario);
        });
    }

    /// Whether what is shown is the whole answer to the scenario as it stands, or why there is none.
    pub fn at_rest(self) -> bool {
        let whole = self.settled.with(|rest| rest.as_ref().is_some_and(|r| self.scenario.with(|s| r.scenario == *s)));
        whole || self.plan.with(Result::is_err)
    }

    /// Whether what is shown answers another question than what stands in the form: the last one that could be read.
    pub fn is_stale(self) -> bool {
        self.plan.with(Result::is_err) || self.wrong.with(|w| !w.is_empty())
    }

    /// Change the scenario; `field` names what is changed, so that one drag is one step of undo.
    pub fn edit(self, field: &'static str, change: impl FnOnce(&mut Scenario)) {
        let (mut scenario, pins) = self.moment();
        change(&mut scenario);
        self.go_to(field, (scenario, pins));
    }

    /// Replace the scenario as a whole, as a step of undo.
    pub fn replace(self, field: &'static str, scenario: Scenario) {
        self.replace_all(field, (scenario, self.pins.get_untracked()));
    }

    /// Replace everything, as a step of undo.
    pub fn replace_all(self, field: &'static str, moment: Moment) {
        self.go_to(field, moment);
        self.history.update(|h| h.stroke = None);
        self.drop_drafts();
    }

    fn go_to(self, field: &'static str, after: Moment) {
        let before = self.moment();
        if after != before {
            self.history.update(|h| h.record(field, before, now()));
            self.link_trouble.set(None);
            self.put(after);
        }
    }

    /// Show a moment; nothing is written that stays the same.
    fn put(self, (scenario, pins): Moment) {
        if self.pins.with_untracked(|p| *p != pins) {
            self.pins.set(pins);
        }
        if self.scenario.with_untracked(|s| *s != scenario) {
            self.scenario.set(scenario);
        }
    }

    /// Note whether a field's text can be read.
    pub fn mark(self, field: &'static str, wrong: bool) {
        if self.wrong.with_untracked(|all| all.contains(field)) != wrong {
            self.wrong.update(|all| {
                if wrong {
                    all.insert(field)
                } else {
                    all.remove(field)
                };
            });
        }
    }

    /// Drop every text that is being typed: the scenario was replaced under it.
    pub fn drop_drafts(self) {
        self.epoch.update(|e| *e += 1);
        self.wrong.set(BTreeSet::new());
    }

    /// Go one step back.
    pub fn undo(self) {
        self.step(|h, current| {
            let before = h.past.pop()?;
            h.future.push(current);
            Some(before)
        });
    }

    /// Go one step forward.
    pub fn redo(self) {
        self.step(|h, current| {
            let after = h.future.pop()?;
            h.past.push(current);
            Some(after)
        });
    }

    fn step(self, turn: fn(&mut History, Moment) -> Option<Moment>) {
        let current = self.moment();
        let mut history = self.history.get_untracked();
        if let Some(other) = turn(&mut history, current) {
            history.stroke = None;
            self.history.set(history);
            self.link_trouble.set(None);
            self.put(other);
            self.drop_drafts();
        }
    }

    /// Say something short for a moment.
    pub fn say(self, words: &str) {
        self.notice.set(words.to_string());
        let said = self.words.begin();
        later(4000, move || {
            if self.words.is_latest(said) {
                self.notice.set(String::new());
            }
        });
    }
}

/// The plan in the reader's currency.
pub fn in_currency(plan: Arc<Plan>, currency: Memo<Option<Currency>>) -> Arc<Plan> {
    currency.with(|c| c.as_ref().map(|c| Arc::new(chart::converted(&plan, c)))).unwrap_or(plan)
}

/// The app of the page.
pub fn app() -> App {
    expect_context::<App>()
}

/// Know whether a pointer holds what can be dragged, so that a drag is one step of undo however long it rests.
pub fn watch_the_pointer(app: App) {
    let hold = move |e: web_sys::PointerEvent, held: Option<f64>| {
        // A second finger changes nothing.
        if e.is_primary() {
            app.history.update_untracked(|h| h.held = held);
        }
    };
    let draggable = |e: &web_sys::PointerEvent| {
        let target = e.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        // A menu that another button opens swallows its release.
        e.button() == 0 && target.is_some_and(|t| t.matches("input[type=range], canvas").unwrap_or_default())
    };
    let down = window_event_listener(leptos::ev::pointerdown, move |e| {
        let held = draggable(&e).then(now);
        hold(e, held);
    });
    let up = window_event_listener(leptos::ev::pointerup, move |e| hold(e, None));
    let lost = window_event_listener(leptos::ev::pointercancel, move |e| hold(e, None));
    on_cleanup(move || [down, up, lost].into_iter().for_each(|l| l.remove()));
}

/// Undo with Ctrl+Z, redo with Ctrl+Y or Ctrl+Shift+Z (Cmd on a Mac); inside a text box the browser's own undo stays.
pub fn listen_for_undo(app: App) {
    let handle = window_event_listener(leptos::ev::keydown, move |e| {
        if !(e.ctrl_key() || e.meta_key()) || e.alt_key() || in_text(&e) {
            return;
        }
        match (e.key().to_ascii_lowercase().as_str(), e.shift_key()) {
            ("z", false) => app.undo(),
            ("y", false) | ("z", true) => app.redo(),
            _ => return,
        }
        e.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

fn in_text(e: &web_sys::KeyboardEvent) -> bool {
    let element = e.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok());
    element.is_some_and(|i| !matches!(i.type_().as_str(), "range" | "checkbox" | "radio"))
}
