use async_trait::async_trait;
use domain::tax_classes::{TaxClass, TaxClassCode, TaxClassId, TaxClassQueries, TaxClassRepository};
use domain::{Page, PageRequest, StoreError};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use crate::db::engine::Executor as _;
use crate::db::entities::tax_classes::{Column, Entity, Model};

#[async_trait]
impl TaxClassRepository for DbTx {
    async fn insert(&mut self, class: &TaxClass) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::from(class)]).await?)
    }

    async fn lock(&mut self, id: TaxClassId) -> Result<Option<TaxClass>, StoreError> {
        let row = self.transaction.one(Entity::find_by_id(id.0).lock_exclusive()).await;
        row?.map(TaxClass::try_from).transpose()
    }

    async fn has(&mut self, code: &TaxClassCode) -> Result<bool, StoreError> {
        let find = Entity::find().select_only().column(Column::Id).filter(Column::Code.eq(code.as_str()));
        Ok(!self.transaction.ids(&find).await?.is_empty())
    }

    async fn update(&mut self, class: &TaxClass) -> Result<(), StoreError> {
        Ok(self.update_row(Model::from(class)).await?)
    }

    async fn delete(&mut self, id: TaxClassId) -> Result<(), StoreError> {
        Ok(self.transaction.execute(&Entity::delete_by_id(id.0)).await.map(drop)?)
    }
}

#[async_trait]
impl TaxClassQueries for DbQueries {
    async fn get(&self, id: TaxClassId) -> Result<Option<TaxClass>, StoreError> {
        let row = self.read.one(Entity::find_by_id(id.0)).await?;
        row.map(TaxClass::try_from).transpose()
    }

    async fn codes(&self) -> Result<Vec<TaxClassCode>, StoreError> {
        let rows = self.read.all(Entity::find()).await?;
        Ok(rows.into_iter().map(|row| TaxClassCode::from_trusted(row.code)).collect())
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<TaxClass>, StoreError> {
        let find = Entity::find()
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id)))
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let rows = self.read.all(find).await?;
        let classes = rows.into_iter().map(TaxClass::try_from).collect::<Result<_, _>>()?;
        Ok(Page::cut(classes, page.limit, |class: &TaxClass| at_id(class.id.0)))
    }
}
