use super::super::groups::GroupOfProduct;
use super::attributes::{BreadcrumbBody, ProductAttributeBody};
use crate::example;
use crate::respond::{Body, Id, Money, Timestamp, Word};
use crate::routes::media::MediaBody;
use crate::schema::{self, Apiv2Schema, DefaultSchemaRaw, ResponseBody, with_schema};
use application::assignments::ProductAttributes;
use domain::Shop;
use domain::assignments::ShownAttribute;
use domain::groups::Member;
use domain::media::Shown;
use domain::pages::{DescriptionHtml, PageTexts};
use domain::products::{Particulars, Product, ProductStatus, ProductView};
use domain::terms::SeoTitle;
use serde::Serialize;
use serde_json::json;

/// A product.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Product")]
pub(crate) struct ProductBody {
    id: Id,
    sku: Option<String>,
    name: String,
    /// Its name in addresses; null until one is made for a product that was there before there were any.
    slug: Option<String>,
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description_html: Option<PageTextBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seo_title: Option<PageTextBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seo_description: Option<PageTextBody>,
    price: Money,
    /// What it cost before it was reduced; null if it is not reduced.
    compare_at_price: Option<Money>,
    /// By how many hundredths its price is below `compare_at_price`, rounded down.
    discount_percent: Option<i64>,
    /// While it is reduced, the lowest price in the 30 days before; null if it was not for sale then.
    lowest_price_30d: Option<Money>,
    /// The number under its barcode (GTIN), in its shortest form.
    barcode: Option<String>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<GroupOfProduct>,
    /// With `include=own` the names of the fields that are its own, and not from its group.
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<Vec<String>>,
    /// Its main category and those above it, from the top down. Lists do not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    breadcrumbs: Option<Vec<BreadcrumbBody>>,
    /// The main picture; null without one.
    image: Option<MediaBody>,
    /// All pictures, the main one first. Lists do not have them.
    #[serde(skip_serializing_if = "Option::is_none")]
    media: Option<Vec<MediaBody>>,
    /// When it begins to be for sale, if there is such a time. Only staff see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    available_from: Option<Timestamp>,
    /// When it ends to be for sale, if there is such a time. Only staff see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    available_until: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

/// A text of the page of a product.
#[derive(Serialize)]
pub(crate) struct PageTextBody(Option<String>);

impl Apiv2Schema for PageTextBody {
    fn raw_schema() -> DefaultSchemaRaw {
        with_schema(schema::nullable(json!({
            "type": "string",
            "description": "A text of its page; a product of a group that has none itself has its group's. Lists do not have it.",
        })))
    }
}

impl ProductBody {
    pub(crate) fn of(ProductView { product, in_stock }: &ProductView, shop: Shop) -> Self {
        Self {
            id: Id(product.id.0),
            sku: product.sku.as_ref().map(ToString::to_string),
            name: product.name.to_string(),
            slug: product.slug.as_ref().map(ToString::to_string),
            description_html: None,
            seo_title: None,
            seo_description: None,
            group: None,
            own: None,
            description: product.description.as_ref().map(ToString::to_string),
            price: shop.money(product.price).into(),
            compare_at_price: product.particulars.compare_at_price.map(|price| shop.money(price).into()),
            discount_percent: product.discount_percent(),
            lowest_price_30d: product.lowest_price_30d.map(|price| shop.money(price).into()),
            barcode: product.particulars.barcode.as_ref().map(ToString::to_string),
            status: product.status.as_str().into(),
            tax_class: product.tax_and_shipping.tax_class.as_str().to_owned(),
            weight_grams: product.tax_and_shipping.weight.get(),
            shippable: product.tax_and_shipping.is_shippable,
            in_stock: *in_stock,
            attributes: None,
            breadcrumbs: None,
            image: None,
            media: None,
            available_from: None,
            available_until: None,
            created_at: Timestamp(product.created_at),
            updated_at: Timestamp(product.updated_at),
            version: product.version.0,
        }
    }

    /// The same with what staff see besides.
    pub(super) fn for_staff(self, product: &Product) -> Self {
        let Particulars { available_from, available_until, .. } = product.particulars;
        Self { available_from: available_from.map(Timestamp), available_until: available_until.map(Timestamp), ..self }
    }

    /// The same with the texts of its page.
    pub(super) fn with_page(self, PageTexts { seo_title, seo_description, html }: &PageTexts, base: &str) -> Self {
        let html = html.as_ref().map(|html| html.with_pictures_at(base).into_owned());
        Self {
            description_html: Some(PageTextBody(html)),
            seo_title: Some(PageTextBody(seo_title.as_ref().map(ToString::to_string))),
            seo_description: Some(PageTextBody(seo_description.as_ref().map(ToString::to_string))),
            ..self
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

    /// The same with its group.
    pub(super) fn in_group(self, group: GroupOfProduct) -> Self {
        Self { group: Some(group), ..self }
    }

    /// The same with the names of the fields that are its own.
    pub(super) fn with_own(
        self,
        member: Option<&Member>,
        has: &ProductAttributes,
        page: &PageTexts,
        has_own_pictures: bool,
    ) -> Self {
        let inherits = member.map(|member| member.inherits).unwrap_or_default();
        let description = (self.description.is_some() && !inherits.description).then(|| "description".to_owned());
        let texts = [
            ("description_html", page.html.is_some()),
            ("seo_title", page.seo_title.is_some()),
            ("seo_description", page.seo_description.is_some()),
            ("media", has_own_pictures),
        ];
        let texts = texts.into_iter().filter(|(_, is_own)| *is_own).map(|(name, _)| name.to_owned());
        let attributes = has.attributes.iter().filter(|shown| !shown.is_inherited);
        let attributes = attributes.map(|shown| format!("attributes.{}", shown.code));
        Self { own: Some(description.into_iter().chain(texts).chain(attributes).collect()), ..self }
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
        let whole = Self::of(&view, example::shop()).for_staff(&view.product).whole(&super::attributes::example());
        let texts = PageTexts {
            seo_title: Some(SeoTitle::from_trusted("A blue mug of stoneware".to_owned())),
            html: Some(DescriptionHtml::from_trusted("<p>Holds <strong>300 ml</strong>.</p>".to_owned())),
            ..PageTexts::default()
        };
        let whole = whole.with_page(&texts, "");
        Self { image: Some(MediaBody::example()), media: Some(vec![MediaBody::example()]), ..whole }
    }
}

impl Body for ProductBody {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}
