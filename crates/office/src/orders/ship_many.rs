use application::{Claim, Conflict, Error};
use domain::orders::{Carrier, Order, OrderFilter, OrderId, OrderNumber, OrderScope, Parcel, TrackingNumber};
use domain::{Limit, PageRequest};
use maud::{Markup, html};

use super::advance::send_out;
use super::filter::understood;
use super::list::{ALL, filters, first_of_all, with_filter};
use super::refused::already;
use super::{SECTION, name};
use crate::act::{mistyped, redirect};
use crate::form::Form;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{Field, MOST_CHOSEN, Picked, SHIPPED, address, alert, key, problems};
use crate::request::Staff;

const PAGE: (&str, &str) = (SECTION, "Ship many");

/// The most orders that are shipped at once.
const MOST: usize = MOST_CHOSEN;

/// The form for many orders, with the chosen ones.
pub(crate) async fn form(staff: &Staff) -> Answer {
    let (orders, left_out) = chosen(staff, "shipped").await?;
    let lines: Vec<_> = orders.iter().map(|order| format!("{}, ", name(order))).collect();
    let form = Form::showing([("lines", lines.join("\n"))]);
    let body = html! {
        @if let Some(left_out) = left_out { (alert(&left_out)) }
        (contents(staff, &form, &[]))
    };
    Ok(page(staff, SECTION, PAGE.1, &body))
}

/// The orders that were chosen in the list: one by one, or all that it finds, the first [`MOST`] of them. If more were
/// chosen one by one, the second value says so. `done` is what becomes of the orders.
pub(super) async fn chosen(staff: &Staff, done: &str) -> Result<(Vec<Order>, Option<String>), Error> {
    if staff.query(ALL).is_some() {
        let filter = understood(staff).await?;
        return Ok((first_of_all(staff, &filter).await?.items, None));
    }
    let picked = Picked::in_query(staff);
    let left_out = picked.left_out("orders", done);
    let ids: Vec<_> = picked.ids.into_iter().map(OrderId).collect();
    if ids.is_empty() {
        return Ok((Vec::new(), left_out));
    }
    let filter = OrderFilter { ids: ids.clone(), ..OrderFilter::default() };
    let mut orders = first_of_all(staff, &filter).await?.items;
    orders.sort_by_key(|order| ids.iter().position(|id| *id == order.id));
    Ok((orders, left_out))
}

/// Ships many orders, each on its own. Those that cannot be shipped stay in the form, each with the reason.
pub(crate) async fn ship(staff: &Staff) -> Answer {
    let mut form = staff.form();
    let carrier = form.optional("carrier", Carrier::parse);
    let lines: Vec<_> = form
        .text("lines")
        .unwrap_or_default()
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    let Some(carrier) = carrier else { return Ok(mistyped(staff, PAGE, &contents(staff, &form, &[]))) };
    if lines.is_empty() || lines.len() > MOST {
        form.message = Some(format!("Give 1 to {MOST} lines, each with an order number and its tracking number."));
        return Ok(mistyped(staff, PAGE, &contents(staff, &form, &[])));
    }
    let (mut shipped, mut left, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    let claim = staff.claim();
    for (place, line) in lines.iter().enumerate() {
        let claim = claim.as_ref().and_then(|claim| claim.part(place).ok());
        match ship_one(staff, line, carrier.clone(), claim).await? {
            Ok(id) => shipped.push(id.to_string()),
            Err(reason) => {
                left.push(line.clone());
                reasons.push(format!("{line}: {reason}"));
            }
        }
    }
    if left.is_empty() {
        let ids = shipped.iter().map(|id| (SHIPPED, id.as_str()));
        return Ok(redirect(staff, &address("orders", filters(staff).chain([("done", "shipped")]).chain(ids))));
    }
    let carrier = carrier.map(|carrier| carrier.to_string()).unwrap_or_default();
    let mut again = Form::showing([("lines", left.join("\n")), ("carrier", carrier)]);
    again.message = Some(format!("{} shipped, {} not. {}", shipped.len(), left.len(), reasons.join(" · ")));
    Ok(mistyped(staff, PAGE, &contents(staff, &again, &shipped)))
}

/// The way to the packing slips of what was just shipped together, above the list.
pub(super) fn just_shipped(staff: &Staff) -> Markup {
    let ids = staff.queries().iter().filter(|(name, _)| name == SHIPPED).map(|(_, id)| id.clone());
    slips_of(staff, &ids.collect::<Vec<_>>())
}

fn slips_of(staff: &Staff, ids: &[String]) -> Markup {
    let slips = address("orders/slips", filters(staff).chain(ids.iter().map(|id| ("id", id.as_str()))));
    html! { @if !ids.is_empty() { p { a.button href=(staff.to(&slips)) { "Print the packing slips of what was shipped" } } } }
}

/// Ships the order of a line such as `7F3K-01, 1Z999`, and says which it is. Gives the reason if it cannot be shipped.
async fn ship_one(
    staff: &Staff,
    line: &str,
    carrier: Option<Carrier>,
    claim: Option<Claim>,
) -> Result<Result<OrderId, String>, Error> {
    let (number, tracking) = line.split_once([',', ';', '\t']).unwrap_or((line, ""));
    let number = match OrderNumber::parse(number.trim()) {
        Ok(number) => number,
        Err(invalid) => return Ok(Err(format!("the order number {invalid}"))),
    };
    let tracking = tracking.trim();
    let tracking_number = match (!tracking.is_empty()).then(|| TrackingNumber::parse(tracking)).transpose() {
        Ok(tracking) => tracking,
        Err(invalid) => return Ok(Err(format!("the tracking number {invalid}"))),
    };
    let filter = OrderFilter { number: Some(number), ..OrderFilter::default() };
    let one = PageRequest { limit: Limit::DEFAULT, after: None };
    let found = staff.office.queries.orders.list(OrderScope::All, &filter, &one).await?;
    let Some(order) = found.items.first() else { return Ok(Err("there is no such order".to_owned())) };
    match send_out(staff, order, Parcel { carrier, tracking_number }, None, claim).await {
        Ok(()) => Ok(Ok(order.id)),
        Err(Error::Conflict(Conflict::OrderStep { status, allowed })) => {
            let refusal = Error::from(Conflict::OrderStep { status, allowed });
            let already = already(staff, order).await?;
            Ok(Err(already.unwrap_or_else(|| staff.explain(refusal).detail.into_owned())))
        }
        Err(error) if error.is_refusal() => Ok(Err(staff.explain(error).detail.into_owned())),
        Err(error) => Err(error),
    }
}

/// The form, below the way to the packing slips of these, which it has shipped already.
fn contents(staff: &Staff, form: &Form, shipped: &[String]) -> Markup {
    let place = |page: &str| staff.to(&with_filter(staff, page));
    html! {
        p.back { a href=(place("orders")) { "Orders" } }
        h1 { "Ship many" }
        (problems(form))
        (slips_of(staff, shipped))
        form.card.form method="post" action=(place("orders/ship")) {
            (key(staff, form))
            (Field::text(form, "carrier", "Carrier").max(Carrier::MAX).hint("The same for all."))
            (Field::text(form, "lines", "Orders").lines(12).required().focused()
                .hint("A line for each: order number, tracking number. Pasted from a carrier's file, for example. At most 100 at once."))
            div.actions { a.button href=(place("orders")) { "Not now" } button.main { "Ship" } }
        }
    }
}
