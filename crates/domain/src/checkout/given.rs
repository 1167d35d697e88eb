use std::collections::BTreeMap;

use crate::UtcDateTime;
use crate::customers::CustomerId;
use crate::orders::OrderId;
use crate::pricing::{Candidate, CouponKey, CouponText, PriceBook, Promotion, PromotionId, PromotionOutcome, Refusal};
use crate::promotions::{GivenCoupon, Offered, Redemption, Uses};
use crate::{Code, Invalid};

/// The most codes of a purchase.
pub const MAX_CODES: usize = 5;

/// The codes of a purchase: different ones, in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenCodes(Vec<(CouponKey, CouponText)>);

impl GivenCodes {
    /// Codes as they were given.
    ///
    /// # Errors
    /// For each code that is too long as codes are compared, or comes earlier in the list: its index, and why.
    pub fn parse(texts: Vec<CouponText>) -> Result<Self, Vec<(usize, Invalid)>> {
        let mut codes: Vec<(CouponKey, CouponText)> = Vec::new();
        let mut refused = Vec::new();
        for (place, text) in texts.into_iter().enumerate() {
            match CouponKey::of(&text) {
                Err(invalid) => refused.push((place, invalid)),
                Ok(key) if codes.iter().any(|(known, _)| *known == key) => {
                    let message = "must not be in the list twice; case and blanks do not count";
                    refused.push((place, Invalid::new(Code::Repeated, message)));
                }
                Ok(key) => codes.push((key, text)),
            }
        }
        if refused.is_empty() { Ok(Self(codes)) } else { Err(refused) }
    }

    /// The codes as they are compared.
    pub fn keys(&self) -> Vec<CouponKey> {
        self.0.iter().map(|(key, _)| key.clone()).collect()
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What became of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeOutcome {
    /// The code as it was given.
    pub text: CouponText,
    /// What it takes off, in minor units, or why it does not apply.
    pub result: Result<i64, Refusal>,
}

/// The promotions that a purchase may get: those that need no code, and those whose codes were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfferedPromotions {
    automatic: Vec<(Promotion, i64)>,
    coupons: Vec<GivenCoupon>,
}

impl OfferedPromotions {
    /// The promotions without code whose uses have to be looked up, since they are limited.
    pub fn limited(book: &PriceBook) -> Vec<PromotionId> {
        let is_limited =
            |promotion: &&Promotion| promotion.usage_limit.is_some() || promotion.limit_of_buyer().is_some();
        book.promotions().iter().filter(is_limited).map(|promotion| promotion.id).collect()
    }

    /// The promotions of a book, and what a customer may use of limited ones and by codes.
    pub fn new(book: &PriceBook, offered: Offered) -> Self {
        let Offered { coupons, uses } = offered;
        let counted = |promotion: &Promotion| {
            let Uses { of_all, of_customer } = uses.get(&promotion.id).copied().unwrap_or_default();
            (Promotion { used: of_all, ..promotion.clone() }, of_customer)
        };
        Self { automatic: book.promotions().iter().map(counted).collect(), coupons }
    }

    /// Whether any asks that it is the buyer's first order.
    pub fn ask_for_first_order(&self) -> bool {
        self.all().any(|promotion| promotion.conditions.first_order)
    }

    fn all(&self) -> impl Iterator<Item = &Promotion> {
        let automatic = self.automatic.iter().map(|(promotion, _)| promotion);
        automatic.chain(self.coupons.iter().map(|given| &given.promotion))
    }

    /// What prices are worked out with.
    pub fn candidates(&self) -> Vec<Candidate<'_>> {
        let automatic =
            self.automatic.iter().map(|(promotion, uses)| Candidate { promotion, coupon: None, uses: *uses });
        let by_code = self.coupons.iter().map(|given| Candidate {
            promotion: &given.promotion,
            coupon: Some(&given.coupon),
            uses: given.uses,
        });
        automatic.chain(by_code).collect()
    }

    /// What became of each code, in the order in which they were given.
    pub fn outcomes(&self, codes: &GivenCodes, outcomes: &[PromotionOutcome]) -> Vec<CodeOutcome> {
        let outcome = |(key, text): &(CouponKey, CouponText)| {
            let given = self.coupons.iter().find(|given| given.key == *key);
            let own = given
                .and_then(|given| outcomes.iter().find(|outcome| outcome.coupon.as_ref() == Some(&given.coupon.text)));
            CodeOutcome { text: text.clone(), result: own.map_or(Err(Refusal::Unknown), |outcome| outcome.result) }
        };
        codes.0.iter().map(outcome).collect()
    }

    /// The uses of an order whose prices had these outcomes.
    pub fn redemptions(
        &self,
        order_id: OrderId,
        customer_id: CustomerId,
        outcomes: &[PromotionOutcome],
        at: UtcDateTime,
    ) -> Vec<Redemption> {
        let promotions: BTreeMap<_, _> = self.all().map(|promotion| (promotion.id, promotion)).collect();
        let redemption = |outcome: &PromotionOutcome| {
            let amount = outcome.result.ok()?;
            let promotion = promotions.get(&outcome.promotion_id)?;
            let is_given = |given: &&GivenCoupon| outcome.coupon.as_ref() == Some(&given.coupon.text);
            let given = self.coupons.iter().find(is_given);
            let coupon = given.map(|given| (&given.key, &given.coupon));
            // A use of a code is never older than the code: older ones are uses of a deleted code.
            let at = given.map_or(at, |given| given.since.max(at));
            Some(Redemption::of((order_id, customer_id), promotion, coupon, amount, at))
        };
        outcomes.iter().filter_map(redemption).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Uuid;
    use crate::pricing::Coupon;
    use crate::promotions::testing::{NOW, details, draft};

    #[test]
    fn a_use_of_a_code_is_not_older_than_the_code_r106() {
        let text = CouponText::parse("summer").unwrap();
        let key = CouponKey::of(&text).unwrap();
        let promotion = Promotion::from(&draft(details()));
        let applies = PromotionOutcome { promotion_id: promotion.id, coupon: Some(text.clone()), result: Ok(500) };
        let buyer = (OrderId(Uuid::from_u128(2)), CustomerId(Uuid::from_u128(3)));
        for (ordered, added, used) in [(5, 3, 5), (3, 3, 3), (3, 5, 5)] {
            let [ordered, added, used] = [ordered, added, used].map(|seconds| NOW + Duration::from_secs(seconds));
            let coupon = Coupon { text: text.clone(), customer_id: None, usage_limit: None, used: 0 };
            let given = GivenCoupon { key: key.clone(), coupon, since: added, promotion: promotion.clone(), uses: 0 };
            let offered = OfferedPromotions { automatic: Vec::new(), coupons: vec![given] };
            let redemptions = offered.redemptions(buyer.0, buyer.1, std::slice::from_ref(&applies), ordered);
            assert_eq!(redemptions.iter().map(|one| one.at).collect::<Vec<_>>(), [used]);
        }
    }
}
