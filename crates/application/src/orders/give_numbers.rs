use async_trait::async_trait;
use domain::orders::{OrderId, OrderNumber};

use crate::{Command, Ctx, Error, Tx};

/// Gives numbers to a batch of orders that were placed before orders had them. Returns how many.
#[derive(Debug, Clone)]
pub struct GiveNumbers {
    /// The most orders in the batch.
    pub limit: u64,
}

#[async_trait]
impl Command for GiveNumbers {
    type Output = u64;
    const NAME: &'static str = "orders.give_numbers";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<u64, Error> {
        let orders = tx.orders().unnumbered(self.limit).await?;
        for id in &orders {
            // That of its own id, as a new order gets it. If it is taken, that of a new id.
            let mut number = OrderNumber::of(*id);
            while !tx.orders().give_number(*id, number).await? {
                number = OrderNumber::of(OrderId(ctx.ids.next()));
            }
        }
        Ok(u64::try_from(orders.len()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, id, run};

    #[tokio::test]
    async fn an_order_of_before_gets_the_number_of_its_id_or_of_a_new_one_if_that_is_taken_r130() {
        let mut tx = Mocks::default();
        let of = |n| OrderNumber::of(OrderId(id(n)));
        tx.orders
            .expect_unnumbered()
            .once()
            .withf(|limit| *limit == 9)
            .returning(|_| Ok(vec![OrderId(id(30)), OrderId(id(31))]));
        let taken = [of(30), of(1)];
        let gives = tx.orders.expect_give_number().times(4);
        gives.returning(move |_, number| Ok(!taken.contains(&number)));
        assert_eq!(run(&GiveNumbers { limit: 9 }, &mut tx).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn nothing_is_written_when_every_order_has_its_number_r130() {
        let mut tx = Mocks::default();
        tx.orders.expect_unnumbered().once().returning(|_| Ok(vec![]));
        assert_eq!(run(&GiveNumbers { limit: 9 }, &mut tx).await.unwrap(), 0);
    }
}
