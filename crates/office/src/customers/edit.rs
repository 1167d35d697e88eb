use application::Error;
use application::customers::UpdateCustomer;
use domain::customers::{Customer, CustomerChange, CustomerDetails, Exemption};
use maud::{Markup, html};

use super::new::{details, fields};
use super::{EXEMPTIONS, SECTION, asked};
use crate::act::{after, mistyped, once, outdated};
use crate::form::{Form, Held};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Edit customer");

/// Shows who a customer is, to be changed.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let customer = asked(staff).await?;
    let form = Form::filled(customer.version, &held(&customer));
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &customer, &form)))
}

/// Changes a customer.
pub(crate) async fn edit(staff: &Staff) -> Answer {
    let customer = asked(staff).await?;
    let mut form = staff.form();
    let Some(change) = change(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &customer, &form)));
    };
    let update = UpdateCustomer { id: customer.id, change, expected: form.expected() };
    match once(staff, update).await {
        Err(Error::Stale(_)) => {
            let now = asked(staff).await?;
            Ok(outdated(staff, form, (now.version, &held(&now)), PAGE, |form| contents(staff, &now, form)))
        }
        edited => {
            let then = format!("customers/{}?done=saved", customer.id);
            after(staff, edited, &then, form, PAGE, |form| contents(staff, &customer, form))
        }
    }
}

fn held(customer: &Customer) -> Vec<Held> {
    vec![
        ("name", customer.name.to_string()),
        ("email", customer.email.as_str().to_owned()),
        ("phone", customer.phone.as_str().to_owned()),
        ("tax_exempt", customer.tax_exempt.map(Exemption::as_str).unwrap_or_default().to_owned()),
    ]
}

fn change(form: &mut Form) -> Option<CustomerChange> {
    let details = details(form);
    let tax_exempt = form.optional("tax_exempt", Exemption::parse);
    let CustomerDetails { name, email, phone } = details?;
    Some(CustomerChange { name: Some(name), email: Some(email), phone: Some(phone), tax_exempt: Some(tax_exempt?) })
}

fn contents(staff: &Staff, customer: &Customer, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Edit {}", customer.name),
        action: format!("customers/{}/edit", customer.id),
        back: format!("customers/{}", customer.id),
        button: "Save",
        is_final: false,
    };
    let fields = html! {
        (fields(form))
        (Field::choice(form, "tax_exempt", "Tax", &EXEMPTIONS))
    };
    dialog(staff, form, &place, &fields)
}
