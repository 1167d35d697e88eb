use application::Error;
use application::groups::{CreateGroup, NewMembers};
use domain::groups::{GroupName, SkuPattern};
use domain::pages::PageTexts;
use domain::products::{Product, ProductId};
use domain::{Code, Invalid, Price, Uuid};
use maud::{Markup, html};

use super::options::{Candidate, candidates, fields, typed};
use super::{LIST_PAGE, SECTION};
use crate::act::{after, made, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Field, key, number, problems, typed_money};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "New group");
const FROM: &str = "from";

/// Asks for a new group, maybe around a product that is there.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let from = product(staff, staff.query(FROM)).await?;
    let all = candidates(staff).await?;
    let form = match &from {
        None => Form::default(),
        Some(product) => Form::showing([
            ("name", product.name.to_string()),
            ("price", number(staff.office.shop.money(product.price))),
            (FROM, product.id.to_string()),
        ]),
    };
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &all, from.as_ref(), &form)))
}

/// Makes a group, and a product for each combination of the terms.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let from = product(staff, form.text(FROM)).await?;
    let all = candidates(staff).await?;
    let Some(create) = wanted(staff, &mut form, &all, from.as_ref()) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &all, from.as_ref(), &form)));
    };
    let made = made(staff, create, |view| view.group.id.to_string()).await;
    let then = made.as_ref().map(|id| format!("{LIST_PAGE}/{id}?done=created")).unwrap_or_default();
    after(staff, made.map(drop), &then, form, PAGE, |form| contents(staff, &all, from.as_ref(), form))
}

fn wanted(staff: &Staff, form: &mut Form, all: &[Candidate], from: Option<&Product>) -> Option<CreateGroup> {
    let name = form.required("name", GroupName::parse);
    let options = typed(form, all);
    let price = form.optional("price", |raw| Price::parse(typed_money(raw, staff.office.shop.currency)?));
    let sku_pattern = form.optional("sku_pattern", SkuPattern::parse);
    let (name, (options, values), price, sku_pattern) = (name?, options?, price?, sku_pattern?);
    let generates = options.iter().any(|option| !option.terms.is_empty());
    let members = match (generates, price) {
        (false, _) => NewMembers::Products(Vec::new()),
        (true, Some(price)) => NewMembers::All { price, sku_pattern },
        (true, None) => return form.refuse("price", Invalid::new(Code::Required, "must be filled in")),
    };
    let from = from.map(|product| (product.id, values));
    let (slug, description, page) = (None, None, PageTexts::default());
    Some(CreateGroup { name: Some(name), slug, description, page, options, members, from })
}

/// The product with an id that was given.
async fn product(staff: &Staff, id: Option<&str>) -> Result<Option<Product>, Error> {
    let Some(id) = id.and_then(|id| Uuid::try_parse(id).ok()) else { return Ok(None) };
    let view = staff.office.queries.products.get(ProductId(id), None).await?;
    Ok(Some(view.ok_or(Error::NotFound("product"))?.product))
}

fn contents(staff: &Staff, all: &[Candidate], from: Option<&Product>, form: &Form) -> Markup {
    let currency = staff.office.shop.currency.code();
    html! {
        p.back { a href=(staff.to(LIST_PAGE)) { "Product groups" } }
        h1 { "New group" }
        (problems(form))
        form.card.in.form method="post" action=(staff.to("groups/new")) {
            (key(staff, form))
            @if let Some(product) = from {
                input type="hidden" name=(FROM) value=(product.id);
                p { (product.name.as_str()) " becomes the first product of the group. Its stock, carts and orders stay." }
            }
            (Field::text(form, "name", "Name").max(GroupName::MAX).required())
            p.faint { "Tick what there is of each. A product is made for each combination of what is ticked, 250 at most." }
            (fields(form, all, from.is_some()))
            div.pair {
                (Field::text(form, "price", "Price of each").suffix(currency))
                (Field::text(form, "sku_pattern", "SKUs").max(SkuPattern::MAX).hint("Such as TEE-{size}-{colour}. Empty: none."))
            }
            div.actions { a.button href=(staff.to(LIST_PAGE)) { "Not now" } button.main { "Create" } }
        }
    }
}
