use async_trait::async_trait;
use domain::access::Scopes;
use domain::accounts::{
    Access, Account, AccountId, AccountQueries, AccountRepository, AccountWithCustomer, FailureCount, FamilyId,
    Network, ThrottleKey, Username,
};
use domain::customers::{Customer, CustomerId, EmailAddress};
use domain::roles::{Role, RoleQueries};
use domain::{Page, PageRequest, StoreError, UtcDateTime};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::login_failures;
use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::convert::micros;
use crate::db::engine::{Executor as _, Statement};
use crate::db::entities::{
    accounts, customers, idempotency_keys, known_networks, one_time_tokens, refresh_tokens, sessions,
};

#[async_trait]
impl AccountRepository for DbTx {
    async fn insert(&mut self, account: &Account) -> Result<(), StoreError> {
        Ok(self.insert_rows([accounts::Model::from(account)]).await?)
    }

    async fn lock(&mut self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let row = self.transaction.one(accounts::Entity::find_by_id(id.0).lock_exclusive()).await;
        row?.map(Account::try_from).transpose()
    }

    async fn lock_of_customer(&mut self, id: CustomerId) -> Result<Option<Account>, StoreError> {
        let find = accounts::Entity::find().filter(accounts::Column::CustomerId.eq(id.0)).lock_exclusive();
        let row = self.transaction.one(find).await?;
        row.map(Account::try_from).transpose()
    }

    async fn lock_active_admins(&mut self) -> Result<Vec<AccountId>, StoreError> {
        let find = accounts::Entity::find()
            .filter(accounts::Column::Role.eq(Role::Admin.as_str()))
            .filter(accounts::Column::Active.eq(true))
            .order_by_asc(accounts::Column::Id)
            .lock_exclusive();
        let rows = self.transaction.all(find).await?;
        Ok(rows.into_iter().map(|row| AccountId(row.id)).collect())
    }

    async fn update(&mut self, account: &Account) -> Result<(), StoreError> {
        self.change(Subject::Access);
        Ok(self.update_row(accounts::Model::from(account)).await?)
    }

    async fn seen(&mut self, id: AccountId, now: UtcDateTime) -> Result<(), StoreError> {
        let values = [micros(now).into(), id.0.into(), micros(now - Account::SEEN_PRECISION).into()];
        self.transaction.defer(Statement::new("UPDATE accounts SET seen_at = ? WHERE id = ? AND seen_at < ?", values));
        Ok(())
    }

    async fn delete(&mut self, id: AccountId) -> Result<(), StoreError> {
        self.change(Subject::Access);
        let tokens = refresh_tokens::Entity::delete_many().filter(refresh_tokens::Column::AccountId.eq(id.0));
        self.transaction.execute(&tokens).await?;
        let keys = idempotency_keys::Entity::delete_many().filter(idempotency_keys::Column::AccountId.eq(id.0));
        self.transaction.execute(&keys).await?;
        let networks = known_networks::Entity::delete_many().filter(known_networks::Column::AccountId.eq(id.0));
        self.transaction.execute(&networks).await?;
        let once = one_time_tokens::Entity::delete_many().filter(one_time_tokens::Column::AccountId.eq(id.0));
        self.transaction.execute(&once).await?;
        let sessions = sessions::Entity::delete_many().filter(sessions::Column::AccountId.eq(id.0));
        self.transaction.execute(&sessions).await?;
        let account = self.transaction.execute(&accounts::Entity::delete_by_id(id.0)).await;
        Ok(account.map(drop)?)
    }

    async fn any_with_role(&mut self, role: Role) -> Result<bool, StoreError> {
        let find = accounts::Entity::find().filter(accounts::Column::Role.eq(role.as_str())).limit(1);
        Ok(self.transaction.one(find).await?.is_some())
    }
}

#[async_trait]
impl AccountQueries for DbQueries {
    async fn by_username(&self, username: &Username) -> Result<Option<Account>, StoreError> {
        let find = accounts::Entity::find().filter(accounts::Column::Username.eq(username.as_str()));
        let row = self.read.one(find).await?;
        row.map(Account::try_from).transpose()
    }

