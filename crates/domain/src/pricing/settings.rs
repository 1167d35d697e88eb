use std::sync::Arc;

use super::calendar::{Calendar, Utc};
use super::input::TotalStep;
use super::place::Place;
use super::taxes::{MissingRate, ShippingTax};
use crate::addresses::CountryCode;

/// How the shop forms its prices, as its configuration says.
#[derive(Debug, Clone)]
pub struct PricingSettings {
    /// Whether list prices, shipping costs and discounts include tax.
    pub prices_include_tax: bool,
    /// The smallest step of a total.
    pub total_step: TotalStep,
    /// Where the shop is.
    pub home: Place,
    /// Which rates shipping bears where the zone does not say it.
    pub shipping_tax: ShippingTax,
    /// What happens if no rate holds for an item; unless it is set, the purchase is refused once there is any rate.
    pub when_missing: Option<MissingRate>,
    /// Whether an order must name the total that the buyer saw; unless it is set, once there is a tax rate, a shipping
    /// method or a promotion.
    pub requires_expected_total: Option<bool>,
    /// The calendar by which tax rates hold.
    pub calendar: Arc<dyn Calendar>,
}

impl PricingSettings {
    /// The country of a shop that does not say where it is. ISO 3166-1 leaves it to its users.
    pub const NOWHERE: &str = "ZZ";
}

/// Of a shop that does not say where it is: prices without tax, days in UTC.
impl Default for PricingSettings {
    fn default() -> Self {
        Self {
            prices_include_tax: false,
            total_step: TotalStep::default(),
            home: Place::new(CountryCode::from_trusted(Self::NOWHERE.to_owned()), None, None),
            shipping_tax: ShippingTax::default(),
            when_missing: None,
            requires_expected_total: None,
            calendar: Arc::new(Utc),
        }
    }
}
