//! What the shop writes to its customers, and to those who run it.

use application::Error;
use domain::access::Noun::Customers;
use domain::access::Scope::Read;
use domain::customers::{CustomerId, EmailAddress};
use domain::mails::{MailFilter, Message, MessageStatus, Reply, Topic};
use domain::orders::OrderId;
use domain::{MailTemplate, UtcDateTime, Uuid};
use maud::{Markup, html};

use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, pager, status_tabs, time};
use crate::request::{Staff, first};

const SECTION: &str = "Settings";
const PAGE: &str = "mails";
const LIST: &str = "mails";

const TABS: [(&str, &str); 5] =
    [("All", ""), ("Waiting", "pending"), ("Sent", "sent"), ("Not delivered", "dead"), ("Not needed", "unneeded")];

/// The most mails in the timeline of an order.
const SHOWN: i64 = 50;

/// Mails, newest first: all, or those of one status, of an order or of a customer.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let id = |name: &str| staff.query(name).and_then(|id| Uuid::try_parse(id).ok());
    let filter = MailFilter {
        status: staff.query("status").and_then(|status| MessageStatus::parse(status).ok()),
        order_id: id("order").map(OrderId),
        customer_id: id("customer").map(CustomerId),
    };
    let found = staff.office.queries.mails.list(&filter, &staff.list_page(LIST)).await?;
    let sees_addresses = staff.may(Read(Customers));
    let body = html! {
        p.back { a href=(staff.to("settings")) { "Settings" } }
        h1 { "Mails" @if filter.order_id.is_some() { " of an order" } @else if filter.customer_id.is_some() { " of a customer" } }
        nav.tabs aria-label="Mails by status" { (status_tabs(staff, PAGE, &TABS, &["order", "customer"])) }
        @if found.items.is_empty() { p.empty { "No mails found. What is done is kept for 30 days." } } @else {
            div.card {
                table {
                    thead {
                        tr { th { "Mail" } th { "Status" } th { "Queued" } @if sees_addresses { th { "To" } } th.number { "Tries" } th { "The mail server said" } }
                    }
                    tbody { @for message in &found.items { (row(staff, message, sees_addresses)) } }
                }
            }
        }
        (pager(staff, PAGE, LIST, found.next.as_ref()))
    };
    Ok(page(staff, SECTION, "Mails", &body))
}

fn row(staff: &Staff, message: &Message, sees_addresses: bool) -> Markup {
    let Message { topic: Topic { template, subject_id, recipient, .. }, status, attempts, .. } = message;
    let address = recipient.as_ref().map_or("its customer or the shop", EmailAddress::as_str);
    html! {
        tr {
            td data-label="Mail" {
                @if is_of_order(*template) {
                    a.name href=(staff.to(&format!("orders/{}", subject_id.as_hyphenated()))) { (named(*template)) }
                } @else { span.name { (named(*template)) } }
            }
            td data-label="Status" { (badge(status.as_str())) }
            td data-label="Queued" {
                (time(staff, message.created_at))
                @if let Some(next) = message.next_at.filter(|_| *attempts > 0) { br; span.faint { "again " (time(staff, next)) } }
            }
            @if sees_addresses { td data-label="To" { span.word { (address) } } }
            td.number data-label="Tries" { (attempts) }
            td data-label="The mail server said" { span.word { (message.reply.as_ref().map_or("", Reply::as_str)) } }
        }
    }
}

/// Whether a mail is about an order itself, so that its subject has a page.
const fn is_of_order(template: MailTemplate) -> bool {
    matches!(template, MailTemplate::OrderReceived | MailTemplate::OrderConfirmed | MailTemplate::OrderCancelled)
}

/// What a mail is called.
fn named(template: MailTemplate) -> String {
    template.as_str().replace('_', " ")
}

/// The latest mails of an order, each with its time.
///
/// # Errors
/// If the database does not answer.
pub(crate) async fn of_order(staff: &Staff, order_id: OrderId) -> Result<Vec<(UtcDateTime, Markup)>, Error> {
    let filter = MailFilter { order_id: Some(order_id), ..MailFilter::default() };
    let found = staff.office.queries.mails.list(&filter, &first(SHOWN)).await?;
    Ok(found.items.iter().map(|message| (message.done_at.unwrap_or(message.created_at), entry(message))).collect())
}

/// What became of a mail, in words.
fn entry(message: &Message) -> Markup {
    let became = match message.status {
        MessageStatus::Pending if message.attempts == 0 => "is to be sent",
        MessageStatus::Pending => "could not be sent yet",
        MessageStatus::Sent => "was sent",
        MessageStatus::Dead => "was not delivered",
        MessageStatus::Unneeded => "was not needed",
    };
    html! {
        "Mail “" (named(message.topic.template)) "” " (became)
        @if let Some(reply) = message.reply.as_ref().filter(|_| message.status != MessageStatus::Sent) { p.note { (reply.as_str()) } }
    }
}
