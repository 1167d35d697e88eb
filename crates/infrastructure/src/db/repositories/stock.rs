use application::Attempt;
use async_trait::async_trait;
use domain::products::ProductId;
use domain::stock::{Movement, Sale, Sold, Stock, StockChange, StockFilter, StockQueries, StockRepository};
use domain::{Cursor, CursorKey, Page, PageRequest, StoreError};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, EntityTrait, InsertMany, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::queries::{DbQueries, after_id, at_id, rows};
use super::restocks::resting;
use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::engine::{Assumption, Executor as _, Statement, affected_rows};
use crate::db::entities::restocks;
use crate::db::entities::stock::{ActiveModel, BELOW_THRESHOLD, Column, Entity, Model};
use crate::db::entities::stock_movements as movements;

#[async_trait]
impl StockRepository for DbTx {
    async fn insert(&mut self, stock: &Stock) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::from(stock)]).await?)
    }

    async fn lock(&mut self, ids: &[ProductId]) -> Result<Vec<Stock>, StoreError> {
        let find = Entity::find()
            .filter(Column::ProductId.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(Column::ProductId)
            .lock_exclusive();
        let rows = self.transaction.all(find).await?;
        rows.into_iter().map(Stock::try_from).collect()
    }

    async fn save(&mut self, changes: &[StockChange]) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut turned = changes.iter().filter(|change| change.changes_availability()).peekable();
        if turned.peek().is_some() {
            self.change_products(turned.map(|change| change.stock.product_id));
        }
        self.transaction.defer_change(&update_stocks(changes.iter().map(|change| &change.stock)));
        self.insert_deferred(changes.iter().map(|change| movements::Model::from(&change.movement)));
        Ok(())
    }

    async fn sell(&mut self, sale: &Sale) -> Result<Sold, StoreError> {
        if self.attempt == Attempt::Optimistic && sale.above_reorder_point && sale.items.len() <= MAX_DEFERRED {
            self.defer_sale(sale);
            return Ok(Sold::Deferred);
        }
        let ids: Vec<_> = sale.items.iter().map(|(id, _)| *id).collect();
        let stocks = StockRepository::lock(self, &ids).await?;
        // The offers were read before the stock was locked. A retry reads the current ones.
        let changes = sale.apply(&stocks).map_err(|short| StoreError::Raced(short.into()))?;
        self.save(&changes).await?;
        Ok(Sold::Applied(changes))
    }

    async fn lock_due(&mut self, after: Option<ProductId>, limit: u64) -> Result<Vec<Stock>, StoreError> {
        let open = Query::select()
            .expr(Expr::val(1))
            .from(restocks::Entity)
            .and_where(Expr::col(restocks::Column::OpenProductId).equals((Entity, Column::ProductId)))
            .to_owned();
        let find = Entity::find()
            .filter(Expr::col(BELOW_THRESHOLD).eq(true))
            .filter(Expr::exists(open).not())
            .filter(Expr::exists(resting((Entity, Column::ProductId))).not())
            .apply_if(after, |find, id| find.filter(Column::ProductId.gt(id.0)))
            .order_by_asc(Column::ProductId)
            .limit(limit)
            .lock_exclusive();
        let rows = self.transaction.all(find).await?;
        rows.into_iter().map(Stock::try_from).collect()
    }

    async fn set_policy(&mut self, stock: &Stock) -> Result<(), StoreError> {
        Ok(self.update_row(Model::from(stock)).await?)
    }

    async fn record(&mut self, movements: &[Movement]) -> Result<(), StoreError> {
        self.insert_deferred(movements.iter().map(movements::Model::from));
        Ok(())
    }
}

/// The most products of a deferred sale. A longer statement may need more than one round trip.
const MAX_DEFERRED: usize = 16;

/// The assumption that the previous statement changed every stock. If not, `sequence` is null, which the table refuses.
const ALL_CHANGED: Assumption = Assumption::NotNull { table: "stock_movements", column: "sequence" };

/// Inserts the movements of a sale, computed from the stock after it.
const MOVEMENTS_OF_SALE: &str = "
    INSERT INTO stock_movements (product_id, sequence, kind, quantity, balance, reference, at)
    SELECT l.product_id, CASE WHEN {affected_rows} = ? THEN s.version END, 'sale', -l.quantity, s.on_hand, l.order_id, ?
    FROM order_lines l
    LEFT JOIN stock s ON s.product_id = l.product_id
    WHERE l.order_id = ?";

