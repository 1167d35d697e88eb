crate::number::number! {
    /// Units of one product in a cart or an order: 1 to 999.
    Quantity, 1, 999
}

impl Quantity {
    /// The sum of two quantities; `None` if it exceeds [`Quantity::MAX`].
    #[must_use]
    pub fn plus(self, more: Self) -> Option<Self> {
        Self::parse(self.0.saturating_add(more.0)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_1_to_999_and_so_is_a_sum_r51() {
        let quantity = |n| Quantity::parse(n).unwrap();
        for bad in [0, -1, 1000, i64::MAX, i64::MIN] {
            assert!(Quantity::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(quantity(998).plus(quantity(1)), Some(quantity(999)));
        assert_eq!(quantity(999).plus(quantity(1)), None);
    }
}
