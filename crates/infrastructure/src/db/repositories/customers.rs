use async_trait::async_trait;
use domain::customers::{Customer, CustomerFilter, CustomerId, CustomerQueries, CustomerRepository, CustomerSummary};
use domain::{Choice, Page, PageRequest, SearchText, StoreError, Term, UtcDateTime, Uuid};
use sea_orm::ActiveValue::NotSet;
use sea_orm::Value;
use sea_orm::sea_query::{Expr, ExprTrait, Query, UnionType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

use super::queries::{DbQueries, after_change, after_id, at_change, at_id, rows};
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

    async fn known(&mut self, ids: &[CustomerId]) -> Result<Vec<CustomerId>, StoreError> {
        let find = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.iter().map(|id| id.0)));
        Ok(self.transaction.ids(&find).await?.into_iter().map(CustomerId).collect())
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

    async fn renew(&mut self, limit: u64) -> Result<u64, StoreError> {
        let find = Entity::find().filter(Column::NameKey.is_null()).order_by_asc(Column::Id).limit(limit);
        let rows = self.transaction.all(find.lock_exclusive()).await?;
        for row in &rows {
            let renewed = Customer::try_from(row.clone())?.renewed();
            let model = self.with_free_email(row, Model::from(&renewed)).await?;
            let renewed = Customer::try_from(model.clone())?;
            self.update_row(model).await?;
            self.forget_words(renewed.id).await?;
            self.insert_rows(words::Model::of(&renewed)).await?;
        }
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
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
    /// The renewed row, with its old address if another customer has the new one.
    async fn with_free_email(&self, old: &Model, renewed: Model) -> Result<Model, StoreError> {
        if renewed.email_key == old.email_key {
            return Ok(renewed);
        }
        let find =
            Entity::find().select_only().column(Column::Id).filter(Column::EmailKey.eq(renewed.email_key.as_str()));
        if self.transaction.ids(&find).await?.is_empty() {
            return Ok(renewed);
        }
        tracing::warn!(customer_id = %old.id, "keeps the email address: another customer has one that looks the same");
        Ok(Model { email: old.email.clone(), email_key: old.email_key.clone(), ..renewed })
    }

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

    async fn summaries(&self, ids: &[CustomerId]) -> Result<Vec<CustomerSummary>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.read.all(Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.0)))).await?;
        let customers = rows.into_iter().map(|row| Customer::try_from(row).map(Customer::summary));
        customers.collect()
    }

    async fn list(&self, filter: &CustomerFilter, page: &PageRequest) -> Result<Page<Customer>, StoreError> {
        if filter.search.as_ref().is_some_and(|search| search.wanted().is_empty()) {
            return Ok(Page { items: Vec::new(), next: None });
        }
        if let Some(since) = filter.updated_after {
            return self.changed(micros(since), filter.search.as_ref(), page).await;
        }
        let rows = self.page(filter.search.as_ref(), page).await?;
        let customers = rows.into_iter().map(Customer::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(customers, page.limit, |customer: &Customer| at_id(customer.id.0)))
    }
}

/// How many of the next customers are scanned before the index of words is used.
const SCAN_LIMIT: u64 = 500;

impl DbQueries {
    /// The customers that were changed at this time or later, in order of their last change.
    async fn changed(
        &self,
        since: i64,
        search: Option<&SearchText>,
        page: &PageRequest,
    ) -> Result<Page<Customer>, StoreError> {
        let find = Entity::find()
            .filter(Column::UpdatedAt.gte(since))
            .filter(after_change(page, Column::UpdatedAt, Column::Id))
            .apply_if(search, |find, search| find.filter(matching(search, false, having)))
            .order_by_asc(Column::UpdatedAt)
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let rows = self.lists.all(find).await?;
        let customers = rows.into_iter().map(Customer::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(customers, page.limit, |customer: &Customer| {
            at_change(micros(customer.updated_at), customer.id.0)
        }))
    }

