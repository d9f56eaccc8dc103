//! Timers and frames in one place: whatever is asked for again before it runs, runs once.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use leptos::prelude::request_animation_frame;

/// Runs what was last asked for, after a rest.
#[derive(Clone, Default)]
pub struct Debounce(Rc<RefCell<Option<Timeout>>>);

impl Debounce {
    /// Run `work` after `ms` milliseconds, unless asked again before.
    pub fn after(&self, ms: u32, work: impl FnOnce() + 'static) {
        *self.0.borrow_mut() = Some(Timeout::new(ms, work));
    }
}

/// Runs at most once per frame.
#[derive(Clone, Default)]
pub struct NextFrame(Rc<RefCell<bool>>);

impl NextFrame {
    /// Run `work` in the next frame; asked again before that, it does nothing.
    pub fn run(&self, work: impl FnOnce() + 'static) {
        if std::mem::replace(&mut *self.0.borrow_mut(), true) {
            return;
        }
        let waiting = self.0.clone();
        request_animation_frame(move || {
            *waiting.borrow_mut() = false;
            work();
        });
    }
}

/// Run once after `ms` milliseconds.
pub fn later(ms: u32, work: impl FnOnce() + 'static) {
    Timeout::new(ms, work).forget();
}

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}
