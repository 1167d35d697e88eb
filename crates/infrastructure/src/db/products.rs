use async_trait::async_trait;
use domain::products::{
    Offer, Product, ProductFilter, ProductId, ProductName, ProductQueries, ProductRepository, ProductSort,
    ProductStatus, ProductView, Sku,
};
use domain::{Page, PageRequest, Price, StoreError, Uuid};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait, RelationTrait, Select,
};

use super::convert::stored;
use super::entities::products::{Column, Entity, Model, Relation};
use super::entities::{cart_items, restocks, stock, stock_movements};
use super::queries::DbQueries;
use super::tx::DbTx;
use super::{error, product_list};

#[async_trait]
impl ProductRepository for DbTx {
    async fn insert(&mut self, product: &Product) -> Result<(), StoreError> {
        self.change_products();
        self.insert_rows([Model::from(product)]).await.map_err(error::in_tx)?;
        self.add_words([product]).await.map_err(error::in_tx)
    }

    async fn lock(&mut self, id: ProductId) -> Result<Option<Product>, StoreError> {
        let row = Entity::find_by_id(id.0).lock_exclusive().one(&self.transaction).await;
        row.map_err(error::in_tx)?.map(Product::try_from).transpose()
    }

    async fn update(&mut self, product: &Product) -> Result<(), StoreError> {
        self.change_products();
        self.update_row(Model::from(product)).await.map_err(error::in_tx)?;
        self.remove_words(product.id).await.map_err(error::in_tx)?;
        self.add_words([product]).await.map_err(error::in_tx)
    }

    async fn delete(&mut self, id: ProductId) -> Result<(), StoreError> {
        self.change_products();
        self.delete_what_belongs_to(id).await.map_err(error::in_tx)?;
        Entity::delete_by_id(id.0).exec(&self.transaction).await.map(drop).map_err(error::in_tx)
    }

    async fn offers(&mut self, ids: &[ProductId]) -> Result<Vec<Offer>, StoreError> {
        let find = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Sku, Column::Name, Column::Price, Column::Status])
            .column(stock::Column::OnHand)
            .join(JoinType::LeftJoin, Relation::Stock.def())
            .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(Column::Id);
        let rows = find.into_model::<OfferRow>().all(&self.transaction).await.map_err(error::in_tx)?;
        rows.into_iter().filter_map(|row| row.offer().transpose()).collect()
    }
}

impl DbTx {
    async fn delete_what_belongs_to(&self, id: ProductId) -> Result<(), DbErr> {
        let db = &self.transaction;
        // Carts before stock, in the order in which a purchase takes their locks.
        cart_items::Entity::delete_many().filter(cart_items::Column::ProductId.eq(id.0)).exec(db).await?;
        stock::Entity::delete_by_id(id.0).exec(db).await?;
        stock_movements::Entity::delete_many().filter(stock_movements::Column::ProductId.eq(id.0)).exec(db).await?;
        restocks::Entity::delete_many().filter(restocks::Column::ProductId.eq(id.0)).exec(db).await?;
        self.remove_words(id).await
    }
}

/// What is offered of a product, joined to something that may name no product.
#[derive(Debug, FromQueryResult)]
pub(super) struct OfferRow {
    id: Option<Uuid>,
    sku: Option<String>,
    name: Option<String>,
    price: Option<i64>,
    status: Option<String>,
    on_hand: Option<i64>,
}

impl OfferRow {
    /// The offer, if there is a product.
    pub fn offer(self) -> Result<Option<Offer>, StoreError> {
        let (Some(id), Some(name), Some(price), Some(status)) = (self.id, self.name, self.price, self.status) else {
            return Ok(None);
        };
        Ok(Some(Offer {
            product_id: ProductId(id),
            sku: self.sku.map(Sku::from_trusted),
            name: ProductName::from_trusted(name),
            price: Price::from_trusted(price),
            status: stored("product status", ProductStatus::parse(&status))?,
            on_hand: self.on_hand.unwrap_or(0),
        }))
    }
}

#[async_trait]
impl ProductQueries for DbQueries {
    async fn get(&self, id: ProductId, status: Option<ProductStatus>) -> Result<Option<ProductView>, StoreError> {
        let find = viewed()
            .filter(Column::Id.eq(id.0))
            .apply_if(status, |find, status| find.filter(Column::Status.eq(status.as_str())));
        let row = find.into_model::<ViewRow>().one(&self.read).await.map_err(error::on_read)?;
        row.map(ViewRow::view).transpose()
    }

    async fn list(
        &self,
        filter: &ProductFilter,
        sort: ProductSort,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, StoreError> {
        product_list::page(&self.read, filter, sort, page).await
    }
}

/// Products as they are shown: each with what is on hand of it, and nothing else of its stock.
pub(super) fn viewed() -> Select<Entity> {
    Entity::find().column(stock::Column::OnHand).join(JoinType::LeftJoin, Relation::Stock.def())
}

/// A row of [`viewed`]. Its columns are read by their places, where names would be looked up in every row.
pub(super) struct ViewRow {
    product: Model,
    on_hand: Option<i64>,
}

impl FromQueryResult for ViewRow {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let product = Model {
            id: row.try_get_by_index(0)?,
            sku: row.try_get_by_index(1)?,
            name: row.try_get_by_index(2)?,
            description: row.try_get_by_index(3)?,
            price: row.try_get_by_index(4)?,
            status: row.try_get_by_index(5)?,
            created_at: row.try_get_by_index(6)?,
            updated_at: row.try_get_by_index(7)?,
            version: row.try_get_by_index(8)?,
        };
        Ok(Self { product, on_hand: row.try_get_by_index(9)? })
    }
}

impl ViewRow {
    /// What is shown.
    pub fn view(self) -> Result<ProductView, StoreError> {
        let in_stock = self.on_hand.is_some_and(|on_hand| on_hand > 0);
        Ok(ProductView { product: self.product.try_into()?, in_stock })
    }
}
