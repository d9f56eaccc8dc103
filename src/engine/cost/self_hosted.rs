//! The self-hosted side: GPUs, redundancy, overhead, people, updates, quality gap, power.
//!
//! At a given number of replicas every line is constant or proportional to volume; between two steps of the staircase
//! the total is therefore a straight line, which is what makes the crossings exact.

use serde::Serialize;

use super::inputs::{Inputs, Lever};
use crate::engine::fleet::{FleetCurve, LoadCurve};
use crate::units::{DAYS_PER_MONTH, HOURS_PER_MONTH, WEEKS_PER_YEAR};

/// Colocation where the scenario leaves it open, US dollars per rack and month. Lenovo Press LP2368 (2026-02-04),
/// high-density rack with one 8-GPU server.
pub const COLOCATION_USD_PER_RACK: f64 = 1500.0;
/// Share of time in which an API stands in for the fleet where `hardware.api_failover` replaces spare replicas: a
/// single replica is available 95-99 % of the time (OptimNow, 2026); the middle is taken.
pub const FAILOVER_SHARE: f64 = 0.03;

/// Shortest time between two updates, months: a week. Longer than what a release train can follow, and above 0.
pub const LEAST_UPDATE_MONTHS: f64 = 0.25;

/// What does not change when an input is moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The staircase of replicas at the likely inputs.
    pub curve: FleetCurve,
    /// How the hardware is paid for.
    pub payment: Payment,
    /// On-demand hour over the fleet's own hour: first replica on spot, extra replicas at updates.
    pub flexible_ratio: f64,
    /// Whether the first replica is rented on demand beside a spot fleet.
    pub first_on_demand: bool,
    /// Whether watts are all-in, so that PUE is not applied.
    pub all_in_watts: bool,
    /// Colocation per GPU where the scenario leaves it open.
    pub colocation_per_gpu: f64,
    /// Peak factor (`fleet` sizes for it) at the likely inputs.
    pub peak_factor: f64,
    /// US dollars per token of the API that stands in; `None` without API failover.
    pub failover_usd_per_token: Option<f64>,
    /// What spills over; `None` where the fleet carries the whole load.
    pub spill: Option<Spill>,
    /// US dollars per token of the API that could stand in; `None` where no price is known.
    pub stand_in_usd_per_token: Option<f64>,
    /// Share of the calls whose answer counts, 0..1: a mistake in one that is passed on costs nothing.
    pub answers: f64,
    /// Whether a replica can start at all.
    pub runs: bool,
}

/// What an API takes because it arrives above a percentile of the day's load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spill {
    /// The percentile, 0..1.
    pub percentile: f64,
    /// US dollars per token of that API; NaN where unknown.
    pub usd_per_token: f64,
}

/// Rented by the hour or bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payment {
    /// Rented.
    Rented,
    /// Bought.
    Owned,
}

/// The self-hosted side as a function of volume, for one set of inputs. US dollars per month unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SelfHosted {
    /// The staircase of replicas at the likely inputs.
    pub curve: FleetCurve,
    /// Volume on the curve per unit of volume: above 1 where these inputs need more replicas than the likely ones.
    pub load: f64,
    /// Whether the price is known; without it every answer is `None`.
    pub known: bool,
    /// One replica.
    pub replica: f64,
    /// What the first replica costs beyond that.
    pub first_extra: f64,
    /// Electricity of one replica.
    pub power_per_replica: f64,
    /// Colocation that does not depend on the fleet.
    pub colocation: f64,
    /// Overhead as a share of the GPU bill.
    pub overhead_share: f64,
    /// Least overhead.
    pub overhead_minimum: f64,
    /// Egress.
    pub egress: f64,
    /// People.
    pub people: f64,
    /// Engineering of one update, US dollars.
    pub update_people: f64,
    /// Running one more replica beside the old one during an update, US dollars.
    pub update_per_replica: f64,
    /// Months between updates.
    pub every: f64,
    /// Quality gap, US dollars per token.
    pub quality_gap_per_token: f64,
    /// Tokens that an API answers while replicas are down, US dollars per token of the whole volume.
    pub failover_per_token: f64,
    /// Share of the tokens that spill over to an API, 0..1.
    pub spilled: f64,
    /// What those cost there, US dollars per spilled token.
    pub spill_usd_per_token: f64,
    /// Setup, US dollars once.
    pub setup: f64,
    /// Buying one replica, US dollars; 0 where rented.
    pub purchase: f64,
    /// Maintenance of one owned replica.
    pub maintenance_per_replica: f64,
    /// Colocation of one owned replica.
    pub colocation_per_replica: f64,
}

