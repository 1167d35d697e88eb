use super::schedule::{Named, expect_possible};
use super::{Barcode, Product, ProductChange, ProductDetails, ProductStatus};
use crate::{Code, Invalid, Price, UtcDateTime};

/// Optional members: barcode, compare-at price and availability.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Particulars {
    /// The number under its barcode.
    pub barcode: Option<Barcode>,
    /// What it cost before it was reduced, or is said to cost elsewhere: above its price.
    pub compare_at_price: Option<Price>,
    /// When it begins to be for sale.
    pub available_from: Option<UtcDateTime>,
    /// When it ends to be for sale.
    pub available_until: Option<UtcDateTime>,
}

/// A change of what a product may have besides. `None` keeps the value, `Some(None)` removes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParticularsChange {
    /// The new number under its barcode; `Some(None)` removes it, `None` keeps it.
    pub barcode: Option<Option<Barcode>>,
    /// What it cost before it was reduced.
    pub compare_at_price: Option<Option<Price>>,
    /// When it begins to be for sale.
    pub available_from: Option<Option<UtcDateTime>>,
    /// When it ends to be for sale.
    pub available_until: Option<Option<UtcDateTime>>,
}

impl Particulars {
    /// The same with what a change names.
    #[must_use]
    pub fn changed(&self, change: ParticularsChange) -> Self {
        let ParticularsChange { barcode, compare_at_price, available_from, available_until } = change;
        Self {
            barcode: barcode.unwrap_or_else(|| self.barcode.clone()),
            compare_at_price: compare_at_price.unwrap_or(self.compare_at_price),
            available_from: available_from.unwrap_or(self.available_from),
            available_until: available_until.unwrap_or(self.available_until),
        }
    }
}

/// Why a product cannot be so: a field, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductFault {
    /// The name of the field in the API.
    pub field: &'static str,
    /// What is wrong.
    pub invalid: Invalid,
}

impl Particulars {
    /// Checks what depends on each other in a new product of this price and status.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self, price: Price, status: ProductStatus, now: UtcDateTime) -> Result<(), ProductFault> {
        expect_above(price, self.compare_at_price, true)?;
        expect_possible(status, self, Named::ALL, now)
    }
}

impl ProductDetails {
    /// Checks what depends on each other.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self, now: UtcDateTime) -> Result<(), ProductFault> {
        self.particulars.check(self.price, self.status, now)
    }
}

impl Product {
    /// Checks what depends on each other in the product after a change. What the change does not touch is not checked.
    ///
    /// # Errors
    /// The first fault. Its field is one that the change names.
    pub fn check(&self, change: &ProductChange, now: UtcDateTime) -> Result<(), ProductFault> {
        let after = self.particulars.changed(change.particulars.clone());
        let is_compared = change.particulars.compare_at_price.is_some();
        if change.price.is_some() || is_compared {
            expect_above(change.price.unwrap_or(self.price), after.compare_at_price, is_compared)?;
        }
        let named = Named::of(change);
        if named.is_any() {
            expect_possible(change.status.unwrap_or(self.status), &after, named, now)?;
        }
        Ok(())
    }
}

/// Refuses a price for comparison that is not above the price. If only the price is given, that is what is refused.
fn expect_above(price: Price, compare_at_price: Option<Price>, is_given: bool) -> Result<(), ProductFault> {
    let Some(above) = compare_at_price.filter(|above| *above <= price) else { return Ok(()) };
    if is_given {
        let message = format!("must be above the price, which is {} in minor units", price.amount());
        return Err(ProductFault { field: "compare_at_price", invalid: Invalid::new(Code::TooSmall, message) });
    }
    let above = above.amount();
    let message = format!("must be below compare_at_price, which is {above} in minor units, or change that, too");
    Err(ProductFault { field: "price", invalid: Invalid::new(Code::TooLarge, message) })
}

#[cfg(test)]
mod tests {
    use super::super::{ProductId, ProductName};
    use super::*;
    use crate::Uuid;

    const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;

    fn price(amount: i64) -> Price {
        Price::parse(amount).unwrap()
    }

    fn details(amount: i64, compare_at: Option<i64>) -> ProductDetails {
        let particulars = Particulars { compare_at_price: compare_at.map(price), ..Particulars::default() };
        let name = ProductName::parse("Mug").unwrap();
        ProductDetails { particulars, ..ProductDetails::new(name, price(amount)) }
    }

    /// A change of the price, and of the one for comparison, which -1 takes away.
    fn change(amount: Option<i64>, compare_at: Option<i64>) -> ProductChange {
        let compare_at_price = compare_at.map(|amount| Price::parse(amount).ok());
        let particulars = ParticularsChange { compare_at_price, ..ParticularsChange::default() };
        ProductChange { price: amount.map(price), particulars, ..ProductChange::default() }
    }

    #[test]
    fn a_price_for_comparison_is_above_the_price_and_the_refusal_names_what_was_given_r214() {
        assert!(details(100, None).check(NOW).is_ok() && details(100, Some(101)).check(NOW).is_ok());
        for not_above in [100, 99, 0] {
            assert_eq!(details(100, Some(not_above)).check(NOW).unwrap_err().field, "compare_at_price");
        }
        let product = Product::new(ProductId(Uuid::nil()), details(100, Some(150)), NOW);
        let field = |change: &ProductChange| product.check(change, NOW).err().map(|fault| fault.field);
        assert_eq!(field(&change(Some(149), None)), None);
        assert_eq!(field(&change(Some(150), None)), Some("price"));
        assert_eq!(field(&change(Some(150), Some(-1))), None);
        assert_eq!(field(&change(Some(150), Some(150))), Some("compare_at_price"));
        assert_eq!(field(&change(None, Some(100))), Some("compare_at_price"));
        assert_eq!(field(&change(Some(200), Some(201))), None);
    }

    #[test]
    fn particulars_that_are_not_named_stay_r209() {
        let (barcode, compare_at_price) = (Barcode::parse("96385074").ok(), Some(price(5)));
        let (available_from, available_until) = (Some(NOW), Some(NOW));
        let before = Particulars { barcode, compare_at_price, available_from, available_until };
        assert_eq!(before.changed(ParticularsChange::default()), before);
        let bare = ParticularsChange {
            barcode: Some(None),
            compare_at_price: Some(None),
            available_from: Some(None),
            available_until: Some(None),
        };
        assert_eq!(before.changed(bare), Particulars::default());
    }
}
