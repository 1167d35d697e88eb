//! What waits to be done, beside the navigation and on the first page (R238).

use domain::Money;
use domain::access::Noun::{Orders, Payments, Stock};
use domain::access::Scope;
use domain::access::Scope::Read;
use domain::reports::ToDo;

use crate::parts::{amount, grouped};
use crate::request::Staff;

/// A kind of work, with the page that lists it.
struct Work<'a> {
    count: u64,
    one: &'static str,
    many: &'static str,
    page: &'static str,
    needs: Scope,
    /// What they come to, if that is of interest.
    sums: &'a [Money],
}

/// The waiting work that the caller may see, each with the page that lists it.
pub(crate) fn to_do(staff: &Staff, to_do: &ToDo) -> Vec<(String, &'static str)> {
    let waiting = all(to_do).into_iter().filter(|work| work.count > 0 && staff.may(work.needs));
    waiting.map(|work| (work.text(), work.page)).collect()
}

/// A count, with a plus if there may be more: `12`, `999+`.
pub(crate) fn short(count: u64) -> String {
    if count >= ToDo::MOST { format!("{}+", ToDo::MOST - 1) } else { count.to_string() }
}

fn all(to_do: &ToDo) -> [Work<'_>; 6] {
    let work = |count, one, many, page, needs| Work { count, one, many, page, needs, sums: &[] };
    let (unpaid, back) = (&to_do.orders_unpaid, &to_do.refunds_to_pay);
    let (one_unpaid, many_unpaid) = ("order is not paid yet", "orders are not paid yet");
    let (one_back, many_back) =
        ("payment that you have to pay back yourself", "payments that you have to pay back yourself");
    [
        work(to_do.orders_to_ship, "order to ship", "orders to ship", "orders?stage=to_ship", Read(Orders)),
        Work {
            sums: &unpaid.sums,
            ..work(unpaid.count, one_unpaid, many_unpaid, "orders?payment=unpaid", Read(Orders))
        },
        work(
            to_do.payments_with_finding,
            "payment needs attention",
            "payments need attention",
            "payments?finding=true",
            Read(Payments),
        ),
        Work {
            sums: &back.sums,
            ..work(back.count, one_back, many_back, "payments?refund_to_pay=true", Read(Payments))
        },
        work(to_do.products_low, "product is low", "products are low", "stock?low=true", Read(Stock)),
        work(to_do.restocks_open, "restock is due", "restocks are due", "restocks", Read(Stock)),
    ]
}

impl Work<'_> {
    fn text(&self) -> String {
        let more = if self.count >= ToDo::MOST { " or more" } else { "" };
        let what = if self.count == 1 { self.one } else { self.many };
        let text = format!("{}{more} {what}", grouped(&self.count.to_string()));
        let sums: Vec<_> = self.sums.iter().copied().map(amount).collect();
        if sums.is_empty() { text } else { format!("{text}: {}{more}", sums.join(" and ")) }
    }
}

#[cfg(test)]
mod tests {
    use domain::Currency;
    use domain::reports::Outstanding;

    use super::*;

    fn texts(to_do: &ToDo) -> Vec<String> {
        all(to_do).iter().filter(|work| work.count > 0).map(|work| work.text().replace('\u{a0}', " ")).collect()
    }

    #[test]
    fn what_waits_is_said_in_words_and_with_more_where_nobody_counted_on_r238() {
        assert!(texts(&ToDo::default()).is_empty());
        let money = |amount, code| Money { amount, currency: Currency::parse(code).unwrap() };
        let owed = Outstanding { count: 2, sums: vec![money(500, "EUR"), money(1_999, "USD")] };
        let few = ToDo { orders_to_ship: 1, orders_unpaid: owed, ..ToDo::default() };
        assert_eq!(texts(&few), ["1 order to ship", "2 orders are not paid yet: 5.00 EUR and 19.99 USD"]);
        let owed = Outstanding { count: ToDo::MOST, sums: vec![money(100, "EUR")] };
        let many = ToDo { refunds_to_pay: owed, products_low: 999, ..ToDo::default() };
        let back = "1,000 or more payments that you have to pay back yourself: 1.00 EUR or more";
        assert_eq!(texts(&many), [back, "999 products are low"]);
        assert_eq!([short(12), short(999), short(1_000)], ["12", "999", "999+"]);
    }
}
