use std::time::Duration;

use domain::access::Beyond;
use domain::carts::LineRefusal;
use domain::imports::{ImportStepRefused, RowsGone};
use domain::media::{MediaStoreError, PictureFault};
use domain::orders::{EditRefused, OrderPaymentStatus, OrderStatus};
use domain::payments::{CaptureRefused, OperationStatus, PaymentId, ReceiveRefused, VoidRefused};
use domain::pricing::{Refusal, Totals};
use domain::products::ProductId;
use domain::promotions::PromotionStatus;
use domain::restocks::RestockStatus;
use domain::tax_classes::TaxClassCode;
use domain::webhooks::EndpointStatus;
use domain::{Currency, Date, Invalid, Money, StoreError, UniqueKey, Version};

/// A refused field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The path of the field, such as `items[2].quantity`.
    pub field: String,
    /// What is wrong with it, as a code for programs and a text for people.
    pub invalid: Invalid,
}

impl FieldError {
    /// The refusal of a field.
    pub fn new(field: impl Into<String>, invalid: Invalid) -> Self {
        Self { field: field.into(), invalid }
    }
}

/// What uses a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Users {
    /// What they are, such as `shipping methods`.
    pub kind: &'static str,
    /// How each is known, such as by its code.
    pub names: Vec<String>,
}

/// A conflict of a request with the current state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// Another resource has the value of a unique field.
    Duplicate(UniqueKey),
    /// Lines that cannot be ordered.
    Lines(Vec<LineRefusal>),
    /// An empty cart cannot be ordered.
    CartEmpty,
    /// The line would exceed its largest quantity.
    CartLineFull {
        /// The current quantity.
        quantity: i64,
    },
    /// The cart has the most lines that it can have.
    CartFull,
    /// Stock would be negative or exceed its maximum.
    StockBounds {
        /// The units on hand now.
        on_hand: i64,
    },
    /// The first request with this idempotency key is still running.
    StillRunning,
    /// The status of the order does not allow the change.
    OrderStep {
        /// The status that the order has.
        status: OrderStatus,
        /// The allowed next statuses.
        allowed: &'static [OrderStatus],
    },
    /// The order is not on its way. Has its status.
    NotShipped(OrderStatus),
    /// The order is not edited.
    NotEdited(EditRefused),
    /// The restock is not open. Has its status.
    RestockClosed(RestockStatus),
    /// What is to be deleted is in use.
    InUse {
        /// What it is, such as `zone`.
        what: &'static str,
        /// What uses it: names, by kind.
        by: Vec<Users>,
    },
    /// Products have the term that is to be deleted.
    TermInUse {
        /// How many.
        products: u64,
    },
    /// Two members of a product group would have the same terms.
    DuplicateCombination {
        /// The field with the terms that are there already.
        field: String,
        /// Who has them: the id of a product, or the field of the request that gives them first.
        other: String,
    },
    /// An option of a product group is no attribute like others. Has its code.
    IsOption(String),
    /// A category would be below itself.
    Cycle,
    /// The limit is reached.
    TooMany {
        /// What they are, in the plural.
        what: &'static str,
        /// So many there may be.
        most: u64,
    },
    /// The import does not allow the step.
    ImportStep(ImportStepRefused),
    /// The status of the promotion does not allow the step.
    PromotionStep {
        /// The status that the promotion has.
        status: PromotionStatus,
        /// The allowed next statuses.
        allowed: &'static [PromotionStatus],
    },
    /// The status of the promotion does not allow to change some fields.
    PromotionFixed {
        /// The status that the promotion has.
        status: PromotionStatus,
        /// The names of the fields in the request.
        fields: Vec<&'static str>,
    },
    /// A promotion that needs no code has none.
    NoCodeNeeded,
    /// The limit of a promotion would be below what was used.
    LimitBelowUses {
        /// How often it was used.
        used: i64,
    },
    /// There are such codes already. Has their places in the list of the request.
    CodesTaken(Vec<usize>),
    /// The tax rate is already in force, or was.
    TaxRateHeld {
        /// Its first day.
        since: Date,
    },
    /// The account is the last active administrator.
    LastAdmin,
    /// The account has no customer, so it has no cart and cannot place orders.
    NoCustomer,
    /// The order would cost something else than the buyer saw.
    TotalsChanged {
        /// What it costs now.
        totals: Totals,
        /// The currency of the totals.
        currency: Currency,
    },
    /// No use of these codes is left. Has their places in the list of codes.
    CouponExhausted(Vec<usize>),
    /// The shipping method is not offered for these goods and this address, or no method is.
    ShippingUnavailable,
    /// The order has to be paid before it is prepared.
    PaymentRequired {
        /// What its sums say.
        status: OrderPaymentStatus,
        /// What is still to be paid.
        due: Money,
    },
    /// The customer has as many unpaid orders as it may have. Has that number.
    UnpaidOrders(u32),
    /// The order is cancelled, so that nobody pays it.
    OrderCancelled,
    /// The time to pay the order is over.
    OrderExpired,
    /// The order owes nothing.
    NothingDue,
    /// Another payment of the order is open, and it is not certain yet that it can be given up.
    PaymentInProgress(PaymentId),
    /// So much of a payment cannot be captured.
    NotCapturable {
        /// Why.
        refused: CaptureRefused,
        /// The currency of its amounts.
        currency: Currency,
    },
    /// The payment cannot be voided.
    NotVoidable(VoidRefused),
    /// No payment can give so much back. Has what each can, newest first.
    NotRefundable(Vec<(PaymentId, Money)>),
    /// People have not moved this money.
    NotReceivable(ReceiveRefused),
    /// It is known what became of the operation. Has its status.
    OperationKnown(OperationStatus),
    /// The shop has no key from which secrets of webhook endpoints could follow.
    NoSecretsKey,
    /// The shop sends no mail.
    NoMail,
    /// The webhook endpoint is sent nothing. Has its status.
    EndpointStill(EndpointStatus),
}

