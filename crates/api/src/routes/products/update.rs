use std::sync::Arc;

use application::products::UpdateProduct;
use domain::Price;
use domain::pages::PageTextsChange;
use domain::products::{Description, ProductChange, ProductId, ProductName, ProductStatus, Sku};
use domain::slugs::Slug;
use serde_json::{Value, json};

use super::TAG;
use super::body::ProductBody;
use super::page::page_change;
use super::particulars::particulars_change;
use super::tax_and_shipping::tax_and_shipping;
use crate::context::State;
use crate::extract::read::{integer, object, shop_currency, text};
use crate::extract::{Body, Fields, FromFields, IfMatch, Path, Staff};
use crate::operation::Operation;
use crate::problem::{Kind, Problem};
use crate::respond::Resource;

/// What changes of a product and of the texts of its page.
pub(crate) struct Change {
    pub(super) of_product: ProductChange,
    pub(super) page: PageTextsChange,
}

impl FromFields for Change {
    const NAME: &'static str = "ProductChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let price = fields.change("price", &object::<PriceChange>());
        let sku = fields.change_or_clear("sku", &text(Sku::parse));
        let change = Self::from_others(fields);
        let price = price.map(|price| price.and_then(|PriceChange(price)| price));
        let Self { of_product, page } = change?;
        Some(Self { of_product: ProductChange { price: price?, sku: sku?, ..of_product }, page })
    }

    fn example() -> Value {
        json!({ "price": Price::example(), "status": "active" })
    }
}

impl Change {
    /// Takes all fields but `price` and `sku`.
    pub(super) fn from_others(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.change("name", &text(ProductName::parse));
        let slug = fields.change("slug", &text(Slug::parse));
        let description = fields.change_or_clear("description", &text(Description::parse));
        let page = page_change(fields);
        let status = fields.change("status", &text(ProductStatus::parse));
        let tax_and_shipping = tax_and_shipping(fields);
        let particulars = particulars_change(fields);
        let page = page?;
        let of_product = ProductChange {
            name: name?,
            price: None,
            sku: None,
            slug: slug?,
            description: page.described(description?),
            status: status?,
            tax_and_shipping: tax_and_shipping?,
            particulars: particulars?,
        };
        Some(Self { of_product, page })
    }
}

/// What changes of a price. What is not named stays here too, as a JSON Merge Patch means it.
struct PriceChange(Option<Price>);

impl FromFields for PriceChange {
    const NAME: &'static str = "PriceChange";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let currency = shop_currency(fields.shop());
        let amount = fields.change("amount", &integer(Price::parse));
        fields.change("currency", &currency).and(amount).map(Self)
    }

    fn example() -> Value {
        Price::example()
    }
}

pub(crate) const UPDATE: Operation = Operation::new(
    TAG,
    "updateProduct",
    "Change a product; null takes away what it need not have",
    "Fields that are not named stay. An archived product, and a draft, is not for sale. `compare_at_price` must be above the \
     price. When it is set, `lowest_price_30d` is worked out, and stays until it is taken away. What is to be `active` before its \
     `available_from` is stored as `scheduled`: it is for sale from then on, and archived from its `available_until` on. \
     A new name does not change the `slug`; an old `slug` leads to the new one. `description_html` is cleaned; given \
     alone, its text becomes the `description`.",
)
.problems(&[Kind::DUPLICATE]);

pub(crate) async fn update(
    staff: Staff,
    state: Arc<State>,
    id: Path<ProductId>,
    expected: IfMatch,
    change: Body<Change>,
) -> Result<Resource<ProductBody>, Problem> {
    let Change { of_product, page } = change.0;
    let update = UpdateProduct { id: id.0, change: of_product, page, expected: expected.0 };
    let view = staff.runner(&state).run(update).await?;
    let has = super::attributes::of(&state, id.0, true).await?;
    let pictures = super::media::of(&state, id.0).await?;
    let page = state.queries.pages.product(id.0, None).await?.map(|(_, page)| page).unwrap_or_default();
    let (base, body) = (&state.media.base, ProductBody::of(&view, state.shop).for_staff(&view.product));
    Ok(Resource(body.whole(&has).pictured(&pictures.shown, base).with_page(&page.shown, base)))
}
