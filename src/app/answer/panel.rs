//! One panel: heading, finding, picture with a crosshair, and the numbers behind it.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::app::canvas::CrispCanvas;
use crate::app::state::{App, app};
use crate::app::theme::Themes;
use crate::app::timing::NextFrame;
use crate::chart::{self, Frame, Ink, Panel, Picture, Readout, Theme};
use crate::engine::Plan;

/// Height of a panel's picture, CSS pixels, for its width.
fn height(panel: Panel, width: f64) -> f64 {
    match panel {
        Panel::BreakEven if width > 900.0 => 440.0,
        Panel::BreakEven => 360.0,
        Panel::Memory => 190.0,
        Panel::Cost | Panel::Tornado => 300.0,
        Panel::Projection | Panel::Speed => 300.0,
    }
}

/// What a panel's picture depends on, besides the plan.
#[derive(Clone, Copy)]
struct Stage {
    app: App,
    panel: Panel,
    canvas: NodeRef<html::Canvas>,
    width: RwSignal<f64>,
    visible: RwSignal<bool>,
    cumulative: RwSignal<bool>,
    /// Value on the horizontal axis that is pointed at.
    pointed: RwSignal<Option<f64>>,
    /// Whether that is in the right half, so that the values stand in the left.
    on_right: RwSignal<bool>,
    dragging: RwSignal<bool>,
    printing: RwSignal<bool>,
    themes: Themes,
}

impl Stage {
    fn frame(self) -> Frame {
        let width = self.width.get();
        let theme = if self.printing.get() { Theme::Light } else { self.themes.theme() };
        let mut frame = Frame::new(width, height(self.panel, width), theme);
        frame.cumulative = self.cumulative.get();
        frame
    }

    fn readout(self) -> Option<Readout> {
        let plan = self.app.shown.get()?;
        chart::readout(self.panel, &plan, self.pointed.get()?, self.cumulative.get())
    }

    fn picture(self, plan: &Plan) -> Picture {
        let mut p = chart::picture(self.panel, plan, self.frame());
        if let (Some(x), Some(at)) = (p.x, self.readout()) {
            let px = x.px(at.x);
            p.line(vec![(px, p.plot.top), (px, p.plot.bottom)], Ink::Axis, 1.0, &[]);
        }
        p
    }

    fn draw(self) {
        let (Some(canvas), Some(plan)) = (self.canvas.get_untracked(), self.app.shown.get_untracked()) else { return };
        let picture = untrack(|| self.picture(&plan));
        if let Some(backend) = CrispCanvas::on(&canvas, picture.frame.width, picture.frame.height)
            && let Err(e) = chart::paint(&picture, backend, 1.0)
        {
            leptos::logging::error!("{e}");
        }
    }

    /// Value under a pointer.
    fn value_at(self, e: &PointerEvent) -> Option<f64> {
        let plan = self.app.shown.get_untracked()?;
        let p = untrack(|| chart::picture(self.panel, &plan, self.frame()));
        Some(p.x?.value(f64::from(e.offset_x())))
    }

    fn point(self, e: &PointerEvent) {
        let at = self.value_at(e);
        if self.dragging.get_untracked()
            && let Some(v) = at
        {
            self.drag_volume(v);
        }
        self.pointed.set(at);
        self.on_right.set(f64::from(e.offset_x()) > self.width.get_untracked() / 2.0);
    }

    /// The reader's volume follows the pointer, in steps of two significant digits.
    fn drag_volume(self, tokens_per_day: f64) {
        let field = crate::scenario::field("workload.tokens_per_day");
        if let Some(number) = field.and_then(crate::scenario::Field::number) {
            let power = crate::math::pow(10.0, crate::math::log10(tokens_per_day).floor() - 1.0);
            let rounded = (tokens_per_day / power).round() * power;
            self.app.edit("workload.tokens_per_day", |s| number.put_clamped(s, rounded));
        }
    }

    fn press(self, e: &PointerEvent) {
        if self.panel == Panel::BreakEven {
            self.dragging.set(true);
            if let Some(canvas) = self.canvas.get_untracked() {
                // Without capture the drag only ends at the canvas' edge.
                let _ = canvas.set_pointer_capture(e.pointer_id());
            }
            self.point(e);
        }
    }

