use std::time::Duration;

use domain::carts::LineRefusal;
use domain::orders::OrderStatus;
use domain::restocks::RestockStatus;
use domain::{Invalid, StoreError, UniqueKey, Version};

/// A refused field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The path of the field, such as `items[2].quantity`.
    pub field: String,
    /// Why it is refused.
    pub invalid: Invalid,
}

impl FieldError {
    /// A refusal of `field`.
    pub fn new(field: impl Into<String>, invalid: Invalid) -> Self {
        Self { field: field.into(), invalid }
    }
}

/// Why the current state does not allow a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// Somebody else holds the value of a field.
    Duplicate(UniqueKey),
    /// Every line that cannot be ordered.
    Lines(Vec<LineRefusal>),
    /// There is nothing in the cart.
    CartEmpty,
    /// The line would have more units than a line can have.
    CartLineFull {
        /// The units in it now.
        quantity: i64,
    },
    /// The cart has as many lines as a cart can have.
    CartFull,
    /// Stock would leave its bounds.
    StockBounds {
        /// The units on hand.
        on_hand: i64,
    },
    /// The first request with this idempotency key still runs.
    StillRunning,
    /// An order is not in a state that allows the step; these are allowed.
    OrderStep {
        /// The status that it has.
        status: OrderStatus,
        /// The statuses that can come next.
        allowed: &'static [OrderStatus],
    },
    /// The restock was received or cancelled before.
    RestockClosed(RestockStatus),
    /// It is the last account that can administer the shop.
    LastAdmin,
    /// The account has no customer, so it has no cart and places no order.
    NoCustomer,
}

/// Why a use case did not do what was asked. The variants are the classes of answers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Well-formed, and refused: each bad field with its reason.
    #[error("the request is not valid")]
    Invalid(Vec<FieldError>),
    /// Nobody is logged in, or the login is wrong.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// The role does not allow it.
    #[error("the role does not allow it")]
    Forbidden,
    /// Not there, or not the caller's.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The current state does not allow it.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// The caller saw an older version.
    #[error("the version is {0:?} now")]
    Stale(Version),
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// Too many attempts.
    #[error("too many failed attempts")]
    TooMany {
        /// When to try again.
        retry_after: Duration,
    },
    /// More work of this kind waits than will be done soon.
    #[error("too many requests of this kind are waiting")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The database is away, or did not answer in time.
    #[error("the database is not available")]
    Unavailable(#[source] StoreError),
    /// A defect, or a failure that nobody expects.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The transaction lost a race and is to be run again. Only the runner sees this.
    #[error("the transaction lost a race")]
    Raced(#[source] StoreError),
}

impl Error {
    /// One refused field.
    pub fn field(field: impl Into<String>, invalid: Invalid) -> Self {
        Self::Invalid(vec![FieldError::new(field, invalid)])
    }

    /// Whether a use case refused the request, so that neither the database nor a defect is the cause.
    pub const fn is_refusal(&self) -> bool {
        !matches!(self, Self::Unavailable(_) | Self::Internal(_) | Self::Raced(_))
    }

    /// What the transaction read has changed since; it is to be run again.
    pub fn raced(why: &'static str) -> Self {
        StoreError::Raced(why.into()).into()
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate(key) => Self::Conflict(Conflict::Duplicate(key)),
            StoreError::Raced(_) => Self::Raced(error),
            StoreError::Unavailable(_) | StoreError::CommitUnknown(_) => Self::Unavailable(error),
            StoreError::Internal(cause) => Self::Internal(cause),
        }
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

/// Checks a version against the one that the caller expects.
///
/// # Errors
/// [`Error::Stale`] if it is another one.
pub fn expect_version(expected: Option<Version>, current: Version) -> Result<(), Error> {
    match expected {
        Some(version) if version != current => Err(Error::Stale(current)),
        _ => Ok(()),
    }
}
