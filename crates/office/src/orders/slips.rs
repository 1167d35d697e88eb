use domain::orders::Order;
use maud::{Markup, html};

use super::list::with_filter;
use super::show::{lines_of, shipping_method};
use super::{SECTION, asked, name, ship_many};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{alert, time};
use crate::request::Staff;

/// The packing slip of an order, to be printed.
pub(crate) async fn one(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let back = (with_filter(staff, &format!("orders/{}", order.id)), format!("Order {}", name(&order)));
    Ok(page(staff, SECTION, "Packing slip", &contents(staff, std::slice::from_ref(&order), back)))
}

/// The packing slips of the chosen orders, each on a sheet of its own.
pub(crate) async fn many(staff: &Staff) -> Answer {
    let (mut orders, left_out) = ship_many::chosen(staff, "printed").await?;
    let chosen = orders.len();
    orders.retain(has_units);
    let body = html! {
        @if let Some(left_out) = left_out { div.screen { (alert(&left_out)) } }
        @if let Some(cancelled) = cancelled(chosen - orders.len()) { div.screen { (alert(&cancelled)) } }
        (contents(staff, &orders, (with_filter(staff, "orders"), "Orders".to_owned())))
    };
    Ok(page(staff, SECTION, "Packing slips", &body))
}

/// Whether anything goes into the parcel of an order.
fn has_units(order: &Order) -> bool {
    order.to_ship().any(|(_, units)| units > 0)
}

/// The message on chosen orders without a packing slip; `None` if `orders` is 0.
fn cancelled(orders: usize) -> Option<String> {
    match orders {
        0 => None,
        1 => Some("1 of the chosen orders is cancelled and has no packing slip.".to_owned()),
        many => Some(format!("{many} of the chosen orders are cancelled and have no packing slip.")),
    }
}

/// Slips, below the way back to where they were asked for.
fn contents(staff: &Staff, orders: &[Order], (back, label): (String, String)) -> Markup {
    html! {
        div.heading.screen {
            h1 { "Packing slips" }
            div.actions {
                a.button href=(staff.to(&back)) { (label) }
                button.main type="button" data-prints hidden { "Print" }
            }
        }
        @if orders.is_empty() { p.empty { "Choose orders in the list first." } }
        @for order in orders { (slip(staff, order)) }
    }
}

fn slip(staff: &Staff, order: &Order) -> Markup {
    html! {
        section.card.sheet {
            div.in {
                p { strong { (staff.office.shop_name) } }
                h2 { "Order " (name(order)) }
                p.faint { (time(staff, order.placed_at)) }
                @if let Some(method) = shipping_method(order) { p { "Ship by " (method) } }
                @if let Some(address) = &order.shipping_address { pre.address { (lines_of(address).join("\n")) } }
            }
            @if has_units(order) { (units(order)) } @else {
                div.in { p { strong { "The order is cancelled: nothing goes into its parcel." } } }
            }
            @if let Some(note) = &order.note { div.in { p.note { (note.as_str()) } } }
        }
    }
}

fn units(order: &Order) -> Markup {
    html! {
        table {
            thead { tr { th { "SKU" } th { "Product" } th.number { "Units" } } }
            tbody {
                @for (line, units) in order.to_ship().filter(|(_, units)| *units > 0) {
                    tr {
                        td data-label="SKU" { @if let Some(sku) = &line.sku { (sku.as_str()) } }
                        td data-label="Product" { (line.name.as_str()) }
                        td.number data-label="Units" { (units) }
                    }
                }
            }
        }
    }
}
