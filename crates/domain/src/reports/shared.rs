use crate::pricing::split;

/// Money that went back for one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundedOrder {
    /// Minor units, above 0.
    pub amount: i64,
    /// The lines of the order, or its country. There is at least one.
    pub parts: Vec<RefundPart>,
}

/// What a refund is shared among.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundPart {
    /// The group that it belongs to; empty if it belongs to none.
    pub key: String,
    /// How people call the group.
    pub name: String,
    /// What was paid for it, after discounts, in minor units.
    pub paid: i64,
}

impl RefundedOrder {
    /// The share of the refund that each part bears, in proportion to what was paid for it after discounts. If nothing
    /// was paid, all parts bear the same.
    pub(super) fn shares(&self) -> impl Iterator<Item = (&RefundPart, i64)> {
        let paid: Vec<_> = self.parts.iter().map(|part| part.paid.max(0)).collect();
        let weights = if paid.iter().all(|paid| *paid == 0) { vec![1; paid.len()] } else { paid };
        self.parts.iter().zip(split(self.amount, &weights))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(amount: i64, paid: &[i64]) -> Vec<i64> {
        let part = |paid: &i64| RefundPart { key: String::new(), name: String::new(), paid: *paid };
        let order = RefundedOrder { amount, parts: paid.iter().map(part).collect() };
        order.shares().map(|(_, share)| share).collect()
    }

    #[test]
    fn a_refund_is_shared_in_proportion_to_what_lines_cost_r244() {
        assert_eq!(shares(100, &[300, 100]), [75, 25]);
        assert_eq!(shares(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(shares(450, &[0, 400]), [0, 450]);
        assert_eq!(shares(5, &[0, 0]), [3, 2]);
    }
}
