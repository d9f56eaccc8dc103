//! All-reduce among the GPUs of a tensor-parallel group, by link and message size.
//!
//! Where it was measured the table is interpolated; over PCIe and networks a ring is assumed: every byte passes each
//! GPU 2(T-1)/T times. This alone decides whether tensor parallelism over PCIe is sane.

use crate::catalog::Accelerator;
use crate::catalog::speed::{Calibration, Link};

/// Seconds of an all-reduce as a function of its bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AllReduce<'a> {
    /// One GPU: nothing to do.
    Free,
    /// Measured points, ascending sizes.
    Measured {
        /// KiB.
        kib: &'a [f64],
        /// us.
        us: &'a [f64],
    },
    /// Start-up and time per byte.
    Ring {
        /// Seconds before the first byte.
        startup_s: f64,
        /// Seconds per byte.
        s_per_byte: f64,
    },
}

/// GPUs of the largest usual PCIe server; fewer named in the catalog is a habit, not a limit.
const PCIE_SERVER_GPUS: u32 = 8;

/// GPUs that one server, or one NVLink domain, connects.
pub fn server_gpus(accelerator: &Accelerator) -> u32 {
    let usual = accelerator.gpus_per_node_typical.max(1);
    match accelerator.interconnect.kind.as_str() {
        "none" | "" => usual.max(PCIE_SERVER_GPUS),
        k if k.contains("pairs") => usual.max(PCIE_SERVER_GPUS),
        k if k.contains("72-GPU") => usual.max(16),
        _ => usual,
    }
}

/// Which row of the links file connects `gpus` GPUs of this kind.
fn link_name(accelerator: &Accelerator, gpus: u32) -> &'static str {
    let i = &accelerator.interconnect;
    let pcie = if i.pcie_gen.unwrap_or(4) >= 5 { "pcie5" } else { "pcie4" };
    // A server has the usual number at least, which is told sooner.
    if gpus > accelerator.gpus_per_node_typical && gpus > server_gpus(accelerator) {
        return "network";
    }
    match i.kind.as_str() {
        k if gpus > 2 && k.contains("pairs") => pcie,
        k if k.starts_with("NVLink5") => "nvlink5",
        k if k.starts_with("NVLink4") || k.starts_with("NVLink-C2C") => "nvlink4",
        k if k.starts_with("NVLink") => "nvlink3",
        "none" | "" => pcie,
        k if k.starts_with("Thunderbolt") => "pcie4",
        _ => "xgmi",
    }
}

/// Whether so many GPUs of this kind talk over PCIe.
pub fn over_pcie(accelerator: &Accelerator, gpus: u32) -> bool {
    gpus > 1 && link_name(accelerator, gpus).starts_with("pcie")
}

impl<'a> AllReduce<'a> {
    /// Among `gpus` accelerators of one kind.
    pub fn among(calibration: &'a Calibration, accelerator: &Accelerator, gpus: u32) -> Self {
        if gpus <= 1 {
            return Self::Free;
        }
        let name = link_name(accelerator, gpus);
        calibration.links.iter().find(|l| l.link == name).map_or(Self::ring(gpus, 10.0, 10.0), |l| Self::on(l, gpus))
    }

    fn on(link: &'a Link, gpus: u32) -> Self {
        let nearest = link.measured.iter().min_by_key(|r| r.gpus.abs_diff(gpus));
        match nearest {
            Some(row) => Self::Measured { kib: &row.kib, us: &row.us },
            None => Self::ring(gpus, link.ring_startup_us, link.ring_gbs),
        }
    }

    fn ring(gpus: u32, startup_us: f64, gbs: f64) -> Self {
        let g = f64::from(gpus);
        let doublings = f64::from(gpus.next_power_of_two().ilog2());
        Self::Ring { startup_s: doublings * startup_us * 1e-6, s_per_byte: 2.0 * (g - 1.0) / g / (gbs.max(0.01) * 1e9) }
    }

    /// Seconds for a message of that many bytes.
    pub fn seconds(&self, bytes: f64) -> f64 {
        match *self {
            Self::Free => 0.0,
            Self::Ring { startup_s, s_per_byte } => startup_s + bytes * s_per_byte,
            Self::Measured { kib, us } => interpolate(kib, us, bytes / 1024.0) * 1e-6,
        }
    }
}

/// Piecewise linear, constant below the first point and growing with the last slope above the last.
fn interpolate(x: &[f64], y: &[f64], at: f64) -> f64 {
    let (Some(first), Some(start)) = (x.first(), y.first()) else { return 0.0 };
    if at <= *first {
        return *start;
    }
    let last = x.len().min(y.len()) - 1;
    let end = (1..last).find(|i| at <= x[*i]).unwrap_or(last);
    let Some(from) = end.checked_sub(1) else { return *start };
    y[from] + (at - x[from]) * ((y[end] - y[from]) / (x[end] - x[from]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn one_gpu_talks_to_nobody() {
        let catalog = Catalog::embedded().unwrap();
        let pcie = |id: &str, gpus| over_pcie(catalog.accelerator(id).unwrap(), gpus);
        assert!(!pcie("l40s", 1) && pcie("l40s", 2) && !pcie("h100-sxm", 2));
        // Bridged pairs talk over PCIe to the others.
        assert!(!pcie("h100-pcie", 2) && pcie("h100-pcie", 4));
    }

    #[test]
    fn a_ring_passes_every_byte_twice_less_one_share() {
        let ring = AllReduce::ring(4, 8.0, 10.0);
        assert!((ring.seconds(0.0) - 16e-6).abs() < 1e-12);
        assert!((ring.seconds(10e9) - (16e-6 + 1.5)).abs() < 1e-9);
    }

    #[test]
    fn a_table_is_interpolated_and_extended() {
        let (x, y) = ([16.0, 256.0, 1024.0], [4.0, 6.0, 12.0]);
        assert_eq!(interpolate(&x, &y, 1.0), 4.0);
        assert!((interpolate(&x, &y, 136.0) - 5.0).abs() < 1e-12);
        assert!((interpolate(&x, &y, 1792.0) - 18.0).abs() < 1e-9);
    }
}
