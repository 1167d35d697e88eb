//! What orders use of promotions: read, counted, and given back. What purchases need of the repository.

use std::collections::{BTreeMap, HashMap};

use application::Attempt;
use domain::customers::CustomerId;
use domain::orders::OrderId;
use domain::pricing::{self, Coupon, CouponKey, PromotionId};
use domain::promotions::{
    Exhausted, GivenCoupon, Offered, Promotion, PromotionCode, PromotionStatus, Redeemed, Redemption, RedemptionLimits,
    Uses,
};
use domain::{StoreError, UtcDateTime, Uuid};
use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait as _, Select, Value,
};

use super::promotions::marks;
use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::engine::{Assumption, Error, Executor as _, FromRow, Row, Statement};
use crate::db::entities::promotion_redemptions::{self as redemptions, who};
use crate::db::entities::{coupon_codes as codes, promotions};

impl DbTx {
    /// What a customer may use.
    pub(super) async fn offered_to(
        &self,
        keys: &[CouponKey],
        limited: &[PromotionId],
        customer_id: CustomerId,
    ) -> Result<Offered, StoreError> {
        let by_code = (!keys.is_empty()).then(|| given(keys, customer_id));
        let statements: Vec<_> = by_code.into_iter().chain(uses_of(limited, customer_id)).collect();
        if statements.is_empty() {
            return Ok(Offered::default());
        }
        let mut results = self.transaction.run_all(statements).await?.into_iter();
        let mut next = || results.next().ok_or_else(Error::no_result);
        let coupons: Vec<GivenRow> = if keys.is_empty() { Vec::new() } else { next()?.read()? };
        let uses: Vec<UsesRow> = if limited.is_empty() { Vec::new() } else { next()?.read()? };
        Ok(Offered {
            coupons: coupons.into_iter().map(GivenCoupon::try_from).collect::<Result<_, _>>()?,
            uses: uses.into_iter().map(Into::into).collect(),
        })
    }

    /// Counts uses, by statements that are deferred. A careful attempt locks first, and counts none if a limit leaves no use.
    pub(super) async fn count_uses(&self, redemptions: &[Redemption]) -> Result<Redeemed, StoreError> {
        if self.attempt == Attempt::Careful {
            let exhausted = self.lock_limits(redemptions).await?;
            if !exhausted.is_empty() {
                return Ok(Redeemed::Exhausted(exhausted));
            }
        }
        self.insert_deferred(redemptions.iter().map(redemptions::Model::from));
        for statement in counting(self.transaction.backend(), redemptions) {
            self.transaction.defer(statement.contended());
        }
        Ok(if self.attempt == Attempt::Careful { Redeemed::Applied } else { Redeemed::Deferred })
    }

    /// Gives the uses of an order back.
    pub(super) async fn return_uses(&self, order_id: OrderId, at: UtcDateTime) -> Result<(), StoreError> {
        let held = redemptions::Entity::find()
            .filter(redemptions::Column::OrderId.eq(order_id.0))
            .filter(redemptions::Column::ReleasedAt.is_null())
            .order_by_asc(redemptions::Column::PromotionId)
            .lock_exclusive();
        let held = self.transaction.all(held).await?;
        if held.is_empty() {
            return Ok(());
        }
        for statement in returning(&held) {
            self.transaction.defer(statement.contended());
        }
        let release = "UPDATE promotion_redemptions SET released_at = ? WHERE order_id = ? AND released_at IS NULL";
        self.transaction.defer(Statement::new(release, [micros(at).into(), order_id.0.into()]));
        Ok(())
    }
}

/// The statement that counts a use. If no use is left, or the promotion is not active, it sets `used` to `NULL`, which
/// the table refuses.
fn use_of_promotion() -> String {
    let active = PromotionStatus::Active.as_str();
    format!(
        "UPDATE promotions SET used = CASE WHEN status = '{active}' AND used < usage_limit THEN used + 1 END WHERE id = ?"
    )
}

