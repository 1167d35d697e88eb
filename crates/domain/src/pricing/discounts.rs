//! Which promotions apply, in which order, and what each takes off.

use std::cmp::Reverse;

use super::code::CouponText;
use super::effect::Target;
use super::input::{Candidate, Input};
use super::promotion::{Condition, Promotion, PromotionClass, PromotionId};

/// Why a promotion does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such code, or it is not this buyer's.
    Unknown,
    /// It has not begun.
    NotStarted,
    /// It has ended.
    Ended,
    /// No use of it is left.
    Exhausted,
    /// The buyer has used it as often as it may.
    AlreadyUsed,
    /// A condition does not hold.
    ConditionsNotMet(Condition),
    /// It may not stand with one that was taken before.
    NotCombinable,
}

impl Refusal {
    /// Every name in the API.
    pub const CODES: [&'static str; 7] =
        ["unknown", "not_started", "ended", "exhausted", "already_used", "conditions_not_met", "not_combinable"];

    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotStarted => "not_started",
            Self::Ended => "ended",
            Self::Exhausted => "exhausted",
            Self::AlreadyUsed => "already_used",
            Self::ConditionsNotMet(_) => "conditions_not_met",
            Self::NotCombinable => "not_combinable",
        }
    }
}

/// What became of a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromotionOutcome {
    /// The promotion that might have applied.
    pub promotion_id: PromotionId,
    /// The code that was given for it.
    pub coupon: Option<CouponText>,
    /// What it takes off in all, or why it does not apply.
    pub result: Result<i64, Refusal>,
}

/// A promotion that applies.
#[derive(Debug, Clone)]
pub(super) struct Applied<'a> {
    pub(super) candidate: &'a Candidate<'a>,
    /// What it takes off each line, or off shipping.
    pub(super) shares: Vec<i64>,
}

/// The promotions that may apply to a purchase, and those that were taken so far.
#[derive(Debug, Clone)]
pub(super) struct Discounts<'a> {
    /// Each candidate, with the reason why it does not apply.
    candidates: Vec<(&'a Candidate<'a>, Option<Refusal>)>,
    /// Those that apply, in the order in which they were taken.
    applied: Vec<Applied<'a>>,
}

impl<'a> Discounts<'a> {
    /// The candidates of a purchase; none is taken yet.
    pub(super) fn new(input: &Input<'a>) -> Self {
        let candidates = input.candidates.iter().map(|candidate| (candidate, refusal(candidate, input)));
        Self { candidates: candidates.collect(), applied: Vec::new() }
    }

    /// Takes the promotions of one class: by priority, then by what each would save alone, then by id. Each one is taken
    /// that may stand with all before it, and comes off what these left of `lines`.
    pub(super) fn take(&mut self, class: PromotionClass, lines: &mut [Target]) {
        let Self { candidates, applied } = self;
        let is_open = |(candidate, refusal): &&mut (&Candidate<'a>, Option<Refusal>)| {
            refusal.is_none() && candidate.promotion.class == class
        };
        let mut open: Vec<_> = candidates.iter_mut().filter(is_open).collect();
        let saving = |promotion: &Promotion| promotion.effect(lines).into_iter().map(i128::from).sum::<i128>();
        open.sort_by_cached_key(|(candidate, _)| {
            let promotion = candidate.promotion;
            (Reverse(promotion.priority), Reverse(saving(promotion)), promotion.id)
        });
        for (candidate, refusal) in open {
            let shares = candidate.promotion.effect(lines);
            if shares.iter().all(|share| *share == 0) {
                *refusal = Some(Refusal::ConditionsNotMet(Condition::Targets));
            } else if !applied.iter().all(|one| one.candidate.promotion.combines_with(candidate.promotion)) {
                *refusal = Some(Refusal::NotCombinable);
            } else {
                lines.iter_mut().zip(&shares).for_each(|(line, share)| line.left -= share);
                applied.push(Applied { candidate, shares });
            }
        }
    }

    /// The promotions of the wanted classes that apply, in the order in which they were taken.
    pub(super) fn of(&self, is_wanted: impl Fn(PromotionClass) -> bool) -> impl Iterator<Item = &Applied<'a>> {
        self.applied.iter().filter(move |applied| is_wanted(applied.candidate.promotion.class))
    }

    /// What became of each candidate. One that had nothing to come off, as shipping where nothing is shipped, does not
    /// apply.
    pub(super) fn outcomes(&self) -> Vec<PromotionOutcome> {
        let outcome = |(candidate, refusal): &(&Candidate<'_>, Option<Refusal>)| {
            let own = self.applied.iter().find(|applied| std::ptr::eq(applied.candidate, *candidate));
            let refusal = refusal.unwrap_or(Refusal::ConditionsNotMet(Condition::Targets));
            PromotionOutcome {
                promotion_id: candidate.promotion.id,
                coupon: candidate.coupon.map(|coupon| coupon.text.clone()),
                result: own.map(|applied| applied.shares.iter().sum()).ok_or(refusal),
            }
        };
        self.candidates.iter().map(outcome).collect()
    }
}

/// Why a candidate does not apply, whatever the others do.
fn refusal(candidate: &Candidate<'_>, input: &Input<'_>) -> Option<Refusal> {
    let Candidate { promotion, coupon, uses } = candidate;
    let Input { goods, place, now, buyer, .. } = input;
    let exhausted = promotion.is_exhausted() || coupon.is_some_and(super::Coupon::is_exhausted);
    let broken = || promotion.broken_condition(goods, place.country(), buyer.is_first_order);
    let reasons = [
        (Refusal::Unknown, coupon.is_some_and(|coupon| !coupon.is_for(buyer.customer_id))),
        (Refusal::NotStarted, *now < promotion.starts_at),
        (Refusal::Ended, promotion.ends_at.is_some_and(|end| end <= *now)),
        (Refusal::Exhausted, exhausted),
        (Refusal::AlreadyUsed, promotion.limit_of_buyer().is_some_and(|limit| *uses >= limit)),
    ];
    let reason = reasons.into_iter().find(|(_, holds)| *holds).map(|(reason, _)| reason);
    reason.or_else(|| broken().map(Refusal::ConditionsNotMet))
}
