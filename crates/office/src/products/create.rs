use application::groups::{MakeProduct, NewProduct};
use domain::media::Gallery;
use domain::pages::PageTexts;
use domain::plain_integer;
use domain::products::{Particulars, TaxAndShipping};
use domain::stock::InitialStock;
use maud::{Markup, html};

use super::SECTION;
use super::fields::{Typed, fields};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Field, key, problems};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "New product");

/// The form of a new product.
pub(crate) async fn form(staff: Staff) -> Answer {
    let form = Form::showing([("status", "active")]);
    Ok(page(&staff, SECTION, PAGE.1, &contents(&staff, &form)))
}

/// Creates a product.
pub(crate) async fn create(staff: Staff) -> Answer {
    let mut form = staff.form();
    let typed = Typed::take(&staff, &mut form);
    let stock = form.optional("initial_stock", |raw| InitialStock::parse(plain_integer(raw)?));
    let (Some(typed), Some(stock)) = (typed, stock) else {
        return Ok(mistyped(&staff, PAGE, &contents(&staff, &form)));
    };
    let Typed { name, price, compare_at_price, sku, barcode, description, status, slug, weight } = typed;
    let tax_and_shipping = TaxAndShipping { weight: weight.unwrap_or_default(), ..TaxAndShipping::default() };
    let particulars = Particulars { barcode, compare_at_price, ..Particulars::default() };
    let product = NewProduct {
        id: None,
        name: Some(name),
        price,
        sku,
        slug,
        description,
        status,
        tax_and_shipping,
        particulars,
        initial_stock: stock.unwrap_or_default(),
        attributes: Vec::new(),
        page: PageTexts::default(),
    };
    let made = once(&staff, MakeProduct { product, media: Gallery::default(), group: None }).await;
    after(&staff, made, "products?done=created", form, PAGE, |form| contents(&staff, form))
}

fn contents(staff: &Staff, form: &Form) -> Markup {
    html! {
        p.back { a href=(staff.to("products")) { "Products" } }
        h1 { "New product" }
        (problems(form))
        form.card.in.form method="post" action=(staff.to("products/new")) {
            (key(staff, form))
            (fields(staff, form))
            (Field::text(form, "initial_stock", "Units on hand").hint("Empty: none yet."))
            div.actions { a.button href=(staff.to("products")) { "Not now" } button.main { "Create" } }
        }
    }
}
