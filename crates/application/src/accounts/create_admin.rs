use async_trait::async_trait;
use domain::accounts::{Account, AccountDetails, AccountId, PasswordHash, Username};
use domain::roles::Role;

use crate::{Command, Ctx, Error, Tx};

/// Creates an administrator without a customer.
#[derive(Debug, Clone)]
pub struct CreateAdmin {
    /// The user name; unique.
    pub username: Username,
    /// The bcrypt hash of the password, made before the transaction.
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

/// Creates the first administrator if there is none.
#[derive(Debug, Clone)]
pub struct CreateFirstAdmin(pub CreateAdmin);

#[async_trait]
impl Command for CreateFirstAdmin {
    /// The account, if it was created.
    type Output = Option<Account>;
    const NAME: &'static str = "accounts.create_first_admin";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Option<Account>, Error> {
        if tx.accounts().any_with_role(Role::Admin).await? {
            return Ok(None);
        }
        self.0.run(tx, ctx).await.map(Some)
    }
}

/// Whether there is an administrator.
#[derive(Debug, Clone, Copy)]
pub struct HasAdmin;

#[async_trait]
impl Command for HasAdmin {
    type Output = bool;
    const NAME: &'static str = "accounts.has_admin";

    async fn run(&self, tx: &mut dyn Tx, _: &Ctx<'_>) -> Result<bool, Error> {
        Ok(tx.accounts().any_with_role(Role::Admin).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mocks, run};

    fn admin() -> CreateAdmin {
        CreateAdmin { username: Username::parse("root").unwrap(), password_hash: PasswordHash::new("$2b$".into()) }
    }

    #[tokio::test]
    async fn an_administrator_is_active_and_has_no_customer_r7() {
        let mut tx = Mocks::default();
        tx.accounts.expect_insert().once().returning(|_| Ok(()));
        let account = run(&admin(), &mut tx).await.unwrap();
        assert_eq!((account.role, account.active, account.customer_id), (Role::Admin, true, None));
    }

    #[tokio::test]
    async fn the_first_start_makes_an_administrator_and_a_later_one_writes_nothing_r7() {
        let mut first = Mocks::default();
        first.accounts.expect_any_with_role().once().returning(|_| Ok(false));
        first.accounts.expect_insert().once().returning(|_| Ok(()));
        assert!(run(&CreateFirstAdmin(admin()), &mut first).await.unwrap().is_some());

        let mut later = Mocks::default();
        later.accounts.expect_any_with_role().once().returning(|_| Ok(true));
        assert!(run(&CreateFirstAdmin(admin()), &mut later).await.unwrap().is_none());
    }
}
