//! Products that are reduced.

use domain::Uuid;
use domain::products::ProductFilter;
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::product_order::indexed;
use crate::db::engine::{Error, Executor as _, Pool};
use crate::db::entities::products::{Column, Entity};
use crate::db::repositories::FEW;

/// The condition that a product is reduced, or, if not `wanted`, that it is not.
pub(super) fn is_reduced(compare_at_price: Expr, wanted: bool) -> Expr {
    if wanted { compare_at_price.is_not_null() } else { compare_at_price.is_null() }
}

/// The only products that are reduced, in order of id, if only these are wanted and there are few.
pub(super) async fn few_reduced(filter: &ProductFilter, read: &Pool) -> Result<Option<Vec<Uuid>>, Error> {
    if filter.on_sale != Some(true) {
        return Ok(None);
    }
    let mut find = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(indexed(Column::CompareAtPrice).is_not_null())
        .limit(FEW + 1);
    QueryTrait::query(&mut find).force_index("products_by_reduction", IndexHintScope::All);
    let mut ids = read.ids(&find).await?;
    ids.sort_unstable();
    Ok(u64::try_from(ids.len()).is_ok_and(|count| count <= FEW).then_some(ids))
}
