use async_trait::async_trait;
use domain::Version;
use domain::customers::{Customer, CustomerId};
use domain::events::Event;
use domain::personal_data::Person;

use super::update::locked_customer;
use crate::access::expect_grantable_role;
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::last_admin::keep_an_admin;
use crate::{Command, Ctx, Error, Tx};

/// Deletes a customer with account, tokens and cart. Orders stay; personal data in them is erased.
#[derive(Debug, Clone)]
pub struct DeleteCustomer {
    /// The customer, who is locked first.
    pub id: CustomerId,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteCustomer {
    /// The deleted account, if there was one.
    type Output = Option<domain::accounts::AccountId>;
    const NAME: &'static str = "customers.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Self::Output, Error> {
        let customer = locked_customer(tx, self.id, self.expected).await?;
        let account = tx.accounts().lock_of_customer(self.id).await?;
        if let Some(account) = &account {
            expect_grantable_role(tx, ctx, account.role).await?;
            keep_an_admin(tx, account).await?;
        }
        // The entry has personal data too, which goes with all other.
        audit(tx, ctx, Self::NAME, Some(&customer), None::<&Customer>).await?;
        let person = Person { customer_id: Some(self.id), account };
        tx.personal_data().erase(&person, ctx.now).await?;
        append_event(tx, ctx, Event::customer_erased(self.id)).await?;
        let account = person.account.map(|account| account.id);
        Ok(account)
    }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::Conflict;
    use crate::testing::{Mocks, account, customer, id, person, run};
    use domain::accounts::{Account, AccountId};
    use domain::roles::Role;

    fn delete() -> DeleteCustomer {
        DeleteCustomer { id: customer(), expected: None }
    }

    #[tokio::test]
    async fn deleting_a_customer_erases_all_that_is_kept_of_it_r13_r276() {
        let mut tx = Mocks::default();
        tx.customers.expect_lock().once().returning(|_| Ok(Some(person())));
        tx.accounts.expect_lock_of_customer().once().returning(|_| Ok(Some(account(4))));
        let all = |person: &Person, _: &_| {
            person.customer_id == Some(customer())
                && person.account.as_ref().is_some_and(|account| account.id.0 == id(4))
        };
        tx.personal_data.expect_erase().once().withf(all).returning(|_, _| Ok(()));
        tx.expect_events([EventType::CustomerErased]);
        assert_eq!(run(&delete(), &mut tx).await.unwrap(), Some(AccountId(id(4))));
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_customers_account_is_the_last_administrator_r13_r23() {
        let mut tx = Mocks::default();
        tx.customers.expect_lock().once().returning(|_| Ok(Some(person())));
        let admin = || Account { role: Role::Admin, ..account(4) };
        tx.accounts.expect_lock_of_customer().once().returning(move |_| Ok(Some(admin())));
        tx.accounts.expect_lock_active_admins().once().returning(|| Ok(vec![AccountId(id(4))]));
        let refused = run(&delete(), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::LastAdmin)));
    }
}
