use async_trait::async_trait;
use domain::products::{PriceEntry, PriceQueries, PriceRepository, ProductId, ProductQueries};
use domain::{Cursor, CursorKey, Page, PageRequest, StoreError, UtcDateTime};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::queries::{DbQueries, rows};
use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::engine::Executor as _;
use crate::db::entities::product_prices::{Column, Entity, Model};

#[async_trait]
impl PriceRepository for DbTx {
    async fn record(&mut self, entry: &PriceEntry) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::from(entry)]).await?)
    }

    async fn since(&mut self, id: ProductId, time: UtcDateTime) -> Result<Vec<PriceEntry>, StoreError> {
        let own = || Entity::find().filter(Column::ProductId.eq(id.0)).order_by_desc(Column::Sequence);
        let mut found = self.transaction.all(own().filter(Column::At.gt(micros(time)))).await?;
        found.extend(self.transaction.one(own().filter(Column::At.lte(micros(time))).limit(1)).await?);
        found.into_iter().map(PriceEntry::try_from).collect()
    }
}

#[async_trait]
impl PriceQueries for DbQueries {
    async fn list(&self, id: ProductId, page: &PageRequest) -> Result<Option<Page<PriceEntry>>, StoreError> {
        let before = page.after.as_ref().and_then(|cursor| match cursor.key {
            CursorKey::Int(sequence) => Some(sequence),
            CursorKey::Id | CursorKey::Text(_) | CursorKey::Pin(_) => None,
        });
        let find = Entity::find()
            .filter(Column::ProductId.eq(id.0))
            .apply_if(before, |find, sequence| find.filter(Column::Sequence.lt(sequence)))
            .order_by_desc(Column::Sequence)
            .limit(rows(page));
        let found = self.read.all(find).await?;
        if found.is_empty() && ProductQueries::get(self, id, None).await?.is_none() {
            return Ok(None);
        }
        let items = found.into_iter().map(PriceEntry::try_from).collect::<Result<_, _>>()?;
        let place = |entry: &PriceEntry| Cursor { key: CursorKey::Int(entry.sequence), id: entry.product_id.0 };
        Ok(Some(Page::cut(items, page.limit, place)))
    }
}
