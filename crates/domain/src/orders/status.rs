use crate::{Code, Invalid, Rule, Ruled};

/// The status of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// Purchased; its units are taken from stock.
    Placed,
    /// Being prepared for shipping.
    Processing,
    /// Handed to the carrier.
    Shipped,
    /// Received by the customer.
    Delivered,
    /// Cancelled before shipping; its units are back in stock.
    Cancelled,
}

use OrderStatus::{Cancelled, Delivered, Placed, Processing, Shipped};

/// All allowed changes of status.
const STEPS: [(OrderStatus, &[OrderStatus]); 5] = [
    (Placed, &[Processing, Cancelled]),
    (Processing, &[Shipped, Cancelled]),
    (Shipped, &[Delivered]),
    (Delivered, &[]),
    (Cancelled, &[]),
];

impl OrderStatus {
    /// All statuses.
    pub const ALL: [Self; 5] = [Placed, Processing, Shipped, Delivered, Cancelled];

    /// The name of the status in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Placed => "placed",
            Processing => "processing",
            Shipped => "shipped",
            Delivered => "delivered",
            Cancelled => "cancelled",
        }
    }

    /// Parses a status.
    ///
    /// # Errors
    /// If there is no such status.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == raw);
        let message = "must be one of: placed, processing, shipped, delivered, cancelled";
        found.ok_or_else(|| Invalid::new(Code::NotAllowed, message))
    }

    /// The statuses that can follow.
    pub fn next(self) -> &'static [Self] {
        STEPS.iter().find(|(from, _)| *from == self).map_or(&[], |(_, to)| to)
    }
}

impl Ruled for OrderStatus {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, Self::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_goes_forward_one_step_at_a_time_and_is_cancelled_only_before_it_ships_r65_r66() {
        for from in OrderStatus::ALL {
            for to in OrderStatus::ALL {
                let allowed = matches!(
                    (from, to),
                    (Placed, Processing)
                        | (Processing, Shipped)
                        | (Shipped, Delivered)
                        | (Placed | Processing, Cancelled)
                );
                assert_eq!(from.next().contains(&to), allowed, "{from:?} → {to:?}");
            }
        }
    }

    #[test]
    fn every_status_has_a_row_in_the_table_and_a_unique_name() {
        for (status, (row, _)) in OrderStatus::ALL.into_iter().zip(STEPS) {
            assert_eq!(status, row);
            assert_eq!(OrderStatus::parse(status.as_str()).unwrap(), status);
        }
        assert!(OrderStatus::parse("lost").is_err());
    }
}
