//! When the page cannot go on: plain words on the page itself, with the link, so that nothing the reader typed is lost.

use wasm_bindgen::JsCast;

/// Paint every panic on the page and into the console.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show(&info.to_string());
    }));
}

/// Paint a banner that says what went wrong and how to go on.
pub fn show(reason: &str) {
    let Some(window) = web_sys::window() else { return };
    let Some(document) = window.document() else { return };
    if document.get_element_by_id("failure").is_some() {
        return;
    }
    let link = window.location().href().unwrap_or_default();
    let bare = link.split('#').next().unwrap_or_default().to_string();
    let words = [
        ("h2", "Crossover stopped".to_string()),
        (
            "p",
            "Something in this scenario could not be computed. Your link is below, nothing was sent anywhere.".into(),
        ),
        ("pre", link),
        ("pre", reason.lines().take(3).collect::<Vec<_>>().join(" ")),
    ];
    let Ok(banner) = document.create_element("section") else { return };
    banner.set_id("failure");
    let _ = banner.set_attribute("role", "alert");
    for (tag, text) in words {
        if let Ok(element) = document.create_element(tag) {
            element.set_text_content(Some(&text));
            let _ = banner.append_child(&element);
        }
    }
    // guard.js hears this button: nothing of this program need run any more.
    if let Ok(again) = document.create_element("button") {
        again.set_text_content(Some("Try again"));
        let _ = banner.append_child(&again);
    }
    if let Some(anchor) =
        document.create_element("a").ok().and_then(|a| a.dyn_into::<web_sys::HtmlAnchorElement>().ok())
    {
        anchor.set_href(&bare);
        let _ = anchor.set_attribute("class", "button");
        anchor.set_text_content(Some("Reload without this link"));
        let _ = banner.append_child(&anchor);
    }
    if let Some(body) = document.body() {
        let _ = body.insert_before(&banner, body.first_child().as_ref());
    }
}
