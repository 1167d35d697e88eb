use crate::carts::{Line, MAX_LINES};
use crate::products::{Offer, ProductId};
use crate::{Code, Invalid, Quantity};

/// The items of an order without a cart: 1 to [`MAX_LINES`] different products, in order of product id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items(Vec<(ProductId, Quantity)>);

/// The reason why a list of items is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemsError {
    /// Too few or too many items.
    Count(Invalid),
    /// The items at these indexes name a product that appears earlier in the list.
    Repeated(Vec<usize>, Invalid),
}

impl Items {
    /// Parses items in any order.
    ///
    /// # Errors
    /// If the list is empty or too long, or has a product twice.
    pub fn parse(mut items: Vec<(ProductId, Quantity)>) -> Result<Self, ItemsError> {
        let count = |code| {
            let message = format!("must have 1 to {MAX_LINES} items");
            Err(ItemsError::Count(Invalid::new(code, message)))
        };
        match items.len() {
            0 => return count(Code::TooShort),
            n if n > MAX_LINES => return count(Code::TooLong),
            _ => {}
        }
        let mut seen = std::collections::HashSet::new();
        let again = |(place, (id, _)): (usize, &(ProductId, Quantity))| (!seen.insert(*id)).then_some(place);
        let repeated: Vec<_> = items.iter().enumerate().filter_map(again).collect();
        if !repeated.is_empty() {
            let invalid = Invalid::new(Code::Repeated, "must name each product once");
            return Err(ItemsError::Repeated(repeated, invalid));
        }
        items.sort_unstable_by_key(|(id, _)| *id);
        Ok(Self(items))
    }

    /// Each product with its units, in order of product id.
    pub fn as_slice(&self) -> &[(ProductId, Quantity)] {
        &self.0
    }

    /// The lines of these items, each with its offer if there is one.
    pub fn lines(&self, offers: &[Offer]) -> Vec<Line> {
        let line = |&(product_id, quantity): &(ProductId, Quantity)| {
            let offer = offers.iter().find(|offer| offer.product_id == product_id).cloned();
            Line { product_id, quantity, offer }
        };
        self.0.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    fn items(ids: &[u128]) -> Result<Items, ItemsError> {
        Items::parse(ids.iter().map(|id| (ProductId(Uuid::from_u128(*id)), Quantity::parse(1).unwrap())).collect())
    }

    #[test]
    fn items_are_1_to_100_different_products_in_order_of_id_r60() {
        let sorted: Vec<_> = items(&[3, 1, 2]).unwrap().as_slice().iter().map(|(id, _)| id.0.as_u128()).collect();
        assert_eq!(sorted, [1, 2, 3]);
        assert!(items(&(0..100).collect::<Vec<_>>()).is_ok());
        assert!(matches!(items(&[]), Err(ItemsError::Count(_))));
        assert!(matches!(items(&(0..101).collect::<Vec<_>>()), Err(ItemsError::Count(_))));
        let Err(ItemsError::Repeated(places, _)) = items(&[1, 2, 1, 2]) else { panic!("not refused") };
        assert_eq!(places, [2, 3]);
    }
}