/// The lines at one volume, US dollars per month; `total_usd_per_month` is the sum of all `*_usd` but `setup_usd`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SelfHostedLines {
    /// GPUs that carry the load.
    pub gpu_usd: f64,
    /// Spare replicas, or the tokens that an API answers while replicas are down.
    pub redundancy_usd: f64,
    /// CPU hosts, storage, network, monitoring.
    pub overhead_usd: f64,
    /// Engineers who run it.
    pub people_usd: f64,
    /// Model updates.
    pub updates_usd: f64,
    /// Tokens that spill over to an API.
    pub spill_usd: f64,
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
    /// What it would be at full load, with nothing left to spill over.
    pub usd_per_million_tokens_at_full_load: f64,
}

/// The parts of a month's bill that follow the replicas, US dollars.
struct Bill {
    /// All of them.
    replicas: f64,
    gpu: f64,
    spare: f64,
    overhead: f64,
    updates: f64,
    power: f64,
}

/// How the load spreads over a day, and how much of it the fleet carries.
#[inline]
pub fn load_curve(inputs: &Inputs, spill: Option<Spill>) -> LoadCurve {
    let whole = LoadCurve::new(inputs.get(Lever::PeakToAverage), inputs.get(Lever::BatchableShare));
    whole.up_to(spill.map(|s| s.percentile))
}

impl Frame {
    /// Price the self-hosted side for a set of inputs. Allocates nothing.
    #[inline]
    pub fn price(&self, i: &Inputs) -> SelfHosted {
        let gpus = f64::from(self.curve.gpus_per_replica);
        let week = i.get(Lever::EngineerUsdPerYear) / WEEKS_PER_YEAR;
        let owned = self.payment == Payment::Owned;
        let (price, years) = (i.get(Lever::UsdPerGpu), i.get(Lever::Years).max(0.1));
        let maintenance = price * i.get(Lever::MaintenancePerYear) / 12.0;
        let hour = match self.payment {
            Payment::Rented => i.get(Lever::UsdPerGpuHour),
            Payment::Owned => {
                (price * (1.0 - i.get(Lever::ResidualShare)) / (years * 12.0) + maintenance + self.colocation_per_gpu)
                    / HOURS_PER_MONTH
            }
        };
        let replica = hour * HOURS_PER_MONTH * gpus;
        let pue = if self.all_in_watts { 1.0 } else { i.get(Lever::Pue) };
        let power = i.get(Lever::WattsPerGpu) / 1000.0 * HOURS_PER_MONTH * pue * i.get(Lever::UsdPerKwh) * gpus;
        let request = (i.get(Lever::InputTokens) + i.get(Lever::OutputTokens)).max(1.0);
        let load = load_curve(i, self.spill);
        let parallel_months = i.get(Lever::ParallelRunDays) / DAYS_PER_MONTH;
        SelfHosted {
            curve: self.curve,
            load: load.level() / self.peak_factor / (i.get(Lever::Throughput) * i.get(Lever::KvPool)),
            known: self.runs
                && hour.is_finite()
                && (!self.first_on_demand || self.flexible_ratio.is_finite())
                && (!owned || power.is_finite())
                && self.failover_usd_per_token.is_none_or(f64::is_finite)
                && self.spill.is_none_or(|s| s.usd_per_token.is_finite()),
            replica,
            first_extra: if self.first_on_demand { replica * (self.flexible_ratio - 1.0) } else { 0.0 },
            power_per_replica: if owned { power } else { 0.0 },
            colocation: if owned { i.get(Lever::Colocation) } else { 0.0 },
            overhead_share: i.get(Lever::OverheadShare),
            overhead_minimum: i.get(Lever::OverheadMinimum),
            egress: i.get(Lever::Egress),
            people: i.get(Lever::EngineerUsdPerYear) / 12.0 * i.get(Lever::RunFte),
            update_people: i.get(Lever::UpdateWeeks) * week,
            update_per_replica: replica * self.flexible_ratio * parallel_months,
            every: i.get(Lever::UpdateEvery).max(LEAST_UPDATE_MONTHS),
            quality_gap_per_token: i.get(Lever::ErrorGap) * i.get(Lever::UsdPerError) * self.answers / request,
            failover_per_token: self.failover_usd_per_token.map_or(0.0, |usd| usd * FAILOVER_SHARE),
            spilled: load.spilled(),
            spill_usd_per_token: self.spill.map_or(0.0, |s| s.usd_per_token),
            setup: i.get(Lever::SetupWeeks) * week,
            purchase: if owned { price * gpus } else { 0.0 },
            maintenance_per_replica: if owned { maintenance * gpus } else { 0.0 },
            colocation_per_replica: if owned { self.colocation_per_gpu * gpus } else { 0.0 },
        }
    }
}

impl SelfHosted {
    /// Replicas that carry the peak of a daily volume.
    #[inline]
    pub fn carrying(&self, tokens_per_day: f64) -> f64 {
        self.curve.replicas_for_peak(tokens_per_day * self.load)
    }

