use std::sync::Arc;
use std::time::Duration;

use domain::UtcDateTime;
use domain::carts::{CartAge, CartQueries};
use domain::customers::CustomerQueries;

use crate::Clock;

/// How long after its beginning a look at old carts begins anew.
const ANEW: Duration = Duration::from_hours(24);

/// What housekeeping reads outside of transactions.
#[derive(Clone)]
pub struct HousekeepingReads {
    /// Says which customers are idle.
    pub customers: Arc<dyn CustomerQueries>,
    /// Says which carts are empty.
    pub carts: Arc<dyn CartQueries>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// How far old carts were looked at. Those with lines stay, and are not looked at again and again. A cart that becomes
/// empty changes, so that it comes after them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PlaceInCarts {
    pub(super) began: Option<UtcDateTime>,
    /// The last cart.
    pub(super) after: Option<CartAge>,
}

impl PlaceInCarts {
    /// Where the look goes on at `now`: once a day at the beginning, whatever was passed over.
    pub(super) fn at(self, now: UtcDateTime) -> Self {
        match self.began {
            Some(began) if began <= now && now - began < ANEW => self,
            _ => Self { began: Some(now), after: None },
        }
    }
}
