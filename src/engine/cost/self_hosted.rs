//! The self-hosted side: GPUs, redundancy, overhead, people, updates, quality gap, power.

use serde::Serialize;

use crate::engine::deployment::Subject;
use crate::engine::fleet::{Fleet, FleetCurve};
use crate::scenario::{Acquisition, Warning};
use crate::units::{DAYS_PER_MONTH, HOURS_PER_MONTH, WEEKS_PER_YEAR};

/// The self-hosted side as a function of volume.
#[derive(Debug, Clone)]
pub struct SelfHosted {
    /// The staircase of replicas.
    pub curve: FleetCurve,
    /// US dollars per GPU hour; `None` where unknown.
    pub usd_per_gpu_hour: Option<f64>,
    /// Overhead as a share of the GPU bill.
    pub overhead_share: f64,
    /// Least overhead, US dollars per month.
    pub overhead_minimum: f64,
    /// Egress, US dollars per month.
    pub egress: f64,
    /// People, US dollars per month.
    pub people: f64,
    /// Engineering of updates, US dollars per month.
    pub updates_people: f64,
    /// Hours a month that old and new run side by side.
    pub parallel_hours: f64,
    /// Quality gap, US dollars per token.
    pub quality_gap_per_token: f64,
    /// Setup, US dollars once.
    pub setup: f64,
}

/// The lines at one volume, US dollars per month; `total_usd_per_month` is the sum of all but `setup_usd`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SelfHostedLines {
    /// GPUs that carry the load.
    pub gpu_usd: f64,
    /// Spare replicas.
    pub redundancy_usd: f64,
    /// CPU hosts, storage, network, monitoring.
    pub overhead_usd: f64,
    /// Engineers who run it.
    pub people_usd: f64,
    /// Model updates.
    pub updates_usd: f64,
    /// Tasks that fail more often.
    pub quality_gap_usd: f64,
    /// Electricity of owned hardware.
    pub power_usd: f64,
    /// Sum of the lines above.
    pub total_usd_per_month: f64,
    /// Once, at the start.
    pub setup_usd: f64,
    /// Total over what was sent, US dollars per million tokens.
    pub usd_per_million_tokens_reserved: f64,
    /// What it would be at full load.
    pub usd_per_million_tokens_at_full_load: f64,
}

impl SelfHosted {
    /// The self-hosted side of the subject on a fleet.
    pub fn of(subject: &Subject, fleet: &Fleet, warnings: &mut Vec<Warning>) -> Self {
        let s = subject.scenario;
        let week = s.people.engineer_usd_per_year.likely / WEEKS_PER_YEAR;
        let per_month = 1.0 / s.updates.every_months.likely.max(1.0);
        let request = subject.sizes.input + subject.sizes.output;
        Self {
            curve: fleet.curve,
            usd_per_gpu_hour: gpu_hour(subject, warnings),
            overhead_share: s.overhead.share_of_gpu.likely,
            overhead_minimum: s.overhead.minimum_usd_per_month.likely,
            egress: s.overhead.egress_usd_per_month.likely,
            people: s.people.engineer_usd_per_year.likely / 12.0 * s.people.run_fte.likely,
            updates_people: s.updates.engineer_weeks.likely * week * per_month,
            parallel_hours: s.updates.parallel_run_days.likely * 24.0 * per_month,
            quality_gap_per_token: s.quality.task_error_gap.map_or(0.0, |g| g.likely) * s.quality.usd_per_error.likely
                / request.max(1.0),
            setup: s.people.setup_weeks.likely * week,
        }
    }

    /// The lines at a daily volume; `None` where the GPU price is unknown.
    pub fn lines(&self, tokens_per_day: f64) -> Option<SelfHostedLines> {
        let month = self.usd_per_gpu_hour? * HOURS_PER_MONTH * f64::from(self.curve.gpus_per_replica);
        let carrying = self.curve.replicas_for_peak(tokens_per_day);
        let gpu_usd = carrying * month;
        let redundancy_usd = f64::from(self.curve.spares) * month;
        let overhead_usd = ((gpu_usd + redundancy_usd) * self.overhead_share).max(self.overhead_minimum) + self.egress;
        let updates_usd = self.updates_people + carrying * month * self.parallel_hours / HOURS_PER_MONTH;
        let quality_gap_usd = tokens_per_day * DAYS_PER_MONTH * self.quality_gap_per_token;
        let total = gpu_usd + redundancy_usd + overhead_usd + self.people + updates_usd + quality_gap_usd;
        let full = self.curve.replicas(tokens_per_day) * self.curve.tokens_per_day_at_full_load;
        Some(SelfHostedLines {
            gpu_usd,
            redundancy_usd,
            overhead_usd,
            people_usd: self.people,
            updates_usd,
            quality_gap_usd,
            power_usd: 0.0,
            total_usd_per_month: total,
            setup_usd: self.setup,
            usd_per_million_tokens_reserved: total / (tokens_per_day * DAYS_PER_MONTH) * 1e6,
            usd_per_million_tokens_at_full_load: total / (full * DAYS_PER_MONTH) * 1e6,
        })
    }

    /// Total US dollars per month at a daily volume.
    pub fn total(&self, tokens_per_day: f64) -> Option<f64> {
        self.lines(tokens_per_day).map(|l| l.total_usd_per_month)
    }
}

fn gpu_hour(subject: &Subject, warnings: &mut Vec<Warning>) -> Option<f64> {
    let h = &subject.scenario.hardware;
    if let Some(price) = h.usd_per_gpu_hour {
        return Some(price.likely);
    }
    let commitment = match h.acquisition {
        Acquisition::Owned => Acquisition::OnDemand.id(),
        rented => rented.id(),
    };
    let band = subject.catalog.rental_band(&h.accelerator, commitment);
    if band.is_none() {
        warnings.push(Warning::new(
            "hardware.usd_per_gpu_hour",
            format!("no {commitment} price is known for {}", h.accelerator),
            "type a price per GPU hour of your own",
        ));
    }
    band.map(|b| b.median)
}
