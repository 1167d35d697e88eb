use crate::example;
use crate::respond::{Body, Id, Money, Timestamp, Word};
use crate::schema::{Apiv2Schema, ResponseBody};
use domain::Shop;
use domain::products::{ProductStatus, ProductView};
use serde::Serialize;

/// A product.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Product")]
pub(crate) struct ProductBody {
    id: Id,
    sku: Option<String>,
    name: String,
    description: Option<String>,
    price: Money,
    status: Word<ProductStatus>,
    /// The class that tells which tax rates its price has.
    tax_class: String,
    /// The weight of a unit.
    weight_grams: i64,
    /// Whether it is shipped. A download is not.
    shippable: bool,
    /// Whether at least one is on hand.
    in_stock: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl ProductBody {
    pub(crate) fn of(ProductView { product, in_stock }: &ProductView, shop: Shop) -> Self {
        Self {
            id: Id(product.id.0),
            sku: product.sku.as_ref().map(ToString::to_string),
            name: product.name.to_string(),
            description: product.description.as_ref().map(ToString::to_string),
            price: shop.money(product.price).into(),
            status: product.status.as_str().into(),
            tax_class: product.tax_and_shipping.tax_class.as_str().to_owned(),
            weight_grams: product.tax_and_shipping.weight.get(),
            shippable: product.tax_and_shipping.is_shippable,
            in_stock: *in_stock,
            created_at: Timestamp(product.created_at),
            updated_at: Timestamp(product.updated_at),
            version: product.version.0,
        }
    }
}

impl ResponseBody for ProductBody {
    fn example() -> Self {
        Self::of(&ProductView { product: example::product(), in_stock: true }, example::shop())
    }
}

impl Body for ProductBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
