use std::sync::Arc;

use application::assignments::ProductAttributes;
use application::products::CreateProduct;
use domain::Price;
use domain::products::{Description, ProductDetails, ProductName, ProductStatus, ProductView, Sku, TaxAndShipping};
use domain::stock::InitialStock;
use domain::terms::Slug;
use serde_json::{Value, json};

use super::TAG;
use super::body::ProductBody;
use super::given::GivenAttributes;
use super::page::page;
use super::particulars::particulars;
use super::tax_and_shipping::tax_and_shipping;
use crate::context::State;
use crate::extract::read::{integer, object, text};
use crate::extract::{Fields, FromFields, IdempotentBody, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::{Created, Idempotent};

impl FromFields for CreateProduct {
    const NAME: &'static str = "NewProduct";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("name", &text(ProductName::parse));
        let price = fields.required("price", &object::<Price>());
        let sku = fields.optional("sku", &text(Sku::parse));
        let slug = fields.optional("slug", &text(Slug::parse));
        let description = fields.optional("description", &text(Description::parse));
        let page = page(fields);
        let status = fields.optional("status", &text(ProductStatus::parse));
        let tax_and_shipping = tax_and_shipping(fields);
        let particulars = particulars(fields);
        let initial_stock = fields.optional("initial_stock", &integer(InitialStock::parse));
        let attributes = fields.optional("attributes", &GivenAttributes);
        let tax_and_shipping = TaxAndShipping::default().changed(tax_and_shipping?);
        let page = page?;
        let details = ProductDetails {
            name: name?,
            price: price?,
            sku: sku?,
            slug: slug?,
            description: page.described(description?),
            status: status?.unwrap_or(ProductStatus::Active),
            tax_and_shipping,
            particulars: particulars?,
        };
        let initial_stock = initial_stock?.unwrap_or_default();
        Some(Self { details, initial_stock, attributes: attributes?.unwrap_or_default(), page })
    }

    fn example() -> Value {
        json!({
            "name": "Blue mug",
            "price": Price::example(),
            "compare_at_price": { "amount": 2499, "currency": "USD" },
            "sku": "MUG-B",
            "barcode": "4006381333931",
            "description": "Holds 300 ml, and goes into the dishwasher.",
            "slug": "blue-mug",
            "seo_title": "A blue mug of stoneware",
            "tax_class": "standard",
            "weight_grams": 350,
            "shippable": true,
            "initial_stock": 10,
            "attributes": { "category": ["mugs"], "tag": ["new"] },
        })
    }
}

pub(crate) const CREATE: Operation = Operation::new(
    TAG,
    "createProduct",
    "Create a product with its stock",
    "With its first stock, if any, and what it has of `attributes`, as in `PUT /products/{id}/attributes`. No two products \
     have the same SKU or barcode. `compare_at_price` must be above the price. With an `available_from` in the \
     future it is stored as `scheduled`, and is for sale from then on. Without a `slug` one is made of the name. \
     `description_html` is cleaned; given alone, its text becomes the `description`.",
)
.problems(&[Kind::DUPLICATE]);

pub(crate) async fn create(
    staff: Staff,
    state: Arc<State>,
    request: IdempotentBody<CreateProduct>,
) -> Result<Idempotent<Created<ProductBody>>, Problem> {
    let shop = state.shop;
    let (base, texts) = (state.media.base.clone(), request.body.page.clone());
    let present = move |(view, has): &(ProductView, ProductAttributes)| {
        let body = ProductBody::of(view, shop).for_staff(&view.product).whole(has).pictured(&[], "");
        let body = body.with_page(&texts, &base);
        Created::at(format!("/api/v1/products/{}", view.product.id), &body)
    };
    Ok(staff.runner(&state).run_once(request.claim, request.body, present).await?.try_into()?)
}
