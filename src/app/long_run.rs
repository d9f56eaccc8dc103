//! A million draws on request: a piece per frame, with its progress, until done, stopped, or overtaken by a change.

use leptos::prelude::*;

use super::state::App;
use super::timing::now;
use crate::engine::{LongRun, long_run, plan_drawn};
use crate::scenario::Scenario;

/// Draws of a long run.
pub const DRAWS: u32 = 1_000_000;
/// Draws between two looks at the clock.
const PIECE: u32 = 1000;
/// Time of a frame given to them, ms.
const SLICE_MS: f64 = 9.0;

/// Begin, unless one is under way.
pub fn start(app: App) {
    if app.drawing.get_untracked().is_some() {
        return;
    }
    let scenario = app.scenario.get_untracked();
    match long_run(&scenario, app.catalog, DRAWS) {
        Ok(Some(run)) => {
            app.drawing.set(Some(0.0));
            advance(app, app.runs.begin(), scenario, run);
        }
        Ok(None) => app.say("A price is unknown, so there is nothing to draw"),
        Err(e) => app.say(&e.to_string()),
    }
}

/// Stop; the draws made before stay as they are.
pub fn stop(app: App) {
    app.drawing.set(None);
    app.say("Stopped. The 10,000 draws stay.");
}

fn advance(app: App, number: u32, scenario: Scenario, mut run: LongRun) {
    request_animation_frame(move || {
        // Stopped, and begun again since.
        if !app.runs.is_latest(number) {
            return;
        }
        let overtaken = app.scenario.with_untracked(|s| *s != scenario);
        if overtaken || app.drawing.get_untracked().is_none() {
            return app.drawing.set(None);
        }
        let began = now();
        while now() - began < SLICE_MS && !run.is_done() {
            run.step(PIECE);
        }
        if !run.is_done() {
            app.drawing.set(Some(run.share()));
            return advance(app, number, scenario, run);
        }
        app.drawing.set(None);
        if let Ok(plan) = plan_drawn(&scenario, app.catalog, run.report()) {
            app.settle_on(scenario, plan);
            app.say("A million draws made");
        }
    });
}
