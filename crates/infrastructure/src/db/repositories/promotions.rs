use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use domain::customers::CustomerId;
use domain::events::Event;
use domain::orders::OrderId;
use domain::pricing::{self, CouponKey, PromotionId};
use domain::promotions::{
    GivenCoupon, Offered, Promotion, PromotionCode, PromotionFilter, PromotionQueries, PromotionRepository,
    PromotionStatus, Redeemed, Redemption, Uses,
};
use domain::{Cursor, CursorKey, Page, PageRequest, StoreError, UtcDateTime, Uuid};
use sea_orm::ActiveValue::NotSet;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
};

use super::queries::{DbQueries, after_id, at_id, has_words, rows};
use super::redemptions::{GivenRow, UsesRow, codes_with, given, uses_of};
use super::tx::DbTx;
use crate::db::engine::{Error, Executor, FromRow, Row, Statement};
use crate::db::entities::promotions::{ActiveModel, Column, Entity, Model};
use crate::db::entities::{coupon_codes as codes, outbox};

#[async_trait]
impl PromotionRepository for DbTx {
    async fn insert(&mut self, promotion: &Promotion) -> Result<(), StoreError> {
        Ok(self.insert_rows([Model::try_from(promotion)?]).await?)
    }

    async fn lock(&mut self, id: PromotionId) -> Result<Option<Promotion>, StoreError> {
        let row = self.transaction.one(Entity::find_by_id(id.0).lock_exclusive()).await?;
        Ok(counted(&self.transaction, row.into_iter().collect()).await?.pop())
    }

    async fn update(&mut self, promotion: &Promotion) -> Result<(), StoreError> {
        let row = Model::try_from(promotion)?.into_active_model().reset_all();
        Ok(DbTx::update(self, ActiveModel { used: NotSet, ..row }).await?)
    }

    async fn taken(&mut self, keys: &[CouponKey]) -> Result<Vec<CouponKey>, StoreError> {
        let found = self.transaction.all(codes_with(keys)).await?;
        Ok(found.into_iter().map(|row| CouponKey::from_trusted(row.code_key)).collect())
    }

    async fn add_codes(&mut self, added: &[PromotionCode]) -> Result<(), StoreError> {
        match self.insert_rows(added.iter().map(codes::Model::from)).await {
            // They were not there when the transaction looked.
            Err(cause) if cause.is_duplicate() => Err(StoreError::Raced(cause.into())),
            other => Ok(other?),
        }
    }

    async fn remove_code(&mut self, id: PromotionId, key: &CouponKey) -> Result<Option<PromotionCode>, StoreError> {
        let own = codes::Entity::find_by_id(key.as_str()).filter(codes::Column::PromotionId.eq(id.0));
        let Some(row) = self.transaction.one(own.lock_exclusive()).await? else { return Ok(None) };
        self.transaction.execute(&codes::Entity::delete_by_id(row.code_key.as_str())).await?;
        row.try_into().map(Some)
    }

    async fn offered(
        &mut self,
        keys: &[CouponKey],
        limited: &[PromotionId],
        customer_id: CustomerId,
    ) -> Result<Offered, StoreError> {
        self.offered_to(keys, limited, customer_id).await
    }

    async fn redeem(&mut self, redemptions: &[Redemption]) -> Result<Redeemed, StoreError> {
        self.count_uses(redemptions).await
    }

    async fn append_if_exhausted(
        &mut self,
        id: PromotionId,
        event_id: Uuid,
        event: Event,
        at: UtcDateTime,
    ) -> Result<(), StoreError> {
        let outbox::Model { id: event_id, topic, subject, at, data } = outbox::Model::new(event_id, &event, at);
        let values = [event_id.into(), topic.into(), subject.into(), at.into(), data.into(), id.0.into()];
        // As the statements that count, so that it comes after them.
        self.transaction.defer(Statement::new(EXHAUSTED, values).contended());
        self.appends = true;
        Ok(())
    }

    async fn give_back(&mut self, order_id: OrderId, at: UtcDateTime) -> Result<(), StoreError> {
        self.return_uses(order_id, at).await
    }
}

const EXHAUSTED: &str = "INSERT INTO outbox (id, topic, subject, at, data)
    SELECT ?, ?, ?, ?, ? FROM promotions WHERE id = ? AND used = usage_limit";

#[async_trait]
impl PromotionQueries for DbQueries {
    async fn get(&self, id: PromotionId) -> Result<Option<Promotion>, StoreError> {
        let row = self.read.one(Entity::find_by_id(id.0)).await?;
        Ok(counted(&self.read, row.into_iter().collect()).await?.pop())
    }

