use async_trait::async_trait;
use domain::orders::{Order, OrderLine};
use domain::products::ProductId;
use domain::stock::{
    MAX_ON_HAND, Movement, MovementKind, RestockPolicy, Stock, StockChange, StockFilter, StockQueries, StockRepository,
};
use domain::{Cursor, CursorKey, Page, PageRequest, StoreError, UtcDateTime, Uuid};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, UpdateMany};

use super::error;
use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::convert::micros;
use crate::db::engine::{Assumption, Error, Executor as _, Statement, affected_rows};
use crate::db::entities::restocks;
use crate::db::entities::stock::{BELOW_THRESHOLD, Column, Entity, Model};
use crate::db::entities::stock_movements as movements;

#[async_trait]
impl StockRepository for DbTx {
    async fn insert(&mut self, stock: &Stock) -> Result<(), StoreError> {
        self.insert_rows([Model::from(stock)]).await.map_err(error::in_tx)
    }

    async fn change(&mut self, changes: &[StockChange], now: UtcDateTime) -> Result<Option<Vec<Stock>>, StoreError> {
        if changes.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let ids: Vec<_> = changes.iter().map(|change| change.product_id.0).collect();
        let update = update(changes, now).filter(after(changes).between(0, MAX_ON_HAND));
        let rows = self.changed(update, ids).await.map_err(error::in_tx)?;
        if rows.len() != changes.len() {
            return Ok(None);
        }
        if rows.iter().zip(changes).any(|(row, change)| crosses_zero(row.on_hand, change.quantity)) {
            self.change(Subject::Products);
        }
        rows.into_iter().map(Stock::try_from).collect::<Result<_, _>>().map(Some)
    }

    async fn sell(&mut self, order: &Order) -> Result<(), StoreError> {
        let sales: Vec<_> = order.lines.iter().map(OrderLine::sale).collect();
        let (now, backend) = (order.placed_at, self.transaction.backend());
        // SQLite answers in place. And a long list makes a long text, which may have to be cut.
        if backend == DbBackend::Sqlite || sales.len() > FEW {
            return self.sell_now(order, &sales).await;
        }
        let above_reorder_point = update(&sales, now)
            .filter(after(&sales).gte(1))
            .filter(after(&sales).gte(Expr::col(Column::RestockThreshold)));
        self.transaction.defer(Statement::from(above_reorder_point.build(backend)).contended());
        let values = [(sales.len() as u64).into(), micros(now).into(), order.id.0.into()];
        let movements = Statement::new(SALES.replace("{affected_rows}", affected_rows(backend)), values)
            .contended()
            .depending_on_previous()
            .assuming(ALL_SOLD);
        self.transaction.defer(movements);
        Ok(())
    }

    async fn lock(&mut self, id: ProductId) -> Result<Option<Stock>, StoreError> {
        let row = self.transaction.one(Entity::find_by_id(id.0).lock_exclusive()).await;
        row.map_err(error::in_tx)?.map(Stock::try_from).transpose()
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
            .apply_if(after, |find, id| find.filter(Column::ProductId.gt(id.0)))
            .order_by_asc(Column::ProductId)
            .limit(limit)
            .lock_exclusive();
        let rows = self.transaction.all(find).await.map_err(error::in_tx)?;
        rows.into_iter().map(Stock::try_from).collect()
    }

    async fn set_policy(&mut self, id: ProductId, policy: RestockPolicy, now: UtcDateTime) -> Result<(), StoreError> {
        let update = Entity::update_many()
            .col_expr(Column::RestockThreshold, Expr::val(policy.threshold()))
            .col_expr(Column::RestockTarget, Expr::val(policy.target()))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .col_expr(Column::UpdatedAt, Expr::val(micros(now)))
            .filter(Column::ProductId.eq(id.0));
        self.transaction.execute(&update).await.map(drop).map_err(error::in_tx)
    }

    async fn record(&mut self, movements: &[Movement]) -> Result<(), StoreError> {
        self.insert_deferred(movements.iter().map(movements::Model::from));
        Ok(())
    }
}

/// Every stock of the order had enough: the movements of the sale get a sequence.
const ALL_SOLD: Assumption = Assumption::NotNull { table: "stock_movements", column: "sequence" };

/// Up to how many products are sold with one text.
const FEW: usize = 16;

/// The movements of what was just sold. If not every stock was changed, there is no number for them: `NULL`, which the
/// table refuses.
const SALES: &str = "
    INSERT INTO stock_movements (product_id, sequence, kind, quantity, balance, reference, at)
    SELECT l.product_id, CASE WHEN {affected_rows} = ? THEN s.version END, 'sale', -l.quantity, s.on_hand, l.order_id, ?
    FROM order_lines l
    LEFT JOIN stock s ON s.product_id = l.product_id
    WHERE l.order_id = ?";

