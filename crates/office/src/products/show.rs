use application::Error;
use application::products::{ProductKey, ProductUpdate};
use domain::access::Noun::{Orders, Products, Stock};
use domain::access::Scope::{Read, Write};
use domain::groups::GroupCard;
use domain::media::Shown;
use domain::pages::PageTexts;
use domain::products::{
    ParticularsChange, PriceEntry, Product, ProductChange, ProductId, Repricing, TaxAndShippingChange,
};
use domain::{Limit, Page, PageRequest};
use maud::{Markup, html};

use super::attributes::Attributes;
use super::fields::{Typed, changed_page, fields, held, tax_classes};
use super::{SECTION, address};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Changed, Form, HeldAs};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, key, money, pager, problems, time};
use crate::request::Staff;

/// The list of the prices that a product has had.
const PRICES: &str = "prices";

/// What is shown of a product besides its fields.
struct Around {
    product: Product,
    page: PageTexts,
    attributes: Attributes,
    pictures: Vec<Shown>,
    prices: Page<PriceEntry>,
    group: Option<GroupCard>,
    on_hand: Option<i64>,
    classes: Vec<(String, String)>,
}

/// A product, in a form for those who may change it.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let around = around(staff).await?;
    let form = Form::filled(around.product.version, &around.held(staff));
    Ok(page(staff, SECTION, around.product.name.as_str(), &contents(staff, &around, &form)))
}

/// Changes a product.
pub(crate) async fn save(staff: &Staff) -> Answer {
    let around = around(staff).await?;
    let title = around.product.name.to_string();
    let mut form = staff.form();
    let typed = Typed::take(staff, &mut form);
    let given = around.attributes.typed(&mut form);
    let (Some(typed), Some(given)) = (typed, given) else {
        return Ok(mistyped(staff, (SECTION, &title), &contents(staff, &around, &form)));
    };
    let changed = Changed::of(&form, &held(staff, &around.product, &around.page));
    let update = update(typed, &changed, around.product.id);
    let update = ProductUpdate { expected: form.expected(), given, ..update };
    let id = around.product.id;
    let saved = once(staff, update).await;
    if matches!(saved, Err(Error::Stale(_))) {
        let now = self::around(staff).await?;
        let held = now.held(staff);
        let held = (now.product.version, held.as_slice());
        return Ok(outdated(staff, form, held, (SECTION, &title), |form| contents(staff, &now, form)));
    }
    let then = format!("products/{id}?done=saved");
    after(staff, saved, &then, form, (SECTION, &title), |form| contents(staff, &around, form))
}

/// The change of what was typed into fields that have changed.
fn update(typed: Typed, changed: &Changed, id: ProductId) -> ProductUpdate {
    let page = changed_page(changed, typed.page);
    let change = ProductChange {
        name: changed.get("name", typed.name),
        price: None,
        sku: changed.get("sku", typed.sku),
        slug: changed.get("slug", typed.slug).flatten(),
        description: page.described(changed.get("description", typed.description)),
        status: changed.get("status", typed.status),
        tax_and_shipping: TaxAndShippingChange {
            tax_class: changed.get("tax_class", typed.tax_class).flatten(),
            weight: changed.get("weight_grams", typed.weight.unwrap_or_default()),
            is_shippable: changed.get("shippable", typed.is_shippable).flatten(),
        },
        particulars: ParticularsChange {
            barcode: changed.get("barcode", typed.barcode),
            compare_at_price: changed.get("compare_at_price", typed.compare_at_price),
            available_from: changed.get("available_from", typed.available_from),
            available_until: changed.get("available_until", typed.available_until),
        },
    };
    let price = changed.get("price", Repricing::To(typed.price));
    ProductUpdate { product: ProductKey::Id(id), expected: None, change, price, page, given: Vec::new() }
}

impl Around {
    /// What the fields hold.
    fn held(&self, staff: &Staff) -> Vec<HeldAs<'_>> {
        held(staff, &self.product, &self.page).into_iter().chain(self.attributes.held()).collect()
    }
}

async fn around(staff: &Staff) -> Result<Around, Error> {
    let id = staff.id::<ProductId>("product")?;
    let queries = &staff.office.queries;
    let (view, page) = queries.pages.product(id, None).await?.ok_or(Error::NotFound("product"))?;
    let attributes = Attributes::of(staff, Some(id)).await?;
    let pictures = queries.media.of_products(&[id]).await?.remove(&id).map(|pictures| pictures.shown);
    let page_of_prices = PageRequest { limit: Limit::DEFAULT, ..staff.list_page(PRICES) };
    let prices = queries.prices.list(id, &page_of_prices).await?.ok_or(Error::NotFound("product"))?;
    let group = queries.groups.cards(&[id], None).await?.remove(&id);
    let on_hand = if staff.may(Read(Stock)) { queries.stock.get(id).await?.map(|stock| stock.on_hand) } else { None };
    Ok(Around {
        product: view.product,
        page: page.own,
        attributes,
        pictures: pictures.unwrap_or_default(),
        prices,
        group,
        on_hand,
        classes: tax_classes(staff).await?,
    })
}

fn contents(staff: &Staff, around: &Around, form: &Form) -> Markup {
    let product = &around.product;
    html! {
        p.back { a href=(staff.to("products")) { "Products" } }
        div.heading {
            h1 { (product.name.as_str()) }
            (badge(product.status.as_str()))
            div.actions {
                @if staff.may(Read(Orders)) {
                    a.button href=(staff.to(&format!("orders?product={}", product.id))) { "Orders with it" }
                }
                @if staff.may(Write(Products)) {
                    a.button href=(staff.to(&format!("products/new?from={}", product.id))) { "Duplicate" }
                }
            }
        }
        (problems(form))
        div.columns {
            div {
                form.card.in.form method="post" action=(staff.to(&format!("products/{}", product.id))) {
                    (key(staff, form))
                    @for (name, value) in form.memory() { input type="hidden" name=(name) value=(value); }
                    fieldset disabled[!staff.may(Write(Products))] { (fields(staff, form, &around.classes, &around.attributes.fields(form))) }
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
                (group(staff, product, around.group.as_ref()))
                (prices(staff, product, &around.prices))
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

/// The group that the product is in, or the way to make one of it.
fn group(staff: &Staff, product: &Product, group: Option<&GroupCard>) -> Markup {
    html! {
        @match group {
            Some(card) => {
                section.card {
                    h2 { "Group" }
                    div.in {
                        p { a href=(staff.to(&format!("groups/{}", card.id))) { (card.name.as_str()) } ", " (card.members) " products" }
                    }
                }
            },
            None if staff.may(Write(Products)) => {
                section.card {
                    h2 { "Sizes and colours" }
                    div.in { a.button href=(staff.to(&format!("groups/new?from={}", product.id))) { "Make a group of it" } }
                }
            },
            None => {},
        }
    }
}

fn prices(staff: &Staff, product: &Product, prices: &Page<PriceEntry>) -> Markup {
    html! {
        section.card {
            h2 { "Prices" }
            table {
                thead { tr { th { "Since" } th.number { "Price" } } }
                tbody {
                    @for entry in &prices.items {
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
            (pager(staff, &format!("products/{}", product.id), PRICES, prices.next.as_ref()))
        }
    }
}