/// What became of the change of one of many products.
#[derive(Debug)]
pub struct ChangeOutcome {
    /// The product; `None` if none has the SKU.
    pub id: Option<ProductId>,
    /// Why it was refused; `None` if it was not.
    pub refusal: Option<Error>,
}

/// Why a provider does not take an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountRefused {
    /// It is less than this.
    BelowMinimum(Money),
    /// It is more than this.
    AboveMaximum(Money),
    /// It is not a multiple of this, the smallest step that the provider takes.
    NotMultipleOf(Money),
    /// It is only a part, where all has to go back: this much.
    NotAll(Money),
}

/// The error of a use case. Each variant is a class of responses.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is well-formed, but fields are refused.
    #[error("the request is not valid")]
    Invalid(Vec<FieldError>),
    /// No tax rate holds for this class where the goods go, and the shop sells nothing without one.
    #[error("no tax rate holds for the class {}", .0.as_str())]
    NoTaxRate(TaxClassCode),
    /// Codes that do not apply, by their places in the list of codes.
    #[error("codes do not apply: {0:?}")]
    Coupons(Vec<(usize, Refusal)>),
    /// The provider does not take this amount.
    #[error("the provider does not take the amount: {0:?}")]
    Amount(AmountRefused),
    /// The upload is no picture that the shop takes.
    #[error("the picture {0}")]
    Picture(PictureFault),
    /// The shop has not said where pictures are kept.
    #[error("there is no place for pictures")]
    NoMediaStore,
    /// The place where pictures are kept does not answer, or has no room.
    #[error(transparent)]
    MediaStore(#[from] MediaStoreError),
    /// The caller is not logged in, or the credentials are wrong.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// A one-time token is unknown, used, expired, or for something else.
    #[error("the token is not valid")]
    TokenInvalid,
    /// The customer has not proved that its address is its own.
    #[error("the address of the customer is not verified")]
    EmailUnverified,
    /// The caller may not do it.
    #[error("the caller may not do it")]
    Forbidden,
    /// The caller would give, take or change rights that it has not.
    #[error("it is beyond what the caller may do")]
    Beyond(Beyond),
    /// The resource does not exist, or the caller may not see it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The rows of the import are not kept any more.
    #[error("the rows of the import went at {}", .0.0)]
    ImportRows(RowsGone),
    /// The current state does not allow the request.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// Some of many changes are refused, so none is done. Has what would become of each.
    #[error("some of many changes are refused")]
    Batch(Vec<ChangeOutcome>),
    /// The caller expects another version. Has the current one.
    #[error("the version is {0:?} now")]
    Stale(Version),
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// Too many failed attempts.
    #[error("too many failed attempts")]
    TooMany {
        /// Time until the next attempt.
        retry_after: Duration,
    },
    /// Too many requests of this kind are waiting.
    #[error("too many requests of this kind are waiting")]
    Busy {
        /// Time until the next attempt.
        retry_after: Duration,
    },
    /// The database is not available, did not answer in time, or has no room.
    #[error("the database is not available")]
    Unavailable(#[source] StoreError),
    /// A defect, or an unexpected failure.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The transaction lost a race and must be run again. Handled by the runner.
    #[error("the transaction lost a race")]
    Raced(#[source] StoreError),
}

impl Error {
    /// The error for one refused field.
    pub fn field(field: impl Into<String>, invalid: Invalid) -> Self {
        Self::Invalid(vec![FieldError::new(field, invalid)])
    }

    /// Whether the use case refused the request. `false` for failures of the database and defects.
    pub const fn is_refusal(&self) -> bool {
        !matches!(self, Self::Unavailable(_) | Self::MediaStore(_) | Self::Internal(_) | Self::Raced(_))
    }

    /// The error for data that has changed since the transaction read it. The transaction must be run again.
    pub fn raced(why: &'static str) -> Self {
        StoreError::Raced(why.into()).into()
    }
}

impl From<RowsGone> for Error {
    fn from(gone: RowsGone) -> Self {
        Self::ImportRows(gone)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate(key) => Self::Conflict(Conflict::Duplicate(key)),
            StoreError::Raced(_) => Self::Raced(error),
            StoreError::Unavailable(_) | StoreError::Full(_) | StoreError::CommitUnknown(_) => Self::Unavailable(error),
            StoreError::Internal(cause) => Self::Internal(cause),
        }
    }
}

impl From<Beyond> for Error {
    fn from(beyond: Beyond) -> Self {
        Self::Beyond(beyond)
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}
