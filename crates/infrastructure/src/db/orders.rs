use std::collections::HashMap;

use async_trait::async_trait;
use domain::orders::{Order, OrderFilter, OrderId, OrderQueries, OrderRepository, OrderScope, OrderStatus, Tracking};
use domain::{Page, PageRequest, StoreError, Uuid};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::convert::micros;
use super::entities::orders::{Column, Entity, Model};
use super::entities::{order_history as history, order_lines as lines};
use super::error;
use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;

#[async_trait]
impl OrderRepository for DbTx {
    async fn insert(&mut self, order: &Order) -> Result<(), StoreError> {
        let first = history::Model {
            order_id: order.id.0,
            sequence: order.version.0,
            status: OrderStatus::Placed.as_str().to_owned(),
            at: micros(order.placed_at),
            note: None,
        };
        self.insert_rows([Model::from(order)]).await.map_err(error::in_tx)?;
        self.insert_rows(lines::Model::of(order)).await.map_err(error::in_tx)?;
        self.insert_rows([first]).await.map_err(error::in_tx)
    }
}

#[async_trait]
impl OrderQueries for DbQueries {
    async fn get(&self, id: OrderId, scope: OrderScope) -> Result<Option<Order>, StoreError> {
        let find = Entity::find_by_id(id.0).filter(within(scope));
        let Some(order) = find.one(&self.read).await.map_err(error::on_read)? else { return Ok(None) };
        let mut lines = self.lines([order.id]).await?;
        order.with_lines(lines.remove(&id.0).unwrap_or_default()).map(Some)
    }

    async fn list(
        &self,
        scope: OrderScope,
        filter: &OrderFilter,
        page: &PageRequest,
    ) -> Result<Page<Order>, StoreError> {
        let find = Entity::find()
            .filter(within(scope))
            .filter(wanted(filter))
            // Ids rise with time, so that the newest order has the highest.
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.lt(id)))
            .order_by_desc(Column::Id)
            .limit(rows(page));
        let orders = find.all(&self.read).await.map_err(error::on_read)?;
        let orders = Page::cut(orders, page.limit, |order: &Model| at_id(order.id));
        let mut lines = self.lines(orders.items.iter().map(|order| order.id)).await?;
        let with_lines = |order: Model| {
            let own = lines.remove(&order.id).unwrap_or_default();
            order.with_lines(own)
        };
        Ok(Page { items: orders.items.into_iter().map(with_lines).collect::<Result<_, _>>()?, next: orders.next })
    }

    async fn tracking(&self, id: OrderId, scope: OrderScope) -> Result<Option<Tracking>, StoreError> {
        // One statement, so that the status fits the history.
        let find = Entity::find_by_id(id.0)
            .filter(within(scope))
            .find_with_related(history::Entity)
            .order_by_asc(history::Column::Sequence);
        let found = find.all(&self.read).await.map_err(error::on_read)?;
        found.into_iter().next().map(|(order, history)| order.with_history(history)).transpose()
    }
}

impl DbQueries {
    /// The lines of each of these orders. They never change, so it does not matter when they are read.
    async fn lines(
        &self,
        orders: impl IntoIterator<Item = Uuid>,
    ) -> Result<HashMap<Uuid, Vec<lines::Model>>, StoreError> {
        let find = lines::Entity::find()
            .filter(lines::Column::OrderId.is_in(orders))
            .order_by_asc(lines::Column::OrderId)
            .order_by_asc(lines::Column::LineNo);
        let mut by_order: HashMap<_, Vec<_>> = HashMap::new();
        for line in find.all(&self.read).await.map_err(error::on_read)? {
            by_order.entry(line.order_id).or_default().push(line);
        }
        Ok(by_order)
    }
}

/// Whose orders may be seen. The others are not there.
fn within(scope: OrderScope) -> Condition {
    match scope {
        OrderScope::All => Condition::all(),
        OrderScope::Of(customer) => Condition::all().add(Column::CustomerId.eq(customer.0)),
        OrderScope::None => Condition::all().add(Expr::cust("1 = 0")),
    }
}

fn wanted(filter: &OrderFilter) -> Condition {
    Condition::all()
        .add_option(filter.customer_id.map(|id| Column::CustomerId.eq(id.0)))
        .add_option(filter.status.map(|status| Column::Status.eq(status.as_str())))
        .add_option(filter.placed_after.map(|from| Column::PlacedAt.gte(micros(from))))
        .add_option(filter.placed_before.map(|end| Column::PlacedAt.lt(micros(end))))
}
