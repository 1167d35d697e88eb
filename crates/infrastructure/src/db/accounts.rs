use async_trait::async_trait;
use domain::StoreError;
use domain::accounts::{
    Access, Account, AccountId, AccountQueries, AccountRepository, AccountWithCustomer, FailureCount, Role,
    ThrottleKey, Username,
};
use domain::customers::Customer;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::entities::{accounts, customers};
use super::queries::DbQueries;
use super::tx::DbTx;
use super::{error, login_failures};

#[async_trait]
impl AccountRepository for DbTx {
    async fn insert(&mut self, account: &Account) -> Result<(), StoreError> {
        self.insert_rows([accounts::Model::from(account)]).await.map_err(error::in_tx)
    }

    async fn lock(&mut self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let row = accounts::Entity::find_by_id(id.0).lock_exclusive().one(&self.transaction).await;
        row.map_err(error::in_tx)?.map(Account::try_from).transpose()
    }

    async fn any_with_role(&mut self, role: Role) -> Result<bool, StoreError> {
        let row = accounts::Entity::find()
            .filter(accounts::Column::Role.eq(role.as_str()))
            .limit(1)
            .one(&self.transaction)
            .await;
        Ok(row.map_err(error::in_tx)?.is_some())
    }
}

#[async_trait]
impl AccountQueries for DbQueries {
    async fn by_username(&self, username: &Username) -> Result<Option<Account>, StoreError> {
        let find = accounts::Entity::find().filter(accounts::Column::Username.eq(username.as_str()));
        let row = find.one(&self.read).await.map_err(error::on_read)?;
        row.map(Account::try_from).transpose()
    }

    async fn access(&self, id: AccountId) -> Result<Option<Access>, StoreError> {
        let row = accounts::Entity::find_by_id(id.0).one(&self.read).await.map_err(error::on_read)?;
        row.map(|row| Account::try_from(row).map(|account| account.access())).transpose()
    }

    async fn with_customer(&self, id: AccountId) -> Result<Option<AccountWithCustomer>, StoreError> {
        let find = accounts::Entity::find_by_id(id.0).find_also_related(customers::Entity);
        let Some((account, customer)) = find.one(&self.read).await.map_err(error::on_read)? else { return Ok(None) };
        let customer = customer.map(Customer::try_from).transpose()?;
        Ok(Some(AccountWithCustomer { account: account.try_into()?, customer }))
    }

    async fn login_failures(&self, keys: &[ThrottleKey]) -> Result<Vec<Option<FailureCount>>, StoreError> {
        login_failures::of(&self.read, keys).await
    }
}
