use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{GivenCoupon, Offered, Promotion, PromotionCode, PromotionStatus, Redeemed, Redemption, Uses};
use crate::customers::CustomerId;
use crate::events::Event;
use crate::orders::OrderId;
use crate::pricing::{self, CouponKey, PromotionId};
use crate::{Page, PageRequest, SearchText, StoreError, UtcDateTime, Uuid};

/// Promotions within a transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PromotionRepository: Send {
    /// Inserts a new promotion, without codes.
    async fn insert(&mut self, promotion: &Promotion) -> Result<(), StoreError>;

    /// The current promotion, locked until the transaction ends.
    async fn lock(&mut self, id: PromotionId) -> Result<Option<Promotion>, StoreError>;

    /// Writes a locked promotion, except how often it is used, which only orders change.
    async fn update(&mut self, promotion: &Promotion) -> Result<(), StoreError>;

    /// The ones of `keys` that are codes already, of whatever promotion.
    async fn taken(&mut self, keys: &[CouponKey]) -> Result<Vec<CouponKey>, StoreError>;

    /// Inserts codes of a locked promotion. None of their keys was taken before.
    ///
    /// # Errors
    /// `Raced` if one has been taken since.
    async fn add_codes(&mut self, codes: &[PromotionCode]) -> Result<(), StoreError>;

    /// Deletes a code of a promotion, and returns it; `None` if there is no such code.
    async fn remove_code(&mut self, id: PromotionId, key: &CouponKey) -> Result<Option<PromotionCode>, StoreError>;

    /// What a customer may use: the codes with these keys, and how often the promotions of `limited` are used. Nothing is
    /// locked.
    async fn offered(
        &mut self,
        keys: &[CouponKey],
        limited: &[PromotionId],
        customer_id: CustomerId,
    ) -> Result<Offered, StoreError>;

    /// Counts the uses of an order and records them. The store may do it at once or at the commit. What has no limit
    /// locks no row that other orders need.
    ///
    /// # Errors
    /// `Raced`, at the latest at the commit, if a limit leaves no use, or a promotion is not active any more.
    async fn redeem(&mut self, redemptions: &[Redemption]) -> Result<Redeemed, StoreError>;

    /// Appends an event at the commit if then no use of a promotion is left that the transaction has counted. Only the
    /// commit knows: of two orders at once, each may have read that two uses are left.
    async fn append_if_exhausted(
        &mut self,
        id: PromotionId,
        event_id: Uuid,
        event: Event,
        at: UtcDateTime,
    ) -> Result<(), StoreError>;

    /// Gives back the uses of a cancelled order, once: what was given back before stays so. The order is locked.
    async fn give_back(&mut self, order_id: OrderId, at: UtcDateTime) -> Result<(), StoreError>;
}

/// The filter of a list of promotions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PromotionFilter {
    /// Only promotions with this status.
    pub status: Option<PromotionStatus>,
    /// Only promotions whose name has all these words.
    pub search: Option<SearchText>,
}

/// Reads of promotions, outside any transaction.
#[cfg_attr(all(feature = "mock", not(test)), mockall::automock)]
#[async_trait]
pub trait PromotionQueries: Send + Sync {
    /// The promotion with this id; `None` if there is none.
    async fn get(&self, id: PromotionId) -> Result<Option<Promotion>, StoreError>;

    /// A page of promotions, in order of id: newest first.
    async fn list(&self, filter: &PromotionFilter, page: &PageRequest) -> Result<Page<Promotion>, StoreError>;

    /// A page of the codes of a promotion, in order of key; `None` if there is no such promotion.
    async fn codes(&self, id: PromotionId, page: &PageRequest) -> Result<Option<Page<PromotionCode>>, StoreError>;

    /// The promotions that are active and need no code, in order of id.
    async fn automatic(&self) -> Result<Vec<pricing::Promotion>, StoreError>;

    /// The codes with these keys, in order of key. One that is unknown, or whose promotion is not active, is left out.
    async fn by_codes(&self, keys: &[CouponKey], customer_id: CustomerId) -> Result<Vec<GivenCoupon>, StoreError>;

    /// How often these promotions are used.
    async fn uses(
        &self,
        ids: &[PromotionId],
        customer_id: CustomerId,
    ) -> Result<BTreeMap<PromotionId, Uses>, StoreError>;
}