    /// A page of customers with the words. If many match, scanning the next customers fills the page; if few match, the
    /// index of words finds them.
    async fn page(&self, search: Option<&SearchText>, page: &PageRequest) -> Result<Vec<Model>, Error> {
        let next =
            Entity::find().apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id))).order_by_asc(Column::Id);
        let Some(search) = search else { return self.lists.all(next.limit(rows(page))).await };
        let is_renewed = self.customers.is_done(&self.lists).await?;
        let near = self.lists.ids(&next.clone().select_only().column(Column::Id).limit(SCAN_LIMIT)).await?;
        let found =
            next.clone().filter(Column::Id.is_in(near)).filter(matching(search, is_renewed, having)).limit(rows(page));
        let found = self.lists.all(found).await?;
        if u64::try_from(found.len()) == Ok(rows(page)) {
            return Ok(found);
        }
        self.lists.all(next.filter(matching(search, is_renewed, among)).limit(rows(page))).await
    }
}

/// The condition on the words of a customer, in each form in which they may be stored, with the condition on one word of
/// the search by `has`.
fn matching(search: &SearchText, is_renewed: bool, has: fn(&Choice) -> Condition) -> Condition {
    let all_of = |choices: &[Choice]| choices.iter().map(has).fold(Condition::all(), Condition::add);
    let folded = Condition::any().add(all_of(search.wanted()));
    if is_renewed { folded } else { folded.add(all_of(&search.wanted_before())) }
}

/// A stored word that a term means.
fn is(term: &Term) -> Expr {
    match term {
        Term::Whole(word) => words::Column::Word.eq(words::cut(word)),
        Term::Beginning(word) => {
            let first = words::cut(word);
            // The upper bound of a prefix: no word contains the last Unicode character.
            words::Column::Word.between(first, &format!("{first}\u{10ffff}"))
        }
    }
}

/// The condition that the customer has such words, checked for each row.
fn having(choice: &Choice) -> Condition {
    let own = || Expr::col((words::Entity, words::Column::CustomerId)).equals((Entity, Column::Id));
    let has = |term: &Term| {
        let found =
            Query::select().expr(Expr::val(1)).from(words::Entity).and_where(own()).and_where(is(term)).to_owned();
        Expr::exists(found)
    };
    let all_of = |terms: &Vec<Term>| terms.iter().map(has).fold(Condition::all(), Condition::add);
    choice.iter().map(all_of).fold(Condition::any(), Condition::add)
}

/// The condition that the customer is in the set of those with such words, read from the index.
fn among(choice: &Choice) -> Condition {
    of_those_with(choice, Column::Id)
}

/// Selects what belongs, by this column, to a customer that a search finds. A search without words finds nothing.
pub(super) fn found_by(search: &SearchText, customer: impl ColumnTrait) -> Condition {
    if search.wanted().is_empty() {
        return Condition::all().add(Expr::cust("1 = 0"));
    }
    let all_of = |choices: &[Choice]| {
        choices.iter().map(|choice| of_those_with(choice, customer)).fold(Condition::all(), Condition::add)
    };
    Condition::any().add(all_of(search.wanted())).add(all_of(&search.wanted_before()))
}

fn of_those_with(choice: &Choice, customer: impl ColumnTrait) -> Condition {
    let having = |terms: &Vec<Term>| {
        let mut find = Query::select().column(words::Column::CustomerId).from(words::Entity).to_owned();
        let mut terms = terms.iter();
        find.and_where_option(terms.next().map(is));
        for term in terms {
            let others =
                Query::select().column(words::Column::CustomerId).from(words::Entity).and_where(is(term)).to_owned();
            find.and_where(words::Column::CustomerId.in_subquery(others));
        }
        find
    };
    let mut sets = choice.iter().map(having);
    let Some(mut found) = sets.next() else { return Condition::any() };
    for set in sets {
        found.union(UnionType::Distinct, set);
    }
    Condition::all().add(customer.in_subquery(found))
}
