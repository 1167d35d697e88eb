use std::collections::HashMap;

use actix_web::http::StatusCode;
use application::products::{ProductKey, ProductUpdate, UpdateProducts};
use application::{Claim, Error};
use domain::imports::{Sought, WholeProduct};
use domain::pages::PageTextsChange;
use domain::products::{
    ParticularsChange, Product, ProductChange, ProductId, ProductName, ProductStatus, Repricing, Sku,
};
use domain::{Code, Invalid, Price, Version, plain_integer};
use maud::{Markup, html};

use super::counts::{self, Count};
use super::grid::grid;
use super::narrowed::parameters;
use super::{SECTION, status_word};
use crate::act::{self, mistyped, once_for, redirect};
use crate::form::{Changed, Form, HeldAs};
use crate::layout::{page, page_with};
use crate::page::Answer;
use crate::parts::{Picked, address, alert, key, number, problems, typed_money};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Edit products");

/// The fields of a product in the grid.
pub(super) const COLUMNS: [(&str, &str); 4] =
    [("name", "Name"), ("sku", "SKU"), ("price", "Price"), ("compare_at_price", "Price before")];

pub(super) const STATUS: &str = "status";
pub(super) const VERSION: &str = "version";

/// All fields of a product that are edited.
pub(super) const FIELDS: [&str; 5] = ["name", "sku", "price", "compare_at_price", STATUS];

/// The products that were chosen in the list, in a grid.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let picked = Picked::in_query(staff);
    let products = products_of(staff, picked.ids.iter().copied().map(ProductId)).await?;
    let body = html! {
        @if let Some(left_out) = picked.left_out("products", "edited") { (alert(&left_out)) }
        (contents(staff, &products, &filled(staff, Form::default(), &products)))
    };
    Ok(page(staff, SECTION, PAGE.1, &body))
}

/// Changes all products of the grid, or none, and then the stock of those that were counted.
pub(crate) async fn save(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let picked = Picked::of(form.all("id"));
    let products = products_of(staff, picked.ids.iter().copied().map(ProductId)).await?;
    if let Some(left_out) = picked.left_out("products", "edited") {
        form.message = Some(format!("Nothing was changed. {left_out}"));
        return Ok(mistyped(staff, PAGE, &contents(staff, &products, &form)));
    }
    let then = with_filter(staff, "products", Some("saved"));
    save_grid(staff, form, products, &then, contents).await
}

/// Changes the products of a grid that somebody has edited: all of them, or none, and then the stock of those that were counted. `again` makes the page with the grid.
async fn save_grid(
    staff: &Staff,
    mut form: Form,
    mut products: Vec<WholeProduct>,
    then: &str,
    again: impl Fn(&Staff, &[WholeProduct], &Form) -> Markup,
) -> Answer {
    let Some(edits) = edits(staff, &mut form, &products) else {
        return Ok(mistyped(staff, PAGE, &again(staff, &products, &form)));
    };
    let whole = staff.claim();
    let claim = |part| whole.as_ref()?.part(part).ok();
    match save_rows(staff, &claim, edits, form, &mut products).await? {
        Rows::Saved(_) => Ok(redirect(staff, then)),
        Rows::Refused(status, form) => Ok(page_with(status, staff, PAGE.0, PAGE.1, &again(staff, &products, &form))),
    }
}

/// What is edited in a grid.
pub(crate) struct Edits {
    updates: Vec<ProductUpdate>,
    counts: Vec<Count>,
}

impl Edits {
    /// Whether nobody has edited anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.updates.is_empty() && self.counts.is_empty()
    }
}

/// The outcome of a grid.
pub(crate) enum Rows {
    /// The edits are saved, if there are any.
    Saved(Form),
    /// The form says what is not saved and why, and is shown with this status.
    Refused(StatusCode, Form),
}

/// The claims of the parts of a form: that of the grid's products, and that of what else the form saves. The others are for
/// what was counted.
const CLAIM_OF_PRODUCTS: usize = 0;
pub(crate) const CLAIM_OF_THE_REST: usize = 1;
pub(super) const CLAIM_OF_COUNTS: usize = 2;

