//! One more product of a group.

use application::groups::{AddMember, Adding, NewMember, NewProduct, Values};
use domain::groups::GroupView;
use domain::products::Sku;
use domain::stock::InitialStock;
use domain::terms::TermChoice;
use domain::{Code, Invalid, Price, plain_integer};
use maud::{Markup, html};

use super::options::{choices, of_group};
use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog, typed_money};
use crate::request::Staff;

const ADD: (&str, &str) = (SECTION, "Add a product");

/// An option of a group: its code, its name and its terms.
type Options = [(String, String, Vec<TermChoice>)];

/// Asks for one more product.
pub(crate) async fn add_form(staff: &Staff) -> Answer {
    let view = asked(staff).await?;
    let options = of_group(staff, &view.group).await?;
    Ok(page(staff, SECTION, ADD.1, &question(staff, &view, &options, &Form::default())))
}

/// Adds a product.
pub(crate) async fn add(staff: &Staff) -> Answer {
    let view = asked(staff).await?;
    let options = of_group(staff, &view.group).await?;
    let mut form = staff.form();
    let Some((values, product)) = wanted(staff, &mut form, &options) else {
        return Ok(mistyped(staff, ADD, &question(staff, &view, &options, &form)));
    };
    let member = Adding::New(Box::new(NewMember { values, product }));
    let added = once(staff, AddMember { group_id: view.group.id, member, expected: None }).await;
    let then = format!("{LIST_PAGE}/{}?done=created", view.group.id);
    after(staff, added, &then, form, ADD, |form| question(staff, &view, &options, form))
}

fn wanted(staff: &Staff, form: &mut Form, options: &Options) -> Option<(Values, NewProduct)> {
    let term = |raw: &str| {
        if raw.is_empty() { Err(Invalid::new(Code::Required, "must be chosen")) } else { Ok(raw.to_owned()) }
    };
    let values: Vec<_> = options
        .iter()
        .map(|(code, ..)| form.required(&format!("values.{code}"), term).map(|slug| (code.clone(), slug)))
        .collect();
    let price = form.required("price", |raw| Price::parse(typed_money(raw, staff.office.shop.currency)?));
    let sku = form.optional("sku", Sku::parse);
    let stock = form.optional("initial_stock", |raw| InitialStock::parse(plain_integer(raw)?));
    let values = values.into_iter().collect::<Option<Values>>()?;
    let product = NewProduct { sku: sku?, initial_stock: stock?.unwrap_or_default(), ..NewProduct::at(price?) };
    Some((values, product))
}

fn question(staff: &Staff, view: &GroupView, options: &Options, form: &Form) -> Markup {
    let currency = staff.office.shop.currency.code();
    let place = Dialog {
        title: format!("Add a product to {}", view.group.name),
        action: format!("{LIST_PAGE}/{}/add", view.group.id),
        back: format!("{LIST_PAGE}/{}", view.group.id),
        button: "Add",
        is_final: false,
    };
    let fields = html! {
        @for (code, name, terms) in options {
            @let field = format!("values.{code}");
            @let choices = choices(terms);
            (Field::choice(form, &field, name, &choices))
        }
        (Field::text(form, "price", "Price").suffix(currency).required())
        (Field::text(form, "sku", "SKU").max(Sku::MAX))
        (Field::text(form, "initial_stock", "Units on hand").hint("Empty: none yet."))
        p.faint { "It is called after the group and what it differs by." }
    };
    dialog(staff, form, &place, &fields)
}
