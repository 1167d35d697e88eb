use async_trait::async_trait;
use domain::products::{ProductId, ProductStatus};
use domain::restocks::{
    Restock, RestockAge, RestockFilter, RestockId, RestockQueries, RestockRepository, RestockStatus,
};
use domain::{Page, PageRequest, StoreError, UtcDateTime};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, LockBehavior, LockType, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::engine::{Error, Executor as _};
use crate::db::entities::products;
use crate::db::entities::restocks::{Column, Entity, Model};

#[async_trait]
impl RestockRepository for DbTx {
    async fn barred(&mut self, ids: &[ProductId]) -> Result<Vec<ProductId>, StoreError> {
        let ids = || ids.iter().map(|id| id.0);
        let mut barred =
            Entity::find().select_only().column(Column::ProductId).filter(Column::OpenProductId.is_in(ids()));
        let resting = products::Entity::find()
            .select_only()
            .column(products::Column::Id)
            .filter(products::Column::Id.is_in(ids()))
            .filter(not_restocked());
        QueryTrait::query(&mut barred).union(UnionType::Distinct, resting.into_query());
        Ok(self.transaction.ids(&barred).await?.into_iter().map(ProductId).collect())
    }

    async fn insert(&mut self, restocks: &[Restock]) -> Result<(), StoreError> {
        self.insert_rows(restocks.iter().map(Model::from)).await.map_err(opened_meanwhile)
    }

    async fn lock(&mut self, id: RestockId) -> Result<Option<Restock>, StoreError> {
        let row = self.transaction.one(Entity::find_by_id(id.0).lock_exclusive()).await;
        row?.map(Restock::try_from).transpose()
    }

    async fn lock_open(
        &mut self,
        before: UtcDateTime,
        after: Option<RestockAge>,
        limit: u64,
    ) -> Result<Vec<Restock>, StoreError> {
        let age = || Expr::tuple([Expr::col(Column::OpenedAt), Expr::col(Column::Id)]);
        let find = Entity::find()
            .apply_if(after, |find, RestockAge { opened_at, id }| {
                find.filter(age().gt(Expr::tuple([Expr::val(micros(opened_at)), Expr::val(id.0)])))
            })
            .filter(Column::Status.eq(RestockStatus::Open.as_str()))
            .filter(Expr::exists(resting((Entity, Column::ProductId))).not())
            .filter(Column::OpenedAt.lte(micros(before)))
            .order_by_asc(Column::OpenedAt)
            .order_by_asc(Column::Id)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let rows = self.transaction.all(find).await?;
        rows.into_iter().map(Restock::try_from).collect()
    }

    async fn update(&mut self, restock: &Restock) -> Result<(), StoreError> {
        Ok(self.update_row(Model::from(restock)).await?)
    }
}

/// The products that are not restocked.
fn not_restocked() -> Condition {
    let resting = ProductStatus::ALL.iter().filter(|status| !status.is_restocked());
    Condition::all().add(products::Column::Status.is_in(resting.map(|status| status.as_str())))
}

/// Finds the product of this column if it is not restocked.
pub(super) fn resting(product: impl IntoColumnRef) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(products::Entity)
        .and_where(Expr::col((products::Entity, products::Column::Id)).equals(product))
        .cond_where(not_restocked())
        .to_owned()
}

/// Converts the error of a second open restock to a lost race. The caller should hold the lock of the stock; if it does
/// not, the unique key refuses the second one.
fn opened_meanwhile(cause: Error) -> StoreError {
    if cause.is_duplicate() { StoreError::Raced(cause.into()) } else { cause.into() }
}

#[async_trait]
impl RestockQueries for DbQueries {
    async fn get(&self, id: RestockId) -> Result<Option<Restock>, StoreError> {
        let row = self.read.one(Entity::find_by_id(id.0)).await?;
        row.map(Restock::try_from).transpose()
    }

    async fn list(&self, filter: &RestockFilter, page: &PageRequest) -> Result<Page<Restock>, StoreError> {
        // The unique key of open restocks names them by their product.
        let product = match filter.status {
            Some(RestockStatus::Open) => Column::OpenProductId,
            _ => Column::ProductId,
        };
        let products = (!filter.product_ids.is_empty()).then(|| filter.product_ids.iter().map(|id| id.0));
        let find = Entity::find()
            .apply_if(products, |find, ids| find.filter(product.is_in(ids)))
            .apply_if(filter.status, |find, status| find.filter(Column::Status.eq(status.as_str())))
            // Ids sort by time: the newest restock has the highest id.
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.lt(id)))
            .order_by_desc(Column::Id)
            .limit(rows(page));
        let rows = self.lists.all(find).await?;
        let restocks = rows.into_iter().map(Restock::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(restocks, page.limit, |restock: &Restock| at_id(restock.id.0)))
    }
}
