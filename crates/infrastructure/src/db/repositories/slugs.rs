//! The slugs of products, product groups and collections.

use std::collections::HashSet;

use async_trait::async_trait;
use domain::slugs::{Addressee, Slug, SlugKind, SlugOwner, SlugQueries, SlugRepository};
use domain::{StoreError, Uuid};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::queries::DbQueries;
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::engine::{Error, Executor as _, FromRow, Row};
use crate::db::entities::products;
use crate::db::entities::slugs::{Column, Entity, Model, UNMADE, key};

/// Slugs in one statement.
const STEP: usize = 500;

#[async_trait]
impl SlugRepository for DbTx {
    async fn make(&mut self, owner: SlugOwner, wanted: &Slug) -> Result<Slug, StoreError> {
        // It is free as a rule, so that nothing is read before.
        match self.insert_rows([Model::of(owner, wanted)]).await {
            Ok(()) => return Ok(wanted.clone()),
            Err(error) if error.is_duplicate() => {}
            Err(error) => return Err(error.into()),
        }
        let others: Vec<_> = wanted.others(owner.id).collect();
        let taken = self.taken(owner.kind, others.iter()).await?;
        let free = others.into_iter().find(|slug| !taken.contains(slug.as_str()));
        let free = free.ok_or_else(|| raced("no slug was free"))?;
        match self.insert_rows([Model::of(owner, &free)]).await {
            Err(error) if error.is_duplicate() => Err(raced("somebody got the slug")),
            result => Ok(result.map(|()| free)?),
        }
    }

    async fn give(&mut self, owner: SlugOwner, slug: &Slug, before: Option<Slug>) -> Result<(), StoreError> {
        match self.insert_rows([Model::of(owner, slug)]).await {
            Ok(()) => {}
            Err(error) if error.is_duplicate() => {
                if self.set_current(owner, slug, true).await? == 0 {
                    return Err(StoreError::Duplicate(owner.kind.unique_key()));
                }
            }
            Err(error) => return Err(error.into()),
        }
        if let Some(before) = before {
            self.set_current(owner, &before, false).await?;
        }
        Ok(())
    }

    async fn fill(&mut self, limit: u64) -> Result<u64, StoreError> {
        let unmade = Entity::find().filter(Column::Kind.eq(UNMADE)).order_by_asc(Column::Slug).limit(limit);
        let ids: Vec<_> = self.transaction.all(unmade).await?.into_iter().map(|row| row.resource_id).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        let find = products::Entity::find()
            .select_only()
            .columns([products::Column::Id, products::Column::Name, products::Column::Slug])
            .filter(products::Column::Id.is_in(ids.iter().copied()))
            .order_by_asc(products::Column::Id)
            .lock_exclusive();
        let rows: Vec<NameRow> = self.transaction.read(&find).await?;
        let without: Vec<_> = rows.into_iter().filter(|row| !row.has_slug).collect();
        let wanted: Vec<_> = without.iter().map(|row| (row.id, Slug::of_goods(&row.name, row.id))).collect();
        let made = self.make_slugs(SlugKind::Product, &wanted).await?;
        if !made.is_empty() {
            self.change(Subject::Products);
        }
        for ((id, _), slug) in wanted.into_iter().zip(made) {
            let row = products::ActiveModel {
                id: ActiveValue::Unchanged(id),
                slug: ActiveValue::Set(Some(slug.as_str().to_owned())),
                ..<products::ActiveModel as sea_orm::ActiveModelTrait>::default()
            };
            Self::update(self, row).await?;
        }
        let done = Entity::delete_many()
            .filter(Column::Kind.eq(UNMADE))
            .filter(Column::Slug.is_in(ids.iter().map(|id| id.simple().to_string())));
        self.transaction.execute(&done).await?;
        Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
    }
}

impl DbTx {
    /// Makes slugs of these, and returns them in the same order: the wanted one, or the first of its others that is free.
    pub(in crate::db) async fn make_slugs(&self, kind: SlugKind, wanted: &[(Uuid, Slug)]) -> Result<Vec<Slug>, Error> {
        let mut taken = self.taken(kind, wanted.iter().map(|(_, slug)| slug)).await?;
        let (mut seen, mut others) = (HashSet::new(), Vec::new());
        for (id, slug) in wanted {
            if taken.contains(slug.as_str()) || !seen.insert(slug) {
                others.extend(slug.others(*id));
            }
        }
        taken.extend(self.taken(kind, others.iter()).await?);
        let mut made = Vec::with_capacity(wanted.len());
        for (id, slug) in wanted {
            // The last of the others is nobody else's. If it is, the table refuses it.
            let mut all = std::iter::once(slug.clone()).chain(slug.others(*id));
            made.push(all.find(|slug| taken.insert(slug.as_str().to_owned())).unwrap_or_else(|| slug.clone()));
        }
        let owner = |id| SlugOwner { kind, id };
        let rows: Vec<_> = wanted.iter().zip(&made).map(|((id, _), slug)| Model::of(owner(*id), slug)).collect();
        for some in rows.chunks(STEP) {
            self.insert_rows(some.iter().cloned()).await?;
        }
        Ok(made)
    }

    /// Frees the slugs of products or product groups, which are deleted.
    pub(super) async fn free_slugs(&self, id: Uuid) -> Result<(), Error> {
        self.transaction.execute(&Entity::delete_many().filter(Column::ResourceId.eq(id))).await.map(drop)
    }

    /// The slugs that are or were taken.
    async fn taken(&self, kind: SlugKind, slugs: impl Iterator<Item = &Slug>) -> Result<HashSet<String>, Error> {
        let slugs: Vec<_> = slugs.map(Slug::as_str).collect();
        let mut taken = HashSet::new();
        for some in slugs.chunks(STEP) {
            let find =
                Entity::find().filter(Column::Kind.eq(kind.as_str())).filter(Column::Slug.is_in(some.iter().copied()));
            taken.extend(self.transaction.all(find).await?.into_iter().map(|row| row.slug));
        }
        Ok(taken)
    }

    /// Says whether a slug of an owner is the current one. Returns how many it has of it.
    async fn set_current(&self, owner: SlugOwner, slug: &Slug, is_current: bool) -> Result<u64, Error> {
        let update = Entity::update_many()
            .col_expr(Column::IsCurrent, Expr::val(is_current))
            .filter(Column::Kind.eq(owner.kind.as_str()))
            .filter(Column::Slug.eq(slug.as_str()))
            .filter(Column::ResourceId.eq(owner.id));
        self.transaction.execute(&update).await
    }
}

fn raced(why: &'static str) -> StoreError {
    StoreError::Raced(why.into())
}

struct NameRow {
    id: Uuid,
    name: String,
    has_slug: bool,
}

impl FromRow for NameRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { id: row.at(0)?, name: row.at(1)?, has_slug: row.at::<Option<String>>(2)?.is_some() })
    }
}

#[async_trait]
impl SlugQueries for DbQueries {
    async fn find(&self, kind: SlugKind, slug: &Slug) -> Result<Option<Addressee>, StoreError> {
        let row = self.read.one(Entity::find_by_id(key(kind, slug))).await?;
        Ok(row.map(|row| Addressee { id: row.resource_id, is_current: row.is_current }))
    }
}
