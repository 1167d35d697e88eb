use std::cmp::Reverse;

use async_trait::async_trait;
use domain::customers::{
    AccountActivity, Customer, CustomerFilter, CustomerId, CustomerQueries, CustomerRepository, CustomerSort,
    CustomerSummary, Exemption, LastActivity, OrderActivity,
};
use domain::orders::OrderStatus;
use domain::roles::Role;
use domain::{Choice, Page, PageRequest, SearchTerm, SearchText, StoreError, UtcDateTime, Uuid};
use sea_orm::ActiveValue::NotSet;
use sea_orm::Value;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::queries::{DbQueries, at_change, at_id};
use super::reach::{List, Narrower, Sequence};
use super::tx::DbTx;
use crate::db::convert::{micros, stored, time};
use crate::db::engine::{Error, Executor as _, Row, Statement};
use crate::db::entities::customer_words as words;
use crate::db::entities::customers::{ActiveModel, Column, Entity, Model, exemption};

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

    async fn last_activity(&mut self, id: CustomerId) -> Result<LastActivity, StoreError> {
        let rows = self.transaction.run(Statement::new(LAST_ACTIVITY, [id.0.into()])).await?.rows;
        let row = rows.first().ok_or_else(|| StoreError::corrupt("a locked customer is gone"))?;
        let orders = self.transaction.run(Statement::new(LAST_ORDERS, [id.0.into()])).await?.rows;
        activity(row, &orders)
    }

    async fn update(&mut self, customer: &Customer) -> Result<(), StoreError> {
        let row = Model::from(customer);
        // The key first. It stays while the address does: of two older addresses that are one mailbox now, one has
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

/// What is known of a customer and of its account, which [`activity`] reads.
const LAST_ACTIVITY: &str = "SELECT c.updated_at,
        (SELECT k.updated_at FROM carts k WHERE k.customer_id = c.id),
        a.role, a.updated_at, a.seen_at,
        (SELECT MAX(t.created_at) FROM refresh_tokens t WHERE t.account_id = a.id),
        (SELECT MAX(n.seen_at) FROM known_networks n WHERE n.account_id = a.id)
    FROM customers c LEFT JOIN accounts a ON a.customer_id = c.id
    WHERE c.id = ?";
const LAST_ORDERS: &str = "SELECT status, MAX(updated_at) FROM orders WHERE customer_id = ? GROUP BY status";

fn activity(row: &Row, orders: &[Row]) -> Result<LastActivity, StoreError> {
    let maybe = |column| row.at::<Option<i64>>(column)?.map(time).transpose();
    let account = match row.at::<Option<String>>(2)? {
        None => None,
        Some(role) => Some(AccountActivity {
            role: stored("role", Role::parse(&role))?,
            changed_at: time(row.at(3)?)?,
            seen_at: time(row.at(4)?)?,
            logged_in_at: maybe(5)?,
            network_at: maybe(6)?,
        }),
    };
    let order = |row: &Row| {
        let status: OrderStatus = stored("order status", OrderStatus::parse(&row.at::<String>(0)?))?;
        Ok(OrderActivity { is_final: status.is_final(), changed_at: time(row.at(1)?)? })
    };
    let orders = orders.iter().map(order).collect::<Result<_, StoreError>>()?;
    Ok(LastActivity { changed_at: time(row.at(0)?)?, account, cart_at: maybe(1)?, orders })
}

/// The condition that a customer `c` did nothing since a time, with its values. It finds those of whom
/// [`LastActivity::is_idle`] says so, among many.
fn idle_since(before: UtcDateTime) -> (String, [Value; 7]) {
    let customer = Role::Customer.as_str();
    let is_final = |status: &&OrderStatus| status.is_final();
    let over: Vec<_> =
        OrderStatus::ALL.iter().filter(is_final).map(|status| format!("'{}'", status.as_str())).collect();
    let over = over.join(", ");
    let condition = format!(
        "c.updated_at < ?
        AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.customer_id = c.id
            AND (a.role <> '{customer}' OR a.updated_at >= ? OR a.seen_at >= ?))
        AND NOT EXISTS (SELECT 1 FROM accounts a JOIN refresh_tokens t ON t.account_id = a.id
            WHERE a.customer_id = c.id AND t.created_at >= ?)
        AND NOT EXISTS (SELECT 1 FROM accounts a JOIN known_networks n ON n.account_id = a.id
            WHERE a.customer_id = c.id AND n.seen_at >= ?)
        AND NOT EXISTS (SELECT 1 FROM carts k WHERE k.customer_id = c.id AND k.updated_at >= ?)
        AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id
            AND (o.updated_at >= ? OR o.status NOT IN ({over})))"
    );
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

    async fn idle(
        &self,
        before: UtcDateTime,
        after: Option<CustomerId>,
        limit: u64,
    ) -> Result<Vec<(CustomerId, bool)>, StoreError> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let (condition, values) = idle_since(before);
        let next = "SELECT id, updated_at FROM customers WHERE id > ? ORDER BY id LIMIT ?";
        let sql = format!("SELECT c.id, ({condition}) FROM ({next}) c ORDER BY c.id");
        let values = values.into_iter().chain([after.into(), limit.into()]);
        let rows = self.lists.run(Statement::new(sql, values)).await?.rows;
        let found = rows.iter().map(|row| Ok((CustomerId(row.at(0)?), row.at::<i64>(1)? != 0)));
        Ok(found.collect::<Result<_, Error>>()?)
    }

    async fn tax_exemption(&self, id: CustomerId) -> Result<Option<Exemption>, StoreError> {
        let find = Statement::new("SELECT tax_exempt FROM customers WHERE id = ?", [id.0.into()]);
        let rows = self.read.run(find).await?.rows;
        let stored: Option<String> = rows.first().map(|row| row.at(0)).transpose()?.flatten();
        exemption(stored.as_deref())
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
        let is_renewed = filter.search.is_none() || self.customers.is_done(&self.lists).await?;
        let by_change = filter.updated_after.is_some();
        let cursor = |row: &Model| if by_change { at_change(row.updated_at, row.id) } else { at_id(row.id) };
        let found = listed(filter, is_renewed).page(&self.lists, page, cursor).await?;
        let items = found.items.into_iter().map(Customer::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, next: found.next })
    }
}

