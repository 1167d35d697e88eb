use async_trait::async_trait;
use domain::products::ProductId;
use domain::stock::{
    MAX_ON_HAND, Movement, Stock, StockChange, StockFilter, StockLevel, StockQueries, StockRepository,
};
use domain::{Cursor, CursorKey, Page, PageRequest, StoreError, UtcDateTime, Version};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::convert::micros;
use super::entities::stock::{Column, Entity, Model};
use super::entities::stock_movements as movements;
use super::error;
use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;

#[async_trait]
impl StockRepository for DbTx {
    async fn insert(&mut self, stock: &Stock) -> Result<(), StoreError> {
        self.insert_rows([Model::from(stock)]).await.map_err(error::in_tx)
    }

    async fn change(
        &mut self,
        changes: &[StockChange],
        now: UtcDateTime,
    ) -> Result<Option<Vec<StockLevel>>, StoreError> {
        if changes.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let ids: Vec<_> = changes.iter().map(|change| change.product_id.0).collect();
        // The condition is in the UPDATE itself, which sees the newest rows and locks them, whatever the isolation
        // level. A SELECT before it would see what is old by the time of the UPDATE.
        let update = Entity::update_many()
            .col_expr(Column::OnHand, after(changes))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .col_expr(Column::UpdatedAt, Expr::val(micros(now)))
            .filter(Column::ProductId.is_in(ids.iter().copied()))
            .filter(after(changes).between(0, MAX_ON_HAND));
        let updated = update.exec(&self.transaction).await.map_err(error::in_tx)?.rows_affected;
        if usize::try_from(updated) != Ok(changes.len()) {
            return Ok(None);
        }
        let find = Entity::find().filter(Column::ProductId.is_in(ids)).order_by_asc(Column::ProductId);
        let rows = find.all(&self.transaction).await.map_err(error::in_tx)?;
        Ok(Some(rows.iter().map(level).collect()))
    }

    async fn record(&mut self, movements: &[Movement]) -> Result<(), StoreError> {
        self.insert_rows(movements.iter().map(movements::Model::from)).await.map_err(error::in_tx)
    }

    async fn on_hand(&mut self, id: ProductId) -> Result<Option<i64>, StoreError> {
        let row = Entity::find_by_id(id.0).one(&self.transaction).await.map_err(error::in_tx)?;
        Ok(row.map(|row| row.on_hand))
    }
}

/// What is on hand after the change of each product.
fn after(changes: &[StockChange]) -> Expr {
    let quantity = changes.iter().fold(CaseStatement::new(), |case, change| {
        case.case(Expr::col(Column::ProductId).eq(change.product_id.0), change.quantity)
    });
    Expr::col(Column::OnHand).add(quantity)
}

fn level(row: &Model) -> StockLevel {
    StockLevel { product_id: ProductId(row.product_id), on_hand: row.on_hand, version: Version(row.version) }
}

#[async_trait]
impl StockQueries for DbQueries {
    async fn get(&self, id: ProductId) -> Result<Option<Stock>, StoreError> {
        let row = Entity::find_by_id(id.0).one(&self.read).await.map_err(error::on_read)?;
        row.map(Stock::try_from).transpose()
    }

    async fn list(&self, filter: &StockFilter, page: &PageRequest) -> Result<Page<Stock>, StoreError> {
        let below = Expr::col(Column::OnHand).lt(Expr::col(Column::RestockThreshold));
        let find = Entity::find()
            .apply_if(filter.below_threshold, |find, wanted| find.filter(if wanted { below } else { below.not() }))
            .apply_if(after_id(page), |find, id| find.filter(Column::ProductId.gt(id)))
            .order_by_asc(Column::ProductId)
            .limit(rows(page));
        let rows = find.all(&self.read).await.map_err(error::on_read)?;
        let stock = rows.into_iter().map(Stock::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(stock, page.limit, |stock: &Stock| at_id(stock.product_id.0)))
    }

    async fn movements(&self, id: ProductId, page: &PageRequest) -> Result<Option<Page<Movement>>, StoreError> {
        let find = movements::Entity::find()
            .filter(movements::Column::ProductId.eq(id.0))
            .apply_if(before(page), |find, sequence| find.filter(movements::Column::Sequence.lt(sequence)))
            .order_by_desc(movements::Column::Sequence)
            .limit(rows(page));
        let rows = find.all(&self.read).await.map_err(error::on_read)?;
        // No movements: either it had none yet, or there is no such product.
        if rows.is_empty() && StockQueries::get(self, id).await?.is_none() {
            return Ok(None);
        }
        let items = rows.into_iter().map(Movement::try_from).collect::<Result<_, _>>()?;
        Ok(Some(Page::cut(items, page.limit, at_sequence)))
    }

    async fn movement(&self, id: ProductId, sequence: i64) -> Result<Option<Movement>, StoreError> {
        let row = movements::Entity::find_by_id((id.0, sequence)).one(&self.read).await.map_err(error::on_read)?;
        row.map(Movement::try_from).transpose()
    }
}

/// The sequence number before which a page of movements begins.
fn before(page: &PageRequest) -> Option<i64> {
    match page.after.as_ref()?.key {
        CursorKey::Int(sequence) => Some(sequence),
        CursorKey::Id | CursorKey::Text(_) => None,
    }
}

fn at_sequence(movement: &Movement) -> Cursor {
    Cursor { key: CursorKey::Int(movement.sequence), id: movement.product_id.0 }
}
