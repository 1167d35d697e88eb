//! A product that is there already becomes one of a group.

use application::Error;
use application::groups::{AddMember, Adding, Values};
use domain::groups::GroupView;
use domain::products::{ProductFilter, ProductId, ProductSort, Sku};
use domain::terms::TermChoice;
use domain::{Code, Invalid, Uuid};
use maud::{Markup, html};

use super::options::{choices, of_group};
use super::{LIST_PAGE, SECTION, asked};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::{Staff, first};

const PAGE: (&str, &str) = (SECTION, "Add an existing product");

/// An option of a group: its code, its name and its terms.
type Options = [(String, String, Vec<TermChoice>)];

/// Asks which product joins.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let view = asked(staff).await?;
    let options = of_group(staff, &view.group).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &view, &options, &Form::default())))
}

/// Adds a product that is there already.
pub(crate) async fn join(staff: &Staff) -> Answer {
    let view = asked(staff).await?;
    let options = of_group(staff, &view.group).await?;
    let mut form = staff.form();
    let Some(product) = product(staff, &mut form).await? else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &view, &options, &form)));
    };
    let field = |code: &str| format!("values.{code}");
    let given = options.iter().filter_map(|(code, ..)| Some((code.clone(), form.text(&field(code))?.to_owned())));
    let member = Adding::Known(product, given.collect::<Values>());
    let joined = once(staff, AddMember { group_id: view.group.id, member, expected: None }).await;
    let then = format!("{LIST_PAGE}/{}?done=saved", view.group.id);
    after(staff, joined, &then, form, PAGE, |form| contents(staff, &view, &options, form))
}

/// The product with the SKU or the id that is typed; `None` if there is none.
async fn product(staff: &Staff, form: &mut Form) -> Result<Option<ProductId>, Error> {
    let field = "product_id";
    let typed = form.required(field, |raw| Ok(raw.trim().to_owned()));
    let Some(typed) = typed else { return Ok(None) };
    if let Ok(id) = Uuid::try_parse(&typed) {
        return Ok(Some(ProductId(id)));
    }
    let sku = match Sku::parse(&typed) {
        Ok(sku) => sku,
        Err(invalid) => return Ok(form.refuse(field, invalid)),
    };
    let filter = ProductFilter { skus: vec![sku], ..ProductFilter::default() };
    let found = staff.office.queries.products.list(&filter, ProductSort::CreatedAtDescending, &first(1)).await?;
    let none =
        || Invalid::new(Code::NotFound, format!("must be the SKU or the id of a product, and there is no {typed}"));
    Ok(found.items.first().map(|view| view.product.id).or_else(|| form.refuse(field, none())))
}

fn contents(staff: &Staff, view: &GroupView, options: &Options, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Add an existing product to {}", view.group.name),
        action: format!("{LIST_PAGE}/{}/join", view.group.id),
        back: format!("{LIST_PAGE}/{}", view.group.id),
        button: "Add",
        is_final: false,
    };
    let fields = html! {
        (Field::text(form, "product_id", "Product").required().focused().hint("Its SKU or its id."))
        @for (code, name, terms) in options {
            @let field = format!("values.{code}");
            @let choices = choices(terms);
            (Field::choice(form, &field, name, &choices).hint("–: what the product has."))
        }
        p.faint { "Its stock, carts and orders stay. It keeps its own name, price and texts." }
    };
    dialog(staff, form, &place, &fields)
}