/// Updates existing stocks in one statement: an upsert, because each row gets different values.
pub(in crate::db) fn update_stocks<'a>(stocks: impl Iterator<Item = &'a Stock>) -> InsertMany<ActiveModel> {
    let columns = [Column::OnHand, Column::UpdatedAt, Column::Version];
    let update = OnConflict::column(Column::ProductId).update_columns(columns).to_owned();
    Entity::insert_many(stocks.map(|stock| Model::from(stock).into_active_model())).on_conflict(update)
}

impl DbTx {
    /// [`Stock::sell`] for every item of a sale, in SQL, on the stock at the time of the statement. It fails unless
    /// every product stays above its reorder point.
    fn defer_sale(&self, sale: &Sale) {
        let backend = self.transaction.backend();
        let units = sale.items.iter().fold(CaseStatement::new(), |case, (id, quantity)| {
            case.case(Expr::col(Column::ProductId).eq(id.0), quantity.get())
        });
        let left = Expr::col(Column::OnHand).sub(units);
        let update = Entity::update_many()
            .col_expr(Column::OnHand, left.clone())
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .col_expr(Column::UpdatedAt, Expr::val(micros(sale.at)))
            .filter(Column::ProductId.is_in(sale.items.iter().map(|(id, _)| id.0)))
            .filter(left.clone().gte(1))
            .filter(left.gte(Expr::col(Column::RestockThreshold)));
        let values = [(sale.items.len() as u64).into(), micros(sale.at).into(), sale.order_id.0.into()];
        let movements = Statement::new(MOVEMENTS_OF_SALE.replace("{affected_rows}", affected_rows(backend)), values);
        self.transaction.defer(Statement::from(update.build(backend)).contended());
        self.transaction.defer(movements.contended().depending_on_previous().assuming(ALL_CHANGED));
    }
}

#[async_trait]
impl StockQueries for DbQueries {
    async fn get(&self, id: ProductId) -> Result<Option<Stock>, StoreError> {
        let row = self.read.one(Entity::find_by_id(id.0)).await?;
        row.map(Stock::try_from).transpose()
    }

    async fn list(&self, filter: &StockFilter, page: &PageRequest) -> Result<Page<Stock>, StoreError> {
        let products = (!filter.product_ids.is_empty()).then(|| filter.product_ids.iter().map(|id| id.0));
        let find = Entity::find()
            .apply_if(products, |find, ids| find.filter(Column::ProductId.is_in(ids)))
            .apply_if(filter.below_threshold, |find, wanted| find.filter(Expr::col(BELOW_THRESHOLD).eq(wanted)))
            .apply_if(after_id(page), |find, id| find.filter(Column::ProductId.gt(id)))
            .order_by_asc(Column::ProductId)
            .limit(rows(page));
        let rows = self.lists.all(find).await?;
        let stock = rows.into_iter().map(Stock::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(stock, page.limit, |stock: &Stock| at_id(stock.product_id.0)))
    }

    async fn movements(&self, id: ProductId, page: &PageRequest) -> Result<Option<Page<Movement>>, StoreError> {
        let find = movements::Entity::find()
            .filter(movements::Column::ProductId.eq(id.0))
            .apply_if(before(page), |find, sequence| find.filter(movements::Column::Sequence.lt(sequence)))
            .order_by_desc(movements::Column::Sequence)
            .limit(rows(page));
        let rows = self.read.all(find).await?;
        // No movements: either the product has none yet, or it does not exist.
        if rows.is_empty() && StockQueries::get(self, id).await?.is_none() {
            return Ok(None);
        }
        let items = rows.into_iter().map(Movement::try_from).collect::<Result<_, _>>()?;
        Ok(Some(Page::cut(items, page.limit, at_sequence)))
    }

    async fn movement(&self, id: ProductId, sequence: i64) -> Result<Option<Movement>, StoreError> {
        let row = self.read.one(movements::Entity::find_by_id((id.0, sequence))).await?;
        row.map(Movement::try_from).transpose()
    }
}

/// The sequence number of the cursor.
fn before(page: &PageRequest) -> Option<i64> {
    match page.after.as_ref()?.key {
        CursorKey::Int(sequence) => Some(sequence),
        CursorKey::Id | CursorKey::Text(_) | CursorKey::Pin(_) => None,
    }
}

fn at_sequence(movement: &Movement) -> Cursor {
    Cursor { key: CursorKey::Int(movement.sequence), id: movement.product_id.0 }
}
