use super::{Line, LineChange, MAX_LINES};
use crate::customers::CustomerId;
use crate::products::{Offer, ProductId};
use crate::{Quantity, UtcDateTime, Version};

/// A cart, with the current offers of its products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cart {
    /// The owner.
    pub customer_id: CustomerId,
    /// Its lines, in order of product id.
    pub lines: Vec<Line>,
    /// Time of the last change; `None` if the cart was never used.
    pub updated_at: Option<UtcDateTime>,
    /// One more with each change; 0 if the cart was never used.
    pub version: Version,
}

/// Why a cart refuses a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CartRefusal {
    /// The product does not exist or is archived.
    NotForSale,
    /// The product of the line was deleted or archived, so that it cannot get more than these units, which it has.
    OnlyFewer(Quantity),
    /// The line would exceed [`Quantity::MAX`]; this is its current quantity.
    LineFull(Quantity),
    /// The cart has [`MAX_LINES`] lines.
    Full,
    /// The cart has no line of the product.
    NotInCart,
}

impl Cart {
    /// Adds units of a product. `offer` is its current offer, `None` if there is no such product. Returns the new
    /// quantity of its line.
    ///
    /// # Errors
    /// [`CartRefusal`] if the product is not for sale, or the line or the cart is full.
    pub fn add(
        &mut self,
        product_id: ProductId,
        quantity: Quantity,
        offer: Option<Offer>,
    ) -> Result<Quantity, CartRefusal> {
        let offer = offer.filter(Offer::is_for_sale);
        if let Ok(line) = self.line(product_id) {
            if offer.is_none() {
                return Err(CartRefusal::NotForSale);
            }
            line.quantity = line.quantity.plus(quantity).ok_or(CartRefusal::LineFull(line.quantity))?;
            return Ok(line.quantity);
        }
        if self.lines.len() >= MAX_LINES {
            return Err(CartRefusal::Full);
        }
        let offer = offer.ok_or(CartRefusal::NotForSale)?;
        let place = self.lines.partition_point(|line| line.product_id < product_id);
        self.lines.insert(place, Line { product_id, quantity, offer: Some(offer) });
        Ok(quantity)
    }

    /// Sets the quantity of a product in the cart, or removes the product.
    ///
    /// # Errors
    /// [`CartRefusal::NotInCart`]; [`CartRefusal::OnlyFewer`] if the product is not for sale and the quantity rises.
    pub fn set(&mut self, product_id: ProductId, change: LineChange) -> Result<(), CartRefusal> {
        let LineChange::Set(quantity) = change else { return self.remove(product_id) };
        let line = self.line(product_id)?;
        if quantity > line.quantity && !line.offer.as_ref().is_some_and(Offer::is_for_sale) {
            return Err(CartRefusal::OnlyFewer(line.quantity));
        }
        line.quantity = quantity;
        Ok(())
    }

    /// Removes a product from the cart.
    ///
    /// # Errors
    /// [`CartRefusal::NotInCart`].
    pub fn remove(&mut self, product_id: ProductId) -> Result<(), CartRefusal> {
        let place = self.lines.iter().position(|line| line.product_id == product_id);
        self.lines.remove(place.ok_or(CartRefusal::NotInCart)?);
        Ok(())
    }

