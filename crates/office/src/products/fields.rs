//! The fields of a product, in forms.

use domain::pricing::Grams;
use domain::products::{Barcode, Description, Product, ProductName, ProductStatus, Sku};
use domain::terms::Slug;
use domain::{Invalid, Price, plain_integer};
use maud::{Markup, html};

use super::{STATUSES, status_word};
use crate::form::{Form, Held};
use crate::parts::{Field, number, typed_money};
use crate::request::Staff;

/// What is typed of a product.
pub(super) struct Typed {
    pub(super) name: ProductName,
    pub(super) price: Price,
    pub(super) compare_at_price: Option<Price>,
    pub(super) sku: Option<Sku>,
    pub(super) barcode: Option<Barcode>,
    pub(super) description: Option<Description>,
    pub(super) status: ProductStatus,
    pub(super) slug: Option<Slug>,
    pub(super) weight: Option<Grams>,
}

impl Typed {
    /// Takes all fields; `None` if one is refused.
    pub(super) fn take(staff: &Staff, form: &mut Form) -> Option<Self> {
        let price = |raw: &str| Price::parse(typed_money(raw, staff.office.shop.currency)?);
        let name = form.required("name", ProductName::parse);
        let amount = form.required("price", price);
        let compare_at_price = form.optional("compare_at_price", price);
        let sku = form.optional("sku", Sku::parse);
        let barcode = form.optional("barcode", Barcode::parse);
        let description = form.optional("description", Description::parse);
        let status = form.required("status", ProductStatus::parse);
        let slug = form.optional("slug", Slug::parse);
        let weight =
            form.optional("weight_grams", |raw| -> Result<Grams, Invalid> { Grams::parse(plain_integer(raw)?) });
        Some(Self {
            name: name?,
            price: amount?,
            compare_at_price: compare_at_price?,
            sku: sku?,
            barcode: barcode?,
            description: description?,
            status: status?,
            slug: slug?,
            weight: weight?,
        })
    }
}

/// What the fields of a product hold.
pub(super) fn held(staff: &Staff, product: &Product) -> Vec<Held> {
    let price = |price| number(staff.office.shop.money(price));
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    vec![
        ("name", product.name.to_string()),
        ("price", price(product.price)),
        ("compare_at_price", product.particulars.compare_at_price.map(price).unwrap_or_default()),
        ("sku", text(product.sku.as_ref().map(Sku::as_str))),
        ("barcode", product.particulars.barcode.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("description", text(product.description.as_ref().map(Description::as_str))),
        ("status", status_word(product.status).to_owned()),
        ("slug", text(product.slug.as_ref().map(Slug::as_str))),
        ("weight_grams", product.tax_and_shipping.weight.get().to_string()),
    ]
}

/// The fields.
pub(super) fn fields(staff: &Staff, form: &Form) -> Markup {
    let currency = staff.office.shop.currency.code();
    html! {
        (Field::text(form, "name", "Name").max(ProductName::MAX).required())
        (Field::text(form, "description", "Description").max(Description::MAX).lines(5))
        div.pair {
            (Field::text(form, "price", "Price").suffix(currency).required())
            (Field::text(form, "compare_at_price", "Price before").suffix(currency).hint("Above the price, if it is reduced."))
        }
        div.pair {
            (Field::text(form, "sku", "SKU").max(Sku::MAX))
            (Field::text(form, "barcode", "Barcode").hint("8, 12, 13 or 14 digits."))
        }
        div.pair {
            (Field::choice(form, "status", "Status", &STATUSES))
            (Field::text(form, "weight_grams", "Weight").suffix("g"))
        }
        (Field::text(form, "slug", "Name in addresses").hint("Empty: made of the name. An old one leads to the new one."))
    }
}
