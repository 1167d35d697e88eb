use application::Error;
use application::customers::DeleteCustomer;
use domain::Limit;
use domain::access::Noun::Orders;
use domain::access::Scope::Read;
use domain::customers::Customer;
use domain::orders::{OrderFilter, OrderScope, OrderStage};
use maud::{Markup, html};

use super::{SECTION, asked};
use crate::act::{after, once};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Dialog, dialog};
use crate::request::{Staff, first};

const PAGE: (&str, &str) = (SECTION, "Erase customer");

/// Asks whether a customer is erased, and says what goes and what stays.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let customer = asked(staff).await?;
    let unshipped = unshipped(staff, &customer).await?;
    Ok(page(staff, SECTION, PAGE.1, &contents(staff, &customer, unshipped, &Form::default())))
}

/// Erases a customer.
pub(crate) async fn erase(staff: &Staff) -> Answer {
    let customer = asked(staff).await?;
    let unshipped = unshipped(staff, &customer).await?;
    let erased = once(staff, DeleteCustomer { id: customer.id, expected: None }).await;
    let form = staff.form();
    after(staff, erased, "customers?done=erased", form, PAGE, |form| contents(staff, &customer, unshipped, form))
}

/// How many orders of the customer are not shipped yet, up to [`Limit::MAX`], whether they are paid or not.
async fn unshipped(staff: &Staff, customer: &Customer) -> Result<usize, Error> {
    let mut unshipped = 0;
    for status in OrderStage::ToShip.statuses() {
        let filter = OrderFilter { customer_id: Some(customer.id), status: Some(*status), ..OrderFilter::default() };
        unshipped += staff.office.queries.orders.list(OrderScope::All, &filter, &first(Limit::MAX)).await?.items.len();
    }
    Ok(unshipped)
}

/// The warning that orders lose their addresses before they are shipped.
fn warning(staff: &Staff, customer: &Customer, unshipped: usize) -> Markup {
    let many = usize::try_from(Limit::MAX).is_ok_and(|most| unshipped >= most);
    let count = if many { format!("{unshipped} or more") } else { unshipped.to_string() };
    let open = format!("orders?customer={}&stage=open", customer.id);
    html! {
        @if unshipped > 0 {
            div.problems {
                (count) @if unshipped == 1 { " order is" } @else { " orders are" } " not shipped yet: print their packing slips first, since \
                 their addresses are deleted."
                @if staff.may(Read(Orders)) { " " a href=(staff.to(&open)) { "Show them" } }
            }
        }
    }
}

fn contents(staff: &Staff, customer: &Customer, unshipped: usize, form: &Form) -> Markup {
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
            (warning(staff, customer, unshipped))
            p { strong { "Deleted:" } }
            ul {
                li { "name, email address and phone number" }
                li { "the account with its logins, and the cart" }
                li { "addresses and notes of all orders" }
                li { "notes of staff on the customer and on these orders" }
                li { "mails, also those that are still to be sent" }
                li { "codes of promotions that only this customer may use" }
                li { "personal data in the audit log" }
            }
            p { strong { "Kept:" } }
            ul { li { "orders with their products, amounts and payments, without a name" } }
            p { "This cannot be undone." }
        },
    )
}
