use std::collections::{HashMap, HashSet};

use application::Error;
use domain::access::Noun::{Customers, Orders, Payments, Products};
use domain::access::Scope::{Read, Write};
use domain::addresses::{Address, Company, PostalCode, Recipient, Region, Street};
use domain::customers::{Customer, PhoneNumber};
use domain::media::Shown;
use domain::orders::{Order, OrderId, OrderScope, OrderStatus, Tracking};
use domain::payments::Payment;
use domain::products::ProductId;
use maud::{Markup, html};

use super::list::{Neighbours, with_filter};
use super::money::MoneyOf;
use super::timeline::timeline;
use super::totals::totals;
use super::{SECTION, asked, name};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, date, money};
use crate::products::thumb;
use crate::request::Staff;

/// An order, with all that is known of it.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let order = asked(staff).await?;
    let queries = &staff.office.queries;
    let tracking = queries.orders.tracking(order.id, OrderScope::All).await?.ok_or(Error::NotFound("order"))?;
    let customer = if staff.may(Read(Customers)) { queries.customers.get(order.customer_id).await? } else { None };
    let money = if staff.may(Read(Payments)) { MoneyOf::order(staff, &order).await? } else { MoneyOf::default() };
    let goods = Goods::of(staff, &order).await?;
    let timeline = timeline(staff, &order, &tracking, &money.payments, &money.refunds).await?;
    let Neighbours { previous, next } = Neighbours::of(staff, &order).await?;
    let place = |id: OrderId| staff.to(&with_filter(staff, &format!("orders/{id}")));
    let body = html! {
        p.back { a href=(staff.to(&with_filter(staff, "orders"))) { "Orders" } }
        div.heading {
            h1 { "Order " (name(&order)) }
            (badge(order.status.as_str()))
            @if let Some(balance) = &order.balance { (badge(balance.status.as_str())) }
            (actions(staff, &order, &money.payments))
        }
        div.columns {
            div {
                (lines(staff, &order, &goods))
                @if order.balance.is_some() && staff.may(Read(Payments)) { (money.shown(staff, &order)) }
            }
            div {
                (buyer(staff, &order, customer.as_ref()))
                (delivery(staff, &order, &tracking))
                (timeline)
            }
        }
        nav.pager aria-label="Orders of the list" {
            @if let Some(previous) = previous { a.button rel="prev" href=(place(previous)) { "Previous order" } }
            @if let Some(next) = next { a.button rel="next" href=(place(next)) { "Next order" } }
        }
    };
    Ok(page(staff, SECTION, &format!("Order {}", name(&order)), &body))
}

/// What can be done with the order now.
fn actions(staff: &Staff, order: &Order, payments: &[Payment]) -> Markup {
    let place = |verb: &str| staff.to(&with_filter(staff, &format!("orders/{}/{verb}", order.id)));
    let next = |status: OrderStatus| order.status.next().contains(&status);
    let refundable = payments.iter().any(|payment| payment.refundable() > 0);
    html! {
        div.actions {
            @if staff.may(Write(Orders)) {
                @if next(OrderStatus::Cancelled) { a.button data-opens href=(place("cancel")) { "Cancel" } }
            }
            @if order.status != OrderStatus::Cancelled { a.button href=(place("slip")) { "Packing slip" } }
            @if staff.may(Write(Payments)) && refundable { a.button data-opens href=(place("refund")) { "Refund" } }
            @if staff.may(Write(Orders)) {
                @if next(OrderStatus::Processing) { a.button data-opens href=(place("advance")) { "Prepare" } }
                @if next(OrderStatus::Shipped) || next(OrderStatus::Processing) {
                    a.button.main data-opens href=(place("ship")) { "Ship" }
                }
                @if next(OrderStatus::Delivered) { a.button.main data-opens href=(place("advance")) { "Mark delivered" } }
            }
        }
    }
}

/// What there is of the products of an order now.
struct Goods {
    pictures: HashMap<ProductId, Shown>,
    /// Those that are not deleted.
    known: HashSet<ProductId>,
}

impl Goods {
    async fn of(staff: &Staff, order: &Order) -> Result<Self, Error> {
        let queries = &staff.office.queries;
        let ids: Vec<_> = order.lines.iter().map(|line| line.product_id).collect();
        let known = queries.products.summaries(&ids).await?.into_iter().map(|product| product.id).collect();
        Ok(Self { pictures: queries.media.first_of_products(&ids).await?, known })
    }
}