    fn line(&mut self, product_id: ProductId) -> Result<&mut Line, CartRefusal> {
        self.lines.iter_mut().find(|line| line.product_id == product_id).ok_or(CartRefusal::NotInCart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::products::{ProductName, ProductStatus, TaxAndShipping};
    use crate::{Price, Uuid};

    fn id(n: u128) -> ProductId {
        ProductId(Uuid::from_u128(n))
    }

    fn units(n: i64) -> Quantity {
        Quantity::parse(n).unwrap()
    }

    fn offer(n: u128, status: ProductStatus) -> Offer {
        Offer {
            product_id: id(n),
            sku: None,
            name: ProductName::from_trusted("Mug".into()),
            price: Price::from_trusted(1),
            status,
            on_hand: 1,
            restock_threshold: 0,
            tax_and_shipping: TaxAndShipping::default(),
        }
    }

    fn cart_of(products: impl IntoIterator<Item = u128>) -> Cart {
        let line = |n| Line { product_id: id(n), quantity: units(3), offer: Some(offer(n, ProductStatus::Active)) };
        let lines = products.into_iter().map(line).collect();
        Cart { customer_id: CustomerId(Uuid::from_u128(9)), lines, updated_at: None, version: Version(1) }
    }

    fn ids(cart: &Cart) -> Vec<u128> {
        cart.lines.iter().map(|line| line.product_id.0.as_u128()).collect()
    }

    #[test]
    fn a_new_product_adds_a_line_and_an_existing_line_grows_r51() {
        let mut cart = cart_of([1, 3]);
        assert_eq!(cart.add(id(2), units(5), Some(offer(2, ProductStatus::Active))), Ok(units(5)));
        assert_eq!(ids(&cart), [1, 2, 3]);
        assert_eq!(cart.add(id(2), units(4), Some(offer(2, ProductStatus::Active))), Ok(units(9)));
        assert_eq!(ids(&cart), [1, 2, 3]);
    }

    #[test]
    fn a_line_has_at_most_999_units_and_a_cart_at_most_100_lines_r51() {
        let mut cart = cart_of(1..=100);
        let for_sale = |n| Some(offer(n, ProductStatus::Active));
        assert_eq!(cart.add(id(1), units(997), for_sale(1)), Err(CartRefusal::LineFull(units(3))));
        assert_eq!(cart.add(id(101), units(1), for_sale(101)), Err(CartRefusal::Full));
        assert_eq!(cart, cart_of(1..=100), "a refusal changes nothing");
    }

    #[test]
    fn only_a_product_for_sale_gets_a_new_line_r51() {
        for offer in [None, Some(offer(1, ProductStatus::Archived))] {
            assert_eq!(cart_of([]).add(id(1), units(1), offer), Err(CartRefusal::NotForSale));
        }
    }

    #[test]
    fn a_line_whose_product_is_not_for_sale_shrinks_and_never_grows() {
        for offer in [None, Some(offer(1, ProductStatus::Archived))] {
            let mut cart = cart_of([1]);
            cart.lines[0].offer = offer.clone();
            assert_eq!(cart.add(id(1), units(1), offer), Err(CartRefusal::NotForSale));
            assert_eq!(cart.set(id(1), LineChange::Set(units(4))), Err(CartRefusal::OnlyFewer(units(3))));
            assert_eq!(cart.lines[0].quantity, units(3), "a refusal changes nothing");
            for fewer in [3, 2] {
                assert_eq!(cart.set(id(1), LineChange::Set(units(fewer))), Ok(()));
            }
            assert_eq!(cart.remove(id(1)), Ok(()));
        }
    }

    #[test]
    fn only_a_product_in_the_cart_can_be_set_or_removed_r52_r53() {
        let mut cart = cart_of([1, 2]);
        cart.set(id(2), LineChange::Set(units(5))).unwrap();
        assert_eq!(cart.lines[1].quantity, units(5));
        cart.remove(id(1)).unwrap();
        assert_eq!(ids(&cart), [2]);
        for change in [LineChange::Set(units(5)), LineChange::Remove] {
            assert_eq!(cart.set(id(1), change), Err(CartRefusal::NotInCart));
        }
        assert_eq!(cart.remove(id(1)), Err(CartRefusal::NotInCart));
    }

    #[test]
    fn a_line_that_is_set_to_nothing_is_removed_r52() {
        let mut cart = cart_of([1, 2]);
        cart.set(id(1), LineChange::Remove).unwrap();
        assert_eq!(ids(&cart), [2]);
    }
}
