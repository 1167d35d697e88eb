use std::time::Duration;

use async_trait::async_trait;
use domain::customers::CustomerId;

use super::DeleteCustomer;
use crate::{Command, Ctx, Error, Tx};

/// Erases those of some customers who did nothing for a long time, as if staff deleted them. The output says how many.
#[derive(Debug, Clone)]
pub struct EraseIdle {
    /// The customers. Those who came back since somebody looked stay.
    pub ids: Vec<CustomerId>,
    /// For how long they did nothing.
    pub idle_for: Duration,
}

#[async_trait]
impl Command for EraseIdle {
    type Output = u64;
    const NAME: &'static str = "customers.erase_idle";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<u64, Error> {
        let before = ctx.now - self.idle_for;
        let mut erased = 0;
        for id in self.ids.iter().copied() {
            if tx.customers().lock(id).await?.is_none() {
                continue;
            }
            tx.accounts().lock_of_customer(id).await?;
            if tx.customers().last_activity(id).await?.is_idle(before) {
                DeleteCustomer { id, expected: None }.run(tx, ctx).await?;
                erased += 1;
            }
        }
        Ok(erased)
    }
}

#[cfg(test)]
mod tests {
    use domain::customers::LastActivity;
    use domain::events::EventType;

    use super::*;
    use crate::testing::{Mocks, NOW, customer, id, person, run};

    #[tokio::test]
    async fn an_idle_customer_is_erased_and_one_who_came_back_meanwhile_is_not_r275() {
        let year = Duration::from_hours(365 * 24);
        let back = CustomerId(id(0xD));
        let mut tx = Mocks::default();
        tx.customers.expect_lock().returning(|_| Ok(Some(person())));
        tx.accounts.expect_lock_of_customer().returning(|_| Ok(None));
        tx.customers.expect_last_activity().times(2).returning(move |id| {
            let last = NOW - year;
            let changed_at = if id == customer() { last - Duration::from_micros(1) } else { last };
            Ok(LastActivity { changed_at, account: None, cart_at: None, orders: Vec::new() })
        });
        tx.personal_data
            .expect_erase()
            .once()
            .withf(|person, _| person.customer_id == Some(customer()))
            .returning(|_, _| Ok(()));
        tx.expect_events([EventType::CustomerErased]);
        assert_eq!(run(&EraseIdle { ids: vec![customer(), back], idle_for: year }, &mut tx).await.unwrap(), 1);
    }
}
