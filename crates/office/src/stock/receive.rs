use application::Error;
use application::restocks::ReceiveRestock;
use domain::plain_integer;
use domain::restocks::{ReceivedUnits, Restock, RestockId};
use maud::{Markup, html};

use super::{SECTION, products, with_list};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Receive a restock");

/// Asks how many units came.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let (restock, name) = asked(staff).await?;
    let form = Form::showing([("quantity", restock.ordered.to_string())]);
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &restock, &name, &form)))
}

/// Receives a restock: the units that came are on hand from now on.
pub(crate) async fn receive(staff: &Staff) -> Answer {
    let (restock, name) = asked(staff).await?;
    let mut form = staff.form();
    let Some(came) = form.required("quantity", |raw| ReceivedUnits::parse(plain_integer(raw)?)) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &restock, &name, &form)));
    };
    let received = once(staff, ReceiveRestock { id: restock.id, came: Some(came) }).await;
    let then = with_list(staff, "restocks", [("done", "restocked")]);
    after(staff, received, &then, form, PAGE, |form| contents(staff, &restock, &name, form))
}

/// The restock of the path, with the name of its product.
pub(super) async fn asked(staff: &Staff) -> Result<(Restock, String), Error> {
    let id = staff.id::<RestockId>("restock")?;
    let restock = staff.office.queries.restocks.get(id).await?.ok_or(Error::NotFound("restock"))?;
    let found = products(staff, std::iter::once(restock.product_id)).await?.remove(&restock.product_id);
    Ok((restock, found.map_or_else(|| "a deleted product".to_owned(), |product| product.name.to_string())))
}

fn contents(staff: &Staff, restock: &Restock, name: &str, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Receive {name}"),
        action: with_list(staff, &format!("restocks/{}/receive", restock.id), []),
        back: with_list(staff, "restocks", []),
        button: "Receive",
        is_final: false,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            p { (restock.ordered) @if restock.ordered == 1 { " unit was ordered." } @else { " units were ordered." } }
            (Field::text(form, "quantity", "Units that came").required().focused()
                .hint("All of them are on hand from now on, and nothing more of this restock is due."))
        },
    )
}
