//! An accelerator: memory, bandwidth, arithmetic, links, power, price to buy.

use serde::{Deserialize, Serialize};

/// One accelerator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accelerator {
    /// Id, for example `h100-sxm`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Architecture, for example `Hopper`.
    pub architecture: String,
    /// Form factor.
    #[serde(default)]
    pub form: String,
    /// Memory on the box, GB.
    pub memory_gb_marketing: f64,
    /// Kind of memory.
    #[serde(default)]
    pub memory_type: String,
    /// Memory a program can see, bytes.
    pub memory_bytes: f64,
    /// Where `memory_bytes` is from.
    #[serde(default)]
    pub memory_bytes_basis: String,
    /// Peak memory bandwidth, GB/s (10^9).
    pub bandwidth_gbs: f64,
    /// Peak dense TFLOPS by precision.
    #[serde(default)]
    pub tflops_dense: Tflops,
    /// Whether 8-bit floats run natively.
    pub fp8_native: bool,
    /// Whether 4-bit floats run natively.
    pub fp4_native: bool,
    /// CUDA compute capability or the maker's equivalent.
    pub compute_capability: Option<String>,
    /// Links to other accelerators.
    #[serde(default)]
    pub interconnect: Interconnect,
    /// Board power, watts.
    pub tdp_w: Option<f64>,
    /// Accelerators in a usual server.
    pub gpus_per_node_typical: u32,
    /// Share of the peak that large matrix products reach.
    #[serde(default)]
    pub measured_matmul_fraction: MatmulFraction,
    /// What one costs to buy.
    pub purchase_price: Option<PurchasePrice>,
    /// Where the row is from.
    #[serde(default)]
    pub source: Vec<String>,
    /// Fields that rest on background knowledge.
    #[serde(default)]
    pub unsourced_fields: Vec<String>,
    /// Day the row was last checked.
    #[serde(default)]
    pub as_of: String,
    /// What to know about it.
    #[serde(default)]
    pub notes: String,
}

/// Peak dense TFLOPS (sparse figures halved).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Tflops {
    /// 16-bit float.
    pub fp16: Option<f64>,
    /// bfloat16.
    pub bf16: Option<f64>,
    /// 8-bit float.
    pub fp8: Option<f64>,
    /// 8-bit integer.
    pub int8: Option<f64>,
    /// 4-bit float.
    pub fp4: Option<f64>,
}

/// How accelerators of a server talk to each other.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Interconnect {
    /// The link, for example `NVLink4` or `none` (PCIe only).
    #[serde(default)]
    pub kind: String,
    /// Both directions together, GB/s per accelerator; 0 where only PCIe connects them.
    #[serde(default)]
    pub gbs_per_gpu_bidirectional: f64,
    /// PCIe generation.
    pub pcie_gen: Option<u32>,
}

/// Measured share of peak in large matrix products, 0..1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MatmulFraction {
    /// bfloat16.
    pub bf16: Option<f64>,
    /// 8-bit float.
    pub fp8: Option<f64>,
    /// Where it was measured.
    #[serde(default)]
    pub source: Option<String>,
}

/// Price of buying one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PurchasePrice {
    /// Low end, US dollars.
    pub usd_low: f64,
    /// High end, US dollars.
    pub usd_high: Option<f64>,
    /// What kind of price.
    #[serde(default)]
    pub basis: String,
    /// When.
    #[serde(default)]
    pub as_of: Option<String>,
    /// Where.
    #[serde(default)]
    pub source: Option<String>,
}
