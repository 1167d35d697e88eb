use async_trait::async_trait;
use domain::accounts::{Account, AccountDetails, AccountId, AccountWithCustomer, PasswordHash, Role, Username};
use domain::customers::{Customer, CustomerDetails, CustomerId};

use crate::{Command, Ctx, Error, Tx};

/// Makes a customer and the account with which it logs in, or neither.
#[derive(Debug, Clone)]
pub struct Register {
    /// The customer.
    pub customer: CustomerDetails,
    /// The user name.
    pub username: Username,
    /// The hash of the password.
    pub password_hash: PasswordHash,
}

#[async_trait]
impl Command for Register {
    type Output = AccountWithCustomer;
    const NAME: &'static str = "accounts.register";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<AccountWithCustomer, Error> {
        let customer = Customer::new(CustomerId(ctx.ids.next()), self.customer.clone(), ctx.now);
        tx.customers().insert(&customer).await?;
        let details = AccountDetails {
            customer_id: Some(customer.id),
            username: self.username.clone(),
            password_hash: self.password_hash.clone(),
            role: Role::Customer,
        };
        let account = Account::new(AccountId(ctx.ids.next()), details, ctx.now);
        tx.accounts().insert(&account).await?;
        Ok(AccountWithCustomer { account, customer: Some(customer) })
    }
}
