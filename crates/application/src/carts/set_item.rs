use async_trait::async_trait;
use domain::Version;
use domain::carts::{Cart, LineChange};
use domain::customers::CustomerId;
use domain::products::ProductId;

use super::lock::lock_cart;
use crate::{Command, Ctx, Error, Tx};

/// Sets the quantity of a product that is in a cart, or removes it.
#[derive(Debug, Clone)]
pub struct SetItem {
    /// The owner of the cart.
    pub customer_id: CustomerId,
    /// The product whose quantity changes.
    pub product_id: ProductId,
    /// What becomes of its line.
    pub change: LineChange,
    /// The version of the cart that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for SetItem {
    type Output = Cart;
    const NAME: &'static str = "carts.set_item";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Cart, Error> {
        let mut cart = lock_cart(tx, ctx, self.customer_id, self.expected).await?;
        cart.set(self.product_id, self.change)?;
        match self.change {
            LineChange::Set(quantity) => tx.carts().put(self.customer_id, self.product_id, quantity).await?,
            LineChange::Remove => drop(tx.carts().remove(self.customer_id, self.product_id).await?),
        }
        Ok(cart)
    }
}

#[cfg(test)]
mod tests {
    use domain::Code;
    use domain::carts::Line;
    use domain::products::{Offer, ProductStatus};

    use super::*;
    use crate::testing::{Mocks, cart, customer, id, line, offer, run};

    fn set(product: u128, expected: Option<Version>) -> SetItem {
        let change = LineChange::parse(5).unwrap();
        SetItem { customer_id: customer(), product_id: ProductId(id(product)), change, expected }
    }

    fn at_version_4(lines: Vec<Line>) -> Mocks {
        let mut tx = Mocks::default();
        tx.carts.expect_lock_and_bump().once().return_once(move |_, _| Ok(cart(5, lines)));
        tx
    }

    #[tokio::test]
    async fn a_quantity_is_replaced_not_added_r52() {
        let mut tx = at_version_4(vec![line(2, 3, 9)]);
        tx.carts.expect_put().once().withf(|_, _, quantity| quantity.get() == 5).returning(|_, _, _| Ok(()));
        let cart = run(&set(2, Some(Version(4))), &mut tx).await.unwrap();
        assert_eq!(cart.lines[0].quantity.get(), 5);
    }

    #[tokio::test]
    async fn a_line_that_is_set_to_nothing_is_removed_r52() {
        let mut tx = at_version_4(vec![line(1, 3, 9), line(2, 3, 9)]);
        tx.carts.expect_remove().once().withf(|_, product| product.0 == id(2)).returning(|_, _| Ok(true));
        let remove = SetItem { change: LineChange::Remove, ..set(2, Some(Version(4))) };
        let cart = run(&remove, &mut tx).await.unwrap();
        assert_eq!(cart.lines.iter().map(|line| line.product_id.0).collect::<Vec<_>>(), [id(1)]);
    }

    #[tokio::test]
    async fn nothing_is_written_when_more_is_wanted_of_a_product_that_is_not_for_sale() {
        for offer in [None, Some(Offer { status: ProductStatus::Archived, ..offer(2, 9) })] {
            let mut tx = at_version_4(vec![Line { offer, ..line(2, 3, 9) }]);
            let Error::Invalid(fields) = run(&set(2, None), &mut tx).await.unwrap_err() else { panic!("not invalid") };
            assert_eq!((fields[0].field.as_str(), fields[0].invalid.code), ("quantity", Code::TooLarge));
        }
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_product_is_not_in_the_cart_r52() {
        let mut tx = at_version_4(vec![line(2, 3, 9)]);
        assert!(matches!(run(&set(3, None), &mut tx).await.unwrap_err(), Error::NotFound(_)));
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_caller_saw_an_older_cart_r52() {
        let stale = run(&set(2, Some(Version(3))), &mut at_version_4(vec![])).await.unwrap_err();
        assert!(matches!(stale, Error::Stale(Version(4))));
    }
}