/// The customers, the oldest first, unless the filter says another order, or in order of their last change.
fn listed(filter: &CustomerFilter, is_renewed: bool) -> List<Entity> {
    let CustomerFilter { email, search, updated_after, sort } = filter;
    let (by_order, sequence) = match (updated_after, sort) {
        (Some(from), _) => ("customers_by_change", Sequence::by_change(Column::UpdatedAt, micros(*from), Column::Id)),
        // Ids sort by time.
        (None, Some(CustomerSort::Newest)) => ("PRIMARY", Sequence::newest_first(Column::Id)),
        (None, Some(CustomerSort::Oldest) | None) => ("PRIMARY", Sequence::oldest_first(Column::Id)),
    };
    let narrower = |with_words: SelectStatement| {
        let find = Entity::find().filter(Column::Id.in_subquery(with_words.clone()));
        Narrower { counted: vec![with_words], find, index: "PRIMARY" }
    };
    let (all, index) = match email {
        Some(email) => (Entity::find().filter(Column::EmailKey.eq(email.key())), "customers_email_unique"),
        None => (Entity::find(), by_order),
    };
    List {
        all,
        index,
        sequence,
        filter: search.as_ref().map(|search| matching(search, is_renewed, Column::Id)),
        narrower: search.iter().flat_map(|search| with_words(search, is_renewed)).map(narrower).collect(),
    }
}

/// The condition that what belongs, by this column, to a customer is found by the words of that customer. A search without
/// words finds nothing.
pub(super) fn found_by(search: &SearchText, is_renewed: bool, customer: impl ColumnTrait) -> Condition {
    if search.wanted().is_empty() {
        return Condition::all().add(Expr::cust("1 = 0"));
    }
    matching(search, is_renewed, customer)
}

/// The condition on the words of the customer of this column, in each form in which they may be stored. It looks at the
/// words of each row.
fn matching(search: &SearchText, is_renewed: bool, customer: impl ColumnTrait) -> Condition {
    let all_of = |choices: &[Choice]| {
        choices.iter().map(|choice| having(choice, customer)).fold(Condition::all(), Condition::add)
    };
    let folded = Condition::any().add(all_of(search.wanted()));
    if is_renewed { folded } else { folded.add(all_of(&search.wanted_before())) }
}

/// A stored word that a term means.
fn is(term: &SearchTerm) -> Expr {
    match term {
        SearchTerm::Whole(word) => words::Column::Word.eq(words::cut(word)),
        SearchTerm::Beginning(word) => {
            let first = words::cut(word);
            // The upper bound of a prefix: no word contains the last Unicode character.
            words::Column::Word.between(first, &format!("{first}\u{10ffff}"))
        }
    }
}

fn having(choice: &Choice, customer: impl ColumnTrait) -> Condition {
    let own = || Expr::col((words::Entity, words::Column::CustomerId)).equals((customer.entity_name(), customer));
    let has = |term: &SearchTerm| {
        let found =
            Query::select().expr(Expr::val(1)).from(words::Entity).and_where(own()).and_where(is(term)).to_owned();
        Expr::exists(found)
    };
    let all_of = |terms: &Vec<SearchTerm>| terms.iter().map(has).fold(Condition::all(), Condition::add);
    choice.iter().map(all_of).fold(Condition::any(), Condition::add)
}

/// How many words of a search are tried one by one, the longest first: they are likely the rarest.
const TRIED: usize = 3;

/// The customers that have one of the words, word by word, as the index names them. Those that are searched for are among
/// each of these.
pub(super) fn with_words(search: &SearchText, is_renewed: bool) -> impl Iterator<Item = SelectStatement> {
    let longest = |terms: &Vec<SearchTerm>| terms.iter().max_by_key(|term| term.text().len()).cloned();
    let terms = |choice: &Choice| choice.iter().filter_map(longest).collect::<Vec<_>>();
    let by_length = |terms: &Vec<SearchTerm>| Reverse(terms.iter().map(|term| term.text().len()).min());
    let mut tried: Vec<_> = search.wanted().iter().map(terms).collect();
    tried.sort_by_key(by_length);
    tried.truncate(TRIED);
    if !is_renewed {
        // Until all are renewed, both forms are looked up together.
        let before = search.wanted_before().first().map(terms);
        tried.truncate(1);
        for terms in &mut tried {
            terms.extend(before.clone().into_iter().flatten());
        }
    }
    tried.into_iter().map(|terms| {
        let any = terms.iter().map(is).fold(Condition::any(), Condition::add);
        Query::select().column(words::Column::CustomerId).from(words::Entity).cond_where(any).to_owned()
    })
}
