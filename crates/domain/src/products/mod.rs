//! Products: what the shop sells.

mod barcode;
mod collected;
mod filter;
mod particulars;
mod ports;
mod prices;
mod repricing;
mod schedule;
mod sought;
mod tax_and_shipping;

pub use barcode::Barcode;
pub use collected::Collected;
pub use filter::{ProductFilter, ProductSort};
pub use particulars::{Particulars, ParticularsChange, ProductFault};
pub use ports::*;
pub use prices::{PRIOR_PRICES, PriceEntry, lowest_before};
pub use repricing::{Addition, PercentChange, Repricing};
pub use tax_and_shipping::{TaxAndShipping, TaxAndShippingChange};

use self::schedule::Named;
use crate::slugs::{Slug, SlugKind, SlugOwner};
use crate::{Price, UniqueKey, UtcDateTime, Version};

crate::id::id! {
    /// The id of a product.
    ProductId
}

impl From<ProductId> for SlugOwner {
    fn from(id: ProductId) -> Self {
        Self { kind: SlugKind::Product, id: id.0 }
    }
}

crate::text::text! {
    /// A product's name: 1 to 200 characters.
    ProductName, 1, 200, One
}

crate::text::text! {
    /// A stock keeping unit, the shop's own code for a product: 1 to 64 characters, unique, without invisible ones.
    code Sku, 1, 64, One
}

crate::text::text! {
    /// A product's description: up to 10,000 characters.
    Description, 0, 10_000, Many
}

crate::word::words! {
    /// Whether a product is for sale.
    ProductStatus {
        /// It is for sale.
        Active = "active",
        /// It is not for sale, and only staff see it.
        Archived = "archived",
        /// It is not for sale yet, and only staff see it.
        Draft = "draft",
        /// It will be for sale at its time, and until then only staff see it.
        Scheduled = "scheduled",
    }
}

impl ProductStatus {
    /// Whether products of this status are restocked. What is not for sale is not.
    pub const fn is_restocked(self) -> bool {
        matches!(self, Self::Active)
    }
}

/// A product. Its price is in the currency of the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: ProductId,
    /// The SKU, if it has one.
    pub sku: Option<Sku>,
    /// What customers see: 1 to 200 characters.
    pub name: ProductName,
    /// The name in addresses, unique among products. What was stored before there were any has none until it gets one.
    pub slug: Option<Slug>,
    /// The description, if it has one.
    pub description: Option<Description>,
    /// The price of one unit.
    pub price: Price,
    /// Whether it is for sale.
    pub status: ProductStatus,
    /// How it is taxed and shipped.
    pub tax_and_shipping: TaxAndShipping,
    /// Barcode, compare-at price and availability.
    pub particulars: Particulars,
    /// While it is reduced, the lowest price of the 30 days before; `None` if it was not for sale then.
    pub lowest_price_30d: Option<Price>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// The input for a new product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductDetails {
    /// What customers see: 1 to 200 characters.
    pub name: ProductName,
    /// The price of one unit.
    pub price: Price,
    /// Unique in the shop; `None` for a product without one.
    pub sku: Option<Sku>,
    /// The name in addresses; `None` for one that is made of the name.
    pub slug: Option<Slug>,
    /// `None` for a product without one.
    pub description: Option<Description>,
    /// Whether it is for sale.
    pub status: ProductStatus,
    /// How it is taxed and shipped.
    pub tax_and_shipping: TaxAndShipping,
    /// Barcode, compare-at price and availability.
    pub particulars: Particulars,
}

impl ProductDetails {
    /// An active product that has nothing but a name and a price.
    pub fn new(name: ProductName, price: Price) -> Self {
        Self {
            name,
            price,
            sku: None,
            slug: None,
            description: None,
            status: ProductStatus::Active,
            tax_and_shipping: TaxAndShipping::default(),
            particulars: Particulars::default(),
        }
    }
}

impl Product {
    /// No two products share a SKU: the field, and what a refusal says of it.
    pub const UNIQUE_SKU: UniqueKey = UniqueKey { field: "sku", taken: "belongs to another product" };
    /// The slug. It is nobody else's after it was given up, either.
    pub const UNIQUE_SLUG: UniqueKey = SlugKind::Product.unique_key();
    /// No two products share a barcode: the field, and what a refusal says of it.
    pub const UNIQUE_BARCODE: UniqueKey = UniqueKey { field: "barcode", taken: "belongs to another product" };

    /// A new product. If it is to be for sale later, it is scheduled. Its slug is the given one, if there is one.
    pub fn new(id: ProductId, details: ProductDetails, now: UtcDateTime) -> Self {
        let ProductDetails { name, price, sku, slug, description, status, tax_and_shipping, particulars } = details;
        Self {
            id,
            sku,
            name,
            slug,
            description,
            price,
            status: status.at(particulars.available_from, now),
            tax_and_shipping,
            particulars,
            lowest_price_30d: None,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        }
    }
}