    fn key(self, e: &KeyboardEvent) {
        let step = match e.key().as_str() {
            "ArrowLeft" => -1.0,
            "ArrowRight" => 1.0,
            "Escape" => return self.pointed.set(None),
            _ => return,
        };
        let Some(plan) = self.app.shown.get_untracked() else { return };
        let p = untrack(|| chart::picture(self.panel, &plan, self.frame()));
        let Some(x) = p.x else { return };
        let months = (x.to - x.from).max(1.0);
        let pixels = if self.panel == Panel::Projection { (x.to_px - x.from_px) / months } else { 12.0 };
        let at = self.pointed.get_untracked().map_or((x.from_px + x.to_px) / 2.0, |v| x.px(v));
        self.pointed.set(Some(x.value(at + step * pixels)));
        self.on_right.set(at + step * pixels > self.width.get_untracked() / 2.0);
        e.prevent_default();
    }
}

#[component]
pub fn PanelFigure(panel: Panel) -> impl IntoView {
    let app = app();
    let stage = Stage {
        app,
        panel,
        canvas: NodeRef::new(),
        width: RwSignal::new(0.0),
        visible: RwSignal::new(false),
        cumulative: RwSignal::new(false),
        pointed: RwSignal::new(None),
        on_right: RwSignal::new(false),
        dragging: RwSignal::new(false),
        printing: RwSignal::new(false),
        themes: expect_context::<Themes>(),
    };
    let finding = Memo::new(move |_| app.shown.get().map(|p| chart::finding(panel, &p)).unwrap_or_default());
    let empty = Memo::new(move |_| panel == Panel::Tornado && app.shown.get().is_none_or(|p| p.sensitivity.is_empty()));
    watch_size(stage);
    redraw(stage);
    print_in_light(stage);
    view! {
        <figure class="panel" id=panel.id() data-panel=panel.id() class:hidden=move || empty.get()>
            <div class="panel-head">
                <h2>{panel.heading()}</h2>
                <Toolbar stage />
            </div>
            <figcaption>{move || finding.get()}</figcaption>
            <Picture stage finding />
            <Data stage />
        </figure>
    }
}

#[component]
fn Picture(stage: Stage, finding: Memo<String>) -> impl IntoView {
    let readable = matches!(stage.panel, Panel::BreakEven | Panel::Projection | Panel::Speed);
    let tall = move || format!("{}px", height(stage.panel, stage.width.get()));
    view! {
        <div
            class="stage"
            class:draggable=stage.panel == Panel::BreakEven
            role="group"
            aria-label=format!("{}{}", stage.panel.heading(), if readable { ", arrow keys read values" } else { "" })
            tabindex=readable.then_some("0")
            on:keydown=move |e| stage.key(&e)
            on:blur=move |_| stage.pointed.set(None)
        >
            <canvas
                node_ref=stage.canvas
                role="img"
                aria-label=move || finding.get()
                style:height=tall
                on:pointermove=move |e| stage.point(&e)
                on:pointerdown=move |e| stage.press(&e)
                on:pointerup=move |_| stage.dragging.set(false)
                on:pointercancel=move |_| stage.dragging.set(false)
                on:pointerleave=move |_| stage.pointed.set(None)
            ></canvas>
            {readable.then(|| view! { <Reading stage /> })}
        </div>
    }
}

/// The values under the crosshair.
#[component]
fn Reading(stage: Stage) -> impl IntoView {
    let read = Memo::new(move |_| stage.readout());
    let rows = move || {
        read.get().map(|r| {
            view! {
                <p>{r.heading}</p>
                <dl>
                    {r.rows.into_iter().map(|(name, value, side)| view! {
                        <dt data-side=side.map(chart::Side::role)>{name}</dt><dd>{value}</dd>
                    }).collect_view()}
                </dl>
            }
        })
    };
    view! { <div class="reading" class:left=move || stage.on_right.get() aria-live="polite" class:hidden=move || read.get().is_none()>{rows}</div> }
}

