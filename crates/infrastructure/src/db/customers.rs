use async_trait::async_trait;
use domain::customers::{Customer, CustomerFilter, CustomerId, CustomerQueries, CustomerRepository};
use domain::{Page, PageRequest, SearchText, StoreError};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::entities::customer_words as words;
use super::entities::customers::{Column, Entity, Model};
use super::error;
use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;

#[async_trait]
impl CustomerRepository for DbTx {
    async fn insert(&mut self, customer: &Customer) -> Result<(), StoreError> {
        self.insert_rows([Model::from(customer)]).await.map_err(error::in_tx)?;
        self.insert_rows(words::Model::of(customer)).await.map_err(error::in_tx)
    }

    async fn lock(&mut self, id: CustomerId) -> Result<Option<Customer>, StoreError> {
        let row = Entity::find_by_id(id.0).lock_exclusive().one(&self.transaction).await;
        row.map_err(error::in_tx)?.map(Customer::try_from).transpose()
    }

    async fn update(&mut self, customer: &Customer) -> Result<(), StoreError> {
        self.update_row(Model::from(customer)).await.map_err(error::in_tx)?;
        self.forget_words(customer.id).await?;
        self.insert_rows(words::Model::of(customer)).await.map_err(error::in_tx)
    }

    async fn delete(&mut self, id: CustomerId) -> Result<(), StoreError> {
        self.forget_words(id).await?;
        Entity::delete_by_id(id.0).exec(&self.transaction).await.map(drop).map_err(error::in_tx)
    }
}

impl DbTx {
    async fn forget_words(&self, id: CustomerId) -> Result<(), StoreError> {
        let delete = words::Entity::delete_many().filter(words::Column::CustomerId.eq(id.0));
        delete.exec(&self.transaction).await.map(drop).map_err(error::in_tx)
    }
}

#[async_trait]
impl CustomerQueries for DbQueries {
    async fn get(&self, id: CustomerId) -> Result<Option<Customer>, StoreError> {
        let row = Entity::find_by_id(id.0).one(&self.read).await.map_err(error::on_read)?;
        row.map(Customer::try_from).transpose()
    }

    async fn list(&self, filter: &CustomerFilter, page: &PageRequest) -> Result<Page<Customer>, StoreError> {
        let find = Entity::find()
            .apply_if(filter.search.as_ref(), |find, search| find.filter(found(search)))
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id)))
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let rows = find.all(&self.read).await.map_err(error::on_read)?;
        let customers = rows.into_iter().map(Customer::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(customers, page.limit, |customer: &Customer| at_id(customer.id.0)))
    }
}

/// All words are there, and one that begins with the last.
fn found(search: &SearchText) -> Condition {
    let whole = search.whole().iter().map(|word| words::Column::Word.eq(words::cut(word)));
    let first = words::cut(search.prefix());
    // No word holds the last of all characters, so every word that begins so is below.
    let last = format!("{first}\u{10ffff}");
    let prefix = words::Column::Word.between(first, &last);
    whole.chain([prefix]).fold(Condition::all(), |all, word| all.add(Column::Id.in_subquery(having(word))))
}

/// The customers that have such a word.
fn having(word: Expr) -> SelectStatement {
    Query::select().column(words::Column::CustomerId).from(words::Entity).and_where(word).to_owned()
}
