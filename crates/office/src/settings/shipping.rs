use domain::access::Noun::Shipping;
use domain::access::Scope::Write;
use domain::pricing::{Basis, ShippingTax, Tier, TierCost, TierStep, Tiers};
use domain::shipping_methods::{Days, DeliveryDays, MethodFilter, ShippingMethod};
use domain::zones::{Zone, ZoneFilter};
use domain::{Money, Shop};
use maud::{Markup, html};

use super::{SECTION, choices, heading};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{amount, badge, pager};
use crate::request::Staff;

const PAGE: &str = "settings/shipping";
/// The lists of the page.
const METHODS: &str = "shipping methods";
const ZONES: &str = "zones";

/// Zones, and the ways to ship into them.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let queries = &staff.office.queries;
    let zones = queries.zones.list(&ZoneFilter::default(), &staff.list_page(ZONES)).await?;
    let methods = queries.shipping_methods.list(&MethodFilter::default(), &staff.list_page(METHODS)).await?;
    let names = choices::zones(staff).await?;
    let may = staff.may(Write(Shipping));
    let actions = html! {
        @if may {
            a.button data-opens href=(staff.to("settings/zones/new")) { "New zone" }
            a.button.main data-opens data-key="n" href=(staff.to("settings/shipping-methods/new")) { "New method" }
        }
    };
    let body = html! {
        (heading(staff, "Shipping", &actions))
        section.card {
            h2 { "Methods" }
            @if methods.items.is_empty() { p.empty { "There is no method: orders are shipped for nothing." } } @else {
                table {
                    thead { tr { th { "Method" } th { "Zone" } th { "Status" } th { "Cost" } th { "Days" } @if may { th {} } } }
                    tbody { @for method in &methods.items { (row(staff, method, &names)) } }
                }
            }
        }
        (pager(staff, PAGE, METHODS, methods.next.as_ref()))
        section.card {
            h2 { "Zones" }
            @if zones.items.is_empty() { p.empty { "There is no zone." } } @else {
                table {
                    thead { tr { th { "Zone" } th { "Areas" } th { "Tax of shipping" } @if may { th {} } } }
                    tbody { @for zone in &zones.items { (zone_row(staff, zone)) } }
                }
            }
        }
        (pager(staff, PAGE, ZONES, zones.next.as_ref()))
    };
    Ok(page(staff, SECTION, "Shipping", &body))
}

/// The ways to what can be done with a row, of the pages below `place`.
pub(super) fn row_actions(staff: &Staff, place: &str, actions: &[(&'static str, impl AsRef<str>)]) -> Markup {
    html! {
        @if staff.may(Write(Shipping)) {
            td {
                div.actions {
                    @for (label, page) in actions { a.button data-opens href=(staff.to(&format!("{place}/{}", page.as_ref()))) { (label) } }
                }
            }
        }
    }
}

const ROW: [(&str, &str); 2] = [("Edit", "edit"), ("Delete", "delete")];

fn row(staff: &Staff, method: &ShippingMethod, zones: &[(String, String)]) -> Markup {
    let shop = staff.office.shop;
    let details = &method.details;
    html! {
        tr {
            td data-label="Method" {
                span.name { (details.name.as_str()) }
                br; span.faint { (details.code.as_str()) }
            }
            td data-label="Zone" { (choices::named(zones, details.zone_id)) }
            td data-label="Status" { (badge(details.status.as_str())) }
            td data-label="Cost" {
                (cost(shop, &details.tiers, details.basis))
                @if let Some(from) = details.free_from { br; "Free from " (amount(shop.money(from))) }
            }
            td data-label="Days" { (days(details.days)) }
            (row_actions(staff, &format!("settings/shipping-methods/{}", method.id), &ROW))
        }
    }
}

/// What a method costs, a line for each tier.
fn cost(shop: Shop, tiers: &Tiers, basis: Basis) -> Markup {
    let value = |value: i64| match basis {
        Basis::Subtotal => amount(Money { amount: value, currency: shop.currency }),
        Basis::Weight => format!("{value} g"),
        Basis::Quantity => format!("{value} units"),
        Basis::Flat => value.to_string(),
    };
    html! {
        @for (place, Tier { from, cost }) in tiers.as_slice().iter().enumerate() {
            @if place > 0 { br; "from " (value(*from)) ": " }
            @match cost {
                None => "not offered",
                Some(TierCost { amount: base, step }) => {
                    (amount(shop.money(*base)))
                    @if let Some(TierStep { per, amount: each }) = step { ", and " (amount(shop.money(*each))) " for each " (value(*per)) }
                },
            }
        }
    }
}

fn days(days: DeliveryDays) -> String {
    match (days.min().map(Days::get), days.max().map(Days::get)) {
        (Some(min), Some(max)) if min == max => format!("{min}"),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("{min} or more"),
        (None, Some(max)) => format!("up to {max}"),
        (None, None) => String::new(),
    }
}

fn zone_row(staff: &Staff, zone: &Zone) -> Markup {
    html! {
        tr {
            td data-label="Zone" { span.name { (zone.name.as_str()) } }
            td data-label="Areas" { (zone.members.to_string()) }
            td data-label="Tax of shipping" {
                (zone.shipping_tax.as_ref().map_or_else(|| "as the shop does".to_owned(), ShippingTax::to_string))
            }
            (row_actions(staff, &format!("settings/zones/{}", zone.id), &ROW))
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Currency, Price};

    use super::*;

    #[test]
    fn tiers_and_days_are_said_in_words_r245() {
        let shop = Shop { currency: Currency::default(), lead_time_days: 3 };
        let step = TierStep { per: 1000, amount: Price::from_trusted(100) };
        let tiers = Tiers::from_trusted(vec![
            Tier { from: 0, cost: Some(TierCost { amount: Price::from_trusted(490), step: None }) },
            Tier { from: 2000, cost: Some(TierCost { amount: Price::from_trusted(690), step: Some(step) }) },
            Tier { from: 31_500, cost: None },
        ]);
        let shown = cost(shop, &tiers, Basis::Weight).into_string().replace('\u{a0}', " ");
        let expected = "4.90 USD<br>from 2000 g: 6.90 USD, and 1.00 USD for each 1000 g<br>from 31500 g: not offered";
        assert_eq!(shown, expected);
        let tiers = Tiers::from_trusted(vec![
            Tier { from: 0, cost: Some(TierCost { amount: Price::from_trusted(490), step: None }) },
            Tier { from: 5000, cost: Some(TierCost { amount: Price::from_trusted(0), step: Some(step) }) },
        ]);
        let shown = cost(shop, &tiers, Basis::Subtotal).into_string().replace('\u{a0}', " ");
        assert_eq!(shown, "4.90 USD<br>from 50.00 USD: 0.00 USD, and 1.00 USD for each 10.00 USD", "goods are money");
        let of = |min, max| days(DeliveryDays::from_trusted(min, max));
        let two = Some(Days::from_trusted(2));
        assert_eq!((of(two, two).as_str(), of(None, two).as_str(), of(None, None).as_str()), ("2", "up to 2", ""));
    }
}
