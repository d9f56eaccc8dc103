//! One provider's rental price, by a name that people can type: `AWS`, `aws/p5.48xlarge`, `GCP@us-east4`.

use super::{Catalog, GpuPrice};
use crate::scenario::Acquisition;

/// The parts of an offer's name: a provider, with an instance or a region where it publishes several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferName<'a> {
    /// Who rents it out.
    pub provider: &'a str,
    /// Instance name.
    pub instance: Option<&'a str>,
    /// Region.
    pub region: Option<&'a str>,
}

impl<'a> OfferName<'a> {
    /// Read `provider`, `provider/instance`, `provider@region` or `provider/instance@region`.
    pub fn read(text: &'a str) -> Self {
        let (head, region) = match text.split_once('@') {
            Some((head, region)) => (head, Some(region.trim())),
            None => (text, None),
        };
        let (provider, instance) = match head.split_once('/') {
            Some((provider, instance)) => (provider, Some(instance.trim())),
            None => (head, None),
        };
        Self { provider: provider.trim(), instance, region }
    }

    /// Whether a row is one of the offers meant.
    pub fn covers(&self, row: &GpuPrice) -> bool {
        row.provider.eq_ignore_ascii_case(self.provider)
            && self.instance.is_none_or(|i| row.instance.eq_ignore_ascii_case(i))
            && self.region.is_none_or(|r| row.region.eq_ignore_ascii_case(r))
    }
}

/// A row that was chosen by name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offer<'a> {
    /// The row.
    pub row: &'a GpuPrice,
    /// Whether it is a marketplace's price, taken for the on-demand price that the provider does not publish.
    pub marketplace: bool,
}

impl GpuPrice {
    /// The name under which a scenario chooses this row.
    pub fn name(&self) -> String {
        format!("{}/{}@{}", self.provider, self.instance, self.region)
    }

    /// Whether it is a marketplace's price: neither a provider's own hour nor a commitment.
    pub fn is_marketplace(&self) -> bool {
        Acquisition::from_id(&self.commitment).is_none()
    }

    /// Whether the row answers for a way of paying.
    pub fn serves(&self, commitment: &str) -> bool {
        self.commitment == commitment || commitment == Acquisition::OnDemand.id() && self.is_marketplace()
    }
}

impl Catalog {
    /// Every provider of rental prices, once, in alphabetical order.
    pub fn providers(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.gpu_prices.iter().map(|p| p.provider.as_str()).collect();
        names.sort_by_key(|name| name.to_ascii_lowercase());
        names.dedup();
        names
    }

    /// Providers with a price of an accelerator under a commitment, once, in alphabetical order.
    pub fn providers_of(&self, accelerator: &str, commitment: &str) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .gpu_prices
            .iter()
            .filter(|p| p.gpu.eq_ignore_ascii_case(accelerator) && p.serves(commitment))
            .map(|p| p.provider.as_str())
            .collect();
        names.sort_by_key(|name| name.to_ascii_lowercase());
        names.dedup();
        names
    }

    /// An offer's name as the catalog spells its parts; `None` if no row of any accelerator is meant by it.
    pub fn offer_name(&self, text: &str) -> Option<String> {
        let name = OfferName::read(text);
        let row = self.gpu_prices.iter().find(|p| name.covers(p))?;
        let instance = name.instance.map(|_| format!("/{}", row.instance)).unwrap_or_default();
        let region = name.region.map(|_| format!("@{}", row.region)).unwrap_or_default();
        Some(format!("{}{instance}{region}", row.provider))
    }

    /// The row of a provider for an accelerator and a way of paying; `None` where the provider publishes none, which
    /// means the price is unknown.
    ///
    /// Of several instances the smallest that holds the GPUs of one replica is taken, else the largest; of several
    /// prices of that size the newest, then the lowest. On demand, a provider that publishes only a marketplace's price
    /// is charged at that.
    pub fn offer(&self, name: &OfferName, accelerator: &str, commitment: &str, gpus: u32) -> Option<Offer<'_>> {
        let of = |wanted: &dyn Fn(&GpuPrice) -> bool| {
            let rows = self.gpu_prices.iter().filter(|p| p.gpu.eq_ignore_ascii_case(accelerator) && name.covers(p));
            rows.filter(|p| wanted(p)).min_by(|a, b| {
                fit(a, gpus)
                    .cmp(&fit(b, gpus))
                    .then_with(|| b.as_of.cmp(&a.as_of))
                    .then_with(|| a.usd_per_gpu_hour.total_cmp(&b.usd_per_gpu_hour))
            })
        };
        let own = of(&|p| p.commitment == commitment).map(|row| Offer { row, marketplace: false });
        own.or_else(|| of(&|p| p.serves(commitment)).map(|row| Offer { row, marketplace: true }))
    }
}