    async fn list(&self, filter: &PromotionFilter, page: &PageRequest) -> Result<Page<Promotion>, StoreError> {
        let find = Entity::find()
            .apply_if(filter.status, |find, status| find.filter(Column::Status.eq(status.as_str())))
            .apply_if(filter.search.as_ref(), |find, search| find.filter(has_words(Column::Words, search)))
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.lt(id)))
            .order_by_desc(Column::Id)
            .limit(rows(page));
        let page = Page::cut(self.lists.all(find).await?, page.limit, |row: &Model| at_id(row.id));
        Ok(Page { items: counted(&self.lists, page.items).await?, next: page.next })
    }

    async fn codes(&self, id: PromotionId, page: &PageRequest) -> Result<Option<Page<PromotionCode>>, StoreError> {
        let find = codes::Entity::find()
            .filter(codes::Column::PromotionId.eq(id.0))
            .apply_if(after_key(page), |find, key| find.filter(codes::Column::CodeKey.gt(key)))
            .order_by_asc(codes::Column::CodeKey)
            .limit(rows(page));
        let found = self.lists.all(find).await?;
        // No codes: either the promotion has none yet, or it does not exist.
        if found.is_empty() && self.read.one(Entity::find_by_id(id.0)).await?.is_none() {
            return Ok(None);
        }
        let page = Page::cut(found, page.limit, at_key);
        Ok(Some(Page { items: counted_codes(&self.lists, id, page.items).await?, next: page.next }))
    }

    async fn automatic(&self) -> Result<Vec<pricing::Promotion>, StoreError> {
        automatic(&self.read).await
    }

    async fn by_codes(&self, keys: &[CouponKey], customer_id: CustomerId) -> Result<Vec<GivenCoupon>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let coupons: Vec<GivenRow> = self.read.rows(given(keys, customer_id)).await?;
        coupons.into_iter().map(GivenCoupon::try_from).collect()
    }

    async fn uses(
        &self,
        ids: &[PromotionId],
        customer_id: CustomerId,
    ) -> Result<BTreeMap<PromotionId, Uses>, StoreError> {
        let Some(statement) = uses_of(ids, customer_id) else { return Ok(BTreeMap::new()) };
        let uses: Vec<UsesRow> = self.read.rows(statement).await?;
        Ok(uses.into_iter().map(Into::into).collect())
    }
}

/// The promotions, with the uses of those that have no limit.
async fn counted(db: &impl Executor, rows: Vec<Model>) -> Result<Vec<Promotion>, StoreError> {
    let free: Vec<_> = rows.iter().filter(|row| row.usage_limit.is_none()).map(|row| row.id.into()).collect();
    let mut known_uses = HashMap::new();
    if !free.is_empty() {
        let sql = format!(
            "SELECT promotion_id, COUNT(*) FROM promotion_redemptions
            WHERE promotion_id IN ({}) AND released_at IS NULL GROUP BY promotion_id",
            marks(free.len())
        );
        let found: Vec<Count<Uuid>> = db.rows(Statement::new(sql, free)).await?;
        known_uses.extend(found.into_iter().map(|count| (count.of, count.number)));
    }
    let with_uses = |row: Model| {
        let used = known_uses.get(&row.id).copied().unwrap_or(row.used);
        Promotion::try_from(row).map(|promotion| Promotion { used, ..promotion })
    };
    rows.into_iter().map(with_uses).collect()
}

/// The codes of a promotion, with the uses of those that have no limit.
async fn counted_codes(
    db: &impl Executor,
    id: PromotionId,
    rows: Vec<codes::Model>,
) -> Result<Vec<PromotionCode>, StoreError> {
    let free: Vec<_> =
        rows.iter().filter(|row| row.usage_limit.is_none()).map(|row| row.code_key.as_str().into()).collect();
    let mut known_uses = HashMap::new();
    if !free.is_empty() {
        // A code that was deleted and added again is a new one.
        let sql = format!(
            "SELECT r.code_key, COUNT(*) FROM promotion_redemptions r
            JOIN coupon_codes c ON c.code_key = r.code_key AND c.created_at <= r.at
            WHERE r.promotion_id = ? AND r.code_key IN ({}) AND r.released_at IS NULL GROUP BY r.code_key",
            marks(free.len())
        );
        let statement = Statement::new(sql, [id.0.into()].into_iter().chain(free));
        let found: Vec<Count<String>> = db.rows(statement).await?;
        known_uses.extend(found.into_iter().map(|count| (count.of, count.number)));
    }
    let with_uses = |row: codes::Model| {
        let used = known_uses.get(&row.code_key).copied().unwrap_or(row.used);
        PromotionCode::try_from(codes::Model { used, ..row })
    };
    rows.into_iter().map(with_uses).collect()
}

/// So many placeholders.
pub(super) fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// How many there are of something.
struct Count<T> {
    of: T,
    number: i64,
}

impl FromRow for Count<Uuid> {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { of: row.at(0)?, number: row.at(1)? })
    }
}

impl FromRow for Count<String> {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { of: row.at(0)?, number: row.at(1)? })
    }
}

/// The key of the cursor.
fn after_key(page: &PageRequest) -> Option<String> {
    match &page.after.as_ref()?.key {
        CursorKey::Text(key) => Some(key.clone()),
        CursorKey::Id | CursorKey::Int(_) | CursorKey::Pin(_) => None,
    }
}

fn at_key(code: &codes::Model) -> Cursor {
    Cursor { key: CursorKey::Text(code.code_key.clone()), id: code.promotion_id }
}

/// The promotions that are active and need no code, in order of id.
pub(super) async fn automatic(db: &impl Executor) -> Result<Vec<pricing::Promotion>, StoreError> {
    let find = active(false).order_by_asc(Column::Id);
    let stored = db.all(find).await?.into_iter().map(Promotion::try_from);
    stored.map(|stored| stored.map(|stored| (&stored).into())).collect()
}

/// Whether there are active promotions that need a code.
pub(super) async fn has_coded(db: &impl Executor) -> Result<bool, StoreError> {
    Ok(!db.ids(&active(true).select_only().column(Column::Id).limit(1)).await?.is_empty())
}

fn active(code_needed: bool) -> Select<Entity> {
    Entity::find()
        .filter(Column::Status.eq(PromotionStatus::Active.as_str()))
        .filter(Column::CodeNeeded.eq(code_needed))
}
