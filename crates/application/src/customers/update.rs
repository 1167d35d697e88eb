use async_trait::async_trait;
use domain::Version;
use domain::customers::{Customer, CustomerChange, CustomerId};

use crate::access::expect_grantable_role;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// Changes a customer. With another address, links in mails to the previous one end.
#[derive(Debug, Clone)]
pub struct UpdateCustomer {
    /// The customer to change.
    pub id: CustomerId,
    /// The fields to change.
    pub change: CustomerChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateCustomer {
    type Output = Customer;
    const NAME: &'static str = "customers.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Customer, Error> {
        let before = locked_customer(tx, self.id, self.expected).await?;
        let customer = before.changed(&self.change, ctx.now);
        if customer == before {
            return Ok(before);
        }
        if customer.email != before.email {
            leave_address(tx, ctx, self.id).await?;
        }
        tx.customers().update(&customer).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&customer)).await?;
        Ok(customer)
    }
}

/// Revokes the links that were mailed to the account of a customer, before its email address changes. Staff may not
/// change the address of an account with more scopes than their own: whoever reads its mail can set its password.
///
/// # Errors
/// [`Error::Beyond`].
async fn leave_address(tx: &mut dyn Tx, ctx: &Ctx<'_>, id: CustomerId) -> Result<(), Error> {
    let Some(account) = tx.accounts().lock_of_customer(id).await? else { return Ok(()) };
    expect_grantable_role(tx, ctx, account.role).await?;
    Ok(tx.mails().end_links(&account, ctx.now).await?)
}

/// Locks a customer.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(super) async fn locked_customer(
    tx: &mut dyn Tx,
    id: CustomerId,
    expected: Option<Version>,
) -> Result<Customer, Error> {
    let customer = tx.customers().lock(id).await?.ok_or(Error::NotFound("customer"))?;
    expect_version(expected, customer.version)?;
    Ok(customer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Actor;
    use crate::testing::{Mocks, account, customer, person, run, run_as};
    use domain::accounts::AccountId;
    use domain::customers::{CustomerName, EmailAddress};
    use domain::keys::Principal;

    fn rename(expected: i64) -> UpdateCustomer {
        let change = CustomerChange { name: CustomerName::parse("Bea").ok(), ..CustomerChange::default() };
        UpdateCustomer { id: customer(), change, expected: Some(Version(expected)) }
    }

    fn known() -> Mocks {
        let mut tx = Mocks::default();
        tx.customers.expect_lock().once().returning(|_| Ok(Some(person())));
        tx
    }

    #[tokio::test]
    async fn only_the_given_fields_change_r12() {
        let mut tx = known();
        tx.customers.expect_update().once().returning(|_| Ok(()));
        let after = run(&rename(1), &mut tx).await.unwrap();
        assert_eq!((after.name.as_str(), after.email), ("Bea", person().email));
    }

    #[tokio::test]
    async fn another_address_ends_the_links_in_mails_before_it_is_written_r154_r155() {
        let mut tx = known();
        let mut effects = mockall::Sequence::new();
        tx.accounts.expect_lock_of_customer().once().returning(|_| Ok(Some(account(4))));
        tx.mails.expect_end_links().once().in_sequence(&mut effects).returning(|_, _| Ok(()));
        tx.customers.expect_update().once().in_sequence(&mut effects).returning(|_| Ok(()));
        let change = CustomerChange { email: EmailAddress::parse("bea@example.com").ok(), ..CustomerChange::default() };
        run(&UpdateCustomer { change, ..rename(1) }, &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_written_when_nothing_changes_r12() {
        let same = CustomerChange { name: Some(person().name), ..CustomerChange::default() };
        let update = UpdateCustomer { change: same, ..rename(1) };
        assert_eq!(run(&update, &mut known()).await.unwrap(), person());
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_caller_saw_an_older_customer_r12() {
        assert!(matches!(run(&rename(2), &mut known()).await.unwrap_err(), Error::Stale(Version(1))));
    }

    #[tokio::test]
    async fn the_audit_log_has_the_changed_fields_before_and_after() {
        let mut tx = known();
        tx.customers.expect_update().once().returning(|_| Ok(()));
        tx.audit.expect_append().once().returning(|entry| {
            let name = |value: &str| vec![("name".to_owned(), Some(value.to_owned()))];
            assert_eq!((&entry.before, &entry.after), (&name("Ann"), &name("Bea")));
            assert_eq!((entry.action.as_str(), entry.resource.as_str()), ("customers.update", "customer"));
            Ok(())
        });
        let actor = Actor { who: Principal::Account(AccountId(crate::testing::id(5))), request_id: "r-1".into() };
        run_as(&rename(1), &mut tx, &actor).await.unwrap();
    }
}
