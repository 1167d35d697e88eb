//! What became of an order: one list of history, payments, refunds, mails and notes, with who did it and when.

use std::cmp::Reverse;
use std::collections::HashMap;

use application::{AuditFilter, Error};
use domain::UtcDateTime;
use domain::access::Noun::Orders;
use domain::access::Scope::Write;
use domain::keys::Principal;
use domain::notes::NoteOwner;
use domain::orders::{EditedPart, HistoryEntry, Order, Tracking};
use domain::payments::{Payment, Refund, RefundStatus};
use domain::{Money, PageRequest};
use maud::{Markup, html};

use crate::parts::{amount, money, time};
use crate::request::{Staff, first};
use crate::settings::who::Names;
use crate::{mails, notes};

/// The most entries of the audit log that are read for an order.
const READ: i64 = 100;

/// An entry of the timeline.
struct Moment {
    at: UtcDateTime,
    what: Markup,
    who: Option<String>,
}

/// All that happened to an order, the latest first.
pub(super) async fn timeline(
    staff: &Staff,
    order: &Order,
    tracking: &Tracking,
    payments: &[Payment],
    refunds: &[Refund],
) -> Result<Markup, Error> {
    let actors = actors(staff, order).await?;
    let refunders = refunds.iter().filter_map(|refund| refund.requested_by).flat_map(Principal::either);
    let names = Names::of_all(staff, actors.values().copied().chain(refunders)).await?;
    let mut all: Vec<Moment> = tracking.history.iter().map(|entry| step(entry, &actors, &names)).collect();
    all.extend(payments.iter().map(of_payment));
    all.extend(refunds.iter().flat_map(|refund| [Some(of_refund(refund, &names)), outcome(refund)]).flatten());
    let owner = NoteOwner::Order(order.id);
    let latest = notes::Latest::of(staff, owner).await?;
    all.extend(latest.notes.into_iter().map(|(at, what)| Moment { at, what, who: None }));
    let mails = mails::of_order(staff, order.id).await?;
    all.extend(mails.into_iter().map(|(at, what)| Moment { at, what, who: None }));
    // Of two steps at one time, the later one stands first, too.
    all.reverse();
    all.sort_by_key(|moment| Reverse(moment.at));
    Ok(html! {
        section.card {
            h2 { "Timeline" }
            @if staff.may(Write(Orders)) { div.in { (notes::writing(staff, owner)) } }
            ul.timeline {
                @for Moment { at, what, who } in &all {
                    li {
                        (what)
                        div.byline {
                            span.faint { (time(staff, *at)) @if let Some(who) = who { ", " (who) } }
                        }
                    }
                }
            }
            @if latest.has_older { p.in.faint { "Of the notes, the latest " (notes::SHOWN) " are shown." } }
        }
    })
}

/// Who changed the order at which time. Only the entries of this order are read of the audit log, so that whoever may read
/// the order may know who. Customers are not in it.
pub(super) async fn actors(staff: &Staff, order: &Order) -> Result<HashMap<UtcDateTime, Principal>, Error> {
    let filter =
        AuditFilter { resource: Some("order".to_owned()), resource_id: Some(order.id.0), ..AuditFilter::default() };
    let page: PageRequest = first(READ);
    let found = staff.office.queries.audit.list(&filter, &page).await?;
    Ok(found.items.into_iter().map(|entry| (entry.at, entry.actor.who)).collect())
}

fn step(entry: &HistoryEntry, actors: &HashMap<UtcDateTime, Principal>, names: &Names) -> Moment {
    let what = html! {
        @match &entry.edited[..] {
            [] if entry.replaced.is_some() => "Tracking corrected",
            [] => (entry.status.as_str()),
            [EditedPart::ShippingAddress] => "Address changed",
            [EditedPart::Note] => "The customer's note changed",
            _ => "Address and the customer's note changed",
        }
        @if let Some(note) = &entry.note { p.note { (note.as_str()) } }
    };
    Moment { at: entry.at, what, who: actors.get(&entry.at).map(|who| names.get(*who)) }
}

/// The entry for the beginning of a payment. Its outcome is shown with the payments of the order.
fn of_payment(payment: &Payment) -> Moment {
    let how = payment.method_label.as_ref().map_or(payment.provider.as_str(), |label| label.as_str());
    let what = html! { "Payment of " (money(payment.money(payment.amount))) " by " (how) " begun" };
    Moment { at: payment.created_at, what, who: None }
}

/// The entry for the decision of a refund.
fn of_refund(refund: &Refund, names: &Names) -> Moment {
    let what = html! {
        "Refund of " (sum(refund)) " begun, " (refund.reason.as_str().replace('_', " "))
        @if let Some(note) = &refund.note { p.note { (note.as_str()) } }
    };
    Moment { at: refund.created_at, what, who: refund.requested_by.map(|id| names.get_by_id(id)) }
}

/// The entry for the outcome of a refund; `None` while it is pending.
fn outcome(refund: &Refund) -> Option<Moment> {
    let became = match refund.status {
        RefundStatus::Pending => return None,
        RefundStatus::Succeeded => " has gone back",
        RefundStatus::Failed => " has failed: the money did not go back",
    };
    Some(Moment { at: refund.finished_at?, what: html! { "Refund of " (sum(refund)) (became) }, who: None })
}

fn sum(refund: &Refund) -> String {
    amount(Money { amount: refund.amount, currency: refund.currency })
}
