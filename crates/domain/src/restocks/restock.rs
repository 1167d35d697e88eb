use super::RestockId;
use crate::products::ProductId;
use crate::stock::{MAX_ON_HAND, Stock};
use crate::{Invalid, Rule, Ruled, UtcDateTime, Version};

crate::word::words! {
    /// Whether the units of a restock have come.
    RestockStatus {
        /// On its way. A product has at most one open restock.
        Open = "open",
        /// Arrived; its units are on hand.
        Received = "received",
        /// Cancelled before it arrived.
        Cancelled = "cancelled",
    }
}

/// The units of a restock that came: 1 to [`MAX_ON_HAND`]. A restock of which nothing came is not received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceivedUnits(i64);

impl ReceivedUnits {
    /// Parses a number of units.
    ///
    /// # Errors
    /// If it is below 1 or above [`MAX_ON_HAND`].
    pub fn parse(raw: i64) -> Result<Self, Invalid> {
        Invalid::range(raw, 1, MAX_ON_HAND).map_or(Ok(Self(raw)), Err)
    }

    /// How many units.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl Ruled for ReceivedUnits {
    fn rule() -> Rule {
        Rule::integer(1, MAX_ON_HAND)
    }
}

/// Units of a product that are on their way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restock {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: RestockId,
    /// The product that was ordered.
    pub product_id: ProductId,
    /// Units on their way; once received, the units that came.
    pub quantity: i64,
    /// Units that were ordered.
    pub ordered: i64,
    /// The current status.
    pub status: RestockStatus,
    /// When it was opened.
    pub opened_at: UtcDateTime,
    /// Time at which it was received or cancelled.
    pub closed_at: Option<UtcDateTime>,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// The sort key of restocks by age: time of opening, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RestockAge {
    /// When it was opened.
    pub opened_at: UtcDateTime,
    /// A `UUIDv7`: sorts by time of creation.
    pub id: RestockId,
}

impl Restock {
    /// The sort key of the restock by age.
    pub const fn age(&self) -> RestockAge {
        RestockAge { opened_at: self.opened_at, id: self.id }
    }

    /// A new restock that fills `stock` up to its target.
    pub const fn due(id: RestockId, stock: &Stock, now: UtcDateTime) -> Self {
        let ordered = stock.restock_target - stock.on_hand;
        Self {
            id,
            product_id: stock.product_id,
            quantity: ordered,
            ordered,
            status: RestockStatus::Open,
            opened_at: now,
            closed_at: None,
            version: Version::FIRST,
        }
    }

    /// The restock as received: all that was ordered, or what really came, fewer or more. Either way nothing more of it
    /// is on its way. The caller adds the units to stock.
    ///
    /// # Errors
    /// The status of the restock, if it is not open.
    pub fn receive(&self, came: Option<ReceivedUnits>, now: UtcDateTime) -> Result<Self, RestockStatus> {
        let quantity = came.map_or(self.quantity, ReceivedUnits::get);
        self.close(RestockStatus::Received, now).map(|closed| Self { quantity, ..closed })
    }

    /// The restock as cancelled.
    ///
    /// # Errors
    /// The status of the restock, if it is not open.
    pub fn cancel(&self, now: UtcDateTime) -> Result<Self, RestockStatus> {
        self.close(RestockStatus::Cancelled, now)
    }

    fn close(&self, status: RestockStatus, now: UtcDateTime) -> Result<Self, RestockStatus> {
        match self.status {
            RestockStatus::Open => {
                Ok(Self { status, closed_at: Some(now), version: self.version.next(), ..self.clone() })
            }
            closed => Err(closed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    #[test]
    fn a_restock_is_received_or_cancelled_once_r45() {
        let now = UtcDateTime::UNIX_EPOCH;
        let stock = Stock { restock_target: 20, ..Stock::new(ProductId(Uuid::from_u128(1)), 4, now) };
        let open = Restock::due(RestockId(Uuid::from_u128(2)), &stock, now);
        assert_eq!((open.quantity, open.status), (16, RestockStatus::Open));
        for closed in [open.receive(None, now).unwrap(), open.cancel(now).unwrap()] {
            assert_eq!((closed.closed_at, closed.version), (Some(now), open.version.next()));
            assert_eq!((closed.quantity, closed.ordered), (16, 16));
            assert_eq!(closed.receive(None, now).unwrap_err(), closed.status);
            assert_eq!(closed.cancel(now).unwrap_err(), closed.status);
        }
    }

    #[test]
    fn receiving_any_quantity_closes_a_restock_r242() {
        let now = UtcDateTime::UNIX_EPOCH;
        let stock = Stock { restock_target: 20, ..Stock::new(ProductId(Uuid::from_u128(1)), 4, now) };
        let open = Restock::due(RestockId(Uuid::from_u128(2)), &stock, now);
        for came in [1, 15, 16, 17, MAX_ON_HAND] {
            let received = open.receive(ReceivedUnits::parse(came).ok(), now).unwrap();
            assert_eq!((received.quantity, received.ordered, received.status), (came, 16, RestockStatus::Received));
        }
        for bad in [0, -1, MAX_ON_HAND + 1] {
            assert!(ReceivedUnits::parse(bad).is_err(), "{bad}");
        }
    }
}
