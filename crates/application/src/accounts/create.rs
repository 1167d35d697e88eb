use async_trait::async_trait;
use domain::accounts::{Account, AccountDetails, AccountId, AccountWithCustomer, PasswordHash, Role, Username};
use domain::customers::CustomerId;
use domain::{Code, Invalid};

use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Creates an account for a customer who has none.
#[derive(Debug, Clone)]
pub struct CreateAccount {
    /// The customer.
    pub customer_id: CustomerId,
    /// The user name; unique.
    pub username: Username,
    /// The hash of the password.
    pub password_hash: PasswordHash,
    /// Its permissions.
    pub role: Role,
}

#[async_trait]
impl Command for CreateAccount {
    type Output = AccountWithCustomer;
    const NAME: &'static str = "accounts.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<AccountWithCustomer, Error> {
        let unknown = || Error::field("customer_id", Invalid::new(Code::NotFound, "must name a customer"));
        let customer = tx.customers().lock(self.customer_id).await?.ok_or_else(unknown)?;
        let details = AccountDetails {
            customer_id: Some(customer.id),
            username: self.username.clone(),
            password_hash: self.password_hash.clone(),
            role: self.role,
        };
        let account = Account::new(AccountId(ctx.ids.next()), details, ctx.now);
        tx.accounts().insert(&account).await?;
        audit(tx, ctx, Self::NAME, None, Some(&account)).await?;
        Ok(AccountWithCustomer { account, customer: Some(customer) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, customer, person, run};

    fn create() -> CreateAccount {
        CreateAccount {
            customer_id: customer(),
            username: Username::parse("ann").unwrap(),
            password_hash: PasswordHash::new("$2b$".into()),
            role: Role::Customer,
        }
    }

    #[tokio::test]
    async fn an_account_belongs_to_a_customer_r20() {
        let mut tx = Mocks::default();
        tx.customers.expect_lock().once().returning(|_| Ok(Some(person())));
        tx.accounts.expect_insert().once().returning(|_| Ok(()));
        assert_eq!(run(&create(), &mut tx).await.unwrap().account.customer_id, Some(customer()));
    }

    #[tokio::test]
    async fn nothing_is_written_when_there_is_no_such_customer_r20() {
        let mut tx = Mocks::default();
        tx.customers.expect_lock().once().returning(|_| Ok(None));
        let Error::Invalid(fields) = run(&create(), &mut tx).await.unwrap_err() else { panic!("not invalid") };
        assert_eq!(fields[0].field, "customer_id");
    }
}
