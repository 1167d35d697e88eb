use application::Error;
use application::orders::EditOrder;
use domain::addresses::{Address, City, Company, CountryCode, PostalCode, Recipient, Region, Street};
use domain::customers::PhoneNumber;
use domain::orders::{Note, Order, OrderEdit, OrderScope, OrderStatus};
use maud::{Markup, html};

use super::list::done;
use super::{SECTION, about, asked, name};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Changed, Form, Held};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Edit address");

/// The fields of the address, named as the API names them.
const NAME: &str = "shipping_address.name";
const COMPANY: &str = "shipping_address.company";
const PHONE: &str = "shipping_address.phone";
const LINE1: &str = "shipping_address.line1";
const LINE2: &str = "shipping_address.line2";
const CITY: &str = "shipping_address.city";
const REGION: &str = "shipping_address.region";
const POSTAL_CODE: &str = "shipping_address.postal_code";
const COUNTRY: &str = "shipping_address.country";

/// Shows where an order goes and what the customer wrote, to be changed.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let form = Form::filled(order.version, &held(&order));
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &order, &form)))
}

/// Changes where an order goes and what the customer wrote.
pub(crate) async fn edit(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let mut form = staff.form();
    let Some(edit) = typed(&mut form, &held(&order)) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &order, &form)));
    };
    let book = staff.office.books.current().await?;
    let command = EditOrder { id: order.id, scope: OrderScope::All, edit, expected: form.expected(), book };
    match once(staff, command).await {
        Err(Error::Stale(_)) => {
            let now = asked(staff).await?;
            Ok(outdated(staff, form, (now.version, &held(&now)), PAGE, |form| contents(staff, &now, form)))
        }
        edited => {
            let then = done(staff, order.id, "edited");
            after(staff, edited, &then, form, PAGE, |form| contents(staff, &order, form))
        }
    }
}

fn held(order: &Order) -> Vec<Held> {
    let to = order.shipping_address.as_ref();
    let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
    vec![
        (NAME, text(to.and_then(|to| to.name.as_ref()).map(Recipient::as_str))),
        (COMPANY, text(to.and_then(|to| to.company.as_ref()).map(Company::as_str))),
        (LINE1, text(to.map(|to| to.line1.as_str()))),
        (LINE2, text(to.and_then(|to| to.line2.as_ref()).map(Street::as_str))),
        (POSTAL_CODE, text(to.and_then(|to| to.postal_code.as_ref()).map(PostalCode::as_str))),
        (CITY, text(to.map(|to| to.city.as_str()))),
        (REGION, text(to.and_then(|to| to.region.as_ref()).map(Region::as_str))),
        (COUNTRY, text(to.map(|to| to.country.as_str()))),
        (PHONE, text(to.and_then(|to| to.phone.as_ref()).map(PhoneNumber::as_str))),
        ("note", text(order.note.as_ref().map(Note::as_str))),
    ]
}

/// What is typed; `None` if something is refused. An address is a whole: it is read if any of its fields has changed.
fn typed(form: &mut Form, held: &[Held]) -> Option<OrderEdit> {
    let changed = Changed::of(form, held);
    let is_moved = held.iter().any(|(name, _)| *name != "note" && changed.get(name, ()).is_some());
    let shipping_address = if is_moved { address(form).map(Some) } else { Some(None) };
    let note = form.optional("note", Note::parse);
    Some(OrderEdit { shipping_address: shipping_address?, note: changed.get("note", note?) })
}

fn address(form: &mut Form) -> Option<Address> {
    let name = form.optional(NAME, Recipient::parse);
    let company = form.optional(COMPANY, Company::parse);
    let phone = form.optional(PHONE, PhoneNumber::parse);
    let line1 = form.required(LINE1, Street::parse);
    let line2 = form.optional(LINE2, Street::parse);
    let city = form.required(CITY, City::parse);
    let region = form.optional(REGION, Region::parse);
    let country = form.required(COUNTRY, |raw| CountryCode::parse(&raw.trim().to_uppercase()));
    let given = form.optional(POSTAL_CODE, PostalCode::parse);
    let postal_code = match (given, &country) {
        (Some(given), Some(country)) => match Address::postal_code_in(country, given) {
            Ok(allowed) => Some(allowed),
            Err(invalid) => form.refuse(POSTAL_CODE, invalid),
        },
        (given, _) => given,
    };
    Some(Address {
        name: name?,
        company: company?,
        phone: phone?,
        line1: line1?,
        line2: line2?,
        city: city?,
        region: region?,
        postal_code: postal_code?,
        country: country?,
    })
}

fn contents(staff: &Staff, order: &Order, form: &Form) -> Markup {
    let place = about(staff, order, format!("Edit the address of order {}", name(order)), "edit", "Save");
    dialog(
        staff,
        form,
        &place,
        &html! {
            ul {
                li { "The order keeps its price. An address is refused where its shipping method does not ship, where other taxes hold, or where one of its promotions does not." }
                li { "The customer sees the change, and is sent no mail." }
                @if order.status == OrderStatus::Processing { li { "The order is being prepared: print its packing slip again." } }
            }
            (Field::text(form, NAME, "Name").max(Recipient::MAX).focused())
            (Field::text(form, COMPANY, "Company").max(Company::MAX))
            (Field::text(form, LINE1, "Street and number").max(Street::MAX))
            (Field::text(form, LINE2, "More of the address").max(Street::MAX))
            (Field::text(form, POSTAL_CODE, "Postal code").max(PostalCode::MAX))
            (Field::text(form, CITY, "City").max(City::MAX))
            (Field::text(form, REGION, "Region").max(Region::MAX))
            (Field::text(form, COUNTRY, "Country").max(2).hint("Its two letters, such as DE."))
            (Field::text(form, PHONE, "Phone").hint("For the carrier, with the country: +49 30 123456."))
            (Field::text(form, "note", "The customer's note").max(Note::MAX).lines(3))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(values: &[(&'static str, &'static str)]) -> Form {
        Form::showing(values.iter().copied())
    }

    #[test]
    fn an_address_that_nobody_touched_is_not_sent_and_an_empty_one_stays_r138() {
        let held = [(LINE1, String::new()), (COUNTRY, String::new()), ("note", "Ring twice.".to_owned())];
        let edit = typed(&mut form(&[("note", " ")]), &held).unwrap();
        assert_eq!(edit, OrderEdit { shipping_address: None, note: Some(None) });
    }

    #[test]
    fn an_address_is_sent_as_a_whole_with_its_country_in_capitals_r138() {
        let held = [(LINE1, "1 Main St".to_owned()), (CITY, "Bonn".to_owned()), ("note", String::new())];
        let typing = [(LINE1, "2 Main St"), (CITY, "Bonn"), (COUNTRY, " de"), (POSTAL_CODE, "53111")];
        let edit = typed(&mut form(&typing), &held).unwrap();
        let address = edit.shipping_address.unwrap();
        assert_eq!(
            (address.line1.as_str(), address.city.as_str(), address.country.as_str()),
            ("2 Main St", "Bonn", "DE")
        );
        assert_eq!(edit.note, None);
    }

    #[test]
    fn each_field_of_a_bad_address_says_what_is_allowed_r138_r249() {
        let mut bad = form(&[(LINE1, ""), (CITY, "Bonn"), (COUNTRY, "DE"), ("note", "")]);
        assert_eq!(typed(&mut bad, &[(LINE1, "1 Main St".to_owned()), ("note", String::new())]), None);
        assert_eq!(bad.fault(LINE1), Some("must be filled in"));
        assert_eq!(bad.fault(POSTAL_CODE), Some("is required in DE"));
    }
}