/// A change of a product. `None` keeps the value, `Some(None)` removes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductChange {
    /// The new name; `None` keeps it.
    pub name: Option<ProductName>,
    /// The new price of one unit; `None` keeps it.
    pub price: Option<Price>,
    /// The new SKU; `Some(None)` removes it, `None` keeps it.
    pub sku: Option<Option<Sku>>,
    /// The new name in addresses; `None` keeps it.
    pub slug: Option<Slug>,
    /// The new description; `Some(None)` removes it, `None` keeps it.
    pub description: Option<Option<Description>>,
    /// Whether it is for sale.
    pub status: Option<ProductStatus>,
    /// How it is taxed and shipped.
    pub tax_and_shipping: TaxAndShippingChange,
    /// Barcode, compare-at price and availability.
    pub particulars: ParticularsChange,
}

impl Product {
    /// The product after a change, unchanged if the change has no effect. What is no longer reduced has no lowest price.
    #[must_use]
    pub fn changed(&self, change: &ProductChange, now: UtcDateTime) -> Self {
        let ProductChange { name, price, sku, slug, description, status, tax_and_shipping, particulars } =
            change.clone();
        let particulars = self.particulars.changed(particulars);
        let wanted = status.unwrap_or(self.status);
        let is_moved = Named::of(change).is_any();
        let status = if is_moved { wanted.at(particulars.available_from, now) } else { wanted };
        let after = Self {
            name: name.unwrap_or_else(|| self.name.clone()),
            price: price.unwrap_or(self.price),
            sku: sku.unwrap_or_else(|| self.sku.clone()),
            slug: slug.or_else(|| self.slug.clone()),
            description: description.unwrap_or_else(|| self.description.clone()),
            status,
            tax_and_shipping: self.tax_and_shipping.changed(tax_and_shipping),
            lowest_price_30d: self.lowest_price_30d.filter(|_| particulars.compare_at_price.is_some()),
            particulars,
            ..self.clone()
        };
        if after == *self { after } else { after.touched(now) }
    }

    /// The product after a change of what is kept beside it: its page, its pictures, its attributes or its group.
    #[must_use]
    pub fn touched(self, now: UtcDateTime) -> Self {
        Self { updated_at: now, version: self.version.next(), ..self }
    }
}

impl Product {
    /// The slug that is made for it, if nobody has it.
    pub fn made_slug(&self) -> Slug {
        Slug::of_goods(self.name.as_str(), self.id.0)
    }
}

impl Product {
    /// The product with its texts as they are parsed today; what is refused today stays as it is.
    #[must_use]
    pub fn renewed(self) -> Self {
        Self {
            sku: self.sku.map(|sku| Sku::parse(sku.as_str()).unwrap_or(sku)),
            name: ProductName::parse(self.name.as_str()).unwrap_or(self.name),
            description: self.description.map(|text| Description::parse(text.as_str()).unwrap_or(text)),
            ..self
        }
    }
}

/// A product with its availability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductView {
    /// Its own fields, without its stock.
    pub product: Product,
    /// Whether at least one unit is on hand.
    pub in_stock: bool,
}

/// What a list says of a product that its items name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductSummary {
    /// By which the items of the list name the product.
    pub id: ProductId,
    /// The SKU, if it has one.
    pub sku: Option<Sku>,
    /// The name for people: 1 to 200 characters.
    pub name: ProductName,
    /// Whether it is for sale.
    pub status: ProductStatus,
}

/// The current data of a product that carts and orders need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// By which lines name the product.
    pub product_id: ProductId,
    /// The current SKU.
    pub sku: Option<Sku>,
    /// The current name.
    pub name: ProductName,
    /// The current price.
    pub price: Price,
    /// Whether it is for sale.
    pub status: ProductStatus,
    /// Units on hand.
    pub on_hand: i64,
    /// The reorder point: a restock is due below this.
    pub restock_threshold: i64,
    /// How it is taxed and shipped.
    pub tax_and_shipping: TaxAndShipping,
}

impl Offer {
    /// Whether the product is for sale now.
    pub fn is_for_sale(&self) -> bool {
        self.status == ProductStatus::Active
    }

    /// Whether at least one unit and at least `restock_threshold` units remain after a sale of `quantity`.
    pub fn stays_above_reorder_point(&self, quantity: i64) -> bool {
        self.on_hand - quantity >= self.restock_threshold.max(1)
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
        assert!(ProductName::parse("\u{200b}").is_err() && Sku::parse("\u{2060}").is_err());
        assert!(Description::parse("").is_ok(), "a description may be empty");
    }
}
