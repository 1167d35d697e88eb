use super::attributes::{BreadcrumbBody, ProductAttributeBody};
use crate::example;
use crate::respond::{Body, Id, Money, Timestamp, Word};
use crate::routes::media::MediaBody;
use crate::schema::{Apiv2Schema, ResponseBody};
use application::assignments::ProductAttributes;
use domain::Shop;
use domain::assignments::ShownAttribute;
use domain::media::Shown;
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
    /// What it has of attributes, in order of their positions. Lists have it with `include=attributes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Vec<ProductAttributeBody>>,
    /// Its main category and those above it, from the top down. Lists do not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    breadcrumbs: Option<Vec<BreadcrumbBody>>,
    /// The main picture; null without one.
    image: Option<MediaBody>,
    /// All pictures, the main one first. Lists do not have them.
    #[serde(skip_serializing_if = "Option::is_none")]
    media: Option<Vec<MediaBody>>,
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
            attributes: None,
            breadcrumbs: None,
            image: None,
            media: None,
            created_at: Timestamp(product.created_at),
            updated_at: Timestamp(product.updated_at),
            version: product.version.0,
        }
    }

    /// The same with what it has of attributes.
    pub(super) fn with(self, attributes: &[ShownAttribute]) -> Self {
        Self { attributes: Some(attributes.iter().map(ProductAttributeBody::from).collect()), ..self }
    }

    /// The same with its main picture.
    pub(super) fn with_picture(self, picture: Option<&Shown>, base: &str) -> Self {
        Self { image: picture.map(|shown| MediaBody::shown(shown, base)), ..self }
    }

    /// The same with all pictures.
    pub(super) fn pictured(self, pictures: &[Shown], base: &str) -> Self {
        let media = Some(pictures.iter().map(|shown| MediaBody::shown(shown, base)).collect());
        Self { media, ..self.with_picture(pictures.first(), base) }
    }

    /// The product alone, with all that is shown of it.
    pub(super) fn whole(self, has: &ProductAttributes) -> Self {
        let breadcrumbs = Some(has.breadcrumbs.iter().map(BreadcrumbBody::from).collect());
        Self { breadcrumbs, ..self.with(&has.attributes) }
    }
}

impl ResponseBody for ProductBody {
    fn example() -> Self {
        let view = ProductView { product: example::product(), in_stock: true };
        let whole = Self::of(&view, example::shop()).whole(&super::attributes::example());
        Self { image: Some(MediaBody::example()), media: Some(vec![MediaBody::example()]), ..whole }
    }
}

impl Body for ProductBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
