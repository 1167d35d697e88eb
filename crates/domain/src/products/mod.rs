//! Products: what is sold.

mod filter;
mod ports;

pub use filter::{ProductFilter, ProductSort};
pub use ports::*;

use crate::{Code, Invalid, Price, Rule, Ruled, UtcDateTime, Version};

crate::id::id! {
    /// Names a product.
    ProductId
}

crate::text::text! {
    /// A product's name: 1 to 200 characters.
    ProductName, 1, 200, One
}

crate::text::text! {
    /// A stock keeping unit, the shop's own code for a product: 1 to 64 characters, unique.
    Sku, 1, 64, One
}

crate::text::text! {
    /// A product's description: up to 10,000 characters.
    Description, 0, 10_000, Many
}

/// Whether a product is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProductStatus {
    /// It is for sale.
    Active,
    /// It is kept, and not for sale.
    Archived,
}

impl ProductStatus {
    /// Every status.
    pub const ALL: [Self; 2] = [Self::Active, Self::Archived];

    /// The status as it stands in requests, answers and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    /// Parses a status.
    ///
    /// # Errors
    /// If there is no such status.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == raw);
        found.ok_or_else(|| Invalid::new(Code::NotAllowed, "must be one of: active, archived"))
    }
}

/// Something that is sold. Its price is in the shop's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The id.
    pub id: ProductId,
    /// The SKU, if it has one.
    pub sku: Option<Sku>,
    /// The name.
    pub name: ProductName,
    /// The description, if it has one.
    pub description: Option<Description>,
    /// The price of one.
    pub price: Price,
    /// Whether it is sold.
    pub status: ProductStatus,
    /// When it was made.
    pub created_at: UtcDateTime,
    /// When it last changed.
    pub updated_at: UtcDateTime,
    /// The version.
    pub version: Version,
}

/// What is needed to make a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductDetails {
    /// The name.
    pub name: ProductName,
    /// The price of one.
    pub price: Price,
    /// The SKU.
    pub sku: Option<Sku>,
    /// The description.
    pub description: Option<Description>,
}

impl Product {
    /// A new product, for sale at once.
    pub fn new(id: ProductId, details: ProductDetails, now: UtcDateTime) -> Self {
        let ProductDetails { name, price, sku, description } = details;
        Self {
            id,
            sku,
            name,
            description,
            price,
            status: ProductStatus::Active,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        }
    }
}

/// What changes of a product; `None` stays, `Some(None)` is taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductChange {
    /// The name.
    pub name: Option<ProductName>,
    /// The price of one.
    pub price: Option<Price>,
    /// The SKU.
    pub sku: Option<Option<Sku>>,
    /// The description.
    pub description: Option<Option<Description>>,
    /// Whether it is sold.
    pub status: Option<ProductStatus>,
}

impl Product {
    /// The product after a change, unchanged if the change has no effect.
    #[must_use]
    pub fn changed(&self, change: &ProductChange, now: UtcDateTime) -> Self {
        let ProductChange { name, price, sku, description, status } = change.clone();
        let after = Self {
            name: name.unwrap_or_else(|| self.name.clone()),
            price: price.unwrap_or(self.price),
            sku: sku.unwrap_or_else(|| self.sku.clone()),
            description: description.unwrap_or_else(|| self.description.clone()),
            status: status.unwrap_or(self.status),
            ..self.clone()
        };
        if after == *self { after } else { Self { updated_at: now, version: self.version.next(), ..after } }
    }
}

/// A product as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductView {
    /// The product.
    pub product: Product,
    /// Whether at least one is on hand.
    pub in_stock: bool,
}

/// What an order or a cart needs to know of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The product.
    pub product_id: ProductId,
    /// The SKU now.
    pub sku: Option<Sku>,
    /// The name now.
    pub name: ProductName,
    /// The price now.
    pub price: Price,
    /// Whether it is sold.
    pub status: ProductStatus,
    /// Units on hand.
    pub on_hand: i64,
    /// A restock is due below this.
    pub restock_threshold: i64,
}

impl Offer {
    /// Whether at least one unit and at least `restock_threshold` units are left once `quantity` are sold.
    pub fn stays_above_reorder_point(&self, quantity: i64) -> bool {
        self.on_hand - quantity >= self.restock_threshold.max(1)
    }
}

impl Ruled for ProductStatus {
    fn rule() -> Rule {
        Rule::one_of(&Self::ALL, Self::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_has_a_name_of_200_a_sku_of_64_and_a_description_of_10_000_characters_at_most_r35() {
        assert!(ProductName::parse(&"ä".repeat(200)).is_ok() && ProductName::parse(&"ä".repeat(201)).is_err());
        assert!(Sku::parse(&"x".repeat(64)).is_ok() && Sku::parse(&"x".repeat(65)).is_err());
        assert!(Description::parse(&"x".repeat(10_000)).is_ok() && Description::parse(&"x".repeat(10_001)).is_err());
        assert!(ProductName::parse(" ").is_err() && Sku::parse("").is_err());
        assert!(Description::parse("").is_ok(), "a description may be empty");
    }
}
