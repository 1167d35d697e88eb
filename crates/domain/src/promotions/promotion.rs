use std::collections::BTreeSet;

use super::{Priority, PromotionStatus, UsageLimit};
use crate::pricing::{self, Action, Conditions, PromotionClass, PromotionId, PromotionName, Targets};
use crate::{Code, Invalid, UtcDateTime, Version};

/// The most products in a condition, and in the targets.
pub const MAX_PRODUCTS: usize = 500;
/// The most countries in a condition: more than there are.
pub const MAX_COUNTRIES: usize = 300;

/// Something that is taken off purchases: what, of which, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promotion {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: PromotionId,
    /// The name, which buyers read.
    pub name: PromotionName,
    /// The current status.
    pub status: PromotionStatus,
    /// What it discounts: lines, the order or shipping.
    pub class: PromotionClass,
    /// The discount.
    pub action: Action,
    /// When it applies.
    pub conditions: Conditions,
    /// The lines that it applies to.
    pub targets: Targets,
    /// The classes with which it may stand.
    pub combines: BTreeSet<PromotionClass>,
    /// Whether it applies only to who gives one of its codes.
    pub code_needed: bool,
    /// Which of several is taken first.
    pub priority: Priority,
    /// Its first moment.
    pub starts_at: UtcDateTime,
    /// The moment at which it is over.
    pub ends_at: Option<UtcDateTime>,
    /// How often it may be used.
    pub usage_limit: Option<UsageLimit>,
    /// How often each customer may use it. 1 if it is for first orders.
    pub per_customer_limit: Option<UsageLimit>,
    /// How many orders use it. One that was cancelled does not.
    pub used: i64,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change. Uses do not count.
    pub version: Version,
}

/// The input for a new promotion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromotionDetails {
    /// The name, which buyers read.
    pub name: PromotionName,
    /// What it discounts: lines, the order or shipping.
    pub class: PromotionClass,
    /// The discount.
    pub action: Action,
    /// When it applies.
    pub conditions: Conditions,
    /// The lines that it applies to.
    pub targets: Targets,
    /// The classes with which it may stand.
    pub combines: BTreeSet<PromotionClass>,
    /// Whether it applies only to who gives one of its codes.
    pub code_needed: bool,
    /// Which of several is taken first.
    pub priority: Priority,
    /// Its first moment; `None` for the time of creation.
    pub starts_at: Option<UtcDateTime>,
    /// The moment at which it is over.
    pub ends_at: Option<UtcDateTime>,
    /// How often it may be used.
    pub usage_limit: Option<UsageLimit>,
    /// How often each customer may use it.
    pub per_customer_limit: Option<UsageLimit>,
}

impl Promotion {
    /// A new promotion, which is a draft.
    ///
    /// # Errors
    /// The refused fields.
    pub fn new(
        id: PromotionId,
        details: PromotionDetails,
        now: UtcDateTime,
    ) -> Result<Self, Vec<(&'static str, Invalid)>> {
        Self::draft(id, details, now).checked()
    }

    /// A draft whose fields are known to fit each other. They are not checked.
    pub fn draft(id: PromotionId, details: PromotionDetails, now: UtcDateTime) -> Self {
        Self {
            id,
            name: details.name,
            status: PromotionStatus::Draft,
            class: details.class,
            action: details.action,
            conditions: details.conditions,
            targets: details.targets,
            combines: details.combines,
            code_needed: details.code_needed,
            priority: details.priority,
            starts_at: details.starts_at.unwrap_or(now),
            ends_at: details.ends_at,
            usage_limit: details.usage_limit,
            per_customer_limit: details.per_customer_limit,
            used: 0,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        }
    }

    /// The promotion, with what its fields say of each other: a first order is one use of a customer.
    ///
    /// # Errors
    /// The fields that do not fit the others.
    pub(super) fn checked(mut self) -> Result<Self, Vec<(&'static str, Invalid)>> {
        const ONE: UsageLimit = UsageLimit::from_trusted(1);
        let mut refused = Vec::new();
        if let Err(invalid) = self.action.check(self.class) {
            refused.push(("action", invalid));
        }
        if self.ends_at.is_some_and(|end| end <= self.starts_at) {
            refused.push(("ends_at", Invalid::new(Code::TooSmall, "must be after starts_at")));
        }
        if self.conditions.first_order && *self.per_customer_limit.get_or_insert(ONE) != ONE {
            let message = "must be 1, as conditions.first_order is true";
            refused.push(("per_customer_limit", Invalid::new(Code::NotAllowed, message)));
        }
        if refused.is_empty() { Ok(self) } else { Err(refused) }
    }

    /// The promotion with another status.
    ///
    /// # Errors
    /// The statuses that may follow, if this one may not.
    pub fn step(&self, to: PromotionStatus, now: UtcDateTime) -> Result<Self, &'static [PromotionStatus]> {
        let allowed = self.status.next();
        if !allowed.contains(&to) {
            return Err(allowed);
        }
        Ok(Self { status: to, updated_at: now, version: self.version.next(), ..self.clone() })
    }
}

