//! Maps errors of the inner layers to problem documents.

use std::time::Duration;

use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use application::{Conflict, Error, Users};
use domain::carts::MAX_LINES;
use domain::imports::ImportStepRefused;
use domain::orders::OrderStatus;
use domain::pricing::Refusal;
use domain::promotions::PromotionStatus;
use domain::stock::MAX_ON_HAND;
use domain::{Code, Quantity, StoreError, UniqueKey};

use super::batch::of_batch;
use super::groups::of_groups;
use super::media::of_media_error;
use super::orders::of_edit;
use super::payments::of_payment;
use super::terms::of_terms;
use super::{DUPLICATE, Fault, Kind, Problem};

/// `Retry-After` while the database is not available.
const RETRY_UNAVAILABLE: Duration = Duration::from_secs(2);

/// `Retry-After` while the database has no room: somebody has to make some.
const RETRY_FULL: Duration = Duration::from_secs(10);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(fields) => {
                Self::new(Kind::INVALID, "Each field in `errors` says what is allowed.").with_faults(fields)
            }
            Error::Coupons(refused) => Self::new(
                Kind::COUPON_INVALID,
                "Nothing was ordered. Each code in `errors` says why it does not apply.",
            )
            .with_faults(refused.into_iter().map(code_refused)),
            Error::NoTaxRate(class) => Self::new(
                Kind::NO_TAX_RATE,
                format!(
                    "No tax rate of the class `{}` holds where the goods go, and the shop sells nothing without one.",
                    class.as_str()
                ),
            ),
            Error::Amount(refused) => refused.into(),
            of_media @ (Error::Picture(_) | Error::NoMediaStore | Error::MediaStore(_)) => of_media_error(of_media),
            Error::Unauthenticated(why) => Self::unauthenticated(sentence(why), "Bearer realm=\"storekeeper\""),
            Error::TokenInvalid => {
                Self::new(Kind::TOKEN_INVALID, "The token is unknown, was used, or is too old. Ask for another mail.")
            }
            Error::EmailUnverified => Self::new(
                Kind::EMAIL_UNVERIFIED,
                "Prove your email address first: `POST /me/email/verification` sends a mail.",
            ),
            Error::Forbidden => Self::new(Kind::FORBIDDEN, "You may not do this."),
            Error::Beyond(beyond) => Self::beyond(beyond),
            Error::NotFound(what) => Self::new(Kind::NOT_FOUND, format!("There is no such {what}.")),
            Error::ImportRows(gone) => Self::import_rows_gone(gone),
            Error::Conflict(conflict) => conflict.into(),
            Error::Batch(outcomes) => of_batch(outcomes),
            Error::Stale(now) => {
                Self::new(Kind::STALE, format!("The version is {} now. Read it again and repeat the change.", now.0))
            }
            Error::KeyReused => Self::new(
                Kind::KEY_REUSED,
                "This Idempotency-Key was used for another request. Use a new key for a new request.",
            ),
            Error::TooMany { retry_after } => {
                Self::new(Kind::TOO_MANY, "Too many failed attempts. Wait as long as Retry-After says.")
                    .retry_after(retry_after)
            }
            Error::Busy { retry_after } => {
                Self::new(Kind::BUSY, "Too many requests of this kind are waiting. Try again soon.")
                    .retry_after(retry_after)
            }
            Error::Unavailable(cause @ StoreError::CommitUnknown(_)) => Self::new(
                Kind::OUTCOME_UNKNOWN,
                "It is unknown whether this was done. Repeat it with the same Idempotency-Key to find out.",
            )
            .retry_after(RETRY_UNAVAILABLE)
            .because(cause),
            Error::Unavailable(cause @ StoreError::Full(_)) => Self::new(
                Kind::STORAGE_FULL,
                "The database has no room to store more. Nothing was changed; reading still works. Try again later.",
            )
            .retry_after(RETRY_FULL)
            .because(cause),
            Error::Unavailable(cause) | Error::Raced(cause) => {
                Self::new(Kind::UNAVAILABLE, "The database is not available. Nothing was changed; try again.")
                    .retry_after(RETRY_UNAVAILABLE)
                    .because(cause)
            }
            Error::Internal(cause) => {
                Self::new(Kind::INTERNAL, "The failure is logged under the request id.").because(cause)
            }
        }
    }
}

