use async_trait::async_trait;
use domain::accounts::{Account, AccountDetails, AccountId, AccountWithCustomer, PasswordHash, Username};
use domain::customers::{Customer, CustomerDetails, CustomerId};
use domain::events::Event;
use domain::roles::Role;

use crate::events::append_event;
use crate::mails::ask_to_verify;
use crate::{Command, Ctx, Error, Tx};

/// Creates a customer and its account in one transaction.
#[derive(Debug, Clone)]
pub struct Register {
    /// Who registers: name, email address and phone number.
    pub customer: CustomerDetails,
    /// The user name; unique.
    pub username: Username,
    /// The bcrypt hash of the password, made before the transaction.
    pub password_hash: PasswordHash,
}

#[async_trait]
impl Command for Register {
    type Output = AccountWithCustomer;
    const NAME: &'static str = "accounts.register";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<AccountWithCustomer, Error> {
        let customer = Customer::new(CustomerId(ctx.ids.next()), self.customer.clone(), ctx.now);
        tx.customers().insert(&customer).await?;
        append_event(tx, ctx, Event::customer_created(&customer)).await?;
        let details = AccountDetails {
            customer_id: Some(customer.id),
            username: self.username.clone(),
            password_hash: self.password_hash.clone(),
            role: Role::Customer,
        };
        let account = Account::new(AccountId(ctx.ids.next()), details, ctx.now);
        tx.accounts().insert(&account).await?;
        ask_to_verify(tx, ctx, customer.id, account.id, &customer.email).await?;
        Ok(AccountWithCustomer { account, customer: Some(customer) })
    }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::Conflict;
    use crate::testing::{Mocks, run};
    use domain::StoreError;
    use domain::customers::{CustomerName, EmailAddress, PhoneNumber};

    fn register() -> Register {
        let customer = CustomerDetails {
            name: CustomerName::parse("Ann").unwrap(),
            email: EmailAddress::parse("ann@example.com").unwrap(),
            phone: PhoneNumber::parse("+14155550100").unwrap(),
        };
        let password_hash = PasswordHash::new("$2b$".into());
        Register { customer, username: Username::parse("ann").unwrap(), password_hash }
    }

    #[tokio::test]
    async fn a_registration_makes_a_customer_and_its_account_and_never_an_administrator_r4() {
        let mut tx = Mocks::default();
        tx.customers.expect_insert().once().returning(|_| Ok(()));
        tx.expect_events([EventType::CustomerCreated]);
        tx.accounts.expect_insert().once().withf(|a| a.role == Role::Customer).returning(|_| Ok(()));
        let made = run(&register(), &mut tx).await.unwrap();
        assert_eq!(made.account.customer_id, made.customer.map(|customer| customer.id));
    }

    #[tokio::test]
    async fn no_account_is_written_when_the_email_is_taken_r4_r14() {
        let mut tx = Mocks::default();
        tx.customers.expect_insert().once().returning(|_| Err(StoreError::Duplicate(Customer::UNIQUE_EMAIL)));
        let refused = run(&register(), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::Duplicate(Customer::UNIQUE_EMAIL))));
    }

    #[tokio::test]
    async fn the_registration_fails_when_the_user_name_is_taken_r4_r24() {
        let mut tx = Mocks::default();
        tx.customers.expect_insert().once().returning(|_| Ok(()));
        tx.expect_events([EventType::CustomerCreated]);
        tx.accounts.expect_insert().once().returning(|_| Err(StoreError::Duplicate(Account::UNIQUE_USERNAME)));
        let refused = run(&register(), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::Duplicate(Account::UNIQUE_USERNAME))));
    }
}
