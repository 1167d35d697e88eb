use application::customers::CreateCustomer;
use domain::customers::{CustomerDetails, CustomerName, EmailAddress, PhoneNumber};
use maud::{Markup, html};

use super::SECTION;
use crate::act::{after, made, mistyped};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, Field, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "New customer");

/// Asks for a new customer.
pub(crate) async fn form(staff: &Staff) -> Answer {
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &Form::default())))
}

/// Creates a customer, without an account.
pub(crate) async fn create(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let Some(details) = details(&mut form) else {
        return Ok(mistyped(staff, PAGE, &contents(staff, &form)));
    };
    let created = made(staff, CreateCustomer(details), |customer| customer.id.to_string()).await;
    let (then, created) = match created {
        Ok(id) => (format!("customers/{id}?done=created"), Ok(())),
        Err(error) => (String::new(), Err(error)),
    };
    after(staff, created, &then, form, PAGE, |form| contents(staff, form))
}

/// Who a customer is. All are parsed, so that each that is refused says so.
pub(super) fn details(form: &mut Form) -> Option<CustomerDetails> {
    let name = form.required("name", CustomerName::parse);
    let email = form.required("email", |raw| EmailAddress::parse(raw.trim()));
    let phone = form.required("phone", PhoneNumber::parse);
    Some(CustomerDetails { name: name?, email: email?, phone: phone? })
}

/// The fields of [`details`].
pub(super) fn fields(form: &Form) -> Markup {
    html! {
        (Field::text(form, "name", "Name").max(CustomerName::MAX).required().focused())
        (Field::text(form, "email", "Email").kind("email").max(EmailAddress::MAX).required())
        (Field::text(form, "phone", "Phone").kind("tel").max(PhoneNumber::MAX).required()
            .hint("With + and the code of the country, such as +1 415 555 0100."))
    }
}

fn contents(staff: &Staff, form: &Form) -> Markup {
    let place = Dialog {
        title: PAGE.1.to_owned(),
        action: "customers/new".to_owned(),
        back: "customers".to_owned(),
        button: "Create",
        is_final: false,
    };
    dialog(staff, form, &place, &fields(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_is_refused_says_so_r243_r249() {
        let mut form = Form::showing([("name", "Ann"), ("email", "nobody"), ("phone", "1")]);
        assert!(details(&mut form).is_none());
        assert!(form.fault("name").is_none());
        assert!(form.fault("email").unwrap().contains("ann@example.com"));
        assert!(form.fault("phone").unwrap().contains("must begin with +"));
        let mut good =
            Form::showing([("name", " Ann "), ("email", " ann@example.com "), ("phone", "+1 (415) 555-0100")]);
        let details = details(&mut good).unwrap();
        assert_eq!((details.name.as_str(), details.phone.as_str()), ("Ann", "+14155550100"));
    }
}
