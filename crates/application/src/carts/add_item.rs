use async_trait::async_trait;
use domain::carts::Cart;
use domain::customers::CustomerId;
use domain::products::ProductId;
use domain::{Quantity, Version};

use crate::customers::hold_customer;
use crate::{Command, Ctx, Error, Tx};

/// Adds units of a product to a cart.
#[derive(Debug, Clone)]
pub struct AddItem {
    /// The owner of the cart.
    pub customer_id: CustomerId,
    /// The product of the line. Units are added to a line that the cart has already.
    pub product_id: ProductId,
    /// Units, 1 to 999.
    pub quantity: Quantity,
}

#[async_trait]
impl Command for AddItem {
    type Output = Cart;
    const NAME: &'static str = "carts.add_item";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Cart, Error> {
        let locked = tx.carts().lock_and_bump_with_offer(self.customer_id, self.product_id, ctx.now).await?;
        let (mut cart, offer) = locked;
        if cart.version == Version::FIRST {
            // Deleting a customer waits for the lock of an existing cart, but not for that of a new one.
            hold_customer(tx, self.customer_id).await?;
        }
        let quantity = cart.add(self.product_id, self.quantity, offer)?;
        tx.carts().put(self.customer_id, self.product_id, quantity).await?;
        Ok(cart)
    }
}

#[cfg(test)]
mod tests {
    use domain::Code;
    use domain::carts::Line;
    use domain::products::{Offer, ProductStatus};

    use super::*;
    use crate::Conflict;
    use crate::testing::{Mocks, cart, customer, id, line, offer, person, run};

    fn add(quantity: i64) -> AddItem {
        let quantity = Quantity::parse(quantity).unwrap();
        AddItem { customer_id: customer(), product_id: ProductId(id(2)), quantity }
    }

    fn cart_of(lines: Vec<Line>, offer: Option<Offer>) -> Mocks {
        let mut tx = Mocks::default();
        let product = |id: &ProductId| id.0 == self::id(2);
        let touch = tx.carts.expect_lock_and_bump_with_offer().once().withf(move |_, id, _| product(id));
        touch.return_once(move |_, _, _| Ok((cart(4, lines), offer)));
        tx
    }

    #[tokio::test]
    async fn a_new_product_becomes_a_line_in_order_of_id_r51() {
        let mut tx = cart_of(vec![line(1, 1, 9), line(3, 1, 9)], Some(offer(2, 9)));
        tx.carts.expect_put().once().withf(|_, _, quantity| quantity.get() == 5).returning(|_, _, _| Ok(()));
        let cart = run(&add(5), &mut tx).await.unwrap();
        let ids: Vec<_> = cart.lines.iter().map(|line| line.product_id.0).collect();
        assert_eq!((ids, cart.version), (vec![id(1), id(2), id(3)], Version(4)));
    }

    #[tokio::test]
    async fn adding_the_same_product_adds_the_quantities_r51() {
        let mut tx = cart_of(vec![line(2, 3, 9)], Some(offer(2, 9)));
        tx.carts.expect_put().once().withf(|_, _, quantity| quantity.get() == 8).returning(|_, _, _| Ok(()));
        let cart = run(&add(5), &mut tx).await.unwrap();
        assert_eq!(cart.lines[0].quantity.get(), 8);
    }

    #[tokio::test]
    async fn a_new_cart_needs_an_existing_customer_r13_r51() {
        for found in [Some(person()), None] {
            let mut tx = Mocks::default();
            let made = |_, _, _| Ok((cart(Version::FIRST.0, vec![]), Some(offer(2, 9))));
            tx.carts.expect_lock_and_bump_with_offer().once().returning(made);
            let is_there = found.is_some();
            tx.customers.expect_lock().once().return_once(move |_| Ok(found));
            if is_there {
                tx.carts.expect_put().once().returning(|_, _, _| Ok(()));
            }
            let added = run(&add(5), &mut tx).await;
            assert!(if is_there { added.is_ok() } else { matches!(added, Err(Error::Unauthenticated(_))) });
        }
    }

    #[tokio::test]
    async fn nothing_is_added_when_the_line_would_have_more_than_999_units_r51() {
        let refused = run(&add(5), &mut cart_of(vec![line(2, 995, 9)], Some(offer(2, 9)))).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::CartLineFull { quantity: 995 })));
    }

    #[tokio::test]
    async fn nothing_is_added_when_the_cart_has_100_lines_r51() {
        let lines = (0..100).map(|n| line(n + 10, 1, 9)).collect();
        let refused = run(&add(5), &mut cart_of(lines, Some(offer(2, 9)))).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::CartFull)));
    }

    #[tokio::test]
    async fn nothing_is_added_when_the_product_is_unknown_or_archived_r51() {
        for offer in [None, Some(Offer { status: ProductStatus::Archived, ..offer(2, 9) })] {
            let mut tx = cart_of(vec![], offer);
            let Error::Invalid(fields) = run(&add(5), &mut tx).await.unwrap_err() else { panic!("not invalid") };
            assert_eq!((fields[0].field.as_str(), fields[0].invalid.code), ("product_id", Code::NotFound));
        }
    }
}
