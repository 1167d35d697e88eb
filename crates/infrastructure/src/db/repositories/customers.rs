use async_trait::async_trait;
use domain::customers::{Customer, CustomerFilter, CustomerId, CustomerQueries, CustomerRepository};
use domain::{Page, PageRequest, SearchText, StoreError, UtcDateTime, Uuid};
use sea_orm::ActiveValue::NotSet;
use sea_orm::Value;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::engine::{Error, Executor as _, Statement};
use crate::db::entities::customer_words as words;
use crate::db::entities::customers::{ActiveModel, Column, Entity, Model};

#[async_trait]
impl CustomerRepository for DbTx {
    async fn insert(&mut self, customer: &Customer) -> Result<(), StoreError> {
        self.insert_rows([Model::from(customer)]).await?;
        Ok(self.insert_rows(words::Model::of(customer)).await?)
    }

    async fn lock(&mut self, id: CustomerId) -> Result<Option<Customer>, StoreError> {
        let row = self.transaction.one(Entity::find_by_id(id.0).lock_exclusive()).await;
        row?.map(Customer::try_from).transpose()
    }

    async fn idle(
        &mut self,
        before: UtcDateTime,
        after: Option<CustomerId>,
        limit: u64,
    ) -> Result<Vec<CustomerId>, StoreError> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let (condition, values) = idle_since(before);
        let sql = format!("SELECT c.id FROM customers c WHERE c.id > ? AND {condition} ORDER BY c.id LIMIT ?");
        let values = [after.into()].into_iter().chain(values).chain([limit.into()]);
        let rows = self.transaction.run(Statement::new(sql, values)).await?.rows;
        Ok(rows.iter().map(|row| row.at(0).map(CustomerId)).collect::<Result<_, _>>()?)
    }

    async fn is_idle(&mut self, id: CustomerId, before: UtcDateTime) -> Result<bool, StoreError> {
        let (condition, values) = idle_since(before);
        let sql = format!("SELECT c.id FROM customers c WHERE c.id = ? AND {condition}");
        let statement = Statement::new(sql, [id.0.into()].into_iter().chain(values));
        Ok(!self.transaction.run(statement).await?.rows.is_empty())
    }

    async fn update(&mut self, customer: &Customer) -> Result<(), StoreError> {
        let row = Model::from(customer);
        // The key first. It stays while the address does: of two addresses of before that are one mailbox now, one has
        // a key of its own.
        let rekey = Entity::update_many()
            .col_expr(Column::EmailKey, Expr::val(row.email_key.as_str()))
            .filter(Column::Id.eq(row.id))
            .filter(Column::Email.ne(row.email.as_str()));
        self.transaction.execute(&rekey).await?;
        DbTx::update(self, ActiveModel { email_key: NotSet, ..row.into_active_model().reset_all() }).await?;
        self.forget_words(customer.id).await?;
        Ok(self.insert_rows(words::Model::of(customer)).await?)
    }
}

/// The condition that a customer `c` did nothing since a time, with its values.
fn idle_since(before: UtcDateTime) -> (&'static str, [Value; 7]) {
    let condition = "c.updated_at < ?
        AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.customer_id = c.id
            AND (a.role = 'admin' OR a.updated_at >= ? OR a.seen_at >= ?))
        AND NOT EXISTS (SELECT 1 FROM accounts a JOIN refresh_tokens t ON t.account_id = a.id
            WHERE a.customer_id = c.id AND t.created_at >= ?)
        AND NOT EXISTS (SELECT 1 FROM accounts a JOIN known_networks n ON n.account_id = a.id
            WHERE a.customer_id = c.id AND n.seen_at >= ?)
        AND NOT EXISTS (SELECT 1 FROM carts k WHERE k.customer_id = c.id AND k.updated_at >= ?)
        AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id
            AND (o.updated_at >= ? OR o.status NOT IN ('delivered', 'cancelled')))";
    (condition, std::array::from_fn(|_| micros(before).into()))
}

impl DbTx {
    async fn forget_words(&self, id: CustomerId) -> Result<(), StoreError> {
        let delete = words::Entity::delete_many().filter(words::Column::CustomerId.eq(id.0));
        Ok(self.transaction.execute(&delete).await.map(drop)?)
    }
}

#[async_trait]
impl CustomerQueries for DbQueries {
    async fn get(&self, id: CustomerId) -> Result<Option<Customer>, StoreError> {
        let row = self.read.one(Entity::find_by_id(id.0)).await?;
        row.map(Customer::try_from).transpose()
    }

    async fn list(&self, filter: &CustomerFilter, page: &PageRequest) -> Result<Page<Customer>, StoreError> {
        let rows = self.page(filter.search.as_ref(), page).await?;
        let customers = rows.into_iter().map(Customer::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(customers, page.limit, |customer: &Customer| at_id(customer.id.0)))
    }
}

/// How many of the next customers are scanned before the index of words is used.
const SCAN_LIMIT: u64 = 500;

impl DbQueries {
    /// A page of customers with the words. If many match, scanning the next customers fills the page; if few match, the
    /// index of words finds them.
    async fn page(&self, search: Option<&SearchText>, page: &PageRequest) -> Result<Vec<Model>, Error> {
        let next =
            Entity::find().apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id))).order_by_asc(Column::Id);
        let Some(search) = search else { return self.read.all(next.limit(rows(page))).await };
        let near = self.read.ids(&next.clone().select_only().column(Column::Id).limit(SCAN_LIMIT)).await?;
        let found = next.clone().filter(Column::Id.is_in(near)).filter(all_of(search, having)).limit(rows(page));
        let found = self.read.all(found).await?;
        if u64::try_from(found.len()) == Ok(rows(page)) {
            return Ok(found);
        }
        self.read.all(next.filter(all_of(search, among)).limit(rows(page))).await
    }
}

/// The condition that all words match, the last one as a prefix.
fn all_of(search: &SearchText, has: impl Fn(Expr) -> Expr) -> Condition {
    let whole = search.whole().iter().map(|word| words::Column::Word.eq(words::cut(word)));
    let first = words::cut(search.prefix());
    // The upper bound of a prefix: no word contains the last Unicode character.
    let last = format!("{first}\u{10ffff}");
    let beginning = words::Column::Word.between(first, &last);
    whole.chain([beginning]).fold(Condition::all(), |all, word| all.add(has(word)))
}

/// The condition that the customer has such a word, checked for each row.
fn having(word: Expr) -> Expr {
    let own = Expr::col((words::Entity, words::Column::CustomerId)).equals((Entity, Column::Id));
    Expr::exists(Query::select().expr(Expr::val(1)).from(words::Entity).and_where(own).and_where(word).to_owned())
}

/// The condition that the customer is in the set of those with such a word, read from the index.
fn among(word: Expr) -> Expr {
    let have = Query::select().column(words::Column::CustomerId).from(words::Entity).and_where(word).to_owned();
    Column::Id.in_subquery(have)
}
