use async_trait::async_trait;
use domain::accounts::{Account, AccountDetails, AccountId, PasswordHash, Role, Username};

use crate::{Command, Ctx, Error, Tx};

/// Makes an administrator, who has no customer.
#[derive(Debug, Clone)]
pub struct CreateAdmin {
    /// The user name.
    pub username: Username,
    /// The hash of the password.
    pub password_hash: PasswordHash,
}

#[async_trait]
impl Command for CreateAdmin {
    type Output = Account;
    const NAME: &'static str = "accounts.create_admin";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Account, Error> {
        let details = AccountDetails {
            customer_id: None,
            username: self.username.clone(),
            password_hash: self.password_hash.clone(),
            role: Role::Admin,
        };
        let account = Account::new(AccountId(ctx.ids.next()), details, ctx.now);
        tx.accounts().insert(&account).await?;
        Ok(account)
    }
}

/// Makes the first administrator, if there is none.
#[derive(Debug, Clone)]
pub struct CreateFirstAdmin(pub CreateAdmin);

#[async_trait]
impl Command for CreateFirstAdmin {
    /// The account, if it was made.
    type Output = Option<Account>;
    const NAME: &'static str = "accounts.create_first_admin";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Option<Account>, Error> {
        if tx.accounts().any_with_role(Role::Admin).await? {
            return Ok(None);
        }
        self.0.run(tx, ctx).await.map(Some)
    }
}
