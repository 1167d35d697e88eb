use std::collections::BTreeMap;

use super::PromotionCode;
use crate::UtcDateTime;
use crate::customers::CustomerId;
use crate::orders::OrderId;
use crate::pricing::{Coupon, CouponKey, Promotion, PromotionId};

/// A code that a customer gave, with its promotion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenCoupon {
    /// The code as codes are compared.
    pub key: CouponKey,
    /// The code.
    pub coupon: Coupon,
    /// When the code was added.
    pub since: UtcDateTime,
    /// Its promotion, which is active.
    pub promotion: Promotion,
    /// How often the customer uses the promotion. 0 if there is no limit for a customer.
    pub uses: i64,
}

/// How often a promotion is used. What has no limit is not counted, and 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uses {
    /// By all orders.
    pub of_all: i64,
    /// By the customer who orders.
    pub of_customer: i64,
}

/// What a customer may use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offered {
    /// The codes that were given, in order of key. One that is unknown, or whose promotion is not active, is left out.
    pub coupons: Vec<GivenCoupon>,
    /// How often the promotions that were asked for are used.
    pub uses: BTreeMap<PromotionId, Uses>,
}

/// The use of a promotion by an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redemption {
    /// The order that used it.
    pub order_id: OrderId,
    /// The buyer, whom a limit for each customer counts.
    pub customer_id: CustomerId,
    /// What was used.
    pub promotion_id: PromotionId,
    /// The code that was given for it.
    pub coupon: Option<CouponKey>,
    /// What it took off, in minor units.
    pub amount: i64,
    /// Under which limits it counts.
    pub limits: RedemptionLimits,
    /// The time of the order; that of the code, if a server whose clock is ahead has added it.
    pub at: UtcDateTime,
}

/// The limits under which a use counts. What has no limit is not counted, so that orders do not wait for each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RedemptionLimits {
    /// How often the promotion may be used.
    pub promotion: Option<i64>,
    /// Whether the code has one.
    pub coupon: bool,
    /// How often each customer may use the promotion.
    pub customer: Option<i64>,
}

/// A limit that leaves no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exhausted {
    /// How often all orders may use a promotion.
    Promotion(PromotionId),
    /// How often a code may be used.
    Coupon(CouponKey),
    /// How often one customer may use a promotion.
    Customer(PromotionId),
}

/// What became of redemptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redeemed {
    /// They are counted with the commit, or the transaction is `Raced`.
    Deferred,
    /// They are counted already.
    Applied,
    /// None is counted, because these limits leave no use.
    Exhausted(Vec<Exhausted>),
}

impl Redemption {
    /// The use of a promotion, by its code if it needs one.
    pub fn of(
        (order_id, customer_id): (OrderId, CustomerId),
        promotion: &Promotion,
        coupon: Option<(&CouponKey, &Coupon)>,
        amount: i64,
        at: UtcDateTime,
    ) -> Self {
        let limits = RedemptionLimits {
            promotion: promotion.usage_limit,
            coupon: coupon.is_some_and(|(_, coupon)| coupon.usage_limit.is_some()),
            customer: promotion.limit_of_buyer(),
        };
        let coupon = coupon.map(|(key, _)| key.clone());
        Self { order_id, customer_id, promotion_id: promotion.id, coupon, amount, limits, at }
    }

    /// The limits that leave no use now. `uses` is how often the customer uses the promotion.
    pub fn exhausted(&self, promotion: &Promotion, coupon: Option<&Coupon>, uses: i64) -> Vec<Exhausted> {
        let of_coupon = || self.coupon.clone().filter(|_| coupon.is_some_and(Coupon::is_exhausted));
        let of_promotion = promotion.is_exhausted().then_some(Exhausted::Promotion(self.promotion_id));
        let of_customer = promotion.limit_of_buyer().is_some_and(|limit| uses >= limit);
        let of_customer = of_customer.then_some(Exhausted::Customer(self.promotion_id));
        of_promotion.into_iter().chain(of_coupon().map(Exhausted::Coupon)).chain(of_customer).collect()
    }

    /// The uses once this one, which counts, is given back: one less of all, and of its customer. What is 0 stays so:
    /// it had no limit, and was not counted.
    pub fn uses_without(&self, uses: Uses) -> Uses {
        Uses { of_all: one_less(uses.of_all), of_customer: one_less(uses.of_customer) }
    }

    /// A code of its promotion once this use is given back: used once less if it is the code that was given. One that
    /// was added again since is another one.
    #[must_use]
    pub fn code_without(&self, code: &PromotionCode) -> PromotionCode {
        let is_its_own = self.coupon.as_ref() == Some(&code.key)
            && self.promotion_id == code.promotion_id
            && code.created_at <= self.at;
        let used = if is_its_own { one_less(code.coupon.used) } else { code.coupon.used };
        PromotionCode { coupon: Coupon { used, ..code.coupon.clone() }, ..code.clone() }
    }
}

