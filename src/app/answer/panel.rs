//! One panel: heading, finding, picture with a crosshair, and the numbers behind it.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;

use super::fixes::WhatMakesRoom;
use super::legend::Legend;
use super::numbers::Numbers;
use super::toolbar::{Scales, Toolbar};
use super::watching;
use crate::app::canvas::CrispCanvas;
use crate::app::state::{App, app};
use crate::app::theme::Themes;
use crate::chart::{self, Beside, Frame, Ink, Mark, Panel, Picture, Readout, Scale, Theme};
use crate::engine::Plan;

/// Height of a panel's picture, CSS pixels, for its width.
fn height(panel: Panel, width: f64) -> f64 {
    match panel {
        Panel::BreakEven if width > 900.0 => 440.0,
        Panel::BreakEven => 360.0,
        Panel::Memory => 190.0,
        Panel::Tornado if width < 440.0 => 350.0,
        Panel::Cost | Panel::Tornado => 300.0,
        Panel::Projection | Panel::Speed => 300.0,
    }
}

/// Size of a panel's picture on paper, CSS pixels: as wide as an A4 or letter page, or drawn somewhat larger than the half
/// page it takes, so that names have room. Where a table of steps or of pinned scenarios is `crowding` the pages, print.css
/// puts the two wide ones side by side.
fn on_paper(panel: Panel, crowding: bool) -> (f64, f64) {
    match panel {
        Panel::BreakEven | Panel::Projection if crowding => (420.0, 300.0),
        Panel::BreakEven | Panel::Projection => (700.0, height(panel, 700.0) * 0.74),
        Panel::Memory => (420.0, 150.0),
        Panel::Speed | Panel::Cost | Panel::Tornado => (420.0, 250.0),
    }
}

/// How near the volume's line a mouse or pen, and a finger, take hold of it, CSS pixels.
const REACH: (f64, f64) = (10.0, 24.0);
/// Way of a finger before it drags: a page that is scrolled across the picture changes nothing, CSS pixels.
const SLOP: f64 = 8.0;

/// The reader's volume, held by a pointer.
#[derive(Clone, Copy)]
struct Grip {
    /// Where the pointer took hold, CSS pixels.
    from: f64,
    /// From there to the line, so that it does not jump, CSS pixels.
    to_line: f64,
    /// Whether it has begun to move.
    moving: bool,
}

/// What a panel's picture depends on, besides the plan.
#[derive(Clone, Copy)]
pub struct Stage {
    pub app: App,
    pub panel: Panel,
    pub canvas: NodeRef<html::Canvas>,
    pub width: RwSignal<f64>,
    pub visible: RwSignal<bool>,
    pub cumulative: RwSignal<bool>,
    pub logarithmic: RwSignal<bool>,
    /// A bit for each line out of sight.
    pub hidden: RwSignal<u8>,
    /// Value on the horizontal axis that is pointed at.
    pub pointed: RwSignal<Option<f64>>,
    /// Whether that is in the right half, so that the values stand in the left.
    on_right: RwSignal<bool>,
    /// The reader's volume while it is held.
    grip: RwSignal<Option<Grip>>,
    /// Whether the pointer is where it could take hold of the volume.
    near: RwSignal<bool>,
    pub printing: RwSignal<bool>,
    pub themes: Themes,
}

impl Stage {
    fn frame(self) -> Frame {
        let (width, tall, theme) = match self.printing.get() {
            true => {
                let steps = self.app.shown.get().is_some_and(|p| p.routing.is_some());
                let (width, tall) = on_paper(self.panel, steps || self.app.pins.with(|p| !p.is_empty()));
                (width, tall, Theme::Light)
            }
            false => (self.width.get(), height(self.panel, self.width.get()), self.themes.theme()),
        };
        let mut frame = Frame::new(width, tall, theme);
        frame.cumulative = self.cumulative.get();
        frame.logarithmic = self.logarithmic.get();
        frame
    }

    /// What stands beside the plan in this panel.
    pub fn beside(self) -> Beside {
        Beside { pins: self.app.pinned.get(), hidden: self.hidden.get() }
    }

    fn readout(self) -> Option<Readout> {
        let plan = self.app.shown.get()?;
        chart::readout(self.panel, &plan, self.pointed.get()?, self.cumulative.get(), &self.beside())
    }

    fn plain(self, plan: &Plan) -> Picture {
        chart::picture_beside(self.panel, plan, self.frame(), &self.beside())
    }

    fn picture(self, plan: &Plan) -> Picture {
        let mut p = self.plain(plan);
        for mark in &mut p.marks {
            if let Mark::Text(label) = mark {
                label.text = self.app.money(&label.text);
            }
        }
        if let (Some(x), Some(at)) = (p.x, self.readout()) {
            let px = x.px(at.x);
            p.line(vec![(px, p.plot.top), (px, p.plot.bottom)], Ink::Axis, 1.0, &[]);
        }
        p
    }

