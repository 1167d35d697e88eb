use std::sync::Arc;

use super::input::PriceRules;
use super::promotion::Promotion;
use super::settings::PricingSettings;
use super::shipping::ShippingMethod;
use super::taxes::{MissingRate, TaxZone, Taxes};
use crate::{Date, UtcDateTime};

/// What the staff keep of prices, as one state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PricingData {
    /// The version of the state: each change raises it.
    pub version: i64,
    /// The zones with tax rates, and those that say how shipping is taxed.
    pub zones: Vec<TaxZone>,
    /// The active shipping methods.
    pub methods: Vec<ShippingMethod>,
    /// The active promotions that need no code.
    pub promotions: Vec<Promotion>,
    /// Whether there are active promotions that need a code.
    pub has_codes: bool,
}

/// All that prices are worked out from but the purchase itself: settings and data of one version.
#[derive(Debug, Clone)]
pub struct PriceBook {
    settings: Arc<PricingSettings>,
    version: i64,
    rules: PriceRules,
    promotions: Vec<Promotion>,
    has_codes: bool,
}

impl PriceBook {
    /// The book of a shop.
    pub fn new(settings: Arc<PricingSettings>, data: PricingData) -> Self {
        let PricingData { version, zones, methods, promotions, has_codes } = data;
        let taxes = Taxes { zones, shipping: settings.shipping_tax.clone(), when_missing: settings.when_missing };
        let rules = PriceRules {
            prices_include_tax: settings.prices_include_tax,
            total_step: settings.total_step,
            home: settings.home.clone(),
            taxes,
            methods,
        };
        Self { settings, version, rules, promotions, has_codes }
    }

    /// The book of the same shop with newer data.
    #[must_use]
    pub fn renewed(&self, data: PricingData) -> Self {
        Self::new(self.settings.clone(), data)
    }

    /// The same book, by which what no tax rate holds for is sold untaxed.
    #[must_use]
    pub fn untaxed_where_missing(&self) -> Self {
        let taxes = Taxes { when_missing: Some(MissingRate::Untaxed), ..self.rules.taxes.clone() };
        Self { rules: PriceRules { taxes, ..self.rules.clone() }, ..self.clone() }
    }

    /// The version of its data.
    pub const fn version(&self) -> i64 {
        self.version
    }

    /// Taxes, shipping methods, and how totals are rounded.
    pub const fn rules(&self) -> &PriceRules {
        &self.rules
    }

    /// The active promotions that need no code.
    pub fn promotions(&self) -> &[Promotion] {
        &self.promotions
    }

    /// The day at a time where the shop is.
    pub fn day(&self, at: UtcDateTime) -> Date {
        self.settings.calendar.day(at)
    }

    /// Whether there is a tax rate.
    pub fn has_taxes(&self) -> bool {
        self.rules.taxes.zones.iter().any(|zone| !zone.rates.is_empty())
    }

    /// Whether a purchase can cost anything but the sum of its lines.
    fn adds_anything(&self) -> bool {
        self.has_taxes() || !self.rules.methods.is_empty() || !self.promotions.is_empty() || self.has_codes
    }

    /// Whether an order must name the total that the buyer saw.
    pub fn requires_expected_total(&self) -> bool {
        self.settings.requires_expected_total.unwrap_or_else(|| self.adds_anything())
    }
}
