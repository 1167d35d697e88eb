use domain::access::Noun::Orders;
use domain::access::Scope::Read;
use domain::orders::{OrderFilter, OrderScope, OrderStatus};
use domain::{Limit, PageRequest};
use maud::html;

use crate::layout::page;
use crate::orders::list;
use crate::page::Answer;
use crate::request::Staff;

/// The most orders of each kind that are counted.
const COUNTED: i64 = 100;

/// What is to be done, and what came in last.
pub(crate) async fn show(staff: Staff) -> Answer {
    let may_see = staff.may(Read(Orders));
    let latest = if may_see { Some(list::latest(&staff).await?) } else { None };
    let mut to_do = Vec::new();
    if may_see {
        for (status, what, tab) in
            [(OrderStatus::Placed, "to prepare", "placed"), (OrderStatus::Processing, "to ship", "processing")]
        {
            let count = count(&staff, status).await?;
            to_do.push((count, format!("{} {what}", orders(count)), format!("orders?status={tab}")));
        }
    }
    let open: Vec<_> = to_do.iter().filter(|(count, ..)| *count > 0).collect();
    let body = html! {
        h1 { "Home" }
        @if may_see {
            section.card {
                h2 { "To do" }
                @if open.is_empty() { p.empty { "Nothing waits." } }
                ul.to-do { @for (_, what, to) in open { li { a href=(staff.to(to)) { (what) } } } }
            }
        }
        @if let Some(latest) = latest {
            section.card { h2 { "Latest orders" } (latest) }
        }
    };
    Ok(page(&staff, "Home", "Home", &body))
}

fn orders(count: usize) -> String {
    let most = usize::try_from(COUNTED).unwrap_or(usize::MAX);
    match count {
        1 => "1 order".to_owned(),
        count if count >= most => format!("{most} orders or more"),
        count => format!("{count} orders"),
    }
}

/// How many orders have a status, up to [`COUNTED`].
async fn count(staff: &Staff, status: OrderStatus) -> Result<usize, application::Error> {
    let filter = OrderFilter { status: Some(status), ..OrderFilter::default() };
    let page = PageRequest { limit: Limit::parse(COUNTED).unwrap_or(Limit::DEFAULT), after: None };
    Ok(staff.office.queries.orders.list(OrderScope::All, &filter, &page).await?.items.len())
}
