use domain::Money;
use domain::access::Noun::{Orders, Products, Reports};
use domain::access::Scope::Read;
use domain::reports::{Sales, SalesRow};
use maud::{Markup, html};

use crate::figures::Figures;
use crate::first_start;
use crate::layout::page;
use crate::orders::list;
use crate::page::Answer;
use crate::parts::amount;
use crate::reports::sales_bars;
use crate::request::Staff;
use crate::waiting::to_do;

/// What sold today, what is to be done, and what came in last.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let now = staff.office.clock.now();
    let (reports, calendar) = (staff.office.queries.reports.as_ref(), staff.office.calendar.as_ref());
    let kept = staff.office.figures.get(now, Figures::of(reports, calendar, now));
    let figures = if staff.may(Read(Reports)) { Some(kept.await?) } else { None };
    let (first_steps, to_do) = (first_start::list(staff).await?, to_do(staff, &*staff.office.waits().await?));
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
                    ul.to-do { @for (text, page) in &to_do { li { a href=(staff.to(page)) { (text) } } } }
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
