use crate::Quantity;
use crate::products::{Offer, ProductId};

/// A line of a cart or an order: a product and a quantity, with the current offer of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which product; it may have been deleted since, and then has no offer.
    pub product_id: ProductId,
    /// The requested units.
    pub quantity: Quantity,
    /// The offer; `None` if there is no such product.
    pub offer: Option<Offer>,
}

impl Line {
    /// Whether the product stays above its reorder point once the line is sold; see
    /// [`Offer::stays_above_reorder_point`].
    pub fn stays_above_reorder_point(&self) -> bool {
        self.offer.as_ref().is_some_and(|offer| offer.stays_above_reorder_point(self.quantity.get()))
    }

    /// Checks that the line can be ordered now.
    ///
    /// # Errors
    /// [`LineRefusal`] with the reason.
    pub fn orderable(&self) -> Result<&Offer, LineRefusal> {
        let refuse = |problem, available| LineRefusal {
            product_id: self.product_id,
            requested: self.quantity.get(),
            available,
            problem,
        };
        match &self.offer {
            None => Err(refuse(LineProblem::Unknown, 0)),
            Some(offer) if !offer.is_for_sale() => Err(refuse(LineProblem::Archived, 0)),
            Some(offer) if offer.on_hand < self.quantity.get() => Err(refuse(LineProblem::Short, offer.on_hand)),
            Some(offer) => Ok(offer),
        }
    }
}

crate::word::words! {
    /// Why a line cannot be ordered.
    LineProblem {
        /// There is no such product.
        Unknown = "unknown_product",
        /// The product is not for sale: it is archived, or not for sale yet.
        Archived = "archived_product",
        /// Fewer units are on hand than requested.
        Short = "insufficient_stock",
    }
}

/// A line that cannot be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRefusal {
    /// Which product. There is one line for each.
    pub product_id: ProductId,
    /// The units that the buyer wants.
    pub requested: i64,
    /// The units on hand.
    pub available: i64,
    /// The reason.
    pub problem: LineProblem,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::products::{ProductName, ProductStatus, TaxAndShipping};
    use crate::{Price, Uuid};

    fn line(quantity: i64, offer: Option<(ProductStatus, i64)>) -> Line {
        let product_id = ProductId(Uuid::from_u128(1));
        let offer = offer.map(|(status, on_hand)| Offer {
            product_id,
            sku: None,
            name: ProductName::from_trusted("Mug".into()),
            price: Price::from_trusted(1),
            status,
            on_hand,
            restock_threshold: 0,
            tax_and_shipping: TaxAndShipping::default(),
        });
        Line { product_id, quantity: Quantity::parse(quantity).unwrap(), offer }
    }

    #[test]
    fn a_line_can_be_ordered_while_its_product_is_active_and_enough_units_are_on_hand_r60() {
        assert!(line(3, Some((ProductStatus::Active, 3))).orderable().is_ok());
        let problem = |quantity, offer| {
            let refusal = line(quantity, offer).orderable().unwrap_err();
            (refusal.problem, refusal.available)
        };
        assert_eq!(problem(3, Some((ProductStatus::Active, 2))), (LineProblem::Short, 2));
        assert_eq!(problem(3, Some((ProductStatus::Archived, 9))), (LineProblem::Archived, 0));
        assert_eq!(problem(3, None), (LineProblem::Unknown, 0));
    }

    #[test]
    fn a_sale_above_the_reorder_point_sells_nothing_out_and_makes_no_restock_due_r44() {
        let stays_above = |quantity, on_hand, restock_threshold| {
            let line = line(quantity, Some((ProductStatus::Active, on_hand)));
            let offer = line.offer.map(|offer| Offer { restock_threshold, ..offer });
            Line { offer, ..line }.stays_above_reorder_point()
        };
        assert!(stays_above(3, 4, 0) && stays_above(3, 8, 5));
        assert!(!stays_above(3, 3, 0) && !stays_above(3, 7, 5) && !stays_above(3, 2, 0));
        assert!(!line(1, None).stays_above_reorder_point());
    }
}