/// Changes products: all of them, or none. Then it adjusts the stock of those that were counted, each by itself. `claim`
/// gives the claims of the parts of the form. What somebody else has changed meanwhile is as it is now in `products`.
///
/// # Errors
/// A failure, or a refusal that is not to be shown beside a form.
pub(crate) async fn save_rows(
    staff: &Staff,
    claim: &dyn Fn(usize) -> Option<Claim>,
    Edits { updates, counts }: Edits,
    form: Form,
    products: &mut Vec<WholeProduct>,
) -> Result<Rows, Error> {
    match save_products(staff, claim(CLAIM_OF_PRODUCTS), updates, form, products).await? {
        Rows::Saved(form) => counts::save(staff, claim, counts, form, products).await,
        refused @ Rows::Refused(..) => Ok(refused),
    }
}

async fn save_products(
    staff: &Staff,
    claim: Option<Claim>,
    updates: Vec<ProductUpdate>,
    mut form: Form,
    products: &mut [WholeProduct],
) -> Result<Rows, Error> {
    if updates.is_empty() {
        return Ok(Rows::Saved(form));
    }
    let outcomes = match once_for(staff, claim, UpdateProducts(updates)).await {
        Ok(()) => return Ok(Rows::Saved(form)),
        Err(Error::Batch(outcomes)) => outcomes,
        Err(error) => return act::refused(staff, error, form).map(|(status, form)| Rows::Refused(status, form)),
    };
    let refusals: Vec<_> = outcomes.into_iter().filter_map(|one| Some((one.id?, one.refusal?))).collect();
    let stale = refusals.iter().filter(|(_, refusal)| matches!(refusal, Error::Stale(_))).map(|(id, _)| *id);
    let now = products_of(staff, stale).await?;
    let status = if now.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::PRECONDITION_FAILED };
    for whole in now {
        // What was counted stays the difference to what was shown when it was counted.
        let (id, held) = (whole.product.id, held(staff, &whole.product));
        let held: Vec<HeldAs<'_>> = held.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        form.compare_part(&named(VERSION, id), whole.product.version, &held);
        products.iter_mut().filter(|one| one.product.id == id).for_each(|one| *one = whole.clone());
    }
    for (id, refusal) in refusals {
        if !matches!(refusal, Error::Stale(_)) {
            form = refused(staff, form, id, refusal);
        }
    }
    Ok(Rows::Refused(status, form))
}

/// The form with the refusal of one product, beside the field that it names, or else beside its name.
fn refused(staff: &Staff, mut form: Form, id: ProductId, refusal: Error) -> Form {
    let refusal = staff.explain(refusal);
    let mut refuse = |field: &str, message: String| {
        form.refuse::<()>(&named(field, id), Invalid::new(Code::Format, message));
    };
    if refusal.fields.is_empty() {
        refuse("name", refusal.detail.into_owned());
        return form;
    }
    for (field, message) in refusal.fields {
        match COLUMNS.iter().find(|(column, _)| *column == field) {
            Some((column, _)) => refuse(column, message.into_owned()),
            None => refuse("name", format!("{field} {message}")),
        }
    }
    form
}

pub(super) fn named(field: &str, id: ProductId) -> String {
    format!("{field}-{id}")
}

