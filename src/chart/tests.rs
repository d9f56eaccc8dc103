//! Pins what every picture promises: each crossing of the Plan is a labelled dot, nothing is NaN, every label lies
//! inside the frame, and the SVG is well formed in both themes.

use super::*;
use crate::catalog::Catalog;
use crate::engine::{Effort, plan_with};
use crate::scenario::{Range, Scenario};

fn plan_of(edit: impl Fn(&mut Scenario)) -> Plan {
    let mut scenario = Scenario::default();
    edit(&mut scenario);
    plan_with(&scenario, &Catalog::embedded().unwrap(), Effort { draws: 200 }).unwrap()
}

fn plans() -> Vec<Plan> {
    let volume = |v: f64| move |s: &mut Scenario| s.workload.tokens_per_day = Range::point(v);
    vec![
        plan_of(|_| {}),
        plan_of(volume(1e4)),
        plan_of(volume(3e11)),
        plan_of(|s| s.hardware.accelerator = "t4".into()),
        plan_of(|s| s.horizon_months = 1),
        plan_of(|s| s.workload.growth_per_month = Range::point(0.5)),
    ]
}

fn frames() -> Vec<Frame> {
    [(290.0, 300.0), (390.0, 320.0), (760.0, 420.0), (1400.0, 600.0)]
        .into_iter()
        .flat_map(|(w, h)| {
            let base = Frame::new(w, h, Theme::Light);
            let cumulative = Frame { cumulative: true, ..base };
            [base, Frame { titled: true, theme: Theme::Dark, ..base }, cumulative]
                .into_iter()
                .chain([Frame { logarithmic: true, ..base }, Frame { logarithmic: true, ..cumulative }])
        })
        .collect()
}

#[test]
fn every_crossing_is_a_labelled_dot() {
    for plan in plans() {
        let drawn = picture(Panel::BreakEven, &plan, Frame::new(760.0, 420.0, Theme::Light));
        let (x, y) = (drawn.x.unwrap(), drawn.y.unwrap());
        for b in &plan.break_even {
            let side = Side::of_role(&b.against).unwrap();
            for c in &b.crossings {
                let at = x.px(c.tokens_per_day);
                let dot = drawn.marks.iter().any(|m| {
                    matches!(m, Mark::Dot { at: (px, py), ink, .. }
                        if (px - at).abs() < 0.5 && *ink == Ink::Of(side) && *py <= y.from_px && *py >= y.to_px)
                });
                let text = words::count(c.tokens_per_day);
                let named = drawn.labels().any(|l| l.text == text && l.ink == Ink::Of(side));
                assert!(dot && named, "{} at {}", b.against, c.tokens_per_day);
            }
        }
    }
}

/// Costs that lie close together under a dear one are told apart.
#[test]
fn on_a_log_scale_equal_ratios_take_equal_heights() {
    for plan in plans() {
        for cumulative in [false, true] {
            let frame = Frame { cumulative, logarithmic: true, ..Frame::new(760.0, 320.0, Theme::Light) };
            let y = picture(Panel::Projection, &plan, frame).y.unwrap();
            let months = plan.projection.months.iter();
            let costs = months.flat_map(|m| Side::ALL.map(|s| projection::value(m, s, cumulative))).flatten();
            for usd in costs.filter(|v| *v > 0.0) {
                assert!(y.from <= usd && usd <= y.to, "{usd} outside {y:?}");
                assert!(
                    ((y.px(usd) - y.px(y.from)) / (y.to_px - y.from_px) * (y.to / y.from).ln() - (usd / y.from).ln())
                        .abs()
                        < 1e-9
                );
            }
        }
    }
}

#[test]
fn crossings_lie_on_the_staircase() {
    for plan in plans() {
        for c in plan.break_even.iter().flat_map(|b| &b.crossings) {
            let r = readout(Panel::BreakEven, &plan, c.tokens_per_day, false, &Beside::default()).unwrap();
            assert!(r.rows.iter().all(|(_, value, _)| value != "unknown"), "{r:?}");
        }
    }
}

#[test]
fn nothing_is_nan_and_every_label_is_inside_the_frame() {
    let mut outside = Vec::new();
    for plan in plans() {
        for (frame, panel) in frames().into_iter().flat_map(|f| Still::ALL.map(|p| (f, p))) {
            let drawn = panel.picture(&plan, frame);
            assert!(!format!("{:?}", drawn.marks).contains("NaN"), "{panel:?}");
            assert!(!format!("{:?}", drawn.marks).contains("inf,"), "{panel:?}");
            outside.extend(drawn.labels().filter(|l| sticks_out(&l.area(), frame)).map(|l| {
                format!("{panel:?} {}x{} titled {}: {} at {:?}", frame.width, frame.height, frame.titled, l.text, l.at)
            }));
        }
    }
    assert!(outside.is_empty(), "{} labels stick out:\n{}", outside.len(), outside.join("\n"));
}

