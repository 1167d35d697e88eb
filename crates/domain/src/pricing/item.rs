//! A line, or a share of shipping, on its way to its taxes.

use super::priced::{PricedItem, Share};
use super::rate::{Rate, RatePpm, Treatment};
use crate::customers::Exemption;

/// A line, or a share of shipping, with the rates that hold for it.
#[derive(Debug, Clone)]
pub(super) struct Item<'a> {
    /// The line or the shipping that the amounts belong to.
    pub(super) share: Share,
    /// The amount before discounts, in minor units.
    pub(super) amount: i64,
    /// What discounts left of it, and an exemption; with or without tax, as prices are.
    pub(super) left: i64,
    /// The rates that hold for it, by code.
    pub(super) rates: Vec<&'a Rate>,
    /// The tax by each of the rates.
    pub(super) taxes: Vec<(&'a Rate, i64)>,
    /// The tax in its price that the buyer is spared.
    exempted: i64,
    exemption: Option<Exemption>,
}

impl<'a> Item<'a> {
    pub(super) const fn new(share: Share, amount: i64, left: i64, rates: Vec<&'a Rate>) -> Self {
        Self { share, amount, left, rates, taxes: Vec::new(), exempted: 0, exemption: None }
    }

    /// All its taxes.
    pub(super) fn tax(&self) -> i64 {
        self.taxes.iter().map(|(_, tax)| tax).sum()
    }

    /// Spares the buyer the taxes: each is 0 from now on, and a price that includes them falls by them.
    pub(super) fn exempt(&mut self, exemption: Exemption, prices_include_tax: bool) {
        if prices_include_tax {
            self.exempted = self.tax();
            self.left -= self.exempted;
        }
        for (_, tax) in &mut self.taxes {
            *tax = 0;
        }
        self.exemption = Some(exemption);
    }

    /// The tax that an exempt buyer is spared, with the reason, if its price included any.
    pub(super) fn exempted(&self) -> Option<(i64, Treatment)> {
        self.exemption.filter(|_| self.exempted > 0).map(|exemption| (self.exempted, exemption.treatment()))
    }

    /// The rate and the treatment that an order states: rate 0 for an exempt buyer.
    pub(super) fn stated(&self, rate: &Rate) -> (RatePpm, Treatment) {
        let exempt = |exemption: Exemption| (RatePpm::ZERO, exemption.treatment());
        self.exemption.map_or_else(|| (rate.ppm, rate.treatment()), exempt)
    }

    /// The treatment of the item: that of the exemption, else of its first rate above 0, else of its first rate.
    fn treatment(&self) -> Treatment {
        let taxed = self.rates.iter().find(|rate| rate.ppm > RatePpm::ZERO);
        let rate = taxed.or(self.rates.first()).map_or(Treatment::None, |rate| rate.treatment());
        self.exemption.map_or(rate, Exemption::treatment)
    }

    /// The amounts, in minor units. Whether they fit into 64 bits was checked with the taxes.
    pub(super) fn priced(&self, prices_include_tax: bool) -> PricedItem {
        let tax = self.tax();
        let (net, gross) = if prices_include_tax { (self.left - tax, self.left) } else { (self.left, self.left + tax) };
        PricedItem {
            amount: self.amount,
            discount: self.amount - self.left - self.exempted,
            exempted: self.exempted,
            tax,
            net,
            gross,
            treatment: self.treatment(),
        }
    }
}
