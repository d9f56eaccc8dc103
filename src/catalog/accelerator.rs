//! An accelerator: memory, bandwidth, arithmetic, links, power, price to buy.

use serde::Serialize;

use super::{Row, Table, Words, row, table};

/// One accelerator.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    pub form: String,
    /// Memory on the box, GB.
    pub memory_gb_marketing: f64,
    /// Kind of memory.
    pub memory_type: String,
    /// Memory a program can see, bytes.
    pub memory_bytes: f64,
    /// Where `memory_bytes` is from.
    pub memory_bytes_basis: Words,
    /// Peak memory bandwidth, GB/s (10^9).
    pub bandwidth_gbs: f64,
    /// Peak dense TFLOPS by precision.
    pub tflops_dense: Tflops,
    /// Whether 8-bit floats run natively.
    pub fp8_native: bool,
    /// Whether 4-bit floats run natively.
    pub fp4_native: bool,
    /// CUDA compute capability or the maker's equivalent.
    pub compute_capability: Option<String>,
    /// Links to other accelerators.
    pub interconnect: Interconnect,
    /// Board power, watts.
    pub tdp_w: Option<f64>,
    /// Accelerators in a usual server.
    pub gpus_per_node_typical: u32,
    /// Share of the peak that large matrix products reach.
    pub measured_matmul_fraction: MatmulFraction,
    /// What one costs to buy.
    pub purchase_price: Option<PurchasePrice>,
    /// Where the row is from.
    pub source: Vec<Words>,
    /// Fields that rest on background knowledge.
    pub unsourced_fields: Vec<Words>,
    /// Day the row was last checked.
    pub as_of: String,
    /// What to know about it.
    pub notes: Words,
}

row!(Accelerator { id, name, vendor, architecture, memory_gb_marketing, memory_bytes, bandwidth_gbs, fp8_native, fp4_native, compute_capability, tdp_w, gpus_per_node_typical, purchase_price } default { form, memory_type, memory_bytes_basis, tflops_dense, interconnect, measured_matmul_fraction, source, unsourced_fields, as_of, notes });

/// What is known of an accelerator before its row is read.
#[derive(Debug, Clone)]
pub struct AcceleratorHead {
    /// See [`Accelerator`].
    pub id: String,
    /// See [`Accelerator`].
    pub architecture: String,
    /// See [`Accelerator`].
    pub memory_type: String,
}

row!(AcceleratorHead { id, architecture } default { memory_type });

impl Row for Accelerator {
    type Head = AcceleratorHead;
    const TABLE: Table = table!("accelerators");

    fn head(&self) -> AcceleratorHead {
        let Self { id, architecture, memory_type, .. } = self.clone();
        AcceleratorHead { id, architecture, memory_type }
    }
}

/// Peak dense TFLOPS (sparse figures halved).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
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

row!(Tflops { fp16, bf16, fp8, int8, fp4 });

/// How accelerators of a server talk to each other.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Interconnect {
    /// The link, for example `NVLink4` or `none` (PCIe only).
    pub kind: String,
    /// Both directions together, GB/s per accelerator; 0 where only PCIe connects them.
    pub gbs_per_gpu_bidirectional: f64,
    /// PCIe generation.
    pub pcie_gen: Option<u32>,
}

row!(Interconnect { pcie_gen } default { kind, gbs_per_gpu_bidirectional });

/// Measured share of peak in large matrix products, 0..1.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct MatmulFraction {
    /// bfloat16.
    pub bf16: Option<f64>,
    /// 8-bit float.
    pub fp8: Option<f64>,
    /// Where it was measured.
    pub source: Option<Words>,
}

row!(MatmulFraction { bf16, fp8, source });

/// Price of buying one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PurchasePrice {
    /// Low end, US dollars.
    pub usd_low: f64,
    /// High end, US dollars.
    pub usd_high: Option<f64>,
    /// What kind of price.
    pub basis: String,
    /// When.
    pub as_of: Option<String>,
    /// Where.
    pub source: Option<Words>,
}

row!(PurchasePrice { usd_low, usd_high, as_of, source } default { basis });