/// What purchases are priced with.
impl From<&Promotion> for pricing::Promotion {
    fn from(promotion: &Promotion) -> Self {
        Self {
            id: promotion.id,
            name: promotion.name.clone(),
            class: promotion.class,
            action: promotion.action,
            conditions: promotion.conditions.clone(),
            targets: promotion.targets.clone(),
            combines: promotion.combines.clone(),
            priority: promotion.priority.get(),
            starts_at: promotion.starts_at,
            ends_at: promotion.ends_at,
            usage_limit: promotion.usage_limit.map(UsageLimit::get),
            per_customer_limit: promotion.per_customer_limit.map(UsageLimit::get),
            used: promotion.used,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::*;
    use crate::pricing::{BuyGet, RatePpm};
    use crate::{Price, Uuid};

    pub const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;

    pub fn details() -> PromotionDetails {
        PromotionDetails {
            name: PromotionName::parse("Summer").unwrap(),
            class: PromotionClass::Line,
            action: Action::Percent(RatePpm::parse(200_000).unwrap()),
            conditions: Conditions::default(),
            targets: Targets::default(),
            combines: BTreeSet::from([PromotionClass::Order]),
            code_needed: false,
            priority: Priority::default(),
            starts_at: None,
            ends_at: None,
            usage_limit: None,
            per_customer_limit: None,
        }
    }

    pub fn draft(details: PromotionDetails) -> Promotion {
        Promotion::new(PromotionId(Uuid::from_u128(1)), details, NOW).unwrap()
    }

    pub fn limit(times: i64) -> Option<UsageLimit> {
        UsageLimit::parse(times).ok()
    }

    fn refused(details: PromotionDetails) -> Vec<(&'static str, Code)> {
        let refused = Promotion::new(PromotionId(Uuid::from_u128(1)), details, NOW).unwrap_err();
        refused.into_iter().map(|(field, invalid)| (field, invalid.code)).collect()
    }

    #[test]
    fn a_new_promotion_is_a_draft_that_starts_at_once_unless_it_says_when_r104() {
        let made = draft(details());
        assert_eq!((made.status, made.starts_at, made.used), (PromotionStatus::Draft, NOW, 0));
        let later = NOW + Duration::from_secs(1);
        assert_eq!(draft(PromotionDetails { starts_at: Some(later), ..details() }).starts_at, later);
    }

    #[test]
    fn a_promotion_ends_after_it_starts_r104() {
        let ending =
            |starts_at, ends_at: UtcDateTime| PromotionDetails { starts_at, ends_at: Some(ends_at), ..details() };
        let later = NOW + Duration::from_secs(1);
        assert_eq!(refused(ending(None, NOW)), [("ends_at", Code::TooSmall)]);
        assert_eq!(refused(ending(Some(later), later)), [("ends_at", Code::TooSmall)]);
        assert_eq!(draft(ending(None, later)).ends_at, Some(later));
    }

    #[test]
    fn an_action_takes_something_off_and_fits_the_class_r104() {
        let acting = |class, action| PromotionDetails { class, action, ..details() };
        let (free, some) = (Price::parse(0).unwrap(), Price::parse(1).unwrap());
        let off = RatePpm::parse(1_000_000).unwrap();
        let group = Action::BuyGet(BuyGet { buy: 2, get: 1, off, max_times: None });
        for (class, action, code) in [
            (PromotionClass::Line, Action::Amount(free), Code::TooSmall),
            (PromotionClass::Order, Action::AmountEach(free), Code::TooSmall),
            (PromotionClass::Shipping, Action::AmountEach(some), Code::NotAllowed),
            (PromotionClass::Shipping, group, Code::NotAllowed),
        ] {
            assert_eq!(refused(acting(class, action)), [("action", code)], "{action:?}");
        }
        for (class, action) in [
            (PromotionClass::Line, group),
            (PromotionClass::Order, Action::AmountEach(some)),
            (PromotionClass::Shipping, Action::Amount(some)),
            (PromotionClass::Shipping, Action::Percent(off)),
        ] {
            assert_eq!(draft(acting(class, action)).action, action);
        }
    }

    #[test]
    fn a_first_order_is_one_use_of_a_customer_r104() {
        let first = |per_customer_limit| {
            let conditions = Conditions { first_order: true, ..Conditions::default() };
            PromotionDetails { conditions, per_customer_limit, ..details() }
        };
        for given in [None, limit(1)] {
            assert_eq!(draft(first(given)).per_customer_limit, limit(1));
        }
        assert_eq!(refused(first(limit(2))), [("per_customer_limit", Code::NotAllowed)]);
        assert_eq!(draft(PromotionDetails { per_customer_limit: limit(2), ..details() }).per_customer_limit, limit(2));
    }

    #[test]
    fn a_promotion_is_activated_paused_and_archived_and_never_a_draft_again_r104() {
        use PromotionStatus::{Active, Archived, Draft, Paused};
        for (from, allowed) in [
            (Draft, &[Active, Archived][..]),
            (Active, &[Paused, Archived]),
            (Paused, &[Active, Archived]),
            (Archived, &[]),
        ] {
            let before = Promotion { status: from, ..draft(details()) };
            for &to in PromotionStatus::ALL {
                let after = before.step(to, NOW + Duration::from_secs(1));
                match after {
                    Ok(after) => {
                        assert!(allowed.contains(&to), "{from:?} to {to:?}");
                        assert_eq!((after.status, after.version), (to, Version(2)));
                        assert_eq!(Promotion { status: from, updated_at: NOW, version: Version(1), ..after }, before);
                    }
                    Err(next) => assert!(next == allowed && !allowed.contains(&to), "{from:?} to {to:?}"),
                }
            }
        }
    }

    #[test]
    fn purchases_are_priced_with_what_is_stored_r104() {
        let stored = draft(PromotionDetails { usage_limit: limit(3), per_customer_limit: limit(2), ..details() });
        let priced = pricing::Promotion::from(&Promotion { used: 3, ..stored.clone() });
        assert!(priced.is_exhausted());
        assert_eq!((priced.usage_limit, priced.per_customer_limit), (Some(3), Some(2)));
        assert_eq!((priced.id, priced.action, priced.combines), (stored.id, stored.action, stored.combines));
    }
}
