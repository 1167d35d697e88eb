use async_trait::async_trait;
use domain::collections::{
    Collection, CollectionId, CollectionKey, CollectionQueries, CollectionRepository, ListedCollection, Pins,
};
use domain::products::ProductId;
use domain::{Page, PageRequest, StoreError};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::assignments::raced_with_use;
use super::attributes::{after_place, at_place, counted};
use super::queries::{DbQueries, rows};
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::engine::{Error, Executor, Statement};
use crate::db::entities::collection_pins as pins;
use crate::db::entities::collections::{Column, Entity, Model};
use crate::db::entities::products;

#[async_trait]
impl CollectionRepository for DbTx {
    async fn insert(&mut self, collection: &Collection) -> Result<(), StoreError> {
        self.change(Subject::Products);
        self.insert_rows([Model::try_from(collection)?]).await?;
        self.insert_rows(pins::Model::of(collection)).await.map_err(raced_with_use)
    }

    async fn lock(&mut self, key: &CollectionKey) -> Result<Option<Collection>, StoreError> {
        let row = self.transaction.one(named(key).lock_exclusive()).await?;
        with_pins(&self.transaction, row).await
    }

    async fn update(&mut self, collection: &Collection) -> Result<(), StoreError> {
        self.change(Subject::Products);
        self.update_row(Model::try_from(collection)?).await?;
        if pins_of(&self.transaction, collection.id).await? != collection.pins {
            self.forget_pins(pins::Column::CollectionId.eq(collection.id.0)).await?;
            self.insert_rows(pins::Model::of(collection)).await.map_err(raced_with_use)?;
        }
        Ok(())
    }

    async fn delete(&mut self, id: CollectionId) -> Result<(), StoreError> {
        self.change(Subject::Products);
        self.forget_pins(pins::Column::CollectionId.eq(id.0)).await?;
        self.forget_pictures(id.into()).await?;
        self.free_slugs(id.0).await?;
        Ok(self.transaction.execute(&Entity::delete_by_id(id.0)).await.map(drop)?)
    }

    async fn count(&mut self) -> Result<u64, StoreError> {
        Ok(counted(&self.transaction, Statement::new("SELECT COUNT(*) FROM collections", [])).await?)
    }

    async fn standing(&mut self, ids: &[ProductId]) -> Result<Vec<ProductId>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let find = products::Entity::find()
            .select_only()
            .column(products::Column::Id)
            .filter(products::Column::Id.is_in(ids.iter().map(|id| id.0)));
        Ok(self.transaction.ids(&find).await?.into_iter().map(ProductId).collect())
    }
}

impl DbTx {
    /// Takes a product out of all collections in which it stands first.
    pub(super) async fn unpin(&self, id: ProductId) -> Result<(), Error> {
        self.forget_pins(pins::Column::ProductId.eq(id.0)).await
    }

    async fn forget_pins(&self, find: sea_orm::sea_query::Expr) -> Result<(), Error> {
        self.transaction.execute(&pins::Entity::delete_many().filter(find)).await.map(drop)
    }
}

#[async_trait]
impl CollectionQueries for DbQueries {
    async fn get(&self, key: &CollectionKey) -> Result<Option<Collection>, StoreError> {
        let row = self.read.one(named(key)).await?;
        with_pins(&self.read, row).await
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<ListedCollection>, StoreError> {
        let find = Entity::find()
            .apply_if(page.after.as_ref(), |find, place| find.filter(after_place(place, Column::Position, Column::Id)))
            .order_by_asc(Column::Position)
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let page = Page::cut(self.read.all(find).await?, page.limit, |row: &Model| at_place(row.position, row.id));
        let items = page.items.into_iter().map(ListedCollection::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, next: page.next })
    }
}

fn named(key: &CollectionKey) -> Select<Entity> {
    Entity::find().filter(match key {
        CollectionKey::Id(id) => Column::Id.eq(id.0),
        CollectionKey::Slug(slug) => Column::Slug.eq(slug.as_str()),
    })
}

async fn with_pins(db: &impl Executor, row: Option<Model>) -> Result<Option<Collection>, StoreError> {
    let Some(row) = row else { return Ok(None) };
    let pins = pins_of(db, CollectionId(row.id)).await?;
    row.with(pins).map(Some)
}

async fn pins_of(db: &impl Executor, id: CollectionId) -> Result<Pins, Error> {
    let find = pins::Entity::find()
        .select_only()
        .column(pins::Column::ProductId)
        .filter(pins::Column::CollectionId.eq(id.0))
        .order_by_asc(pins::Column::Position);
    Ok(Pins::from_trusted(db.ids(&find).await?.into_iter().map(ProductId).collect()))
}