#[component]
fn Toolbar(stage: Stage) -> impl IntoView {
    let app = stage.app;
    let copy = move |what: &'static str, text: Option<String>| {
        let Some(text) = text else { return };
        leptos::task::spawn_local(async move {
            let done = wasm_bindgen_futures::JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
            app.say(&match done {
                Ok(_) => format!("{what} copied"),
                Err(_) => format!("The clipboard is closed to this page, so the {what} was not copied"),
            });
        });
    };
    let rested = move || app.rested.get_untracked().or_else(|| app.shown.get_untracked());
    let csv = move || rested().map(|p| csv(&chart::table(stage.panel, &p, stage.cumulative.get_untracked())));
    let svg = move || {
        let theme = untrack(|| stage.themes.theme());
        rested().and_then(|p| chart::svg(stage.panel, &p, theme, 760, 420).ok())
    };
    view! {
        <div class="panel-tools">
            {(stage.panel == Panel::Projection).then(|| view! {
                <label class="check">
                    <input type="checkbox" on:input:target=move |e| stage.cumulative.set(e.target().checked()) />
                    "cumulative"
                </label>
            })}
            <button type="button" class="quiet-button" on:click=move |_| copy("CSV", csv())>"Copy CSV"</button>
            <button type="button" class="quiet-button" on:click=move |_| copy("SVG", svg())>"Copy SVG"</button>
            <button type="button" class="quiet-button" on:click=move |_| save_png(stage)>"Save PNG"</button>
        </div>
    }
}

/// Offer the canvas as it stands as a file.
fn save_png(stage: Stage) {
    let address = stage.canvas.get_untracked().and_then(|c| c.to_data_url().ok());
    let anchor = document().create_element("a").ok().and_then(|a| a.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    match (address, anchor) {
        (Some(address), Some(anchor)) => {
            anchor.set_href(&address);
            anchor.set_download(&format!("crossover-{}.png", stage.panel.id()));
            anchor.click();
        }
        _ => stage.app.say("The browser did not give the picture out"),
    }
}

/// Cells that a spreadsheet would take for a formula are quoted with an apostrophe.
fn csv(t: &chart::Table) -> String {
    let cell = |c: &String| {
        let safe = if c.starts_with(['=', '+', '-', '@']) { format!("'{c}") } else { c.clone() };
        format!("\"{}\"", safe.replace('"', "\"\""))
    };
    let line = |cells: &Vec<String>| cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n";
    line(&t.head) + &t.rows.iter().map(line).collect::<String>()
}

/// The numbers behind a picture, brought up to date when the scenario comes to rest.
#[component]
fn Data(stage: Stage) -> impl IntoView {
    let table = Memo::new(move |_| {
        let plan: Option<Arc<Plan>> = stage.app.rested.get();
        plan.map(|p| chart::table(stage.panel, &p, stage.cumulative.get())).unwrap_or_default()
    });
    let head = move || table.get().head.into_iter().map(|h| view! { <th scope="col">{h}</th> }).collect_view();
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        view! { <tr><th scope="row">{cells.next()}</th>{cells.map(|c| view! { <td>{c}</td> }).collect_view()}</tr> }
    };
    view! {
        <details class="data">
            <summary>"The numbers"<span class="visually-hidden">{format!(" behind {}", stage.panel.heading())}</span></summary>
            <div class="scroll" tabindex="0" role="region" aria-label=format!("Numbers behind {}", stage.panel.heading())>
                <table>
                    <thead><tr>{head}</tr></thead>
                    <tbody>{move || table.get().rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}

/// Draw in the next frame whenever something the picture shows has changed and the picture is in view.
fn redraw(stage: Stage) {
    let frame = NextFrame::default();
    Effect::new(move |_| {
        stage.app.shown.track();
        stage.pointed.track();
        stage.cumulative.track();
        stage.themes.theme();
        if stage.width.get() > 0.0 && stage.visible.get() {
            frame.run(move || stage.draw());
        }
    });
}

/// Keep the width of the canvas and whether it is in view.
fn watch_size(stage: Stage) {
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
fn print_in_light(stage: Stage) {
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
