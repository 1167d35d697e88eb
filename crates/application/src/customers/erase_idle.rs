use std::time::Duration;

use async_trait::async_trait;
use domain::customers::CustomerId;

use super::DeleteCustomer;
use crate::{Command, Ctx, Error, Tx};

/// Erases customers who did nothing for a long time, as an administrator who deletes them.
#[derive(Debug, Clone)]
pub struct EraseIdle {
    /// For how long they did nothing.
    pub idle_for: Duration,
    /// The last customer of the batch before.
    pub after: Option<CustomerId>,
    /// The most customers that are looked at.
    pub limit: u64,
}

/// The outcome of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasedBatch {
    /// How many customers were erased.
    pub erased: u64,
    /// Where the next batch begins; `None` if this was the last.
    pub next: Option<CustomerId>,
}

#[async_trait]
impl Command for EraseIdle {
    type Output = ErasedBatch;
    const NAME: &'static str = "customers.erase_idle";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<ErasedBatch, Error> {
        let before = ctx.now - self.idle_for;
        let idle = tx.customers().idle(before, self.after, self.limit).await?;
        let is_full = u64::try_from(idle.len()) == Ok(self.limit);
        let next = idle.last().copied().filter(|_| is_full);
        let mut erased = 0;
        for id in idle {
            if tx.customers().lock(id).await?.is_none() {
                continue;
            }
            tx.accounts().lock_of_customer(id).await?;
            // Somebody may have come back meanwhile.
            if tx.customers().is_idle(id, before).await? {
                DeleteCustomer { id, expected: None }.run(tx, ctx).await?;
                erased += 1;
            }
        }
        Ok(ErasedBatch { erased, next })
    }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::testing::{Mocks, NOW, customer, id, person, run};

    #[tokio::test]
    async fn who_did_nothing_is_erased_and_who_came_back_meanwhile_is_not_r275() {
        let year = Duration::from_hours(365 * 24);
        let back = CustomerId(id(0xD));
        let mut tx = Mocks::default();
        tx.customers
            .expect_idle()
            .once()
            .withf(move |before, after, limit| *before == NOW - year && after.is_none() && *limit == 2)
            .returning(move |_, _, _| Ok(vec![customer(), back]));
        tx.customers.expect_lock().returning(|_| Ok(Some(person())));
        tx.accounts.expect_lock_of_customer().returning(|_| Ok(None));
        tx.customers.expect_is_idle().times(2).returning(|id, _| Ok(id == customer()));
        tx.personal_data
            .expect_erase()
            .once()
            .withf(|person, _| person.customer_id == Some(customer()))
            .returning(|_, _| Ok(()));
        tx.expect_events([EventType::CustomerErased]);
        let batch = run(&EraseIdle { idle_for: year, after: None, limit: 2 }, &mut tx).await.unwrap();
        assert_eq!(batch, ErasedBatch { erased: 1, next: Some(back) });
    }
}