/// Products in this order, without those that are gone.
///
/// # Errors
/// If the database does not answer.
pub(crate) async fn products_of(
    staff: &Staff,
    ids: impl Iterator<Item = ProductId>,
) -> Result<Vec<WholeProduct>, Error> {
    let ids: Vec<_> = ids.collect();
    let found = staff.office.queries.imports.products(&Sought { ids: ids.clone(), ..Sought::default() }).await?;
    let found: HashMap<_, _> = found.into_iter().map(|whole| (whole.product.id, whole)).collect();
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

/// A form with a grid that shows what these products hold.
pub(crate) fn filled(staff: &Staff, form: Form, products: &[WholeProduct]) -> Form {
    products.iter().fold(form, |form, whole| {
        let on_hand = (named(counts::FIELD, whole.product.id), whole.on_hand.to_string());
        let held: Vec<_> = held(staff, &whole.product).into_iter().chain([on_hand]).collect();
        let held: Vec<HeldAs<'_>> = held.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        form.with_part(&named(VERSION, whole.product.id), whole.product.version, &held)
    })
}

/// The form with a grid that shows what these products hold now, in place of what was typed of them.
pub(crate) fn filled_again(staff: &Staff, form: Form, products: &[WholeProduct]) -> Form {
    let ids: Vec<_> = products.iter().map(|whole| whole.product.id.to_string()).collect();
    filled(staff, form.without(|name| ids.iter().any(|id| name.ends_with(id))), products)
}

/// What the fields of a product hold in the grid, but for its units on hand.
fn held(staff: &Staff, product: &Product) -> Vec<(String, String)> {
    let price = |price| number(staff.office.shop.money(price));
    let before = product.particulars.compare_at_price.map(price).unwrap_or_default();
    let shown = [
        ("name", product.name.to_string()),
        ("sku", product.sku.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("price", price(product.price)),
        ("compare_at_price", before),
        (STATUS, status_word(product.status).to_owned()),
    ];
    shown.into_iter().map(|(field, value)| (named(field, product.id), value)).collect()
}

/// What is typed of the products that somebody has edited; `None` if a field is refused.
pub(crate) fn edits(staff: &Staff, form: &mut Form, products: &[WholeProduct]) -> Option<Edits> {
    let ids = || products.iter().map(|whole| whole.product.id);
    let edited: Vec<_> = ids().filter_map(|id| Some((id, edited(form, id)?))).collect();
    let updates: Vec<_> = edited.iter().map(|(id, changed)| update(staff, form, *id, changed)).collect();
    let counts = if counts::may(staff) { counts::typed(form, ids()) } else { Some(Vec::new()) };
    Some(Edits { updates: updates.into_iter().collect::<Option<_>>()?, counts: counts? })
}

/// The fields of a product that hold something else than they were filled with; `None` if nobody has touched it.
fn edited(form: &Form, id: ProductId) -> Option<Changed> {
    let form = form.ending_with(&id.to_string());
    let names: Vec<_> = FIELDS.iter().map(|field| named(field, id)).collect();
    let before = |name: &str| form.before(name).unwrap_or_default().to_owned();
    let filled: Vec<HeldAs<'_>> = names.iter().map(|name| (name.as_str(), before(name))).collect();
    Some(Changed::of(&form, &filled)).filter(|changed| !changed.is_empty())
}

fn update(staff: &Staff, form: &mut Form, id: ProductId, changed: &Changed) -> Option<ProductUpdate> {
    let price = |raw: &str| Price::parse(typed_money(raw, staff.office.shop.currency)?);
    let of = |field| named(field, id);
    let name = form.required(&of("name"), ProductName::parse);
    let sku = form.optional(&of("sku"), Sku::parse);
    let amount = form.required(&of("price"), price);
    let before = form.optional(&of("compare_at_price"), price);
    let status = form.required(&of(STATUS), ProductStatus::parse);
    let version = form.required(&of(VERSION), plain_integer);
    let change = ProductChange {
        name: changed.get(&of("name"), name?),
        sku: changed.get(&of("sku"), sku?),
        status: changed.get(&of(STATUS), status?),
        particulars: ParticularsChange {
            compare_at_price: changed.get(&of("compare_at_price"), before?),
            ..ParticularsChange::default()
        },
        ..ProductChange::default()
    };
    Some(ProductUpdate {
        product: ProductKey::Id(id),
        expected: Some(Version(version?)),
        change,
        price: changed.get(&of("price"), Repricing::To(amount?)),
        page: PageTextsChange::default(),
        given: Vec::new(),
    })
}

/// A page with the filter and the place of the list that the products were chosen in. `done` is what it shows as done.
pub(super) fn with_filter(staff: &Staff, page: &str, done: Option<&str>) -> String {
    let names = parameters(staff);
    address(page, staff.queries_and_place(&names).chain(done.map(|done| ("done", done))))
}

fn contents(staff: &Staff, products: &[WholeProduct], form: &Form) -> Markup {
    let list = staff.to(&with_filter(staff, "products", None));
    html! {
        p.back { a href=(list) { "Products" } }
        h1 { "Edit products" }
        (problems(form))
        @if products.is_empty() { p.empty { "Choose products in the list first." } } @else {
            form method="post" action=(staff.to(&with_filter(staff, "products/edit", None))) {
                (key(staff, form))
                div.card { (grid(staff, form, products, &[], &|_| html! {})) }
                div.actions { a.button href=(list) { "Not now" } button.main { "Save all" } }
            }
        }
    }
}
