use std::collections::BTreeSet;

use super::{Priority, Promotion, PromotionStatus, UsageLimit};
use crate::addresses::CountryCode;
use crate::pricing::{Action, Conditions, PromotionClass, PromotionName, Targets};
use crate::products::ProductId;
use crate::{Invalid, Price, UtcDateTime};

/// A change of a promotion. `None` keeps the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PromotionChange {
    /// The new name; `None` keeps it.
    pub name: Option<PromotionName>,
    /// What it discounts: lines, the order or shipping.
    pub class: Option<PromotionClass>,
    /// The discount.
    pub action: Option<Action>,
    /// When it applies.
    pub conditions: ConditionsChange,
    /// The lines that it is for.
    pub targets: TargetsChange,
    /// The classes with which it may stand, all of them.
    pub combines: Option<BTreeSet<PromotionClass>>,
    /// Whether it needs a code.
    pub code_needed: Option<bool>,
    /// Which of several is taken first.
    pub priority: Option<Priority>,
    /// Its first moment.
    pub starts_at: Option<UtcDateTime>,
    /// The moment at which it is over; `Some(None)` never.
    pub ends_at: Option<Option<UtcDateTime>>,
    /// How often it may be used; `Some(None)` without limit.
    pub usage_limit: Option<Option<UsageLimit>>,
    /// How often each customer may use it; `Some(None)` without limit.
    pub per_customer_limit: Option<Option<UsageLimit>>,
}

/// A change of conditions. `None` keeps the value, and `Some(None)` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConditionsChange {
    /// The new least that the targets cost; `Some(None)` removes it, `None` keeps it.
    pub min_subtotal: Option<Option<Price>>,
    /// The new fewest units of the targets; `Some(None)` removes it, `None` keeps it.
    pub min_quantity: Option<Option<i64>>,
    /// Products one of which is bought.
    pub products: Option<BTreeSet<ProductId>>,
    /// Countries to one of which it goes.
    pub countries: Option<Vec<CountryCode>>,
    /// Whether it is the first order.
    pub first_order: Option<bool>,
}

/// Which products a promotion is for from now on. `None` keeps them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetsChange {
    /// The products, all of them; empty for every one.
    pub products: Option<BTreeSet<ProductId>>,
}