impl From<Conflict> for Problem {
    fn from(conflict: Conflict) -> Self {
        match conflict {
            Conflict::Duplicate(key) => duplicate(key),
            Conflict::Lines(lines) => {
                Self::new(Kind::LINES, "Nothing was ordered. `lines` lists every line that cannot be ordered.")
                    .with_lines(lines)
            }
            Conflict::CartEmpty => Self::new(Kind::CART_EMPTY, "The cart has no lines to order."),
            Conflict::CartLineFull { quantity } => Self::new(
                Kind::CART_LINE_FULL,
                format!("A line has at most {} units; it has {quantity} now.", Quantity::MAX),
            ),
            Conflict::CartFull => Self::new(Kind::CART_FULL, format!("A cart has at most {MAX_LINES} lines.")),
            Conflict::StockBounds { on_hand } => Self::new(
                Kind::STOCK_BOUNDS,
                format!("Stock stays between 0 and {MAX_ON_HAND} units; there are {on_hand} on hand."),
            ),
            Conflict::StillRunning => Self::new(
                Kind::STILL_RUNNING,
                "The first request with this Idempotency-Key is still running. Send it again in a moment.",
            )
            .retry_after(Duration::from_secs(1)),
            Conflict::OrderStep { status, allowed } => Self::new(Kind::ORDER_STEP, step_refused(status, allowed)),
            Conflict::NotShipped(status) => Self::new(
                Kind::NOT_SHIPPED,
                format!("The tracking of an order is corrected while it is shipped; this one is {}.", status.as_str()),
            ),
            Conflict::NotEdited(refused) => of_edit(&refused),
            Conflict::RestockClosed(status) => {
                Self::new(Kind::RESTOCK_CLOSED, format!("The restock is {} already.", status.as_str()))
            }
            Conflict::InUse { what, by } => Self::new(Kind::IN_USE, in_use(what, &by)),
            of_group @ (Conflict::DuplicateCombination { .. } | Conflict::IsOption(_)) => of_groups(&of_group),
            of_term @ (Conflict::TermInUse { .. } | Conflict::Cycle | Conflict::TooMany { .. }) => of_terms(&of_term),
            Conflict::ImportStep(refused) => Self::new(Kind::IMPORT_STEP, import_step_refused(refused)),
            Conflict::PromotionStep { status, allowed } => {
                Self::new(Kind::PROMOTION_STEP, promotion_step_refused(status, allowed))
            }
            Conflict::PromotionFixed { status, fields } => promotion_fixed(status, &fields),
            Conflict::NoCodeNeeded => {
                let why = "are for a promotion whose code_needed is true";
                let detail = "The promotion needs no code, so it takes none.";
                Self::new(Kind::PROMOTION_FIXED, detail).with_faults([not_allowed("codes", why)])
            }
            Conflict::LimitBelowUses { used } => {
                let message = format!("must be at least {used}");
                let fault =
                    Fault { field: "usage_limit".to_owned(), code: Code::TooSmall.as_str(), message: message.into() };
                let detail = format!("Orders use the promotion {used} times. The limit may not be below that.");
                Self::new(Kind::LIMIT_BELOW_USES, detail).with_faults([fault])
            }
            Conflict::CodesTaken(places) => codes_taken(&places),
            Conflict::TaxRateHeld { since } => Self::new(
                Kind::TAX_RATE_HELD,
                format!("The rate holds since {since}, and explains what was taxed. Give it a last day in `ends_on`."),
            ),
            Conflict::LastAdmin => Self::new(
                Kind::LAST_ADMIN,
                "This is the last active administrator, who can be neither deleted, deactivated nor demoted.",
            ),
            Conflict::CouponExhausted(places) => {
                let faults = places.into_iter().map(|place| code_refused((place, Refusal::Exhausted)));
                Self::new(Kind::COUPON_EXHAUSTED, "Nothing was ordered: no use of the codes in `errors` is left.")
                    .with_faults(faults)
            }
            Conflict::ShippingUnavailable => Self::new(
                Kind::SHIPPING_UNAVAILABLE,
                "Nothing was ordered. POST /api/v1/checkout/quote lists the shipping methods for these goods and this address.",
            ),
            Conflict::TotalsChanged { totals, currency } => Self::new(
                Kind::TOTALS_CHANGED,
                "Nothing was ordered. `totals` has what it costs now; show it to the buyer.",
            )
            .with_totals(&totals, currency),
            Conflict::NoCustomer => {
                Self::new(Kind::NO_CUSTOMER, "This account has no customer, so it has no cart and cannot place orders.")
            }
            of_payments @ (Conflict::PaymentRequired { .. }
            | Conflict::UnpaidOrders(_)
            | Conflict::OrderCancelled
            | Conflict::OrderExpired
            | Conflict::NothingDue
            | Conflict::PaymentInProgress(_)
            | Conflict::NotCapturable { .. }
            | Conflict::NotVoidable(_)
            | Conflict::NotRefundable(_)
            | Conflict::NotReceivable(_)
            | Conflict::OperationKnown(_)) => of_payment(&of_payments),
            Conflict::NoSecretsKey => Self::new(
                Kind::NO_SECRETS_KEY,
                "Webhooks need `secrets.key` in the settings of every server: at least 32 bytes, the same everywhere.",
            ),
            Conflict::NoMail => {
                Self::new(Kind::NO_MAIL, "The shop sends no mail: its settings have no `mail.transport`.")
            }
            Conflict::EndpointStill(status) => Self::new(
                Kind::ENDPOINT_STILL,
                format!("The endpoint is {}. POST …/resume makes it active.", status.as_str()),
            ),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Error::from(error).into()
    }
}

impl Problem {
    pub(crate) fn unauthenticated(detail: impl Into<std::borrow::Cow<'static, str>>, challenge: &'static str) -> Self {
        let challenge = HeaderValue::from_static(challenge);
        Self::new(Kind::UNAUTHENTICATED, detail).with_header(WWW_AUTHENTICATE, challenge)
    }
}

impl Problem {
    /// The problem of a caller who sends no access token.
    pub(crate) fn no_token() -> Self {
        Self::unauthenticated(
            "Send an access token: `Authorization: Bearer …`. POST /api/v1/auth/login gives one.",
            "Bearer realm=\"storekeeper\"",
        )
    }
}

/// Why a code does not apply, by its place in the list.
fn code_refused((place, refusal): (usize, Refusal)) -> Fault {
    Fault { field: format!("coupon_codes[{place}]"), code: refusal.as_str(), message: code_message(refusal).into() }
}

/// Why a code does not apply, for people.
pub(crate) fn code_message(refusal: Refusal) -> &'static str {
    use domain::pricing::Condition;
    match refusal {
        Refusal::Unknown => "there is no such code",
        Refusal::NotStarted => "does not hold yet",
        Refusal::Ended => "does not hold any more",
        Refusal::Exhausted => "has no use left",
        Refusal::AlreadyUsed => "was used before, as often as each customer may",
        Refusal::NotCombinable => "cannot be combined with what is applied already",
        Refusal::ConditionsNotMet(Condition::MinSubtotal) => "needs goods of a higher value",
        Refusal::ConditionsNotMet(Condition::MinQuantity) => "needs more units",
        Refusal::ConditionsNotMet(Condition::Products) => "needs one of certain products",
        Refusal::ConditionsNotMet(Condition::Countries) => "does not hold for the country of the address",
        Refusal::ConditionsNotMet(Condition::FirstOrder) => "holds for the first order of a customer only",
        Refusal::ConditionsNotMet(Condition::Targets) => "takes nothing off these goods",
    }
}

