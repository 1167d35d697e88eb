use std::time::Duration;

use domain::events::{EventFilter, EventPosition, TypePatterns};
use domain::{Code, Invalid, Rule, Ruled};

use crate::extract::{FromQuery, Params, id_parameter, number_parameter};

/// Which part of the feed is wanted.
pub(crate) struct ListQuery {
    pub(super) filter: EventFilter,
    /// The position of the last event that the reader has.
    pub(super) after: i64,
    pub(super) limit: u64,
    /// How long the answer may be held back.
    pub(super) wait: Duration,
}

impl FromQuery for ListQuery {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        let after = params.optional(
            "after",
            "Only what comes after this position: the `next_after` of the answer before. 0 begins with the first event, \
             which is the default.",
            number_parameter(EventPosition::parse),
        );
        let types = params.optional(
            "types",
            "Only these types, separated by commas, such as `order.*,refund.succeeded`. `*` is all of them.",
            TypePatterns::parse,
        );
        let stream = params.optional(
            "stream",
            "Only what happened to this order with its payments and refunds, to this product with its stock and restocks, \
             or to this customer.",
            id_parameter(|id| id),
        );
        let limit = params.optional(
            "limit",
            "How many events the answer has at most; 100 by default.",
            number_parameter(Most::parse),
        );
        let wait = params.optional(
            "wait",
            "How many seconds the answer waits for something to happen if nothing has; 0 by default.",
            number_parameter(Wait::parse),
        );
        Some(Self {
            filter: EventFilter { types: types?, stream: stream? },
            after: after?.map_or(0, EventPosition::get),
            limit: limit?.map_or(Most::MAX.unsigned_abs(), |Most(most)| most),
            wait: wait?.map_or(Duration::ZERO, |Wait(wait)| wait),
        })
    }
}

struct Most(u64);

struct Wait(Duration);

impl Most {
    const MAX: i64 = 100;

    fn parse(raw: i64) -> Result<Self, Invalid> {
        within(raw, 1, Self::MAX).map(Self)
    }
}

impl Wait {
    const MAX: i64 = 25;

    fn parse(raw: i64) -> Result<Self, Invalid> {
        within(raw, 0, Self::MAX).map(|seconds| Self(Duration::from_secs(seconds)))
    }
}

fn within(raw: i64, min: i64, max: i64) -> Result<u64, Invalid> {
    let code = if raw < min { Code::TooSmall } else { Code::TooLarge };
    let refused = || Invalid::new(code, format!("must be a whole number from {min} to {max}"));
    u64::try_from(raw).ok().filter(|_| (min..=max).contains(&raw)).ok_or_else(refused)
}

impl Ruled for Most {
    fn rule() -> Rule {
        Rule::Integer { min: 1, max: Self::MAX, except: None }
    }
}

impl Ruled for Wait {
    fn rule() -> Rule {
        Rule::Integer { min: 0, max: Self::MAX, except: None }
    }
}
