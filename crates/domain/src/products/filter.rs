use super::ProductStatus;
use crate::{Code, CursorKey, Invalid, Rule, Ruled, SearchText};

/// Which products a list holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductFilter {
    /// Only those whose name, description or SKU holds all these words.
    pub search: Option<SearchText>,
    /// Only those of this status.
    pub status: Option<ProductStatus>,
    /// Only those of this price or more, in minor units.
    pub min_price: Option<i64>,
    /// Only those of this price or less, in minor units.
    pub max_price: Option<i64>,
    /// Only those with something on hand (true) or nothing (false).
    pub in_stock: Option<bool>,
}

/// In which order a list of products is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ProductSort {
    /// The oldest first.
    #[default]
    CreatedAt,
    /// The newest first.
    CreatedAtDescending,
    /// By name, in order of code points.
    Name,
    /// By name, backwards.
    NameDescending,
    /// The cheapest first.
    Price,
    /// The dearest first.
    PriceDescending,
}

impl ProductSort {
    /// Every order with its name in requests.
    pub const ALL: [(&str, Self); 6] = [
        ("name", Self::Name),
        ("-name", Self::NameDescending),
        ("price", Self::Price),
        ("-price", Self::PriceDescending),
        ("created_at", Self::CreatedAt),
        ("-created_at", Self::CreatedAtDescending),
    ];

    /// Parses the name of an order.
    ///
    /// # Errors
    /// If there is no such order.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|(name, _)| *name == raw);
        let message = "must be one of: name, -name, price, -price, created_at, -created_at";
        found.map(|(_, sort)| sort).ok_or_else(|| Invalid::new(Code::NotAllowed, message))
    }

    /// Whether a page can begin after an item with this sort value. A cursor of a list in another order cannot be used.
    pub const fn accepts(self, key: &CursorKey) -> bool {
        matches!(
            (self, key),
            (Self::CreatedAt | Self::CreatedAtDescending, CursorKey::Id)
                | (Self::Name | Self::NameDescending, CursorKey::Text(_))
                | (Self::Price | Self::PriceDescending, CursorKey::Int(_))
        )
    }
}

impl Ruled for ProductSort {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, |(name, _)| name)
    }
}
