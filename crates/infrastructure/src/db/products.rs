use async_trait::async_trait;
use domain::products::{
    Offer, Product, ProductFilter, ProductId, ProductName, ProductQueries, ProductRepository, ProductStatus,
    ProductView, Sku,
};
use domain::{Page, PageRequest, Price, StoreError, Uuid};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationTrait, SelectTwo,
};

use super::convert::stored;
use super::entities::products::{Column, Entity, Model, Relation};
use super::entities::stock;
use super::error;
use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;

#[async_trait]
impl ProductRepository for DbTx {
    async fn insert(&mut self, product: &Product) -> Result<(), StoreError> {
        self.insert_rows([Model::from(product)]).await.map_err(error::in_tx)
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
    async fn get(&self, id: ProductId, filter: &ProductFilter) -> Result<Option<ProductView>, StoreError> {
        let row = views(filter).filter(Column::Id.eq(id.0)).one(&self.read).await.map_err(error::on_read)?;
        row.map(view).transpose()
    }

    async fn list(&self, filter: &ProductFilter, page: &PageRequest) -> Result<Page<ProductView>, StoreError> {
        let find = views(filter)
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id)))
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let rows = find.all(&self.read).await.map_err(error::on_read)?;
        let views = rows.into_iter().map(view).collect::<Result<_, _>>()?;
        Ok(Page::cut(views, page.limit, |view: &ProductView| at_id(view.product.id.0)))
    }
}

/// The products that a filter lets through, with their stock.
fn views(filter: &ProductFilter) -> SelectTwo<Entity, stock::Entity> {
    Entity::find()
        .find_also_related(stock::Entity)
        .apply_if(filter.status, |find, status| find.filter(Column::Status.eq(status.as_str())))
}

fn view((product, stock): (Model, Option<stock::Model>)) -> Result<ProductView, StoreError> {
    Ok(ProductView { product: product.try_into()?, in_stock: stock.is_some_and(|stock| stock.on_hand > 0) })
}
