use async_trait::async_trait;
use domain::Version;
use domain::events::Event;
use domain::pricing::{self, PromotionId};
use domain::promotions::{Promotion, PromotionChange, Refused};

use super::create::{products_of, refuse_unknown_products, refused};
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::{Command, Conflict, Ctx, Error, Tx, expect_version};

/// Changes a promotion.
#[derive(Debug, Clone)]
pub struct UpdatePromotion {
    /// The promotion to change.
    pub id: PromotionId,
    /// The fields to change.
    pub change: PromotionChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdatePromotion {
    type Output = Promotion;
    const NAME: &'static str = "promotions.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Promotion, Error> {
        let before = locked_promotion(tx, self.id).await?;
        expect_version(self.expected, before.version)?;
        let promotion = before.changed(self.change.clone(), ctx.now).map_err(|why| error(&before, why))?;
        if promotion == before {
            return Ok(before);
        }
        refuse_unknown_products(tx, &promotion, &products_of(&before)).await?;
        tx.pricing().raise_version().await?;
        tx.promotions().update(&promotion).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&promotion)).await?;
        let (was, is) = (pricing::Promotion::from(&before), pricing::Promotion::from(&promotion));
        if let Some(limit) = is.usage_limit.filter(|_| is.is_exhausted() && !was.is_exhausted()) {
            append_event(tx, ctx, Event::promotion_exhausted(self.id, limit)).await?;
        }
        Ok(promotion)
    }
}

/// Locks a promotion.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) async fn locked_promotion(tx: &mut dyn Tx, id: PromotionId) -> Result<Promotion, Error> {
    tx.promotions().lock(id).await?.ok_or(Error::NotFound("promotion"))
}

