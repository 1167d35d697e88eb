use super::{Barcode, Collected, ProductStatus, Sku};
use crate::terms::AttributeCondition;
use crate::{Code, CursorKey, Invalid, Rule, Ruled, SearchText, UtcDateTime};

/// The filter of a list of products.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductFilter {
    /// Only products whose name, description or SKU has all these words.
    pub search: Option<SearchText>,
    /// Only products with this status.
    pub status: Option<ProductStatus>,
    /// Lowest price, in minor units.
    pub min_price: Option<i64>,
    /// Highest price, in minor units.
    pub max_price: Option<i64>,
    /// `true`: only products with units on hand; `false`: only products without.
    pub in_stock: Option<bool>,
    /// Only products with one of these SKUs; empty for all.
    pub skus: Vec<Sku>,
    /// Only products with one of these barcodes; empty for all.
    pub barcodes: Vec<Barcode>,
    /// `true`: only products that are reduced; `false`: only products that are not.
    pub on_sale: Option<bool>,
    /// Only products changed at this time or later.
    pub updated_after: Option<UtcDateTime>,
    /// Only products for which all of these hold.
    pub attributes: Vec<AttributeCondition>,
    /// Of each product group only the first member that passes, in the order of the list.
    pub is_collapsed: bool,
    /// Only products of this collection.
    pub collection: Option<Collected>,
}

/// The sort order of a list of products.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ProductSort {
    /// Oldest first.
    #[default]
    CreatedAt,
    /// Newest first.
    CreatedAtDescending,
    /// By name, as [`sort_key`](crate::sort_key) has it.
    Name,
    /// By the same key as [`Self::Name`], from the end.
    NameDescending,
    /// Lowest price first.
    Price,
    /// Highest price first.
    PriceDescending,
    /// The product whose SKU is searched for, then those with all words in the name, then the others; in each the newest
    /// first. Without a search it is [`Self::CreatedAtDescending`].
    Relevance,
    /// By the last change, the longest ago first: the order of what was changed after some time.
    UpdatedAt,
}

impl ProductSort {
    /// The sort orders that can be asked for, with their names in the API.
    pub const ALL: [(&str, Self); 7] = [
        ("name", Self::Name),
        ("-name", Self::NameDescending),
        ("price", Self::Price),
        ("-price", Self::PriceDescending),
        ("created_at", Self::CreatedAt),
        ("-created_at", Self::CreatedAtDescending),
        ("relevance", Self::Relevance),
    ];

    /// Parses the name of a sort order.
    ///
    /// # Errors
    /// If there is no such sort order.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|(name, _)| *name == raw);
        let names = || Self::ALL.map(|(name, _)| name).join(", ");
        let unknown = || Invalid::new(Code::NotAllowed, format!("must be one of: {}", names()));
        found.map(|(_, sort)| sort).ok_or_else(unknown)
    }

    /// The name in the API, which [`Self::UpdatedAt`] has not, since nobody asks for it.
    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, sort)| *sort == self).map_or("updated_at", |(name, _)| name)
    }

    /// Whether the sort value of a cursor has the type of this order. A cursor of another order cannot be used.
    pub const fn accepts(self, key: &CursorKey) -> bool {
        matches!(
            (self, key),
            (Self::CreatedAt | Self::CreatedAtDescending, CursorKey::Id)
                | (Self::Name | Self::NameDescending, CursorKey::Text(_))
                | (Self::Price | Self::PriceDescending | Self::UpdatedAt | Self::Relevance, CursorKey::Int(_))
        )
    }
}

impl Ruled for ProductSort {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, |(name, _)| name)
    }
}
