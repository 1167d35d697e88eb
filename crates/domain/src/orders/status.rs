crate::word::words! {
    /// How far an order has come.
    OrderStatus {
        /// Purchased; its units are taken from stock.
        Placed = "placed",
        /// Being prepared for shipping.
        Processing = "processing",
        /// Handed to the carrier.
        Shipped = "shipped",
        /// Received by the customer.
        Delivered = "delivered",
        /// Cancelled before shipping; its units are back in stock.
        Cancelled = "cancelled",
    }
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
    /// The statuses that can follow.
    pub fn next(self) -> &'static [Self] {
        STEPS.iter().find(|(from, _)| *from == self).map_or(&[], |(_, to)| to)
    }

    /// Whether no status follows.
    pub fn is_final(self) -> bool {
        self.next().is_empty()
    }

    /// The shortest way from the purchase to this status, with both.
    pub fn path_to(self) -> Vec<Self> {
        let before = |status: &Self| STEPS.iter().find(|(_, to)| to.contains(status)).map(|(from, _)| *from);
        let mut path: Vec<_> = std::iter::successors(Some(self), before).collect();
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_goes_forward_one_step_at_a_time_and_is_cancelled_only_before_it_ships_r65_r66() {
        for &from in OrderStatus::ALL {
            for &to in OrderStatus::ALL {
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
        for (&status, (row, _)) in OrderStatus::ALL.iter().zip(STEPS) {
            assert_eq!(status, row);
            assert_eq!(OrderStatus::parse(status.as_str()).unwrap(), status);
        }
        assert!(OrderStatus::parse("lost").is_err());
    }
    #[test]
    fn the_path_to_a_status_takes_allowed_steps_from_the_purchase_r65() {
        for &status in OrderStatus::ALL {
            let path = status.path_to();
            assert_eq!((path.first(), path.last()), (Some(&Placed), Some(&status)));
            assert!(path.windows(2).all(|step| step[0].next().contains(&step[1])), "{path:?}");
            assert_eq!(status.is_final(), matches!(status, Delivered | Cancelled), "{status:?}");
        }
        assert_eq!(Delivered.path_to(), [Placed, Processing, Shipped, Delivered]);
        assert_eq!(Cancelled.path_to(), [Placed, Cancelled]);
    }
}
