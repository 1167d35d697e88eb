use async_trait::async_trait;
use domain::customers::{Customer, CustomerFilter, CustomerId, CustomerQueries, CustomerRepository};
use domain::{Choice, Page, PageRequest, SearchText, StoreError, Term};
use sea_orm::sea_query::{Expr, ExprTrait, Query, UnionType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use crate::db::engine::{Error, Executor as _};
use crate::db::entities::customer_words as words;
use crate::db::entities::customers::{Column, Entity, Model};

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

    async fn update(&mut self, customer: &Customer) -> Result<(), StoreError> {
        self.update_row(Model::from(customer)).await?;
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

    async fn delete(&mut self, id: CustomerId) -> Result<(), StoreError> {
        self.forget_words(id).await?;
        Ok(self.transaction.execute(&Entity::delete_by_id(id.0)).await.map(drop)?)
    }
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

    async fn list(&self, filter: &CustomerFilter, page: &PageRequest) -> Result<Page<Customer>, StoreError> {
        if filter.search.as_ref().is_some_and(|search| search.wanted().is_empty()) {
            return Ok(Page { items: Vec::new(), next: None });
        }
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
        let is_renewed = self.customers.is_done(&self.read).await?;
        let near = self.read.ids(&next.clone().select_only().column(Column::Id).limit(SCAN_LIMIT)).await?;
        let found =
            next.clone().filter(Column::Id.is_in(near)).filter(matching(search, is_renewed, having)).limit(rows(page));
        let found = self.read.all(found).await?;
        if u64::try_from(found.len()) == Ok(rows(page)) {
            return Ok(found);
        }
        self.read.all(next.filter(matching(search, is_renewed, among)).limit(rows(page))).await
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
    Condition::all().add(Column::Id.in_subquery(found))
}
