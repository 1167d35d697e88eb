use application::LeaseRepository;
use async_trait::async_trait;
use domain::{StoreError, UtcDateTime, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::engine::Executor as _;
use crate::db::entities::leases::{Column, Entity, Model};

#[async_trait]
impl LeaseRepository for DbTx {
    async fn take(
        &mut self,
        task: &'static str,
        holder: Uuid,
        now: UtcDateTime,
        until: UtcDateTime,
    ) -> Result<bool, StoreError> {
        let take_over = Entity::update_many()
            .col_expr(Column::Holder, Expr::val(holder))
            .col_expr(Column::UntilAt, Expr::val(micros(until)))
            .filter(Column::Task.eq(task))
            // A lease that ends later than two of its length was taken before the clock was set back.
            .filter(Column::UntilAt.lte(micros(now)).or(Column::UntilAt.gt(micros(until + (until - now)))));
        if self.transaction.execute(&take_over).await? > 0 {
            return Ok(true);
        }
        // Nothing updated: either the lease is held, or its row does not exist yet.
        match self.insert_rows([Model { task: task.to_owned(), holder, until_at: micros(until) }]).await {
            Ok(()) => Ok(true),
            Err(cause) if cause.is_duplicate() => Ok(false),
            Err(cause) => Err(cause.into()),
        }
    }
}