/// The change of stock, to be made under a condition, which is part of it: an `UPDATE` sees the newest rows and locks
/// them, whatever the isolation level. A `SELECT` before it would see what is old by the time of the `UPDATE`.
fn update(changes: &[StockChange], now: UtcDateTime) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::OnHand, after(changes))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::val(micros(now)))
        .filter(Column::ProductId.is_in(changes.iter().map(|change| change.product_id.0)))
}

impl DbTx {
    /// Sells, and finds out at once whether there was plenty.
    async fn sell_now(&mut self, order: &Order, sales: &[StockChange]) -> Result<(), StoreError> {
        let stocks = StockRepository::change(self, sales, order.placed_at).await?.unwrap_or_default();
        if stocks.is_empty() || stocks.iter().any(|stock| stock.on_hand == 0 || stock.below_threshold()) {
            return Err(StoreError::Raced("there is not plenty any more".into()));
        }
        let movement = |(stock, sale): (&Stock, &StockChange)| Movement {
            reference: Some(order.id.0),
            ..Movement::to(stock, MovementKind::Sale, sale.quantity, order.placed_at)
        };
        let movements: Vec<_> = stocks.iter().zip(sales).map(movement).collect();
        self.record(&movements).await
    }

    /// Changes stock, and answers it in order of product; fewer rows than `ids` if not all could be changed.
    async fn changed(&self, update: UpdateMany<Entity>, ids: Vec<Uuid>) -> Result<Vec<Model>, Error> {
        // SQLite answers an UPDATE with its rows; the others take one statement more, and no trip.
        let backend = self.transaction.backend();
        if backend == DbBackend::Sqlite {
            let statement = backend.build(update.as_query().clone().returning_all());
            let mut rows: Vec<Model> = self.transaction.rows(statement).await?;
            rows.sort_unstable_by_key(|row| row.product_id);
            return Ok(rows);
        }
        let wanted = ids.len() as u64;
        let find = Entity::find().filter(Column::ProductId.is_in(ids)).order_by_asc(Column::ProductId);
        let results = self.transaction.run_all(vec![update.build(backend).into(), find.build(backend).into()]).await?;
        match &results[..] {
            [updated, found] if updated.affected_rows == wanted => found.read(),
            _ => Ok(Vec::new()),
        }
    }
}

/// Whether a change by `quantity` makes a product be in stock, or not any more.
fn crosses_zero(after: i64, quantity: i64) -> bool {
    (after > 0) != (after - quantity > 0)
}

/// What is on hand after the change of each product.
fn after(changes: &[StockChange]) -> Expr {
    let quantity = changes.iter().fold(CaseStatement::new(), |case, change| {
        case.case(Expr::col(Column::ProductId).eq(change.product_id.0), change.quantity)
    });
    Expr::col(Column::OnHand).add(quantity)
}

#[async_trait]
impl StockQueries for DbQueries {
    async fn get(&self, id: ProductId) -> Result<Option<Stock>, StoreError> {
        let row = self.read.one(Entity::find_by_id(id.0)).await.map_err(error::on_read)?;
        row.map(Stock::try_from).transpose()
    }

    async fn list(&self, filter: &StockFilter, page: &PageRequest) -> Result<Page<Stock>, StoreError> {
        let find = Entity::find()
            .apply_if(filter.below_threshold, |find, wanted| find.filter(Expr::col(BELOW_THRESHOLD).eq(wanted)))
            .apply_if(after_id(page), |find, id| find.filter(Column::ProductId.gt(id)))
            .order_by_asc(Column::ProductId)
            .limit(rows(page));
        let rows = self.read.all(find).await.map_err(error::on_read)?;
        let stock = rows.into_iter().map(Stock::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(stock, page.limit, |stock: &Stock| at_id(stock.product_id.0)))
    }

    async fn movements(&self, id: ProductId, page: &PageRequest) -> Result<Option<Page<Movement>>, StoreError> {
        let find = movements::Entity::find()
            .filter(movements::Column::ProductId.eq(id.0))
            .apply_if(before(page), |find, sequence| find.filter(movements::Column::Sequence.lt(sequence)))
            .order_by_desc(movements::Column::Sequence)
            .limit(rows(page));
        let rows = self.read.all(find).await.map_err(error::on_read)?;
        // No movements: either it had none yet, or there is no such product.
        if rows.is_empty() && StockQueries::get(self, id).await?.is_none() {
            return Ok(None);
        }
        let items = rows.into_iter().map(Movement::try_from).collect::<Result<_, _>>()?;
        Ok(Some(Page::cut(items, page.limit, at_sequence)))
    }

    async fn movement(&self, id: ProductId, sequence: i64) -> Result<Option<Movement>, StoreError> {
        let row = self.read.one(movements::Entity::find_by_id((id.0, sequence))).await.map_err(error::on_read)?;
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
