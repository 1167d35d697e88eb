use application::customers::DeleteCustomer;
use domain::customers::Customer;
use maud::{Markup, html};

use super::{SECTION, asked};
use crate::act::{after, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Erase customer");

/// Asks whether a customer is erased, and says what goes and what stays.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let customer = asked(staff).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &customer, &Form::default())))
}

/// Erases a customer.
pub(crate) async fn erase(staff: &Staff) -> Answer {
    let customer = asked(staff).await?;
    let erased = once(staff, DeleteCustomer { id: customer.id, expected: None }).await;
    let form = staff.form();
    after(staff, erased, "customers?done=erased", form, PAGE, |form| contents(staff, &customer, form))
}

fn contents(staff: &Staff, customer: &Customer, form: &Form) -> Markup {
    let place = Dialog {
        title: format!("Erase {}", customer.name),
        action: format!("customers/{}/erase", customer.id),
        back: format!("customers/{}", customer.id),
        button: "Erase the customer",
        is_final: true,
    };
    dialog(
        staff,
        form,
        &place,
        &html! {
            p { strong { "Deleted:" } }
            ul {
                li { "name, email address and phone number" }
                li { "the account with its logins, and the cart" }
                li { "addresses and notes of all orders" }
                li { "personal data in the audit log" }
            }
            p { strong { "Kept:" } }
            ul { li { "orders with their products, amounts and payments, without a name" } }
            p { "This cannot be undone." }
        },
    )
}
