//! Products whose time has come.

use domain::products::{ProductId, ProductStatus};
use domain::{StoreError, UtcDateTime};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::db::convert::micros;
use crate::db::engine::Executor;
use crate::db::entities::products::{Column, Entity};

/// Up to `limit` products whose times want another status than they have, in order of id.
pub(super) async fn due(db: &impl Executor, now: UtcDateTime, limit: u64) -> Result<Vec<ProductId>, StoreError> {
    let begin = by(ProductStatus::Scheduled, Column::AvailableFrom, "products_by_beginning", now);
    let end = by(ProductStatus::Active, Column::AvailableUntil, "products_by_end", now);
    let mut ids = db.ids(&begin.limit(limit)).await?;
    ids.extend(db.ids(&end.limit(limit)).await?);
    ids.sort_unstable();
    ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(ids.into_iter().map(ProductId).collect())
}

/// The products of a status whose time in a column has come.
fn by(status: ProductStatus, column: Column, index: &'static str, now: UtcDateTime) -> Select<Entity> {
    let mut find = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.eq(status.as_str()))
        .filter(column.lte(micros(now)));
    QueryTrait::query(&mut find).force_index(index, IndexHintScope::All);
    find
}
