use crate::Grams;
use crate::tax_classes::TaxClassCode;

/// How a product is taxed and shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxAndShipping {
    /// The class that tells which tax rates its price has.
    pub tax_class: TaxClassCode,
    /// The weight of a unit.
    pub weight: Grams,
    /// Whether it is shipped. A download is not.
    pub is_shippable: bool,
}

/// Taxed as most products, shipped, without a known weight.
impl Default for TaxAndShipping {
    fn default() -> Self {
        Self { tax_class: TaxClassCode::default(), weight: Grams::default(), is_shippable: true }
    }
}

/// A change of how a product is taxed and shipped. `None` keeps the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaxAndShippingChange {
    /// The new tax class; `None` keeps it.
    pub tax_class: Option<TaxClassCode>,
    /// The new weight of a unit; `None` keeps it.
    pub weight: Option<Grams>,
    /// Whether it is shipped.
    pub is_shippable: Option<bool>,
}

impl TaxAndShipping {
    /// The same with what a change names.
    #[must_use]
    pub fn changed(&self, change: TaxAndShippingChange) -> Self {
        let TaxAndShippingChange { tax_class, weight, is_shippable } = change;
        Self {
            tax_class: tax_class.unwrap_or_else(|| self.tax_class.clone()),
            weight: weight.unwrap_or(self.weight),
            is_shippable: is_shippable.unwrap_or(self.is_shippable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_shipped_and_has_the_standard_class_and_no_weight_until_it_is_said_otherwise_r100() {
        let usual = TaxAndShipping::default();
        assert_eq!((usual.tax_class.as_str(), usual.weight.get(), usual.is_shippable), ("standard", 0, true));
        let food = TaxClassCode::parse("food").unwrap();
        let change = TaxAndShippingChange { tax_class: Some(food.clone()), ..TaxAndShippingChange::default() };
        assert_eq!(usual.changed(change), TaxAndShipping { tax_class: food, ..usual.clone() });
        let change = TaxAndShippingChange {
            weight: Grams::parse(Grams::MAX).ok(),
            is_shippable: Some(false),
            ..TaxAndShippingChange::default()
        };
        let after = usual.changed(change);
        assert_eq!((after.weight.get(), after.is_shippable), (Grams::MAX, false));
    }
}