/// A code that was deleted and added again since it was read is a new one, and not counted.
const USE_OF_CODE: &str = "UPDATE coupon_codes SET used = CASE WHEN used < usage_limit THEN used + 1 END
    WHERE code_key = ? AND promotion_id = ? AND created_at <= ?";
const USE_OF_CUSTOMER: &str = "INSERT INTO promotion_uses (promotion_id, who, used) VALUES (?, ?, 1)
    {or} used = CASE WHEN promotion_uses.used < ? THEN promotion_uses.used + 1 END";

/// Makes sure that there is a row to lock.
const UNUSED_BY_CUSTOMER: &str = "INSERT INTO promotion_uses (promotion_id, who, used) VALUES (?, ?, 0)
    {or} used = promotion_uses.used";

/// Statements that give a use back, as [`Redemption::uses_without`] and [`Redemption::code_without`] do. The database
/// computes the new number, so that no use by another order at the same time is lost.
const BACK_TO_PROMOTION: &str =
    "UPDATE promotions SET used = used - 1 WHERE id = ? AND usage_limit IS NOT NULL AND used > 0";
const BACK_TO_CODE: &str = "UPDATE coupon_codes SET used = used - 1
    WHERE code_key = ? AND promotion_id = ? AND created_at <= ? AND usage_limit IS NOT NULL AND used > 0";
const BACK_TO_CUSTOMER: &str =
    "UPDATE promotion_uses SET used = used - 1 WHERE promotion_id = ? AND who = ? AND used > 0";

/// An `INSERT` that updates the row if there is one.
fn upsert(backend: DbBackend, sql: &str) -> String {
    let or = match backend {
        DbBackend::Sqlite => "ON CONFLICT (promotion_id, who) DO UPDATE SET",
        _ => "ON DUPLICATE KEY UPDATE",
    };
    sql.replace("{or}", or)
}

/// The statements that count uses: those of promotions, of codes, of customers, each in order of key, as every
/// transaction locks them.
fn counting(backend: DbBackend, redemptions: &[Redemption]) -> Vec<Statement> {
    let assuming = |table| Assumption::NotNull { table, column: "used" };
    let (mut of_promotions, mut of_codes, mut of_customers) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for one in redemptions {
        let (id, RedemptionLimits { promotion, coupon, customer }) = (one.promotion_id.0, one.limits);
        if promotion.is_some() {
            let statement = Statement::new(use_of_promotion(), [id.into()]);
            of_promotions.insert(id, statement.assuming(assuming("promotions")));
        }
        if let Some(key) = one.coupon.as_ref().filter(|_| coupon) {
            let statement = Statement::new(USE_OF_CODE, [key.as_str().into(), id.into(), micros(one.at).into()]);
            of_codes.insert(key, statement.assuming(assuming("coupon_codes")));
        }
        if let Some(limit) = customer {
            let values = [id.into(), who(one.customer_id).into(), limit.into()];
            let statement = Statement::new(upsert(backend, USE_OF_CUSTOMER), values);
            of_customers.insert((id, one.customer_id), statement.assuming(assuming("promotion_uses")));
        }
    }
    of_promotions.into_values().chain(of_codes.into_values()).chain(of_customers.into_values()).collect()
}

/// The statements that give uses back, in the order of [`counting`].
fn returning(held: &[redemptions::Model]) -> Vec<Statement> {
    let (mut to_promotions, mut to_codes, mut to_customers) = (Vec::new(), BTreeMap::new(), Vec::new());
    for row in held {
        to_promotions.push(Statement::new(BACK_TO_PROMOTION, [row.promotion_id.into()]));
        if let Some(key) = row.code_key.as_deref() {
            let values = [key.into(), row.promotion_id.into(), row.at.into()];
            to_codes.insert(key, Statement::new(BACK_TO_CODE, values));
        }
        for who in row.who_customer.iter().chain(&row.who_email) {
            let values = [row.promotion_id.into(), who.clone().into()];
            to_customers.push(Statement::new(BACK_TO_CUSTOMER, values));
        }
    }
    to_promotions.into_iter().chain(to_codes.into_values()).chain(to_customers).collect()
}

