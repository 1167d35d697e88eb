//! One change of the products that were chosen in the list: their status, or a category that they are put into.

use application::products::{ProductKey, ProductUpdate, UpdateProducts};
use application::{ChangeOutcome, Error};
use domain::assignments::ShownValue;
use domain::attributes::{AttributeCode, AttributeInput};
use domain::imports::WholeProduct;
use domain::pages::PageTextsChange;
use domain::products::{ProductChange, ProductId, ProductStatus};
use domain::slugs::Slug;
use maud::{Markup, html};

use super::batch::{products_of, with_filter};
use super::{SECTION, STATUSES, categories};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, Picked, alert, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Change products");

/// The fields, which are named differently from the parameters of the list.
const STATUS: &str = "new_status";
const CATEGORY: &str = "new_category";

/// Categories by their slugs, each with what is shown for it.
type Categories = [(String, String)];

/// Asks what becomes of the products that were chosen.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let picked = Picked::in_query(staff);
    let products = products_of(staff, picked.ids.iter().copied().map(ProductId)).await?;
    let categories = categories::options(staff).await?;
    let body = html! {
        @if let Some(left_out) = picked.left_out("products", "changed") { (alert(&left_out)) }
        (contents(staff, &products, &categories, &Form::default()))
    };
    Ok(page(staff, SECTION, PAGE.1, &body))
}

/// Changes all products that were chosen, or none.
pub(crate) async fn change(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let picked = Picked::of(form.all("id"));
    let products = products_of(staff, picked.ids.iter().copied().map(ProductId)).await?;
    let categories = categories::options(staff).await?;
    let status = form.optional(STATUS, ProductStatus::parse);
    let category = form.optional(CATEGORY, Slug::parse);
    let (Some(status), Some(category)) = (status, category) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &products, &categories, &form)));
    };
    form.message = match picked.left_out("products", "changed") {
        Some(left_out) => Some(format!("Nothing was changed. {left_out}")),
        None if products.is_empty() => Some("Choose products in the list first.".to_owned()),
        None if status.is_none() && category.is_none() => {
            Some("Nothing would change. Choose a status or a category.".to_owned())
        }
        None => None,
    };
    if form.is_refused() {
        return Ok(mistyped(staff, PAGE, &contents(staff, &products, &categories, &form)));
    }
    let updates = updates(staff, &products, status, category.as_ref()).await?;
    let changed = if updates.is_empty() { Ok(()) } else { once(staff, UpdateProducts(updates)).await };
    if let Err(Error::Batch(outcomes)) = changed {
        form.message = Some(refusals(staff, &products, outcomes));
        return Ok(mistyped(staff, PAGE, &contents(staff, &products, &categories, &form)));
    }
    let then = with_filter(staff, "products", Some("saved"));
    after(staff, changed, &then, form, PAGE, |form| contents(staff, &products, &categories, form))
}

/// What changes of each product; nothing of one that is in the category already.
async fn updates(
    staff: &Staff,
    products: &[WholeProduct],
    status: Option<ProductStatus>,
    category: Option<&Slug>,
) -> Result<Vec<ProductUpdate>, Error> {
    let ids: Vec<_> = products.iter().map(|whole| whole.product.id).collect();
    let shown = staff.office.queries.assignments.shown(&ids).await?;
    let held = |id: &ProductId| -> Vec<String> {
        let all = shown.get(id).into_iter().flatten().filter(|one| one.code.as_str() == AttributeCode::CATEGORY);
        let terms = all.filter_map(|one| if let ShownValue::Terms(terms) = &one.value { Some(terms) } else { None });
        terms.flatten().map(|term| term.slug.to_string()).collect()
    };
    let given = |id: &ProductId| {
        let slug = category?.to_string();
        let mut slugs = held(id);
        (!slugs.contains(&slug)).then(|| {
            slugs.push(slug);
            (AttributeCode::CATEGORY.to_owned(), AttributeInput::Texts(slugs))
        })
    };
    let update = |WholeProduct { product, .. }: &WholeProduct| ProductUpdate {
        product: ProductKey::Id(product.id),
        // The categories that it has are said again.
        expected: Some(product.version),
        change: ProductChange { status, ..ProductChange::default() },
        price: None,
        page: PageTextsChange::default(),
        given: given(&product.id).into_iter().collect(),
    };
    let has_more = |update: &ProductUpdate| status.is_some() || !update.given.is_empty();
    Ok(products.iter().map(update).filter(has_more).collect())
}

/// Why nothing was changed, product by product.
fn refusals(staff: &Staff, products: &[WholeProduct], outcomes: Vec<ChangeOutcome>) -> String {
    let named = |id: ProductId| products.iter().find(|whole| whole.product.id == id);
    let reasons = outcomes.into_iter().filter_map(|one| {
        let name = named(one.id?)?.product.name.to_string();
        let refusal = staff.explain(one.refusal?);
        let rules: Vec<_> = refusal.fields.iter().map(|(_, rule)| format!("it {rule}.")).collect();
        let why = if rules.is_empty() { refusal.detail.into_owned() } else { rules.join(" ") };
        Some(format!("{name}: {why}"))
    });
    format!("Nothing was changed. {}", reasons.collect::<Vec<_>>().join(" · "))
}

fn contents(staff: &Staff, products: &[WholeProduct], categories: &Categories, form: &Form) -> Markup {
    let title = match products.len() {
        1 => "Change 1 product".to_owned(),
        many => format!("Change {many} products"),
    };
    let place = Dialog {
        title,
        action: with_filter(staff, "products/change", None),
        back: with_filter(staff, "products", None),
        button: "Change",
        is_final: false,
    };
    let statuses: Vec<_> = [("", "As it is")].into_iter().chain(STATUSES).collect();
    // The first one is the choice of all.
    let listed = categories.iter().skip(1).map(|(slug, shown)| (slug.as_str(), shown.as_str()));
    let categories: Vec<_> = [("", "No other one")].into_iter().chain(listed).collect();
    let fields = html! {
        @if products.is_empty() { p { "Choose products in the list first." } }
        @for whole in products { input type="hidden" name="id" value=(whole.product.id); }
        p { (products.iter().map(|whole| whole.product.name.as_str()).collect::<Vec<_>>().join(", ")) }
        (Field::choice(form, STATUS, "Status", &statuses))
        @if categories.len() > 1 {
            (Field::choice(form, CATEGORY, "Put into a category", &categories).hint("They stay in those that they are in."))
        }
    };
    dialog(staff, form, &place, &fields)
}
