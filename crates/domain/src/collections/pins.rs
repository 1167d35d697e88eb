use std::collections::HashSet;

use crate::products::ProductId;
use crate::{Code, Invalid};

/// The products that stand first in a collection, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins(Vec<ProductId>);

/// Why products cannot stand first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinsFault {
    /// They are too many.
    TooMany,
    /// A product comes twice. Has its second place.
    Twice(usize),
}

impl Pins {
    /// The most products that stand first in one collection.
    pub const MOST: usize = 500;

    /// These products.
    ///
    /// # Errors
    /// If they are too many, or one comes twice.
    pub fn new(products: Vec<ProductId>) -> Result<Self, PinsFault> {
        if products.len() > Self::MOST {
            return Err(PinsFault::TooMany);
        }
        let mut seen = HashSet::new();
        match products.iter().position(|id| !seen.insert(*id)) {
            Some(place) => Err(PinsFault::Twice(place)),
            None => Ok(Self(products)),
        }
    }

    /// Stored pins, which were checked before they were stored.
    pub fn from_trusted(products: Vec<ProductId>) -> Self {
        Self(products)
    }

    /// The products in order.
    pub fn products(&self) -> &[ProductId] {
        &self.0
    }
}

impl PinsFault {
    /// What is wrong with the list, or with the product at the place.
    pub fn invalid(self) -> Invalid {
        match self {
            Self::TooMany => Invalid::new(Code::TooLong, format!("must have at most {} products", Pins::MOST)),
            Self::Twice(_) => Invalid::new(Code::Repeated, "comes twice: a product stands in one place"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    #[test]
    fn a_collection_has_500_pins_at_most_and_each_once_r227() {
        let pins = |numbers: &mut dyn Iterator<Item = u128>| {
            Pins::new(numbers.map(|n| ProductId(Uuid::from_u128(n))).collect())
        };
        assert_eq!(pins(&mut (1..=500)).unwrap().products().len(), 500);
        assert_eq!(pins(&mut (1..=501)), Err(PinsFault::TooMany));
        assert_eq!(pins(&mut [1, 2, 3, 2, 1].into_iter()), Err(PinsFault::Twice(3)));
        assert_eq!(pins(&mut std::iter::empty()), Ok(Pins::default()));
    }
}
