use application::Error;
use application::groups::{MakeProduct, NewProduct};
use domain::media::{Gallery, Placed};
use domain::products::{Particulars, ProductId, TaxAndShipping};
use domain::stock::InitialStock;
use domain::tax_classes::TaxClassCode;
use domain::{Uuid, plain_integer};
use maud::{Markup, html};

use super::SECTION;
use super::attributes::Attributes;
use super::fields::{Typed, fields, held, tax_classes};
use crate::act::{after, made, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Field, key, problems};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "New product");

/// The product whose copy is made.
const FROM: &str = "from";

/// What the form chooses from.
struct Around {
    attributes: Attributes,
    classes: Vec<(String, String)>,
}

impl Around {
    async fn of(staff: &Staff) -> Result<Self, Error> {
        Ok(Self { attributes: Attributes::of(staff, None).await?, classes: tax_classes(staff).await? })
    }
}

/// The form of a new product. It may be filled with what another one has.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let around = Around::of(staff).await?;
    let form = match staff.query(FROM).and_then(|id| Uuid::try_parse(id).ok()) {
        Some(id) => copied(staff, ProductId(id)).await?,
        None => Form::showing([("status", "active"), ("tax_class", TaxClassCode::default().as_str())]),
    };
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &around, &form)))
}

/// A form with the values of a product, except those that must be unique, and as a draft.
async fn copied(staff: &Staff, id: ProductId) -> Result<Form, Error> {
    const NOT_COPIED: [&str; 4] = ["sku", "barcode", "slug", "status"];
    let found = staff.office.queries.pages.product(id, None).await?;
    let (view, texts) = found.ok_or(Error::NotFound("product"))?;
    let attributes = Attributes::of(staff, Some(id)).await?;
    let held = held(staff, &view.product, &texts.shown).into_iter().chain(attributes.held());
    let copied = held.filter(|(name, _)| !NOT_COPIED.contains(name)).map(|(name, value)| (name.to_owned(), value));
    let own = [("status", "draft".to_owned()), (FROM, id.to_string())];
    Ok(Form::new(own.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(copied).collect()))
}

/// Creates a product.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let around = Around::of(staff).await?;
    let mut form = staff.form();
    let typed = Typed::take(staff, &mut form);
    let given = around.attributes.typed(&mut form);
    let stock = form.optional("initial_stock", |raw| InitialStock::parse(plain_integer(raw)?));
    let (Some(typed), Some(given), Some(stock)) = (typed, given, stock) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &around, &form)));
    };
    let product = NewProduct {
        id: None,
        name: Some(typed.name),
        price: typed.price,
        sku: typed.sku,
        slug: typed.slug,
        description: typed.page.described(typed.description),
        status: typed.status,
        tax_and_shipping: TaxAndShipping {
            tax_class: typed.tax_class.unwrap_or_default(),
            weight: typed.weight.unwrap_or_default(),
            is_shippable: typed.is_shippable.unwrap_or(true),
        },
        particulars: Particulars {
            barcode: typed.barcode,
            compare_at_price: typed.compare_at_price,
            available_from: typed.available_from,
            available_until: typed.available_until,
        },
        initial_stock: stock.unwrap_or_default(),
        attributes: given,
        page: typed.page,
    };
    let media = pictures(staff, form.text(FROM)).await?;
    let made = made(staff, MakeProduct { product, media, group: None }, |made| made.view.product.id.to_string()).await;
    let then = made.as_ref().map(|id| format!("products/{id}?done=created")).unwrap_or_default();
    after(staff, made.map(drop), &then, form, PAGE, |form| contents(staff, &around, form))
}

/// The pictures of the product whose copy is made.
async fn pictures(staff: &Staff, from: Option<&str>) -> Result<Gallery, Error> {
    let Some(id) = from.and_then(|id| Uuid::try_parse(id).ok()).map(ProductId) else { return Ok(Gallery::default()) };
    let pictures = staff.office.queries.media.of_products(&[id]).await?.remove(&id).unwrap_or_default();
    let placed = pictures.shown.into_iter().map(|shown| Placed { media_id: shown.picture.id, alt: shown.alt });
    Gallery::new(placed.collect()).map_err(|fault| Error::field("media", fault.invalid()))
}

fn contents(staff: &Staff, around: &Around, form: &Form) -> Markup {
    html! {
        p.back { a href=(staff.to("products")) { "Products" } }
        h1 { "New product" }
        (problems(form))
        form.card.in.form method="post" action=(staff.to("products/new")) {
            (key(staff, form))
            @if let Some(from) = form.text(FROM) {
                input type="hidden" name=(FROM) value=(from);
                p.faint { "What is filled in is copied, and so are the pictures. The SKU, the barcode and the stock are not." }
            }
            (fields(staff, form, &around.classes, &around.attributes.fields(form)))
            (Field::text(form, "initial_stock", "Units on hand").hint("Empty: none yet."))
            div.actions { a.button href=(staff.to("products")) { "Not now" } button.main { "Create" } }
        }
    }
}
