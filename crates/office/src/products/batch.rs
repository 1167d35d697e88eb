use std::collections::HashMap;

use application::Error;
use application::products::{Outcome, ProductKey, ProductUpdate, UpdateProducts};
use domain::imports::Sought;
use domain::pages::PageTextsChange;
use domain::products::{
    ParticularsChange, Product, ProductChange, ProductId, ProductName, ProductStatus, Repricing, Sku,
};
use domain::{Price, Uuid, Version, plain_integer};
use maud::{Markup, html};

use super::list::FILTERS;
use super::{SECTION, STATUSES, status_word};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{address, key, number, problems, typed_money};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Edit products");

/// The most products that are edited at once.
const MOST: usize = 100;

/// The fields of a product in the grid.
const COLUMNS: [(&str, &str); 4] =
    [("name", "Name"), ("sku", "SKU"), ("price", "Price"), ("compare_at_price", "Price before")];

/// The products that were chosen in the list, in a grid.
pub(crate) async fn form(staff: Staff) -> Answer {
    let chosen = staff.queries().iter().filter(|(name, _)| name == "id").map(|(_, id)| id.as_str());
    let products = products(&staff, chosen).await?;
    let values = products.iter().flat_map(|product| values(&staff, product)).collect();
    Ok(page(&staff, SECTION, PAGE.1, &contents(&staff, &products, &Form::new(values))))
}

/// Changes all products of the grid, or none.
pub(crate) async fn save(staff: Staff) -> Answer {
    let mut form = staff.form();
    let ids: Vec<_> = form.all("id").map(ToOwned::to_owned).collect();
    let products = products(&staff, ids.iter().map(String::as_str)).await?;
    let updates: Vec<_> = products.iter().map(|product| update(&staff, &mut form, product.id)).collect();
    let Some(updates) = updates.into_iter().collect::<Option<Vec<_>>>() else {
        return Ok(mistyped(&staff, PAGE, &contents(&staff, &products, &form)));
    };
    let saved = match once(&staff, UpdateProducts(updates)).await {
        Err(Error::Batch(outcomes)) => {
            let form = all_refused(&staff, form, outcomes, &products);
            return Ok(mistyped(&staff, PAGE, &contents(&staff, &products, &form)));
        }
        other => other,
    };
    let then = with_filter(&staff, "products", Some("saved"));
    after(&staff, saved, &then, form, PAGE, |form| contents(&staff, &products, form))
}

/// The form with the refusals of products beside their names.
pub(crate) fn all_refused(staff: &Staff, mut form: Form, outcomes: Vec<Outcome>, products: &[Product]) -> Form {
    for (outcome, product) in outcomes.into_iter().zip(products) {
        if let Some(refusal) = outcome.refusal {
            form = refused(staff, form, product, refusal);
        }
    }
    form
}

/// The form with the refusal of one product beside its name.
fn refused(staff: &Staff, mut form: Form, product: &Product, refusal: Error) -> Form {
    let refusal = staff.office.host.explain(refusal);
    let fields = refusal.fields.iter().map(|(field, message)| format!("{field} {message}"));
    let detail =
        if refusal.fields.is_empty() { refusal.detail.into_owned() } else { fields.collect::<Vec<_>>().join("; ") };
    form.refuse::<()>(&named("name", product.id), domain::Invalid::new(domain::Code::Format, detail));
    form
}

fn named(field: &str, id: ProductId) -> String {
    format!("{field}-{id}")
}

async fn products(staff: &Staff, ids: impl Iterator<Item = &str>) -> Result<Vec<Product>, Error> {
    products_of(staff, ids.filter_map(|id| Uuid::try_parse(id).ok()).map(ProductId).take(MOST)).await
}

