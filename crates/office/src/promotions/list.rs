use application::Error;
use domain::access::Noun::Promotions;
use domain::access::Scope::Write;
use domain::pricing::Action;
use domain::promotions::{Promotion, PromotionFilter, PromotionStatus};
use domain::{SearchText, Shop};
use maud::{Markup, html};

use super::{LIST_PAGE, SECTION};
use crate::layout::{page, part};
use crate::page::Answer;
use crate::parts::{amount, badge, finder, pager, percent, status_tabs, time};
use crate::request::Staff;

const LIST: &str = "promotions";

const TABS: [(&str, &str); 5] =
    [("All", ""), ("Active", "active"), ("Drafts", "draft"), ("Paused", "paused"), ("Over", "archived")];

/// The list of promotions.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let rows = rows(staff).await?;
    if staff.wants_part() {
        return Ok(part(&rows));
    }
    let body = html! {
        p.back { a href=(staff.to("settings")) { "Settings" } }
        div.heading {
            h1 { "Promotions" }
            @if staff.may(Write(Promotions)) {
                div.actions { a.button.main data-key="n" href=(staff.to("promotions/new")) { "New promotion" } }
            }
        }
        nav.tabs aria-label="Promotions by status" {
            (status_tabs(staff, LIST_PAGE, &TABS, &["q"]))
        }
        (finder(staff, LIST_PAGE, "Find promotions", "Words of the name", &["status"]))
        (rows)
    };
    Ok(page(staff, SECTION, "Promotions", &body))
}

async fn rows(staff: &Staff) -> Result<Markup, Error> {
    let search = staff.query("q").and_then(|typed| SearchText::parse(typed).ok().flatten());
    let status = staff.query("status").and_then(|status| PromotionStatus::parse(status).ok());
    let filter = PromotionFilter { status, search };
    let found = staff.office.queries.promotions.list(&filter, &staff.list_page(LIST)).await?;
    Ok(html! {
        div #list {
            @if found.items.is_empty() { p.empty { "No promotions found." } } @else {
                div.card {
                    table {
                        thead { tr { th { "Promotion" } th { "Status" } th { "Takes off" } th { "Ends" } th.number { "Used" } } }
                        tbody { @for promotion in &found.items { (row(staff, promotion)) } }
                    }
                }
            }
            (pager(staff, LIST_PAGE, LIST, found.next.as_ref()))
        }
    })
}

fn row(staff: &Staff, promotion: &Promotion) -> Markup {
    html! {
        tr {
            td data-label="Promotion" {
                a.name href=(staff.to(&format!("{LIST_PAGE}/{}", promotion.id))) { (promotion.name.as_str()) }
                @if promotion.code_needed { br; span.faint { "by code" } }
            }
            td data-label="Status" { (badge(promotion.status.as_str())) }
            td data-label="Takes off" { (what_it_takes_off(staff.office.shop, promotion.action)) }
            td data-label="Ends" { @match promotion.ends_at { Some(at) => (time(staff, at)), None => span.faint { "never" } } }
            td.number data-label="Used" {
                (promotion.used)
                @if let Some(limit) = promotion.usage_limit { " of " (limit.get()) }
            }
        }
    }
}

/// What a promotion takes off, in words.
pub(super) fn what_it_takes_off(shop: Shop, action: Action) -> String {
    match action {
        Action::Percent(rate) => percent(rate),
        Action::Amount(price) => amount(shop.money(price)),
        Action::AmountEach(price) => format!("{} each", amount(shop.money(price))),
        Action::BuyGet(group) => format!("Buy {}, get {} at {} off", group.buy, group.get, percent(group.off)),
    }
}

#[cfg(test)]
mod tests {
    use domain::pricing::{BuyGet, RatePpm};
    use domain::{Currency, Price};

    use super::*;

    #[test]
    fn discounts_are_described_in_words_r245() {
        let shop = Shop { currency: Currency::default(), lead_time_days: 3 };
        let what_it_takes_off = |action| what_it_takes_off(shop, action).replace('\u{a0}', " ");
        let all = RatePpm::from_trusted(1_000_000);
        assert_eq!(what_it_takes_off(Action::Percent(RatePpm::from_trusted(125_000))), "12.5 %");
        assert_eq!(what_it_takes_off(Action::AmountEach(Price::from_trusted(150))), "1.50 USD each");
        let group = BuyGet { buy: 2, get: 1, off: all, max_times: None };
        assert_eq!(what_it_takes_off(Action::BuyGet(group)), "Buy 2, get 1 at 100 % off");
    }
}
