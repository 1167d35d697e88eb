use application::Error;
use application::products::UpdateProduct;
use domain::PageRequest;
use domain::access::Noun::{Products, Stock};
use domain::access::Scope::{Read, Write};
use domain::media::Shown;
use domain::pages::PageTextsChange;
use domain::products::{ParticularsChange, PriceEntry, Product, ProductChange, ProductId, TaxAndShippingChange};
use maud::{Markup, html};

use super::fields::{Typed, fields, held};
use super::{SECTION, address};
use crate::act::{after, mistyped, once, outdated};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, key, money, problems, time};
use crate::request::Staff;

/// What is shown of a product besides its fields.
struct Around {
    product: Product,
    pictures: Vec<Shown>,
    prices: Vec<PriceEntry>,
    on_hand: Option<i64>,
}

/// A product, in a form for those who may change it.
pub(crate) async fn show(staff: Staff) -> Answer {
    let around = around(&staff).await?;
    let form = Form::filled(around.product.version, &held(&staff, &around.product));
    Ok(page(&staff, SECTION, around.product.name.as_str(), &contents(&staff, &around, &form)))
}

/// Changes a product.
pub(crate) async fn save(staff: Staff) -> Answer {
    let around = around(&staff).await?;
    let title = around.product.name.to_string();
    let mut form = staff.form();
    let Some(typed) = Typed::take(&staff, &mut form) else {
        return Ok(mistyped(&staff, (SECTION, &title), &contents(&staff, &around, &form)));
    };
    let Typed { name, price, compare_at_price, sku, barcode, description, status, slug, weight } = typed;
    let change = ProductChange {
        name: Some(name),
        price: Some(price),
        sku: Some(sku),
        slug,
        description: Some(description),
        status: Some(status),
        tax_and_shipping: TaxAndShippingChange { weight, ..TaxAndShippingChange::default() },
        particulars: ParticularsChange {
            barcode: Some(barcode),
            compare_at_price: Some(compare_at_price),
            ..ParticularsChange::default()
        },
    };
    let id = around.product.id;
    let update = UpdateProduct { id, change, page: PageTextsChange::default(), expected: form.expected() };
    let saved = once(&staff, update).await;
    if matches!(saved, Err(Error::Stale(_))) {
        let now = self::around(&staff).await?;
        let held = held(&staff, &now.product);
        let held = (now.product.version, held.as_slice());
        return Ok(outdated(&staff, form, held, (SECTION, &title), |form| contents(&staff, &now, form)));
    }
    let then = format!("products/{id}?done=saved");
    after(&staff, saved, &then, form, (SECTION, &title), |form| contents(&staff, &around, form))
}

async fn around(staff: &Staff) -> Result<Around, Error> {
    let id = staff.id::<ProductId>("product")?;
    let queries = &staff.office.queries;
    let product = queries.products.get(id, None).await?.ok_or(Error::NotFound("product"))?.product;
    let pictures = queries.media.of_products(&[id]).await?.remove(&id).map(|pictures| pictures.shown);
    let prices = queries.prices.list(id, &PageRequest::default()).await?;
    let on_hand = if staff.may(Read(Stock)) { queries.stock.get(id).await?.map(|stock| stock.on_hand) } else { None };
    Ok(Around {
        product,
        pictures: pictures.unwrap_or_default(),
        prices: prices.map(|page| page.items).unwrap_or_default(),
        on_hand,
    })
}

fn contents(staff: &Staff, around: &Around, form: &Form) -> Markup {
    let product = &around.product;
    html! {
        p.back { a href=(staff.to("products")) { "Products" } }
        div.heading { h1 { (product.name.as_str()) } (badge(product.status.as_str())) }
        (problems(form))
        div.columns {
            div {
                form.card.in.form method="post" action=(staff.to(&format!("products/{}", product.id))) {
                    (key(staff, form))
                    @for (name, value) in form.memory() { input type="hidden" name=(name) value=(value); }
                    fieldset disabled[!staff.may(Write(Products))] { (fields(staff, form)) }
                    @if staff.may(Write(Products)) { div.actions { button.main { "Save" } } }
                }
            }
            div {
                (pictures(staff, product, &around.pictures))
                @if let Some(on_hand) = around.on_hand {
                    section.card {
                        h2 { "Stock" }
                        div.in {
                            p { (on_hand) " on hand" }
                            a.button href=(staff.to(&format!("stock/{}", product.id))) { "Movements" }
                        }
                    }
                }
                (prices(staff, &around.prices))
            }
        }
    }
}

fn pictures(staff: &Staff, product: &Product, pictures: &[Shown]) -> Markup {
    html! {
        section.card {
            h2 { "Pictures" }
            div.in.pictures {
                @if pictures.is_empty() { p.faint { "None yet." } }
                @for Shown { picture, alt } in pictures {
                    img src=(address(staff, picture, 160)) alt=(alt.as_ref().map(ToString::to_string).unwrap_or_default())
                        loading="lazy";
                }
            }
            @if staff.may(Write(Products)) {
                div.in { a.button href=(staff.to(&format!("products/{}/media", product.id))) { "Edit pictures" } }
            }
        }
    }
}

fn prices(staff: &Staff, prices: &[PriceEntry]) -> Markup {
    html! {
        section.card {
            h2 { "Prices" }
            table {
                thead { tr { th { "Since" } th.number { "Price" } } }
                tbody {
                    @for entry in prices {
                        tr {
                            td data-label="Since" { (time(staff, entry.at)) }
                            td.number data-label="Price" {
                                (money(staff.office.shop.money(entry.price)))
                                @if let Some(before) = entry.compare_at_price {
                                    br; s.faint { (money(staff.office.shop.money(before))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