/// Products in this order, without those that are gone.
///
/// # Errors
/// If the database does not answer.
pub(crate) async fn products_of(staff: &Staff, ids: impl Iterator<Item = ProductId>) -> Result<Vec<Product>, Error> {
    let ids: Vec<_> = ids.collect();
    let found = staff.office.queries.imports.products(&Sought { ids: ids.clone(), ..Sought::default() }).await?;
    let found: HashMap<_, _> = found.into_iter().map(|whole| (whole.product.id, whole.product)).collect();
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

/// What the grid shows of a product.
pub(crate) fn values(staff: &Staff, product: &Product) -> Vec<(String, String)> {
    let price = |price| number(staff.office.shop.money(price));
    let before = product.particulars.compare_at_price.map(price).unwrap_or_default();
    let shown = [
        ("name", product.name.to_string()),
        ("sku", product.sku.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("price", price(product.price)),
        ("compare_at_price", before),
        ("status", status_word(product.status).to_owned()),
        ("version", product.version.0.to_string()),
    ];
    shown.into_iter().map(|(field, value)| (named(field, product.id), value)).collect()
}

/// What is typed of a product.
pub(crate) fn update(staff: &Staff, form: &mut Form, id: ProductId) -> Option<ProductUpdate> {
    let price = |raw: &str| Price::parse(typed_money(raw, staff.office.shop.currency)?);
    let name = form.required(&named("name", id), ProductName::parse);
    let sku = form.optional(&named("sku", id), Sku::parse);
    let amount = form.required(&named("price", id), price);
    let before = form.optional(&named("compare_at_price", id), price);
    let status = form.required(&named("status", id), ProductStatus::parse);
    let version = form.required(&named("version", id), plain_integer);
    let change = ProductChange {
        name: Some(name?),
        sku: Some(sku?),
        status: Some(status?),
        particulars: ParticularsChange { compare_at_price: Some(before?), ..ParticularsChange::default() },
        ..ProductChange::default()
    };
    Some(ProductUpdate {
        product: ProductKey::Id(id),
        expected: Some(Version(version?)),
        change,
        price: Some(Repricing::To(amount?)),
        page: PageTextsChange::default(),
        given: Vec::new(),
    })
}

/// A page with the filter of the list that the products were chosen in. `done` is what it shows as done.
fn with_filter(staff: &Staff, page: &str, done: Option<&str>) -> String {
    let kept = FILTERS.iter().filter_map(|name| Some((*name, staff.query(name)?)));
    address(page, kept.chain(done.map(|done| ("done", done))))
}

fn contents(staff: &Staff, products: &[Product], form: &Form) -> Markup {
    let list = staff.to(&with_filter(staff, "products", None));
    html! {
        p.back { a href=(list) { "Products" } }
        h1 { "Edit products" }
        (problems(form))
        @if products.is_empty() { p.empty { "Choose products in the list first." } } @else {
            form method="post" action=(staff.to(&with_filter(staff, "products/edit", None))) {
                (key(staff, form))
                div.card { (grid(form, products, &[], &|_| html! {})) }
                div.actions { a.button href=(list) { "Not now" } button.main { "Save all" } }
            }
        }
    }
}

/// The fields of products in rows, with further columns of these names, whose cells `besides` makes.
pub(crate) fn grid(form: &Form, products: &[Product], more: &[&str], besides: &dyn Fn(&Product) -> Markup) -> Markup {
    html! {
        table.grid {
            thead {
                tr {
                    @for (_, label) in COLUMNS { th { (label) } }
                    th { "Status" }
                    @for label in more { th { (label) } }
                }
            }
            tbody { @for product in products { (row(form, product, &besides(product))) } }
        }
    }
}

fn row(form: &Form, product: &Product, besides: &Markup) -> Markup {
    let of = |field| named(field, product.id);
    let about = |label: &str| format!("{label} of {}", product.name);
    let status = form.text(&of("status")).unwrap_or_default();
    let fault = COLUMNS.iter().find_map(|(field, label)| Some((label, form.fault(&of(field))?)));
    html! {
        tr {
            @for (field, label) in COLUMNS {
                td data-label=(label) {
                    input name=(of(field)) value=(form.text(&of(field)).unwrap_or_default()) aria-label=(about(label))
                        autocomplete="off" aria-invalid=[form.fault(&of(field)).map(|_| "true")];
                }
            }
            td data-label="Status" {
                input type="hidden" name="id" value=(product.id);
                input type="hidden" name=(of("version")) value=(form.text(&of("version")).unwrap_or_default());
                select name=(of("status")) aria-label=(about("Status")) {
                    @for (value, shown) in STATUSES {
                        @let word = shown.split(':').next().unwrap_or_default();
                        option value=(value) selected[value == status] { (word) }
                    }
                }
                @if let Some((label, fault)) = fault { p.fault { (label) " " (fault) } }
            }
            (besides)
        }
    }
}
