use application::Error;
use domain::Money;
use domain::access::Noun::{Orders, Payments, Products, Reports, Stock};
use domain::access::Scope::Read;
use domain::orders::{Order, OrderFilter, OrderPaymentStatus, OrderScope};
use domain::payments::PaymentFilter;
use domain::reports::{Sales, SalesRow};
use domain::restocks::{RestockFilter, RestockStatus};
use maud::{Markup, html};

use crate::figures::Figures;
use crate::first_start;
use crate::layout::page;
use crate::orders::list;
use crate::page::Answer;
use crate::parts::amount;
use crate::reports::sales_bars;
use crate::request::{Staff, first};
use crate::waiting::COUNTED;

/// Something that is to be done.
struct ToDo {
    count: usize,
    one: &'static str,
    many: &'static str,
    page: &'static str,
    /// What they come to, if that is of interest.
    sum: Option<String>,
}

/// What sold today, what is to be done, and what came in last.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let now = staff.office.clock.now();
    let (reports, calendar) = (staff.office.queries.reports.as_ref(), staff.office.calendar.as_ref());
    let kept = staff.office.figures.get(now, Figures::of(reports, calendar, now));
    let figures = if staff.may(Read(Reports)) { Some(kept.await?) } else { None };
    let (first_steps, to_do) = (first_start::list(staff).await?, to_do(staff).await?);
    let latest = if staff.may(Read(Orders)) { Some(list::latest(staff).await?) } else { None };
    let body = html! {
        h1 { "Home" }
        (first_steps)
        @if let Some(figures) = &figures { (today(staff, figures)) }
        div.columns {
            div {
                @if let Some(figures) = &figures {
                    section.card {
                        h2 { "Net sales of 30 days" }
                        (sales_bars(staff, "Net sales of 30 days; Reports has them as a table", &figures.days))
                    }
                }
            }
            div {
                section.card {
                    h2 { "To do" }
                    @if to_do.is_empty() { p.empty { "Nothing waits." } }
                    ul.to-do { @for one in &to_do { li { a href=(staff.to(one.page)) { (one.text()) } } } }
                }
                @if let Some(figures) = &figures { (best(staff, figures)) }
            }
        }
        @if let Some(latest) = latest { section.card { h2 { "Latest orders" } (latest) } }
    };
    Ok(page(staff, "Home", "Home", &body))
}

fn today(staff: &Staff, Figures { today, week_ago, weekday, .. }: &Figures) -> Markup {
    let money = |value| amount(Money { amount: value, currency: staff.office.shop.currency });
    let average = |sales: &Sales| sales.average().map_or_else(|| "–".to_owned(), money);
    let figures = [
        ("Sales today", money(today.net), money(week_ago.net)),
        ("Orders", today.tally.orders.to_string(), week_ago.tally.orders.to_string()),
        ("Average order", average(today), average(week_ago)),
        ("Units", today.tally.units.to_string(), week_ago.tally.units.to_string()),
    ];
    html! {
        dl.figures {
            @for (label, now, before) in figures {
                div.card { dt { (label) } dd { (now) } dd.change { (before) " last " (weekday) } }
            }
        }
    }
}

fn best(staff: &Staff, Figures { best: rows, best_days, .. }: &Figures) -> Markup {
    html! {
        section.card {
            h2 { "Best sellers of " @if *best_days == 1 { "today" } @else { (best_days) " days" } }
            @if rows.is_empty() { p.empty { "Nothing is sold yet." } } @else {
                ol.best {
                    @for SalesRow { key, name, sales } in rows {
                        li {
                            @if staff.may(Read(Products)) { a href=(staff.to(&format!("products/{key}"))) { (name) } } @else { (name) }
                            " " span.faint { (sales.tally.units) " units" }
                        }
                    }
                }
            }
        }
    }
}

impl ToDo {
    fn text(&self) -> String {
        let most = usize::try_from(COUNTED).unwrap_or(usize::MAX);
        let text = match self.count {
            1 => format!("1 {}", self.one),
            count if count >= most => format!("{most} or more {}", self.many),
            count => format!("{count} {}", self.many),
        };
        match &self.sum {
            Some(sum) if self.count >= most => format!("{text}: {sum} or more"),
            Some(sum) => format!("{text}: {sum}"),
            None => text,
        }
    }
}

/// What these orders still owe, in each of their currencies.
fn due(orders: &[Order]) -> String {
    let due = |order: &Order| Some(Money { amount: order.balance.as_ref()?.due(), currency: order.total.currency });
    in_each_currency(orders.iter().filter_map(due))
}

/// The sum of these, in each of their currencies.
fn in_each_currency(all: impl Iterator<Item = Money>) -> String {
    let mut sums: Vec<Money> = Vec::new();
    for one in all {
        match sums.iter_mut().find(|sum| sum.currency == one.currency) {
            Some(sum) => sum.amount = sum.amount.saturating_add(one.amount),
            None => sums.push(one),
        }
    }
    sums.into_iter().map(amount).collect::<Vec<_>>().join(" and ")
}

/// What waits for whoever may see it.
async fn to_do(staff: &Staff) -> Result<Vec<ToDo>, Error> {
    let queries = &staff.office.queries;
    let (counted, waiting) = (first(COUNTED), staff.office.waits().await?);
    let mut all = Vec::new();
    if staff.may(Read(Orders)) {
        let (one, many) = ("order to ship", "orders to ship");
        all.push(ToDo { count: waiting.to_ship, one, many, page: "orders?stage=to_ship", sum: None });
        let unpaid = OrderFilter { payment_status: Some(OrderPaymentStatus::Unpaid), ..OrderFilter::default() };
        let unpaid = queries.orders.list(OrderScope::All, &unpaid, &counted).await?.items;
        let (one, many) = ("order is not paid yet", "orders are not paid yet");
        all.push(ToDo { count: unpaid.len(), one, many, page: "orders?payment=unpaid", sum: Some(due(&unpaid)) });
    }
    if staff.may(Read(Payments)) {
        let findings = PaymentFilter { with_finding: true, ..PaymentFilter::default() };
        let count = queries.payments.list(&findings, &counted).await?.items.len();
        let (one, many) = ("payment needs attention", "payments need attention");
        all.push(ToDo { count, one, many, page: "payments?finding=true", sum: None });
        let to_pay = PaymentFilter { refund_to_pay: true, ..PaymentFilter::default() };
        let to_pay = queries.payments.list(&to_pay, &counted).await?.items;
        let (one, many) = ("payment that you have to pay back yourself", "payments that you have to pay back yourself");
        let (count, sum) =
            (to_pay.len(), Some(in_each_currency(to_pay.iter().map(|one| one.money(one.refund_pending)))));
        all.push(ToDo { count, one, many, page: "payments?refund_to_pay=true", sum });
    }
    if staff.may(Read(Stock)) {
        let (one, many) = ("product is low", "products are low");
        all.push(ToDo { count: waiting.low, one, many, page: "stock?low=true", sum: None });
        let open = RestockFilter { status: Some(RestockStatus::Open), ..RestockFilter::default() };
        let count = queries.restocks.list(&open, &counted).await?.items.len();
        all.push(ToDo { count, one: "delivery is due", many: "deliveries are due", page: "restocks", sum: None });
    }
    all.retain(|one| one.count > 0);
    Ok(all)
}
