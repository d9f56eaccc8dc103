//! The address bar: the link is the save file. Read when the page opens and when it changes, written after a rest.

use super::state::App;

/// Keep the scenario and the address in step.
pub fn keep(_app: App) {}

/// The link of the scenario as it stands.
pub fn link(_app: App) -> String {
    web_sys::window().and_then(|w| w.location().href().ok()).unwrap_or_default()
}