/// The error of a refused change.
pub(super) fn error(before: &Promotion, why: Refused) -> Error {
    match why {
        Refused::Invalid(fields) => refused(fields),
        Refused::Fixed(fields) => Conflict::PromotionFixed { status: before.status, fields }.into(),
        Refused::BelowUses { used } => Conflict::LimitBelowUses { used }.into(),
        Refused::NoCodeNeeded => Conflict::NoCodeNeeded.into(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Actor;
    use crate::testing::{Mocks, NOW, id, run, run_as};
    use domain::accounts::AccountId;
    use domain::keys::Principal;
    use domain::pricing::{Action, Conditions, PromotionClass, PromotionName, RatePpm, Targets};
    use domain::products::ProductId;
    use domain::promotions::{Priority, PromotionDetails, PromotionStatus, TargetsChange, UsageLimit};
    use domain::{UtcDateTime, Uuid};

    pub const PROMOTION: PromotionId = PromotionId(domain::Uuid::from_u128(0x30));

    pub fn details() -> PromotionDetails {
        PromotionDetails {
            name: PromotionName::parse("Summer").unwrap(),
            class: PromotionClass::Line,
            action: Action::Percent(RatePpm::parse(200_000).unwrap()),
            conditions: Conditions::default(),
            targets: Targets::default(),
            combines: BTreeSet::new(),
            code_needed: true,
            priority: Priority::default(),
            starts_at: None,
            ends_at: None,
            usage_limit: UsageLimit::parse(9).ok(),
            per_customer_limit: None,
        }
    }

    /// A draft that needs a code and may be used 9 times.
    pub fn summer() -> Promotion {
        Promotion::new(PROMOTION, details(), NOW).unwrap()
    }

    /// A transaction that locks this promotion.
    pub fn known(promotion: Promotion) -> Mocks {
        let mut tx = Mocks::default();
        tx.promotions.expect_lock().once().returning(move |_| Ok(Some(promotion.clone())));
        tx
    }

    /// The same, and it is written as `is_expected` says, after the version of price rules.
    pub fn written(promotion: Promotion, is_expected: fn(&Promotion) -> bool) -> Mocks {
        let mut order = mockall::Sequence::new();
        let mut tx = known(promotion);
        tx.pricing.expect_raise_version().once().in_sequence(&mut order).returning(|| Ok(2));
        let update = tx.promotions.expect_update().once().in_sequence(&mut order);
        update.withf(is_expected).returning(|_| Ok(()));
        tx
    }

    pub fn actor() -> Actor {
        Actor { who: Principal::Account(AccountId(id(5))), request_id: "r-1".into() }
    }

    fn update(change: PromotionChange, expected: i64) -> UpdatePromotion {
        UpdatePromotion { id: PROMOTION, change, expected: Some(Version(expected)) }
    }

    fn renamed() -> PromotionChange {
        PromotionChange { name: PromotionName::parse("Winter").ok(), ..PromotionChange::default() }
    }

    #[tokio::test]
    async fn the_audit_log_has_the_changed_fields_of_a_promotion_before_and_after_r104() {
        let mut tx = written(summer(), |promotion| promotion.version == Version(2));
        tx.audit.expect_append().once().returning(|entry| {
            let fields = |name: &str, limit: Option<&str>| {
                let named = ("name".to_owned(), Some(name.to_owned()));
                vec![named, ("usage_limit".to_owned(), limit.map(ToOwned::to_owned))]
            };
            assert_eq!((&entry.before, &entry.after), (&fields("Summer", Some("9")), &fields("Winter", None)));
            assert_eq!((entry.action.as_str(), entry.resource.as_str()), ("promotions.update", "promotion"));
            Ok(())
        });
        let change = PromotionChange { usage_limit: Some(None), ..renamed() };
        run_as(&update(change, 1), &mut tx, &actor()).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_written_when_nothing_of_a_promotion_changes_r104() {
        let same = PromotionChange { name: PromotionName::parse("Summer").ok(), ..PromotionChange::default() };
        assert_eq!(run(&update(same, 1), &mut known(summer())).await.unwrap(), summer());
    }

    #[tokio::test]
    async fn nothing_is_written_when_a_change_of_a_promotion_is_refused_r104_r106() {
        let active = Promotion { status: PromotionStatus::Active, used: 5, ..summer() };
        let lower = PromotionChange { usage_limit: Some(UsageLimit::parse(4).ok()), ..PromotionChange::default() };
        let automatic = PromotionChange { code_needed: Some(false), ..PromotionChange::default() };
        let ended = PromotionChange { ends_at: Some(Some(NOW)), ..PromotionChange::default() };
        let refused =
            async |change, expected| run(&update(change, expected), &mut known(active.clone())).await.unwrap_err();
        assert!(matches!(refused(renamed(), 2).await, Error::Stale(Version(1))));
        assert!(matches!(refused(lower, 1).await, Error::Conflict(Conflict::LimitBelowUses { used: 5 })));
        let fixed = refused(automatic, 1).await;
        let expected = Conflict::PromotionFixed { status: PromotionStatus::Active, fields: vec!["code_needed"] };
        assert!(matches!(&fixed, Error::Conflict(conflict) if *conflict == expected), "{fixed:?}");
        assert!(matches!(refused(ended, 1).await, Error::Invalid(_)));
    }

    #[tokio::test]
    async fn a_limit_that_is_lowered_to_its_uses_leaves_none_and_says_so_r165() {
        let active = Promotion { status: PromotionStatus::Active, used: 5, ..summer() };
        let limited =
            |limit| PromotionChange { usage_limit: Some(UsageLimit::parse(limit).ok()), ..PromotionChange::default() };
        run(&update(limited(6), 1), &mut written(active.clone(), |_| true)).await.unwrap();
        let mut tx = written(active, |_| true);
        let appends = |_: &Uuid, event: &Event, _: &UtcDateTime| *event == Event::promotion_exhausted(PROMOTION, 5);
        tx.outbox.expect_append().once().withf(appends).returning(|_, _, _| Ok(()));
        run(&update(limited(5), 1), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn a_product_that_was_named_before_need_not_exist_any_more_r104() {
        let set = |numbers: &[u128]| numbers.iter().map(|n| ProductId(id(*n))).collect::<BTreeSet<_>>();
        let before = Promotion { targets: Targets(set(&[1, 2])), ..summer() };
        let targets = |numbers| TargetsChange { products: Some(set(numbers)) };
        let change = |numbers| PromotionChange { targets: targets(numbers), ..PromotionChange::default() };
        let mut tx = written(before.clone(), |promotion| promotion.targets.0.len() == 1);
        run(&update(change(&[2]), 1), &mut tx).await.unwrap();
        let mut tx = known(before);
        let asked = |ids: &[ProductId]| ids == [ProductId(id(3))];
        tx.products.expect_offers().once().withf(asked).returning(|_| Ok(Vec::new()));
        assert!(matches!(run(&update(change(&[2, 3]), 1), &mut tx).await, Err(Error::Invalid(_))));
    }
}