    /// Draw it now.
    pub fn draw(self) {
        let (Some(canvas), Some(plan)) = (self.canvas.get_untracked(), self.app.shown.get_untracked()) else { return };
        let picture = untrack(|| self.picture(&plan));
        let sharpness = if self.printing.get_untracked() { 3.0 } else { 0.0 };
        if let Some(backend) = CrispCanvas::on(&canvas, picture.frame.width, picture.frame.height, sharpness)
            && let Err(e) = chart::paint(&picture, backend, 1.0)
        {
            leptos::logging::error!("{e}");
        }
    }

    /// The horizontal axis as it is drawn.
    fn scale(self) -> Option<Scale> {
        let plan = self.app.shown.get_untracked()?;
        untrack(|| self.plain(&plan)).x
    }

    /// The reader's volume in the picture, CSS pixels; only the break-even has one to move.
    fn volume_px(self, x: Scale) -> Option<f64> {
        let plan = self.app.shown.get_untracked()?;
        (self.panel == Panel::BreakEven).then(|| x.px(plan.curves.tokens_per_day))
    }

    fn point(self, e: &PointerEvent) {
        let (at, touch) = (f64::from(e.offset_x()), e.pointer_type() == "touch");
        let Some(x) = self.scale() else { return };
        if let Some(grip) = self.grip.get_untracked() {
            let moving = grip.moving || (at - grip.from).abs() > if touch { SLOP } else { 0.0 };
            self.grip.set(Some(Grip { moving, ..grip }));
            if moving {
                self.drag_volume(x.value(at + grip.to_line));
            }
        }
        self.near.set(self.volume_px(x).is_some_and(|px| (px - at).abs() <= REACH.0));
        self.pointed.set(Some(x.value(at)));
        self.on_right.set(at > self.width.get_untracked() / 2.0);
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
        let at = f64::from(e.offset_x());
        let reach = if e.pointer_type() == "touch" { REACH.1 } else { REACH.0 };
        let held = self.scale().and_then(|x| self.volume_px(x)).filter(|px| (px - at).abs() <= reach);
        if let (Some(px), Some(canvas)) = (held, self.canvas.get_untracked()) {
            self.grip.set(Some(Grip { from: at, to_line: px - at, moving: false }));
            // Without capture the drag only ends at the canvas' edge.
            let _ = canvas.set_pointer_capture(e.pointer_id());
        }
        self.point(e);
    }

    fn release(self) {
        self.grip.set(None);
    }

    fn key(self, e: &KeyboardEvent) {
        let step = match e.key().as_str() {
            "ArrowLeft" => -1.0,
            "ArrowRight" => 1.0,
            "Escape" => return self.pointed.set(None),
            _ => return,
        };
        let Some(x) = self.scale() else { return };
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
        logarithmic: RwSignal::new(false),
        hidden: RwSignal::new(0),
        pointed: RwSignal::new(None),
        on_right: RwSignal::new(false),
        grip: RwSignal::new(None),
        near: RwSignal::new(false),
        printing: RwSignal::new(false),
        themes: expect_context::<Themes>(),
    };
    let finding =
        Memo::new(move |_| app.shown.get().map(|p| app.money(&chart::finding(panel, &p))).unwrap_or_default());
    let empty = Memo::new(move |_| panel == Panel::Tornado && app.shown.get().is_none_or(|p| p.sensitivity.is_empty()));
    let blank = Memo::new(move |_| panel == Panel::Speed && app.shown.get().is_some_and(|p| !chart::has_speed(&p)));
    watching::size(stage);
    watching::redraw(stage);
    watching::print_in_light(stage);
    view! {
        <figure class="panel" id=panel.id() data-panel=panel.id() class:hidden=move || empty.get()>
            <div class="panel-head">
                <h2>{panel.heading()}</h2>
                <Scales stage />
            </div>
            <figcaption>{move || finding.get()}</figcaption>
            {matches!(panel, Panel::BreakEven | Panel::Projection).then(|| view! { <Legend stage /> })}
            {(panel == Panel::Memory).then(|| view! { <WhatMakesRoom /> })}
            <div class:hidden=move || blank.get()><Picture stage finding /></div>
            <div class="panel-foot">
                <Numbers stage />
                <Toolbar stage />
            </div>
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
            class:draggable=move || stage.near.get() || stage.grip.get().is_some()
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
                on:pointerup=move |_| stage.release()
                on:pointercancel=move |_| stage.release()
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
                        <dt data-side=side.map(chart::Side::role)>{name}</dt><dd>{stage.app.money(&value)}</dd>
                    }).collect_view()}
                </dl>
            }
        })
    };
    view! { <div class="reading" class:left=move || stage.on_right.get() aria-live="polite" class:hidden=move || read.get().is_none()>{rows}</div> }
}