fn lines(staff: &Staff, order: &Order, goods: &Goods) -> Markup {
    let has_page = |id: &ProductId| staff.may(Read(Products)) && goods.known.contains(id);
    html! {
        section.card {
            h2 { "Items" }
            table {
                thead { tr { th { span.hidden { "Picture" } } th { "Product" } th.number { "Price" } th.number { "Units" } th.number { "Total" } } }
                tbody {
                    @for line in &order.lines {
                        tr {
                            td.picture { (thumb(staff, goods.pictures.get(&line.product_id), line.name.as_str())) }
                            td data-label="Product" {
                                @if has_page(&line.product_id) {
                                    a href=(staff.to(&format!("products/{}", line.product_id))) { (line.name.as_str()) }
                                } @else { (line.name.as_str()) }
                                @if let Some(sku) = &line.sku { br; span.faint { (sku.as_str()) } }
                            }
                            td.number data-label="Price" { (money(line.unit_price)) }
                            td.number data-label="Units" { (line.quantity.get()) }
                            td.number data-label="Total" { (money(line.line_total)) }
                        }
                    }
                }
            }
            (totals(order))
        }
    }
}

fn buyer(staff: &Staff, order: &Order, customer: Option<&Customer>) -> Markup {
    html! {
        section.card {
            h2 { "Customer" }
            div.in {
                @if let Some(customer) = customer {
                    p {
                        a href=(staff.to(&format!("customers/{}", customer.id))) { (customer.name.as_str()) }
                        br; (customer.email.as_str())
                    }
                }
                @match &order.shipping_address {
                    Some(address) => pre.address #address { (lines_of(address).join("\n")) },
                    None => p.faint { "No address" },
                }
                @if order.shipping_address.is_some() { button.plain type="button" data-copies="address" hidden { "Copy address" } }
                @if let Some(note) = &order.note { p.note { (note.as_str()) } }
                @if staff.may(Write(Orders)) && order.is_editable() {
                    p { a.button data-opens data-key="e" href=(staff.to(&with_filter(staff, &format!("orders/{}/edit", order.id)))) { "Edit address" } }
                }
            }
        }
    }
}

/// An address as it stands on a parcel.
pub(super) fn lines_of(address: &Address) -> Vec<String> {
    let text = |part: Option<&str>| part.map(ToOwned::to_owned);
    let city = [address.postal_code.as_ref().map(PostalCode::as_str), Some(address.city.as_str())];
    let city: Vec<_> = city.into_iter().flatten().collect();
    let lines = [
        text(address.name.as_ref().map(Recipient::as_str)),
        text(address.company.as_ref().map(Company::as_str)),
        text(Some(address.line1.as_str())),
        text(address.line2.as_ref().map(Street::as_str)),
        Some(city.join(" ")),
        text(address.region.as_ref().map(Region::as_str)),
        text(Some(address.country.as_str())),
        text(address.phone.as_ref().map(PhoneNumber::as_str)),
    ];
    lines.into_iter().flatten().collect()
}

/// The shipping method that the buyer chose, by its name and its code.
pub(super) fn shipping_method(order: &Order) -> Option<Markup> {
    let chosen = order.shipping()?;
    Some(html! { (chosen.label) " " span.faint { (chosen.code) } })
}

fn delivery(staff: &Staff, order: &Order, tracking: &Tracking) -> Markup {
    html! {
        section.card {
            h2 { "Delivery" }
            div.in {
                dl.facts {
                    @if let Some(method) = shipping_method(order) { dt { "Method" } dd { (method) } }
                    dt { "Expected" } dd { (date(tracking.expected_delivery)) }
                    @if let Some(carrier) = &tracking.carrier { dt { "Carrier" } dd { (carrier.as_str()) } }
                    @if let Some(number) = &tracking.tracking_number { dt { "Tracking" } dd { code { (number.as_str()) } } }
                }
                @if order.status == OrderStatus::Shipped && staff.may(Write(Orders)) {
                    a.button data-opens href=(staff.to(&with_filter(staff, &format!("orders/{}/tracking", order.id)))) { "Correct" }
                }
            }
        }
    }
}
