use async_trait::async_trait;
use domain::Version;
use domain::accounts::{Account, AccountId};

use super::update::locked_account;
use crate::access::expect_grantable_role;
use crate::audit_trail::audit;
use crate::last_admin::keep_an_admin;
use crate::{Command, Ctx, Error, Tx};

/// Deletes an account and its tokens, but not its customer. What the audit log says of it goes with the customer.
#[derive(Debug, Clone)]
pub struct DeleteAccount {
    /// The account that ends.
    pub id: AccountId,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteAccount {
    type Output = ();
    const NAME: &'static str = "accounts.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let account = locked_account(tx, self.id, self.expected).await?;
        expect_grantable_role(tx, ctx, account.role).await?;
        keep_an_admin(tx, &account).await?;
        tx.accounts().delete(self.id).await?;
        audit(tx, ctx, Self::NAME, Some(&account), None::<&Account>).await?;
        if let Some(customer_id) = account.customer_id {
            tx.audit().give_to_customer(self.id, customer_id).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Conflict;
    use crate::testing::{Mocks, account, id, run};
    use domain::roles::Role;

    #[tokio::test]
    async fn an_account_is_deleted_unless_it_is_the_last_active_administrator_r23() {
        for (others, deleted) in [(vec![AccountId(id(3))], true), (vec![], false)] {
            let mut tx = Mocks::default();
            tx.accounts.expect_lock().once().returning(|_| Ok(Some(Account { role: Role::Admin, ..account(4) })));
            tx.accounts
                .expect_lock_active_admins()
                .once()
                .return_once(move || Ok(others.into_iter().chain([AccountId(id(4))]).collect()));
            tx.accounts.expect_delete().times(usize::from(deleted)).returning(|_| Ok(()));
            tx.audit.expect_give_to_customer().times(usize::from(deleted)).returning(|_, _| Ok(()));
            match run(&DeleteAccount { id: AccountId(id(4)), expected: None }, &mut tx).await {
                Ok(()) => assert!(deleted),
                Err(refused) => assert!(matches!(refused, Error::Conflict(Conflict::LastAdmin)) && !deleted),
            }
        }
    }
}