/// Why a change is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// These fields do not fit the others.
    Invalid(Vec<(&'static str, Invalid)>),
    /// These fields may not change any more.
    Fixed(Vec<&'static str>),
    /// The limit would be below what was used.
    BelowUses {
        /// How often it was used.
        used: i64,
    },
    /// It needs no code, so it takes none.
    NoCodeNeeded,
}

impl ConditionsChange {
    /// The conditions after the change.
    pub fn of(self, before: &Conditions) -> Conditions {
        Conditions {
            min_subtotal: self.min_subtotal.unwrap_or(before.min_subtotal),
            min_quantity: self.min_quantity.unwrap_or(before.min_quantity),
            products: self.products.unwrap_or_else(|| before.products.clone()),
            countries: self.countries.unwrap_or_else(|| before.countries.clone()),
            first_order: self.first_order.unwrap_or(before.first_order),
        }
    }
}

impl TargetsChange {
    /// The targets after the change.
    pub fn of(self, before: &Targets) -> Targets {
        self.products.map_or_else(|| before.clone(), Targets)
    }
}

impl Promotion {
    /// The promotion after a change, unchanged if the change has no effect.
    ///
    /// # Errors
    /// What is refused: fields that do not fit, that may not change at this status, or a limit that was passed already.
    pub fn changed(&self, change: PromotionChange, now: UtcDateTime) -> Result<Self, Refused> {
        let after = Self {
            name: change.name.unwrap_or_else(|| self.name.clone()),
            class: change.class.unwrap_or(self.class),
            action: change.action.unwrap_or(self.action),
            conditions: change.conditions.of(&self.conditions),
            targets: change.targets.of(&self.targets),
            combines: change.combines.unwrap_or_else(|| self.combines.clone()),
            code_needed: change.code_needed.unwrap_or(self.code_needed),
            priority: change.priority.unwrap_or(self.priority),
            starts_at: change.starts_at.unwrap_or(self.starts_at),
            ends_at: change.ends_at.unwrap_or(self.ends_at),
            usage_limit: change.usage_limit.unwrap_or(self.usage_limit),
            per_customer_limit: change.per_customer_limit.unwrap_or(self.per_customer_limit),
            ..self.clone()
        };
        let after = after.checked().map_err(Refused::Invalid)?;
        let fixed = self.fixed(&after);
        if !fixed.is_empty() {
            return Err(Refused::Fixed(fixed));
        }
        if after.usage_limit.is_some_and(|limit| limit.get() < self.used) {
            return Err(Refused::BelowUses { used: self.used });
        }
        Ok(if after == *self { after } else { Self { updated_at: now, version: self.version.next(), ..after } })
    }

    /// Checks that codes may be added to it.
    ///
    /// # Errors
    /// [`Refused::Fixed`] if it is archived; [`Refused::NoCodeNeeded`] if it applies without a code.
    pub fn accept_codes(&self) -> Result<(), Refused> {
        if self.status == PromotionStatus::Archived {
            return Err(Refused::Fixed(vec!["codes"]));
        }
        if self.code_needed { Ok(()) } else { Err(Refused::NoCodeNeeded) }
    }

    /// The fields that differ although they may not change at this status. Once a promotion was active, a limit may be
    /// neither added nor removed, because only uses under a limit are counted.
    fn fixed(&self, after: &Self) -> Vec<&'static str> {
        use PromotionStatus::{Active, Archived, Draft, Paused};
        let (is_draft, is_over) = (self.status == Draft, self.status == Archived);
        let is_under_way = matches!(self.status, Active | Paused);
        let free = |differs: bool| differs && is_over;
        let rules = |differs: bool| differs && !is_draft;
        let limit = |before: Option<UsageLimit>, after: Option<UsageLimit>| {
            (is_over && before != after) || (is_under_way && before.is_some() != after.is_some())
        };
        let fields = [
            ("name", free(self.name != after.name)),
            ("class", rules(self.class != after.class)),
            ("action", rules(self.action != after.action)),
            ("conditions", rules(self.conditions != after.conditions)),
            ("targets", rules(self.targets != after.targets)),
            ("combines", rules(self.combines != after.combines)),
            ("code_needed", rules(self.code_needed != after.code_needed)),
            ("priority", free(self.priority != after.priority)),
            ("starts_at", rules(self.starts_at != after.starts_at)),
            ("ends_at", free(self.ends_at != after.ends_at)),
            ("usage_limit", limit(self.usage_limit, after.usage_limit)),
            ("per_customer_limit", limit(self.per_customer_limit, after.per_customer_limit)),
        ];
        fields.into_iter().filter(|(_, refused)| *refused).map(|(field, _)| field).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::promotion::tests::{NOW, details, draft, limit};
    use super::*;
    use crate::pricing::RatePpm;
    use crate::promotions::PromotionDetails;
    use crate::{Code, Uuid, Version};

    const LATER: UtcDateTime = UtcDateTime::MAX;

    /// A change of every field.
    fn everything() -> PromotionChange {
        let product = BTreeSet::from([ProductId(Uuid::from_u128(7))]);
        PromotionChange {
            name: PromotionName::parse("Winter").ok(),
            class: Some(PromotionClass::Order),
            action: Some(Action::Percent(RatePpm::parse(1).unwrap())),
            conditions: ConditionsChange { products: Some(product.clone()), ..ConditionsChange::default() },
            targets: TargetsChange { products: Some(product) },
            combines: Some(BTreeSet::new()),
            code_needed: Some(true),
            priority: Priority::parse(5).ok(),
            starts_at: Some(NOW + Duration::from_secs(5)),
            ends_at: Some(Some(NOW + Duration::from_secs(9))),
            usage_limit: Some(limit(9)),
            per_customer_limit: Some(limit(2)),
        }
    }

    fn at(status: PromotionStatus, details: PromotionDetails) -> Promotion {
        Promotion { status, ..draft(details) }
    }

    #[test]
    fn all_of_a_draft_may_change_and_only_what_changes_counts_r104() {
        let before = draft(details());
        let after = before.changed(everything(), LATER).unwrap();
        assert_eq!((after.version, after.updated_at, after.status), (Version(2), LATER, PromotionStatus::Draft));
        assert_eq!((after.class, after.code_needed, after.usage_limit), (PromotionClass::Order, true, limit(9)));
        assert_eq!(after.changed(everything(), NOW).unwrap(), after);
        assert_eq!(after.changed(PromotionChange::default(), NOW).unwrap(), after);
        let back = PromotionChange {
            ends_at: Some(None),
            usage_limit: Some(None),
            per_customer_limit: Some(None),
            ..PromotionChange::default()
        };
        let back = after.changed(back, NOW).unwrap();
        assert_eq!((back.ends_at, back.usage_limit, back.per_customer_limit), (None, None, None));
    }

    #[test]
    fn codes_are_for_promotions_that_need_one_and_are_not_archived_r105() {
        let needing = || PromotionDetails { code_needed: true, ..details() };
        assert_eq!(draft(needing()).accept_codes(), Ok(()));
        assert_eq!(at(PromotionStatus::Active, details()).accept_codes(), Err(Refused::NoCodeNeeded));
        let archived = at(PromotionStatus::Archived, needing());
        assert_eq!(archived.accept_codes(), Err(Refused::Fixed(vec!["codes"])));
    }

    #[test]
    fn a_promotion_that_was_active_keeps_its_rules_and_an_archived_one_keeps_everything_r104() {
        let rules = ["class", "action", "conditions", "targets", "combines", "code_needed", "starts_at"];
        for status in [PromotionStatus::Active, PromotionStatus::Paused] {
            let fixed = rules.into_iter().chain(["usage_limit", "per_customer_limit"]).collect();
            assert_eq!(at(status, details()).changed(everything(), LATER), Err(Refused::Fixed(fixed)));
            let limits = PromotionDetails { usage_limit: limit(3), per_customer_limit: limit(3), ..details() };
            let limited = at(status, limits);
            assert_eq!(limited.changed(everything(), LATER), Err(Refused::Fixed(rules.to_vec())));
            let free = PromotionChange {
                name: everything().name,
                priority: everything().priority,
                ends_at: everything().ends_at,
                usage_limit: everything().usage_limit,
                per_customer_limit: everything().per_customer_limit,
                ..PromotionChange::default()
            };
            assert_eq!(limited.changed(free, LATER).unwrap().usage_limit, limit(9));
            for gone in [
                PromotionChange { usage_limit: Some(None), ..PromotionChange::default() },
                PromotionChange { per_customer_limit: Some(None), ..PromotionChange::default() },
            ] {
                assert!(matches!(limited.changed(gone, LATER), Err(Refused::Fixed(fields)) if fields.len() == 1));
            }
        }
        let archived = at(PromotionStatus::Archived, details());
        let Err(Refused::Fixed(fixed)) = archived.changed(everything(), LATER) else { panic!("all of it is fixed") };
        assert_eq!(fixed.len(), 12);
        assert_eq!(archived.changed(PromotionChange::default(), LATER).unwrap(), archived);
    }

    #[test]
    fn a_limit_may_fall_to_what_was_used_and_no_further_r106() {
        let limits = PromotionDetails { usage_limit: limit(9), ..details() };
        let used = Promotion { used: 5, ..at(PromotionStatus::Active, limits) };
        let to = |times| PromotionChange { usage_limit: Some(limit(times)), ..PromotionChange::default() };
        assert_eq!(used.changed(to(5), LATER).unwrap().usage_limit, limit(5));
        assert_eq!(used.changed(to(4), LATER), Err(Refused::BelowUses { used: 5 }));
    }

    #[test]
    fn a_change_is_checked_together_with_what_it_keeps_r104() {
        let end = NOW + Duration::from_secs(5);
        let before = draft(PromotionDetails { ends_at: Some(end), per_customer_limit: limit(2), ..details() });
        let late = PromotionChange { starts_at: Some(end), ..PromotionChange::default() };
        let conditions = ConditionsChange { first_order: Some(true), ..ConditionsChange::default() };
        let first = PromotionChange { conditions, ..PromotionChange::default() };
        for (change, field) in [(late, "ends_at"), (first, "per_customer_limit")] {
            let Err(Refused::Invalid(refused)) = before.changed(change, LATER) else { panic!("{field} is refused") };
            assert_eq!(refused.iter().map(|(field, _)| *field).collect::<Vec<_>>(), [field]);
            assert!(refused.iter().all(|(_, invalid)| matches!(invalid.code, Code::TooSmall | Code::NotAllowed)));
        }
    }

    #[test]
    fn conditions_change_one_by_one_r104() {
        let before = Conditions { min_quantity: Some(3), first_order: true, ..Conditions::default() };
        let price = Price::parse(500).unwrap();
        let change = ConditionsChange { min_subtotal: Some(Some(price)), ..ConditionsChange::default() };
        let after = change.of(&before);
        assert_eq!(after, Conditions { min_subtotal: Some(price), ..before });
        let gone = ConditionsChange {
            min_subtotal: Some(None),
            min_quantity: Some(None),
            first_order: Some(false),
            ..ConditionsChange::default()
        };
        assert_eq!(gone.of(&after), Conditions::default());
    }
}
