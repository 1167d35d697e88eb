use std::collections::HashMap;

use async_trait::async_trait;
use domain::groups::{GroupId, GroupPictures};
use domain::media::{
    Alt, ContentHash, Gallery, MediaFilter, MediaId, MediaQueries, MediaRepository, Owner, OwnerKind, Picture, Placed,
    ProductPictures, Shown,
};
use domain::products::ProductId;
use domain::{Page, PageRequest, StoreError, UtcDateTime, Uuid};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::assignments::raced_with_use;
use super::queries::{DbQueries, after_id, at_id, rows};
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::convert::micros;
use crate::db::engine::{Error, Executor, Statement};
use crate::db::entities::media::{Column, Entity, Model};
use crate::db::entities::{media_uses as uses, members, removed_media};

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

    async fn users(&mut self, id: MediaId, limit: u64) -> Result<Vec<(OwnerKind, String)>, StoreError> {
        let mut users = Vec::new();
        for kind in OwnerKind::ALL {
            let sql = format!(
                "SELECT o.name FROM media_uses u JOIN {} o ON o.id = u.owner_id
                WHERE u.media_id = ? AND u.owner_kind = ? ORDER BY o.id LIMIT ?",
                table(*kind)
            );
            let statement = Statement::new(sql, [id.0.into(), kind.as_str().into(), limit.into()]);
            for row in &self.transaction.run(statement).await?.rows {
                users.push((*kind, row.at(0)?));
            }
        }
        Ok(users)
    }

    async fn delete(&mut self, id: MediaId, now: UtcDateTime) -> Result<(), StoreError> {
        self.transaction.execute(&Entity::delete_by_id(id.0)).await.map_err(raced_with_use)?;
        Ok(self.insert_rows([removed_media::Model { id: id.0, removed_at: micros(now) }]).await?)
    }

    async fn forget_removed(&mut self, before: UtcDateTime) -> Result<(), StoreError> {
        let old = removed_media::Entity::delete_many().filter(removed_media::Column::RemovedAt.lt(micros(before)));
        Ok(self.transaction.execute(&old).await.map(drop)?)
    }
}

impl DbTx {
    /// Gives members of groups that leave them the pictures that they have from there.
    pub(super) async fn keep_pictures(&self, ids: &[ProductId]) -> Result<(), StoreError> {
        for (id, pictures) in of_products(&self.transaction, ids, false).await? {
            if let Some(gallery) = pictures.kept() {
                self.insert_rows(uses::Model::of(id.into(), &gallery)).await.map_err(raced_with_use)?;
            }
        }
        Ok(())
    }

    /// Removes the assignments of all pictures to an owner. The pictures themselves stay.
    pub(super) async fn forget_pictures(&self, owner: Owner) -> Result<(), Error> {
        let old = uses::Entity::delete_many()
            .filter(uses::Column::OwnerKind.eq(owner.kind.as_str()))
            .filter(uses::Column::OwnerId.eq(owner.id));
        self.transaction.execute(&old).await.map(drop)
    }
}

/// The table of an owner of pictures. Each such table has a column `name`.
const fn table(kind: OwnerKind) -> &'static str {
    match kind {
        OwnerKind::Product => "products",
        OwnerKind::Group => "product_groups",
        OwnerKind::Collection => "collections",
        OwnerKind::Term => "terms",
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

    async fn of_products(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, ProductPictures>, StoreError> {
        of_products(&self.read, ids, false).await
    }

    async fn first_of_products(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Shown>, StoreError> {
        first_of_products(&self.read, ids).await
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

    async fn existing_since(&self, ids: &[MediaId], since: UtcDateTime) -> Result<Vec<MediaId>, StoreError> {
        let mut found = existing(&self.read, ids).await?;
        if !ids.is_empty() {
            let removed = removed_media::Entity::find()
                .select_only()
                .column(removed_media::Column::Id)
                .filter(removed_media::Column::Id.is_in(ids.iter().map(|id| id.0)))
                .filter(removed_media::Column::RemovedAt.gte(micros(since)));
            found.extend(self.read.ids(&removed).await?.into_iter().map(MediaId));
        }
        Ok(found)
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

/// The pictures of products, or the first of each: their own, or else those of their groups.
async fn of_products(
    db: &impl Executor,
    ids: &[ProductId],
    only_first: bool,
) -> Result<HashMap<ProductId, ProductPictures>, StoreError> {
    let find = |kind, ids: &[Uuid]| {
        let find = of_all(kind, ids);
        if only_first { find.filter(uses::Column::Position.eq(0)) } else { find }
    };
    let all: Vec<_> = ids.iter().map(|id| id.0).collect();
    if all.is_empty() {
        return Ok(HashMap::new());
    }
    let own = shown(db, find(OwnerKind::Product, &all)).await?;
    let without: Vec<_> = all.into_iter().filter(|id| !own.contains_key(id)).collect();
    let own = own.into_iter().map(|(id, shown)| (ProductId(id), ProductPictures { shown, are_own: true }));
    let mut pictures: HashMap<_, _> = own.collect();
    if without.is_empty() {
        return Ok(pictures);
    }
    let members = members::Entity::find()
        .filter(members::Column::Id.is_in(without))
        .filter(members::Column::GroupId.is_not_null());
    let members: Vec<_> =
        db.all(members).await?.into_iter().filter_map(|row| Some((ProductId(row.id), row.group_id?))).collect();
    let mut groups: Vec<_> = members.iter().map(|(_, group)| *group).collect();
    groups.sort_unstable();
    groups.dedup();
    let of_groups = if groups.is_empty() { HashMap::new() } else { shown(db, find(OwnerKind::Group, &groups)).await? };
    for (id, group) in members {
        if let Some(shown) = of_groups.get(&group) {
            pictures.insert(id, ProductPictures { shown: shown.clone(), are_own: false });
        }
    }
    Ok(pictures)
}

async fn first_of_products(db: &impl Executor, ids: &[ProductId]) -> Result<HashMap<ProductId, Shown>, StoreError> {
    let all = of_products(db, ids, true).await?;
    Ok(all.into_iter().filter_map(|(id, pictures)| Some((id, pictures.shown.into_iter().next()?))).collect())
}

/// The pictures of a group, and the first of each of these members.
pub(super) async fn of_group(
    db: &impl Executor,
    id: GroupId,
    members: &[ProductId],
) -> Result<GroupPictures, StoreError> {
    let shown = shown(db, of(id.into())).await?.remove(&id.0).unwrap_or_default();
    Ok(GroupPictures { shown, of_members: first_of_products(db, members).await? })
}

/// The pictures of the selected assignments, in order, by the ids of their owners.
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

/// The ids among these that belong to pictures.
async fn existing(db: &impl Executor, ids: &[MediaId]) -> Result<Vec<MediaId>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let find = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.iter().map(|id| id.0)));
    Ok(db.ids(&find).await?.into_iter().map(MediaId).collect())
}