    /// Most tokens a day that can be served: unlimited unless replicas are pinned.
    pub fn most(&self) -> f64 {
        match self.curve.pinned {
            Some(n) => f64::from(n.max(1)) * self.curve.tokens_per_day_per_replica / self.load,
            None => f64::INFINITY,
        }
    }

    /// GPUs that carry the load, spares included: `(carrying, redundancy without API tokens)`.
    #[inline]
    fn gpus(&self, carrying: f64) -> (f64, f64) {
        (
            carrying * self.replica + self.first_extra + self.colocation,
            self.curve.spares.beside(carrying) * self.replica,
        )
    }

    /// Overhead on a GPU bill.
    #[inline]
    fn overhead(&self, gpu_bill: f64) -> f64 {
        (gpu_bill * self.overhead_share).max(self.overhead_minimum) + self.egress
    }

    /// Replicas from which on the overhead is above its least amount; infinite where it never is.
    pub fn overhead_grows_from(&self) -> f64 {
        let bill = self.overhead_minimum / self.overhead_share;
        let replicas = self.curve.spares.carrying_in((bill - self.first_extra - self.colocation) / self.replica);
        if replicas.is_nan() { f64::INFINITY } else { replicas }
    }

    /// What a month costs without updates and without what is proportional to volume.
    #[inline]
    pub fn standing(&self, carrying: f64) -> f64 {
        let (gpu, spare) = self.gpus(carrying);
        let powered = self.curve.with_spares(carrying);
        gpu + spare + self.overhead(gpu + spare) + self.people + powered * self.power_per_replica
    }

    /// What one update costs.
    #[inline]
    pub fn update(&self, carrying: f64) -> f64 {
        self.update_people + carrying * self.update_per_replica
    }

    /// What spills over costs, US dollars per token of the whole volume.
    #[inline]
    pub fn spill_per_token(&self) -> f64 {
        self.spilled * self.spill_usd_per_token
    }

    /// What a token costs beyond that, US dollars.
    #[inline]
    pub fn per_token(&self) -> f64 {
        self.quality_gap_per_token + self.failover_per_token + self.spill_per_token()
    }

    /// Total at a number of replicas, as a line over tokens a day: `(constant, slope)`.
    pub fn line(&self, carrying: f64) -> (f64, f64) {
        (self.standing(carrying) + self.update(carrying) / self.every, self.per_token() * DAYS_PER_MONTH)
    }

    /// The parts of a month's bill that follow the replicas, where the volume can be served at a known price.
    #[inline]
    fn bill(&self, tokens_per_day: f64) -> Option<Bill> {
        let carrying = self.carrying(tokens_per_day);
        if !self.known || !carrying.is_finite() {
            return None;
        }
        let (gpu, spare) = self.gpus(carrying);
        let replicas = self.curve.with_spares(carrying);
        let updates = self.update(carrying) / self.every;
        let overhead = self.overhead(gpu + spare);
        Some(Bill { replicas, gpu, spare, overhead, updates, power: replicas * self.power_per_replica })
    }

    /// All of a month's bill but what spills over.
    #[inline]
    fn own(&self, bill: &Bill, tokens_per_day: f64) -> f64 {
        let month = tokens_per_day * DAYS_PER_MONTH;
        let redundancy = bill.spare + month * self.failover_per_token;
        let quality_gap = month * self.quality_gap_per_token;
        bill.gpu + redundancy + bill.overhead + self.people + bill.updates + quality_gap + bill.power
    }

    /// The lines at a daily volume; `None` where the GPU price is unknown or the fleet cannot serve it.
    pub fn lines(&self, tokens_per_day: f64) -> Option<SelfHostedLines> {
        let bill = self.bill(tokens_per_day)?;
        let month = tokens_per_day * DAYS_PER_MONTH;
        let spill_usd = month * self.spill_per_token();
        let own = self.own(&bill, tokens_per_day);
        let total = own + spill_usd;
        let full = bill.replicas * self.curve.tokens_per_day_at_full_load;
        Some(SelfHostedLines {
            gpu_usd: bill.gpu,
            redundancy_usd: bill.spare + month * self.failover_per_token,
            overhead_usd: bill.overhead,
            people_usd: self.people,
            updates_usd: bill.updates,
            spill_usd,
            quality_gap_usd: month * self.quality_gap_per_token,
            power_usd: bill.power,
            total_usd_per_month: total,
            setup_usd: self.setup,
            usd_per_million_tokens_reserved: total / (tokens_per_day.max(1.0) * DAYS_PER_MONTH) * 1e6,
            usd_per_million_tokens_at_full_load: own / (full * DAYS_PER_MONTH) * 1e6,
        })
    }

    /// Total US dollars per month at a daily volume.
    pub fn total(&self, tokens_per_day: f64) -> Option<f64> {
        let spill = tokens_per_day * DAYS_PER_MONTH * self.spill_per_token();
        self.bill(tokens_per_day).map(|bill| self.own(&bill, tokens_per_day) + spill)
    }
}
