//! When a panel's picture is drawn: on a change of what it shows, of its size, of its visibility, and for paper.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::panel::Stage;
use crate::app::timing::NextFrame;

/// Draw in the next frame whenever something the picture shows has changed and the picture is in view.
pub fn redraw(stage: Stage) {
    let frame = NextFrame::default();
    Effect::new(move |_| {
        stage.app.shown.track();
        stage.pointed.track();
        stage.cumulative.track();
        stage.logarithmic.track();
        stage.hidden.track();
        stage.app.pinned.track();
        stage.themes.theme();
        if stage.width.get() > 0.0 && stage.visible.get() {
            frame.run(move || stage.draw());
        }
    });
}

/// Keep the width of the canvas and whether it is in view.
pub fn size(stage: Stage) {
    Effect::new(move |_| {
        let Some(canvas) = stage.canvas.get() else { return };
        let resized = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let entry = entries.get(0).dyn_into::<web_sys::ResizeObserverEntry>().ok();
            if let Some(w) = entry.map(|e| e.content_rect().width()).filter(|w| *w > 0.0) {
                stage.width.set(w);
            }
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(&canvas);
        }
        resized.forget();
        let seen = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let last = entries.get(entries.length().saturating_sub(1));
            if let Ok(entry) = last.dyn_into::<web_sys::IntersectionObserverEntry>() {
                stage.visible.set(entry.is_intersecting());
            }
        });
        if let Ok(observer) = web_sys::IntersectionObserver::new(seen.as_ref().unchecked_ref()) {
            observer.observe(&canvas);
        }
        seen.forget();
    });
}

/// Paper is light: draw so before printing, in the same turn, and go back afterwards.
pub fn print_in_light(stage: Stage) {
    for (event, printing) in [("beforeprint", true), ("afterprint", false)] {
        let handle = window_event_listener_untyped(event, move |_| {
            stage.printing.set(printing);
            if stage.width.get_untracked() > 0.0 {
                stage.draw();
            }
        });
        on_cleanup(move || handle.remove());
    }
}