fn duplicate(key: UniqueKey) -> Problem {
    let UniqueKey { field, taken } = key;
    let fault = Fault { field: field.to_owned(), code: DUPLICATE, message: taken.into() };
    Problem::new(Kind::DUPLICATE, format!("`{field}` {taken}.")).with_faults([fault])
}

/// The most codes that are named as taken.
const MAX_TAKEN: usize = 100;

fn codes_taken(places: &[usize]) -> Problem {
    let fault = |place: &usize| Fault {
        field: format!("codes[{place}].code"),
        code: DUPLICATE,
        message: "is a code of a promotion already".into(),
    };
    let detail = format!("{} of these codes exist already. None was added.", places.len());
    Problem::new(Kind::DUPLICATE, detail).with_faults(places.iter().take(MAX_TAKEN).map(fault))
}

fn promotion_fixed(status: PromotionStatus, fields: &[&'static str]) -> Problem {
    let status = status.as_str();
    let faults = fields.iter().map(|field| not_allowed(field, "may not change any more"));
    let detail = format!("The promotion is {status}. These fields may not change any more: {}.", fields.join(", "));
    Problem::new(Kind::PROMOTION_FIXED, detail).with_faults(faults)
}

fn not_allowed(field: &str, why: &'static str) -> Fault {
    Fault { field: field.to_owned(), code: Code::NotAllowed.as_str(), message: why.into() }
}

fn import_step_refused(refused: ImportStepRefused) -> String {
    match refused {
        ImportStepRefused::Status(status) => format!("The import is {}.", status.as_str()),
        ImportStepRefused::NoFile => "This import has no file, so it cannot be read in another way.".to_owned(),
        ImportStepRefused::Failed(rows) => {
            format!("{rows} rows are refused. Send skip_failed: true to leave them out.")
        }
    }
}

fn promotion_step_refused(status: PromotionStatus, allowed: &[PromotionStatus]) -> String {
    let next: Vec<_> = allowed.iter().map(|to| to.as_str()).collect();
    let next = if next.is_empty() { "nothing".to_owned() } else { next.join(", ") };
    format!("The promotion is {}. Allowed next: {next}.", status.as_str())
}

/// The detail for a status that does not allow the step. Cancelling is named apart, because it has its own route.
fn step_refused(status: OrderStatus, allowed: &[OrderStatus]) -> String {
    let next: Vec<_> = allowed.iter().filter(|to| **to != OrderStatus::Cancelled).map(|to| to.as_str()).collect();
    let next = if next.is_empty() { "nothing".to_owned() } else { next.join(", ") };
    let cancel =
        if allowed.contains(&OrderStatus::Cancelled) { " It can be cancelled by POST …/cancel." } else { "" };
    format!("The order is {}. Allowed next: {next}.{cancel}", status.as_str())
}

/// The detail for what is in use. It names the first few of its users.
fn in_use(what: &str, by: &[Users]) -> String {
    const SHOWN: usize = 5;
    let kinds: Vec<_> = by
        .iter()
        .map(|Users { kind, names }| {
            let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = match names.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("{kind}: {shown}{more}")
        })
        .collect();
    format!("The {what} is in use by {}.", kinds.join("; by "))
}

/// The reason with a capital letter and a full stop.
fn sentence(why: &str) -> String {
    let mut letters = why.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::Version;

    use super::*;

    fn unavailable(error: fn(Box<dyn std::error::Error + Send + Sync>) -> StoreError) -> Problem {
        Error::Unavailable(error("hunter2".into())).into()
    }

    fn document(problem: &Problem) -> String {
        String::from_utf8(problem.document("/", "id")).unwrap()
    }

    #[test]
    fn the_answer_after_a_lost_commit_asks_for_a_retry_with_the_same_key_r61() {
        let problem = unavailable(StoreError::CommitUnknown);
        assert_eq!(problem.status(), 503);
        assert!(document(&problem).contains("same Idempotency-Key"), "{problem}");
        assert!(problem.headers().iter().any(|(name, _)| name == "retry-after"));
    }

    #[test]
    fn an_internal_cause_is_not_shown_to_the_client_r77() {
        let problems = [
            unavailable(StoreError::CommitUnknown),
            unavailable(StoreError::Unavailable),
            unavailable(StoreError::Full),
            Error::Internal("hunter2".into()).into(),
            Error::Raced(StoreError::Raced("hunter2".into())).into(),
        ];
        for problem in problems {
            assert!(problem.status().is_server_error());
            assert!(!document(&problem).contains("hunter2"));
            assert!(problem.cause().is_some());
        }
    }

    #[test]
    fn retry_after_is_in_whole_seconds_and_at_least_1_r1() {
        for (wait, seconds) in
            [(Duration::ZERO, "1"), (Duration::from_millis(1001), "2"), (Duration::from_mins(1), "60")]
        {
            let problem = Problem::from(Error::TooMany { retry_after: wait });
            assert_eq!(problem.status(), 429);
            assert_eq!(problem.headers()[0].1, seconds);
        }
    }

    #[test]
    fn deleting_a_used_zone_names_the_first_five_users_of_each_kind_r101() {
        let users = |kind, count: usize| Users { kind, names: (1..=count).map(|n| format!("m{n}")).collect() };
        let by = vec![users("shipping methods", 7), users("tax rates", 1)];
        let problem = Problem::from(Conflict::InUse { what: "zone", by });
        assert_eq!(problem.status(), 409);
        let detail = "The zone is in use by shipping methods: m1, m2, m3, m4, m5 and 2 more; by tax rates: m1.";
        assert!(document(&problem).contains(detail), "{}", document(&problem));
    }

    #[test]
    fn the_answer_to_a_stale_version_names_the_current_version() {
        assert!(document(&Error::Stale(Version(7)).into()).contains("version is 7 now"));
    }
}
