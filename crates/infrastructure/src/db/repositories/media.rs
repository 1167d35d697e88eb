use std::collections::HashMap;

use async_trait::async_trait;
use domain::media::{
    Alt, ContentHash, Gallery, MediaFilter, MediaId, MediaQueries, MediaRepository, Owner, OwnerKind, Picture, Placed,
    Shown,
};
use domain::products::ProductName;
use domain::{Page, PageRequest, StoreError, Uuid};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::assignments::raced_with_use;
use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::engine::{Error, Executor};
use crate::db::entities::media::{Column, Entity, Model};
use crate::db::entities::{media_uses as uses, products};

#[async_trait]
impl MediaRepository for DbTx {
    async fn insert(&mut self, picture: &Picture) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::from(picture)]).await?)
    }

    async fn lock(&mut self, id: MediaId) -> Result<Option<Picture>, StoreError> {
        let row = self.transaction.one(Entity::find_by_id(id.0).lock_exclusive()).await?;
        row.map(Picture::try_from).transpose()
    }

    async fn known(&mut self, ids: &[MediaId]) -> Result<Vec<MediaId>, StoreError> {
        existing(&self.transaction, ids).await
    }

    async fn gallery(&mut self, owner: Owner) -> Result<Gallery, StoreError> {
        let rows = self.transaction.all(of(owner).order_by_asc(uses::Column::Position)).await?;
        Ok(Gallery::from_trusted(rows.into_iter().map(Placed::from).collect()))
    }

    async fn shown(&mut self, owner: Owner) -> Result<Vec<Shown>, StoreError> {
        let mut all = shown(&self.transaction, of(owner)).await?;
        Ok(all.remove(&owner.id).unwrap_or_default())
    }

    async fn replace(&mut self, owner: Owner, gallery: &Gallery) -> Result<(), StoreError> {
        // Before products: what is rendered of a product after this looks for pictures.
        self.change(Subject::Media);
        self.forget_pictures(owner).await?;
        self.insert_rows(uses::Model::of(owner, gallery)).await.map_err(raced_with_use)
    }

    async fn products_with(&mut self, id: MediaId, limit: u64) -> Result<Vec<ProductName>, StoreError> {
        let owners = uses::Entity::find()
            .select_only()
            .column(uses::Column::OwnerId)
            .filter(uses::Column::MediaId.eq(id.0))
            .filter(uses::Column::OwnerKind.eq(OwnerKind::Product.as_str()));
        let find = products::Entity::find()
            .filter(products::Column::Id.in_subquery(owners.into_query()))
            .order_by_asc(products::Column::Id)
            .limit(limit);
        let rows = self.transaction.all(find).await?;
        Ok(rows.into_iter().map(|row| ProductName::from_trusted(row.name)).collect())
    }

    async fn delete(&mut self, id: MediaId) -> Result<(), StoreError> {
        self.transaction.execute(&Entity::delete_by_id(id.0)).await.map(drop).map_err(raced_with_use)
    }
}

impl DbTx {
    /// Takes all pictures from something. The pictures stay.
    pub(super) async fn forget_pictures(&self, owner: Owner) -> Result<(), Error> {
        let old = uses::Entity::delete_many()
            .filter(uses::Column::OwnerKind.eq(owner.kind.as_str()))
            .filter(uses::Column::OwnerId.eq(owner.id));
        self.transaction.execute(&old).await.map(drop)
    }
}

#[async_trait]
impl MediaQueries for DbQueries {
    async fn get(&self, id: MediaId) -> Result<Option<Picture>, StoreError> {
        self.read.one(Entity::find_by_id(id.0)).await?.map(Picture::try_from).transpose()
    }

    async fn with_hash(&self, hash: &ContentHash) -> Result<Option<Picture>, StoreError> {
        let find = Entity::find().filter(Column::Hash.eq(hash.to_vec()));
        self.read.one(find).await?.map(Picture::try_from).transpose()
    }

    async fn list(&self, filter: &MediaFilter, page: &PageRequest) -> Result<Page<Picture>, StoreError> {
        let used = uses::Entity::find().select_only().column(uses::Column::MediaId).into_query();
        let find = Entity::find()
            .apply_if(filter.is_unused.then_some(used), |find, used| find.filter(Column::Id.not_in_subquery(used)))
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.gt(id)))
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let page = Page::cut(self.lists.all(find).await?, page.limit, |row: &Model| at_id(row.id));
        let items = page.items.into_iter().map(Picture::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, next: page.next })
    }

    async fn galleries(&self, kind: OwnerKind, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Shown>>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        shown(&self.read, of_all(kind, ids)).await
    }

    async fn first(&self, kind: OwnerKind, ids: &[Uuid]) -> Result<HashMap<Uuid, Shown>, StoreError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let all = shown(&self.read, of_all(kind, ids).filter(uses::Column::Position.eq(0))).await?;
        Ok(all.into_iter().filter_map(|(id, pictures)| Some((id, pictures.into_iter().next()?))).collect())
    }

    async fn is_used(&self) -> Result<bool, StoreError> {
        Ok(self.read.one(uses::Entity::find().limit(1)).await?.is_some())
    }

    async fn existing(&self, ids: &[MediaId]) -> Result<Vec<MediaId>, StoreError> {
        existing(&self.read, ids).await
    }
}

fn of(owner: Owner) -> Select<uses::Entity> {
    of_all(owner.kind, &[owner.id])
}

fn of_all(kind: OwnerKind, ids: &[Uuid]) -> Select<uses::Entity> {
    uses::Entity::find()
        .filter(uses::Column::OwnerKind.eq(kind.as_str()))
        .filter(uses::Column::OwnerId.is_in(ids.iter().copied()))
}

/// The pictures that are used so, in order, by their owners.
async fn shown(db: &impl Executor, find: Select<uses::Entity>) -> Result<HashMap<Uuid, Vec<Shown>>, StoreError> {
    let find = find.order_by_asc(uses::Column::OwnerId).order_by_asc(uses::Column::Position).find_also_related(Entity);
    let pairs: Result<Vec<_>, Error> = db.pairs(&find).await;
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    for (place, picture) in pairs? {
        let Some(picture) = picture else { continue };
        let shown = Shown { picture: picture.try_into()?, alt: place.alt.map(Alt::from_trusted) };
        all.entry(place.owner_id).or_default().push(shown);
    }
    Ok(all)
}

/// Those of the ids that pictures have.
async fn existing(db: &impl Executor, ids: &[MediaId]) -> Result<Vec<MediaId>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let find = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.iter().map(|id| id.0)));
    Ok(db.ids(&find).await?.into_iter().map(MediaId).collect())
}