/// Where nothing fits, the unit, the limit and the excess were written over each other.
#[test]
fn no_word_is_written_over_another() {
    let unfit = plan_of(|s| {
        s.hardware.accelerator = "l4".into();
        s.serving.tensor_parallel = Some(1);
        s.model.quantization = crate::catalog::Quantization::Bf16;
    });
    let mut over = Vec::new();
    for plan in plans().iter().chain([&unfit]) {
        for (frame, panel) in frames().into_iter().flat_map(|f| Panel::ALL.map(|p| (f, p))) {
            let drawn = picture(panel, plan, frame);
            let labels: Vec<&Label> = drawn.labels().collect();
            for (i, a) in labels.iter().enumerate() {
                let under = labels[i + 1..].iter().filter(|b| tight(a).overlaps(&tight(b)));
                over.extend(
                    under.map(|b| format!("{panel:?} {}x{}: {} over {}", frame.width, frame.height, a.text, b.text)),
                );
            }
        }
    }
    over.dedup();
    assert!(over.is_empty(), "{} words on words:\n{}", over.len(), over.join("\n"));
}

/// The area of a label without the reserve its width has for wide fonts.
fn tight(l: &Label) -> Rect {
    let a = l.area();
    let (slack, middle) = ((a.right - a.left) * 0.07, (a.top + a.bottom) / 2.0);
    let (left, right) = match l.align {
        Align::Start => (a.left, a.right - 2.0 * slack),
        Align::Middle => (a.left + slack, a.right - slack),
        Align::End => (a.left + 2.0 * slack, a.right),
    };
    Rect { left, right, top: middle - l.size * 0.4, bottom: middle + l.size * 0.4 }
}

fn sticks_out(a: &Rect, frame: Frame) -> bool {
    a.left < -0.5 || a.right > frame.width + 0.5 || a.top < -0.5 || a.bottom > frame.height + 0.5
}

#[test]
fn svg_is_well_formed_in_both_themes() {
    let plan = plan_of(|_| {});
    for panel in Still::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            let text = still(panel, &plan, Frame::new(760.0, 420.0, theme)).unwrap();
            assert!(text.starts_with("<svg xmlns=") && text.trim_end().ends_with("</svg>"), "{panel:?}");
            assert!(text.contains("<title id=\"title\">") && !text.contains("NaN") && !text.contains("style="));
            assert!(text.contains(r#"viewBox="0 0 6080 3360""#));
        }
    }
    assert!(svg(Panel::Cost, &plan, Theme::Light, 0, 420).is_err());
    assert!(svg(Panel::Cost, &plan, Theme::Light, 760, 99_999).is_err());
}

#[test]
fn tables_are_rectangular_and_name_every_row() {
    for plan in plans() {
        for panel in Panel::ALL {
            let t = table(panel, &plan, false, &Beside::default());
            assert!(t.rows.iter().all(|r| r.len() == t.head.len() && !r[0].is_empty()), "{panel:?}");
        }
    }
}

#[test]
fn memory_parts_add_up_to_the_gpu_where_it_fits() {
    let plan = plan_of(|_| {});
    let sum: f64 = memory_parts(&plan).iter().map(|p| p.bytes).sum();
    assert!((sum - plan.memory.per_gpu.capacity_bytes).abs() < 1.0);
}

// The table said $0 of what nobody had given.
#[test]
fn an_unpriced_quality_gap_is_not_nothing() {
    let row = |plan: &Plan| {
        let t = table(Panel::Cost, plan, false, &Beside::default());
        t.rows.into_iter().find(|r| r[0] == "Quality gap").unwrap()[1..].to_vec()
    };
    assert_eq!(row(&plan_of(|_| {})), ["not priced", "not priced"]);
    let priced = |gap: f64| {
        plan_of(|s| {
            s.quality.task_error_gap = Some(Range::point(gap));
            s.quality.usd_per_error = Range::point(0.01);
        })
    };
    assert_eq!(row(&priced(0.0)), ["$0", "$0"]);
    assert!(row(&priced(0.02))[0].starts_with('$') && row(&priced(0.02))[0] != "$0");
}