impl DbTx {
    /// Locks what [`counting`] changes, and returns the limits that leave no use.
    async fn lock_limits(&self, redemptions: &[Redemption]) -> Result<Vec<Exhausted>, StoreError> {
        let limited: Vec<_> = redemptions.iter().filter(|one| one.limits != RedemptionLimits::default()).collect();
        if limited.is_empty() {
            return Ok(Vec::new());
        }
        let promotions = self.lock_promotions(&limited).await?;
        let coupons = self.lock_coupons(&limited).await?;
        let uses = self.lock_uses(&limited).await?;
        let mut exhausted = Vec::new();
        for one in limited {
            let promotion = promotions.get(&one.promotion_id).ok_or_else(gone)?;
            let coupon = match &one.coupon {
                Some(key) if one.limits.coupon => Some(coupons.get(key).ok_or_else(gone)?),
                _ => None,
            };
            let uses = uses.get(&one.promotion_id).copied().unwrap_or_default();
            exhausted.extend(one.exhausted(promotion, coupon, uses));
        }
        Ok(exhausted)
    }

    /// The active ones of these promotions. Only those with a limit for all orders are locked.
    async fn lock_promotions(
        &self,
        redemptions: &[&Redemption],
    ) -> Result<HashMap<PromotionId, pricing::Promotion>, StoreError> {
        let backend = self.transaction.backend();
        let of = |is_limited: bool| {
            let wanted = redemptions.iter().filter(move |one| one.limits.promotion.is_some() == is_limited);
            promotions::Entity::find()
                .filter(promotions::Column::Id.is_in(wanted.map(|one| one.promotion_id.0)))
                .order_by_asc(promotions::Column::Id)
        };
        let both = [of(true).lock_exclusive().build(backend), of(false).build(backend)];
        let (locked, read): (Vec<promotions::Model>, Vec<promotions::Model>) = self.both(both).await?;
        let active = |row: &promotions::Model| row.status == PromotionStatus::Active.as_str();
        let priced = |row: promotions::Model| {
            let promotion = Promotion::try_from(row)?;
            Ok((promotion.id, pricing::Promotion::from(&promotion)))
        };
        locked.into_iter().chain(read).filter(active).map(priced).collect()
    }

    async fn lock_coupons(&self, redemptions: &[&Redemption]) -> Result<HashMap<CouponKey, Coupon>, StoreError> {
        let limited = redemptions.iter().filter(|one| one.limits.coupon).filter_map(|one| one.coupon.clone());
        let keys: Vec<_> = limited.collect();
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = self.transaction.all(codes_with(&keys).lock_exclusive()).await?;
        let codes = rows.into_iter().map(PromotionCode::try_from);
        codes.map(|code| code.map(|code| (code.key, code.coupon))).collect()
    }

    async fn lock_uses(&self, redemptions: &[&Redemption]) -> Result<HashMap<PromotionId, i64>, StoreError> {
        let mut limited: Vec<_> = redemptions.iter().filter(|one| one.limits.customer.is_some()).collect();
        limited.sort_by_key(|one| one.promotion_id);
        let mut uses = HashMap::new();
        for one in limited {
            let key = || [Value::from(one.promotion_id.0), Value::from(who(one.customer_id))];
            let insert = upsert(self.transaction.backend(), UNUSED_BY_CUSTOMER);
            self.transaction.defer(Statement::new(insert, key()));
            let read = "SELECT promotion_id, 0, used FROM promotion_uses WHERE promotion_id = ? AND who = ?";
            let row: Vec<UsesRow> = self.transaction.rows(Statement::new(read, key())).await?;
            uses.extend(row.into_iter().map(|row| (PromotionId(row.promotion_id), row.of_customer)));
        }
        Ok(uses)
    }
}

/// A promotion is not active any more, or a code was deleted. A retry reads what there is now.
fn gone() -> StoreError {
    StoreError::Raced("a promotion or a code has gone since it was read".into())
}

