use std::time::Duration;

use super::{Product, ProductId, ProductStatus};
use crate::{Price, UtcDateTime};

/// A price that a product has had since some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceEntry {
    /// The product that had the price.
    pub product_id: ProductId,
    /// The version of the product from which on it holds. Later entries have higher ones.
    pub sequence: i64,
    /// Since when.
    pub at: UtcDateTime,
    /// The price of one unit.
    pub price: Price,
    /// The price for comparison.
    pub compare_at_price: Option<Price>,
}

/// How long before a reduction its lowest price is looked for.
pub const PRIOR_PRICES: Duration = Duration::from_hours(30 * 24);

impl Product {
    /// The entry in the history of its prices that it begins.
    pub const fn priced(&self) -> PriceEntry {
        PriceEntry {
            product_id: self.id,
            sequence: self.version.0,
            at: self.updated_at,
            price: self.price,
            compare_at_price: self.particulars.compare_at_price,
        }
    }

    /// Whether it has another price than before, or another one for comparison.
    pub fn is_priced_unlike(&self, before: &Self) -> bool {
        self.price != before.price || self.particulars.compare_at_price != before.particulars.compare_at_price
    }

    /// Whether it is reduced, and was not so before, while it was for sale. A reduction of what is already reduced is no
    /// new one.
    pub fn begins_reduction(&self, before: &Self) -> bool {
        self.particulars.compare_at_price.is_some()
            && before.particulars.compare_at_price.is_none()
            && before.status == ProductStatus::Active
    }

    /// By how many hundredths its price is below the one for comparison, rounded down.
    pub fn discount_percent(&self) -> Option<i64> {
        let (price, above) = (self.price.amount(), self.particulars.compare_at_price?.amount());
        Some((above - price) * 100 / above.max(1))
    }
}

/// The lowest price that was in force in the 30 days before a reduction began, by the history of the product, the newest
/// entry first; `None` if it had none.
pub fn lowest_before(history: &[PriceEntry], began: UtcDateTime) -> Option<Price> {
    let since = began - PRIOR_PRICES;
    let mut lowest = None;
    for entry in history.iter().filter(|entry| entry.at < began) {
        lowest = Some(lowest.map_or(entry.price, |least: Price| least.min(entry.price)));
        if entry.at <= since {
            break;
        }
    }
    lowest
}

#[cfg(test)]
mod tests {
    use super::super::{Particulars, ProductDetails, ProductName};
    use super::*;
    use crate::Uuid;

    const DAY: Duration = Duration::from_hours(24);

    fn price(amount: i64) -> Price {
        Price::parse(amount).unwrap()
    }

    /// A history, the oldest first: days after the first one, and prices.
    fn history(entries: &[(u32, i64)]) -> Vec<PriceEntry> {
        let entry = |(sequence, (day, amount)): (i64, &(u32, i64))| PriceEntry {
            product_id: ProductId(Uuid::nil()),
            sequence,
            at: UtcDateTime::UNIX_EPOCH + DAY * *day,
            price: price(*amount),
            compare_at_price: None,
        };
        let mut all: Vec<_> = (1..).zip(entries).map(entry).collect();
        all.reverse();
        all
    }

    #[test]
    fn the_lowest_price_is_that_of_the_30_days_before_the_reduction_began_r215() {
        for (entries, began, lowest) in [
            // It never changed.
            (&[(0, 100)][..], 50, Some(100)),
            // Raised, then reduced: the low price before the rise was still in force.
            (&[(0, 80), (60, 100)], 70, Some(80)),
            // Raised more than 30 days before.
            (&[(0, 80), (10, 100)], 70, Some(100)),
            // Raised exactly 30 days before: the price before that was not in force in them.
            (&[(0, 80), (40, 100)], 70, Some(100)),
            // Reduced twice within the time.
            (&[(0, 100), (50, 90), (60, 95)], 70, Some(90)),
            // What begins with the reduction is not before it.
            (&[(0, 100), (70, 50)], 70, Some(100)),
            // It is younger than 30 days.
            (&[(65, 100)], 70, Some(100)),
            // It is new.
            (&[(70, 100)], 70, None),
            (&[], 70, None),
        ] {
            let found = lowest_before(&history(entries), UtcDateTime::UNIX_EPOCH + DAY * began);
            assert_eq!(found, lowest.map(price), "{entries:?}");
        }
    }

    fn product(amount: i64, compare_at: Option<i64>, status: ProductStatus) -> Product {
        let particulars = Particulars { compare_at_price: compare_at.map(price), ..Particulars::default() };
        let details = ProductDetails::new(ProductName::parse("Mug").unwrap(), price(amount));
        let details = ProductDetails { status, particulars, ..details };
        Product::new(ProductId(Uuid::nil()), details, UtcDateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_discount_is_rounded_down_r214() {
        for (amount, compare_at, percent) in [(1999, 2500, 20), (1, 1000, 99), (0, 1, 100), (999, 1000, 0)] {
            let reduced = product(amount, Some(compare_at), ProductStatus::Active);
            assert_eq!(reduced.discount_percent(), Some(percent));
        }
        assert_eq!(product(1, None, ProductStatus::Active).discount_percent(), None);
        let dearest = product(0, Some(Price::MAX), ProductStatus::Active);
        assert_eq!(dearest.discount_percent(), Some(100));
    }

    #[test]
    fn a_reduction_begins_when_a_price_for_comparison_is_set_of_what_is_for_sale_r215() {
        use ProductStatus::{Active, Archived, Draft};
        let reduced = product(80, Some(100), Active);
        assert!(reduced.begins_reduction(&product(100, None, Active)));
        assert!(!product(70, Some(100), Active).begins_reduction(&reduced), "a further reduction keeps it");
        for not_for_sale in [Draft, Archived] {
            assert!(!reduced.begins_reduction(&product(100, None, not_for_sale)));
        }
        assert!(reduced.is_priced_unlike(&product(80, None, Active)));
        assert!(reduced.is_priced_unlike(&product(81, Some(100), Active)));
        assert!(!reduced.is_priced_unlike(&product(80, Some(100), Draft)));
    }
}