/// How far an instance is from holding `gpus`: those that hold it first, the smallest of them first; else the largest.
fn fit(row: &GpuPrice, gpus: u32) -> (bool, u32) {
    match row.gpus_in_instance.unwrap_or(1) {
        n if n >= gpus => (false, n),
        n => (true, u32::MAX - n),
    }
}

#[cfg(test)]
mod tests {
    //! Pins which row a name means.
    use super::*;

    fn usd(name: &str, gpu: &str, commitment: &str, gpus: u32) -> Option<f64> {
        let catalog = Catalog::embedded().unwrap();
        catalog.offer(&OfferName::read(name), gpu, commitment, gpus).map(|o| o.row.usd_per_gpu_hour)
    }

    #[test]
    fn a_provider_an_instance_and_a_region_are_read_in_any_case() {
        let name = OfferName::read("gcp/A3-megagpu-8g@us-east4");
        assert_eq!((name.provider, name.instance, name.region), ("gcp", Some("A3-megagpu-8g"), Some("us-east4")));
        let catalog = Catalog::embedded().unwrap();
        assert_eq!(catalog.offer_name("gcp/A3-megagpu-8g@US-EAST4").as_deref(), Some("GCP/a3-megagpu-8g@us-east4"));
        assert_eq!(catalog.offer_name("verda (datacrunch)").as_deref(), Some("Verda (DataCrunch)"));
        assert_eq!(catalog.offer_name("Nobody"), None);
    }

    #[test]
    fn the_smallest_instance_that_holds_a_replica_is_taken() {
        // AWS rents the L40S in servers of 1, 4 and 8, each at a price of its own.
        for (gpus, price) in [(1, 1.861), (2, 2.6232), (4, 2.6232), (8, 3.7664), (16, 3.7664)] {
            assert_eq!(usd("AWS", "l40s", "on_demand", gpus), Some(price), "{gpus}");
        }
        assert_eq!(usd("aws/g6e.xlarge", "l40s", "on_demand", 8), Some(1.861), "a named instance is taken as named");
    }

    #[test]
    fn the_way_of_paying_and_the_region_are_kept_apart() {
        assert_eq!(usd("GCP@us-east4", "h100-sxm", "reserved_1y", 8), Some(7.9929));
        assert_eq!(usd("GCP@us-central1", "h100-sxm", "reserved_1y", 8), Some(7.673));
        assert_eq!(usd("AWS", "h100-sxm", "reserved_1y", 8), None, "not published, so unknown");
        assert_eq!(usd("RunPod", "h100-sxm", "on_demand", 1), Some(3.99), "its own hour, not the community's");
    }

    #[test]
    fn a_marketplace_answers_on_demand_only() {
        let catalog = Catalog::embedded().unwrap();
        let vast = catalog.offer(&OfferName::read("vast.ai"), "h100-sxm", "on_demand", 1).unwrap();
        assert!(vast.marketplace && vast.row.usd_per_gpu_hour == 2.6661, "{vast:?}");
        assert_eq!(usd("vast.ai", "h100-sxm", "spot", 1), None);
    }

    #[test]
    fn every_row_can_be_chosen_by_its_name() {
        let catalog = Catalog::embedded().unwrap();
        for row in &catalog.gpu_prices {
            let name = row.name();
            assert!(OfferName::read(&name).covers(row), "{name}");
            assert!(catalog.providers().contains(&row.provider.as_str()));
        }
    }
}