/// The codes with these keys.
pub(super) fn codes_with(keys: &[CouponKey]) -> Select<codes::Entity> {
    let keys = keys.iter().map(CouponKey::as_str);
    codes::Entity::find().filter(codes::Column::CodeKey.is_in(keys)).order_by_asc(codes::Column::CodeKey)
}

/// The columns of a code and the uses of its promotion by a customer, before those of the promotion. All are read by their
/// places: every order with a code reads them while others wait.
const GIVEN: &str =
    "SELECT c.code_key, c.code, c.customer_id, c.usage_limit, c.used, c.created_at, COALESCE(u.used, 0),
        p.id, p.name, p.words, p.status, p.class, p.action, p.percent_ppm, p.amount, p.buy_units, p.get_units,
        p.max_times, p.conditions, p.targets, p.combines, p.code_needed, p.priority, p.starts_at, p.ends_at,
        p.usage_limit, p.per_customer_limit, p.used, p.created_at, p.updated_at, p.version";

/// The codes with these keys whose promotions are active, with these and how often a customer uses them.
pub(super) fn given(keys: &[CouponKey], customer_id: CustomerId) -> Statement {
    let values = [who(customer_id).into()].into_iter().chain(keys.iter().map(|key| key.as_str().into()));
    let (active, marks) = (PromotionStatus::Active.as_str(), marks(keys.len()));
    let sql = format!(
        "{GIVEN}
        FROM coupon_codes c
        JOIN promotions p ON p.id = c.promotion_id AND p.status = '{active}' AND p.code_needed
        LEFT JOIN promotion_uses u ON u.promotion_id = p.id AND u.who = ?
        WHERE c.code_key IN ({marks}) ORDER BY c.code_key"
    );
    Statement::new(sql, values)
}

/// A row of [`given`].
pub(super) struct GivenRow {
    code: codes::Model,
    promotion: promotions::Model,
    uses: i64,
}

impl FromRow for GivenRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let promotion = promotions::Model::from_place(7, row)?;
        let code = codes::Model {
            code_key: row.at(0)?,
            code: row.at(1)?,
            promotion_id: promotion.id,
            customer_id: row.at(2)?,
            usage_limit: row.at(3)?,
            used: row.at(4)?,
            created_at: row.at(5)?,
        };
        Ok(Self { code, promotion, uses: row.at(6)? })
    }
}

impl TryFrom<GivenRow> for GivenCoupon {
    type Error = StoreError;

    fn try_from(row: GivenRow) -> Result<Self, StoreError> {
        let GivenRow { code, promotion, uses } = row;
        let PromotionCode { key, coupon, created_at: since, .. } = code.try_into()?;
        let promotion = (&Promotion::try_from(promotion)?).into();
        Ok(Self { key, coupon, since, promotion, uses })
    }
}

const USES: &str = "SELECT p.id, p.used, COALESCE(u.used, 0) FROM promotions p
    LEFT JOIN promotion_uses u ON u.promotion_id = p.id AND u.who = ? WHERE p.id IN";

/// The uses of these promotions; `None` if there are none.
pub(super) fn uses_of(ids: &[PromotionId], customer_id: CustomerId) -> Option<Statement> {
    let values = [who(customer_id).into()].into_iter().chain(ids.iter().map(|id| id.0.into()));
    (!ids.is_empty()).then(|| Statement::new(format!("{USES} ({})", marks(ids.len())), values))
}

/// How often a promotion is used.
pub(super) struct UsesRow {
    promotion_id: Uuid,
    of_all: i64,
    of_customer: i64,
}

impl FromRow for UsesRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { promotion_id: row.at(0)?, of_all: row.at(1)?, of_customer: row.at(2)? })
    }
}

impl From<UsesRow> for (PromotionId, Uses) {
    fn from(row: UsesRow) -> Self {
        (PromotionId(row.promotion_id), Uses { of_all: row.of_all, of_customer: row.of_customer })
    }
}
