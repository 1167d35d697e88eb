use application::zones::CreateZone;
use domain::pricing::ShippingTax;
use domain::zones::{ZoneDetails, ZoneName};
use maud::{Markup, html};

use super::{LIST_PAGE, PLACE, SECTION, areas};
use crate::act::{after, mistyped, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;
use crate::settings::choices::Choices;

const PAGE: (&str, &str) = (SECTION, "New zone");

/// The ways in which shipping is taxed, besides those of one class.
const TAXED: [(&str, &str); 5] = [
    ("", "As everywhere in the shop"),
    ("proportional", "In proportion to the goods"),
    ("highest", "At the highest rate of the goods"),
    ("largest", "As the largest part of the goods"),
    ("none", "Not at all"),
];

/// Asks for a zone.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let choices = Choices::of(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &choices, &Form::default())))
}

/// Makes a zone.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let choices = Choices::of(staff).await?;
    let mut form = staff.form();
    let Some(details) = typed(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &choices, &form)));
    };
    let made = once(staff, CreateZone(details)).await;
    let then = format!("{LIST_PAGE}?done=created");
    after(staff, made, &then, form, PAGE, |form| contents(staff, &choices, form))
}

/// What is typed; `None` if something is refused.
pub(super) fn typed(form: &mut Form) -> Option<ZoneDetails> {
    let name = form.required("name", ZoneName::parse);
    let members = form.required("members", areas::typed);
    let shipping_tax = form.optional("shipping_tax", ShippingTax::parse);
    Some(ZoneDetails { name: name?, members: members?, shipping_tax: shipping_tax? })
}

/// The fields of a zone.
pub(super) fn fields(choices: &Choices, form: &Form) -> Markup {
    let of_class: Vec<_> = choices
        .classes()
        .into_iter()
        .map(|(code, name)| (format!("class:{code}"), format!("At the rates of {name}")))
        .collect();
    let of_class = of_class.iter().map(|(value, shown)| (value.as_str(), shown.as_str()));
    let taxed: Vec<_> = TAXED.into_iter().chain(of_class).collect();
    html! {
        (Field::text(form, "name", "Name").max(ZoneName::MAX).required().focused())
        (Field::text(form, "members", "Areas").lines(6).required()
            .hint("One in each line: a country (DE), a region of it (US CA), or how postal codes begin there (DE 10*). A star alone is every country."))
        (Field::choice(form, "shipping_tax", "Shipping is taxed", &taxed))
    }
}

fn contents(staff: &Staff, choices: &Choices, form: &Form) -> Markup {
    let place = Dialog {
        title: PAGE.1.to_owned(),
        action: format!("{PLACE}/new"),
        back: LIST_PAGE.to_owned(),
        button: "Create",
        is_final: false,
    };
    dialog(staff, form, &place, &fields(choices, form))
}