    async fn by_email(&self, email: &EmailAddress) -> Result<Option<Account>, StoreError> {
        let find =
            accounts::Entity::find().inner_join(customers::Entity).filter(customers::Column::EmailKey.eq(email.key()));
        let row = self.read.one(find).await?;
        row.map(Account::try_from).transpose()
    }

    async fn of_customer(&self, id: CustomerId) -> Result<Option<Account>, StoreError> {
        let row = self.read.one(accounts::Entity::find().filter(accounts::Column::CustomerId.eq(id.0))).await?;
        row.map(Account::try_from).transpose()
    }

    async fn access(&self, id: AccountId, login: Option<FamilyId>) -> Result<Option<Access>, StoreError> {
        let find = accounts::Entity::find_by_id(id.0).apply_if(login, |find, login| find.filter(is_alive(id, login)));
        let Some(account) = self.read.one(find).await?.map(Account::try_from).transpose()? else { return Ok(None) };
        let scopes = match (account.role.fixed_scopes(), account.role) {
            (Some(scopes), _) => scopes,
            // One that was deleted meanwhile allows nothing.
            (None, Role::Custom(name)) => RoleQueries::get(self, &name).await?.map_or(Scopes::NONE, |role| role.scopes),
            (None, _) => Scopes::NONE,
        };
        Ok(Some(account.access(scopes)))
    }

    async fn list(&self, staff: Option<bool>, page: &PageRequest) -> Result<Page<AccountWithCustomer>, StoreError> {
        let role = accounts::Column::Role;
        let customer = Role::Customer.as_str();
        let find = accounts::Entity::find()
            .find_also_related(customers::Entity)
            .apply_if(staff.filter(|staff| !staff), |find, _| find.filter(role.eq(customer)))
            // Two ranges of the index by role: few work in a shop with many customers.
            .apply_if(staff.filter(|staff| *staff), |find, _| find.filter(role.lt(customer).or(role.gt(customer))))
            .apply_if(after_id(page), |find, id| find.filter(accounts::Column::Id.gt(id)))
            .order_by_asc(accounts::Column::Id)
            .limit(rows(page));
        let rows = self.lists.pairs(&find).await?;
        let accounts = rows.into_iter().map(with_customer).collect::<Result<_, _>>()?;
        Ok(Page::cut(accounts, page.limit, |item: &AccountWithCustomer| at_id(item.account.id.0)))
    }

    async fn with_customer(&self, id: AccountId) -> Result<Option<AccountWithCustomer>, StoreError> {
        let find = accounts::Entity::find_by_id(id.0).find_also_related(customers::Entity);
        let rows = self.read.pairs(&find).await?;
        rows.into_iter().next().map(with_customer).transpose()
    }

    async fn usernames(&self, ids: &[AccountId]) -> Result<Vec<(AccountId, Username)>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let find = accounts::Entity::find().filter(accounts::Column::Id.is_in(ids.iter().map(|id| id.0)));
        let rows = self.read.all(find).await?;
        rows.into_iter().map(|row| Account::try_from(row).map(|account| (account.id, account.username))).collect()
    }

    async fn knows(&self, id: AccountId, network: Network) -> Result<bool, StoreError> {
        super::known_networks::knows(&self.read, id, network).await
    }

    async fn login_failures(&self, keys: &[ThrottleKey]) -> Result<Vec<Option<FailureCount>>, StoreError> {
        login_failures::of(&self.read, keys).await
    }
}

/// The condition that a login has not ended: it has refresh tokens, spent ones among them.
fn is_alive(id: AccountId, login: FamilyId) -> Expr {
    let tokens = Query::select()
        .expr(Expr::val(1))
        .from(refresh_tokens::Entity)
        .and_where(refresh_tokens::Column::AccountId.eq(id.0))
        .and_where(refresh_tokens::Column::FamilyId.eq(login.0))
        .to_owned();
    Expr::exists(tokens)
}

fn with_customer(
    (account, customer): (accounts::Model, Option<customers::Model>),
) -> Result<AccountWithCustomer, StoreError> {
    let customer = customer.map(Customer::try_from).transpose()?;
    Ok(AccountWithCustomer { account: account.try_into()?, customer })
}
