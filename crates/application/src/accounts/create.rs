use async_trait::async_trait;
use domain::accounts::{Account, AccountDetails, AccountId, AccountWithCustomer, PasswordHash, Username};
use domain::customers::CustomerId;
use domain::roles::Role;
use domain::{Code, Invalid};

use crate::access::expect_grantable_role;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// The name of the field with the customer.
const CUSTOMER_ID: &str = "customer_id";

/// Creates an account, for a customer who has none or for staff.
#[derive(Debug, Clone)]
pub struct CreateAccount {
    /// The customer, of whom only an account for staff has none.
    pub customer_id: Option<CustomerId>,
    /// The user name; unique.
    pub username: Username,
    /// The bcrypt hash of the password, made before the transaction.
    pub password_hash: PasswordHash,
    /// Its permissions.
    pub role: Role,
}

#[async_trait]
impl Command for CreateAccount {
    type Output = AccountWithCustomer;
    const NAME: &'static str = "accounts.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<AccountWithCustomer, Error> {
        let of_customer = |invalid| Error::field(CUSTOMER_ID, invalid);
        self.role.expect_customer(self.customer_id.is_some()).map_err(of_customer)?;
        let unknown = || of_customer(Invalid::new(Code::NotFound, "must name a customer"));
        let customer = match self.customer_id {
            Some(id) => Some(tx.customers().lock(id).await?.ok_or_else(unknown)?),
            None => None,
        };
        expect_grantable_role(tx, ctx, self.role).await?;
        let details = AccountDetails {
            customer_id: self.customer_id,
            username: self.username.clone(),
            password_hash: self.password_hash.clone(),
            role: self.role,
        };
        let account = Account::new(AccountId(ctx.ids.next()), details, ctx.now);
        tx.accounts().insert(&account).await?;
        audit(tx, ctx, Self::NAME, None, Some(&account)).await?;
        Ok(AccountWithCustomer { account, customer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, customer, person, run};

    fn create() -> CreateAccount {
        CreateAccount {
            customer_id: Some(customer()),
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
    #[tokio::test]
    async fn staff_need_no_customer_and_customers_do_r256() {
        let mut tx = Mocks::default();
        tx.accounts.expect_insert().once().returning(|_| Ok(()));
        let staff = CreateAccount { customer_id: None, role: Role::Clerk, ..create() };
        assert!(run(&staff, &mut tx).await.unwrap().customer.is_none());
        for (customer_id, role) in [(None, Role::Customer), (Some(customer()), Role::Clerk)] {
            let refused = run(&CreateAccount { customer_id, role, ..create() }, &mut Mocks::default()).await;
            let Error::Invalid(fields) = refused.unwrap_err() else { panic!("not invalid") };
            assert_eq!(fields[0].field, "customer_id");
        }
    }
}
