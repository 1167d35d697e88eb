use std::sync::Arc;
use std::time::Duration;

use domain::UtcDateTime;
use domain::carts::{CartAge, CartQueries};
use domain::customers::CustomerQueries;

use crate::Clock;

/// How long the scan of old carts goes on before it starts again with the oldest cart.
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

/// How far the scan of old carts has come. Carts with lines stay, so the scan passes each of them once. A cart that
/// becomes empty has changed, so it comes after them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PlaceInCarts {
    pub(super) began: Option<UtcDateTime>,
    /// The last cart.
    pub(super) after: Option<CartAge>,
}

impl PlaceInCarts {
    /// Where the scan continues at `now`. Once a day it starts again from the oldest cart.
    pub(super) fn at(self, now: UtcDateTime) -> Self {
        match self.began {
            Some(began) if began <= now && now - began < ANEW => self,
            _ => Self { began: Some(now), after: None },
        }
    }
}