fn one_less(uses: i64) -> i64 {
    (uses - 1).max(0)
}

#[cfg(test)]
mod tests {
    use super::super::promotion::tests::{NOW, details, draft, limit};
    use super::super::{Promotion as Stored, PromotionDetails};
    use super::*;
    use crate::Uuid;
    use crate::pricing::CouponText;

    fn promotion(usage_limit: i64, per_customer_limit: i64, used: i64) -> Promotion {
        let (usage_limit, per_customer_limit) = (limit(usage_limit), limit(per_customer_limit));
        let stored = draft(PromotionDetails { usage_limit, per_customer_limit, ..details() });
        Promotion::from(&Stored { used, ..stored })
    }

    fn coupon(usage_limit: Option<i64>, used: i64) -> (CouponKey, Coupon) {
        let text = CouponText::parse("summer").unwrap();
        (CouponKey::of(&text).unwrap(), Coupon { text, customer_id: None, usage_limit, used })
    }

    fn redemption(promotion: &Promotion, coupon: Option<(&CouponKey, &Coupon)>) -> Redemption {
        let buyer = (OrderId(Uuid::from_u128(2)), CustomerId(Uuid::from_u128(3)));
        Redemption::of(buyer, promotion, coupon, 500, NOW)
    }

    #[test]
    fn a_use_counts_only_under_the_limits_that_there_are_r106() {
        let (key, free) = coupon(None, 0);
        let limits = |promotion: &Promotion, coupon| redemption(promotion, coupon).limits;
        // 0 is no limit.
        assert_eq!(limits(&promotion(0, 0, 0), Some((&key, &free))), RedemptionLimits::default());
        let all = RedemptionLimits { promotion: Some(9), coupon: true, customer: Some(2) };
        assert_eq!(limits(&promotion(9, 2, 0), Some((&key, &coupon(Some(1), 0).1))), all);
        assert_eq!(redemption(&promotion(9, 2, 0), None).coupon, None);
    }

    #[test]
    fn a_use_that_is_given_back_counts_no_more_and_nothing_falls_below_0_r106() {
        let (key, coupon) = coupon(Some(9), 3);
        let promotion = promotion(9, 2, 3);
        let redemption = redemption(&promotion, Some((&key, &coupon)));
        let uses = |of_all, of_customer| Uses { of_all, of_customer };
        assert_eq!(redemption.uses_without(uses(3, 2)), uses(2, 1));
        assert_eq!(
            (redemption.uses_without(uses(0, 1)), redemption.uses_without(uses(1, 0))),
            (uses(0, 0), uses(0, 0))
        );
        let code = PromotionCode { promotion_id: promotion.id, key, coupon, created_at: NOW };
        let count = |code: &PromotionCode| redemption.code_without(code).coupon.used;
        assert_eq!(count(&code), 2);
        assert_eq!(count(&PromotionCode { coupon: Coupon { used: 0, ..code.coupon.clone() }, ..code.clone() }), 0);
        let other = CouponKey::of(&CouponText::parse("winter").unwrap()).unwrap();
        assert_eq!(count(&PromotionCode { key: other, ..code.clone() }), 3);
        let later = NOW + std::time::Duration::from_micros(1);
        assert_eq!(count(&PromotionCode { created_at: later, ..code.clone() }), 3, "it was added again");
        assert_eq!(count(&PromotionCode { promotion_id: PromotionId(Uuid::from_u128(77)), ..code }), 3);
    }

    #[test]
    fn every_limit_that_leaves_no_use_is_named_r106() {
        let (key, last) = coupon(Some(1), 0);
        let (_, spent) = coupon(Some(1), 1);
        let redeemed = |promotion: &Promotion, coupon: &Coupon, uses| {
            redemption(promotion, Some((&key, coupon))).exhausted(promotion, Some(coupon), uses)
        };
        assert_eq!(redeemed(&promotion(9, 2, 8), &last, 1), []);
        let id = promotion(1, 1, 0).id;
        assert_eq!(redeemed(&promotion(9, 2, 9), &last, 1), [Exhausted::Promotion(id)]);
        assert_eq!(redeemed(&promotion(9, 2, 8), &spent, 1), [Exhausted::Coupon(key.clone())]);
        assert_eq!(redeemed(&promotion(9, 2, 8), &last, 2), [Exhausted::Customer(id)]);
        let all = [Exhausted::Promotion(id), Exhausted::Coupon(key.clone()), Exhausted::Customer(id)];
        assert_eq!(redeemed(&promotion(9, 2, 9), &spent, 3), all);
    }
}
