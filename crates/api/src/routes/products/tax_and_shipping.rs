use domain::Grams;
use domain::products::TaxAndShippingChange;
use domain::tax_classes::TaxClassCode;

use crate::extract::Fields;
use crate::extract::read::{Boolean, integer, text};

/// Reads how a product is taxed and shipped: `tax_class`, `weight_grams` and `shippable`, each if it is there.
pub(crate) fn tax_and_shipping(fields: &mut Fields<'_>) -> Option<TaxAndShippingChange> {
    let tax_class = fields.change("tax_class", &text(TaxClassCode::parse));
    let weight = fields.change("weight_grams", &integer(Grams::parse));
    let is_shippable = fields.change("shippable", &Boolean);
    Some(TaxAndShippingChange { tax_class: tax_class?, weight: weight?, is_shippable: is_shippable? })
}
