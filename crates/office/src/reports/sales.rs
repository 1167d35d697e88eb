use application::reports;
use domain::Money;
use domain::parse_day;
use domain::reports::{Breakdown, Kind, ReportRange, Sales, SalesReport, SalesRow};
use maud::{Markup, html};

use super::{SECTION, sales_bars, tabs};
use crate::form::Form;
use crate::layout::{download, page};
use crate::page::Answer;
use crate::parts::{Field, address, amount, problems};
use crate::request::Staff;

/// The days of a report that says none.
const USUAL_DAYS: u16 = 30;

/// What rows can be about.
const KINDS: [(&str, &str); 7] = [
    ("hour", "Hour"),
    ("day", "Day"),
    ("week", "Week"),
    ("month", "Month"),
    ("product", "Product"),
    ("category", "Category"),
    ("country", "Country"),
];

/// What was sold, by time or by group.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let mut form = Form::new(staff.queries().to_vec());
    let range = range(staff, &mut form);
    let office = &staff.office;
    let shown = match range {
        Some(range) => Some(reports::sales(office.queries.reports.as_ref(), office.calendar.as_ref(), range).await?),
        None => None,
    };
    let form = match &shown {
        Some(SalesReport { range, .. }) => Form::showing([
            ("from", range.from().to_string()),
            ("to", range.to().to_string()),
            ("by", range.by().as_str().to_owned()),
        ]),
        None => form,
    };
    let body = html! {
        (tabs(staff, "Sales"))
        (problems(&form))
        form.card.form.inline action=(staff.to("reports")) {
            (Field::text(&form, "from", "From").kind("date"))
            (Field::text(&form, "to", "To").kind("date"))
            (Field::choice(&form, "by", "By", &KINDS))
            button.main { "Show" }
        }
        @if let Some(report) = &shown { (contents(staff, report)) }
    };
    Ok(page(staff, SECTION, "Sales", &body))
}

/// The same as a table. Amounts are in minor units, as in the API, and their columns say so.
pub(crate) async fn table(staff: &Staff) -> Answer {
    let mut form = Form::new(staff.queries().to_vec());
    let Some(range) = range(staff, &mut form) else { return show(staff).await };
    let office = &staff.office;
    let report = reports::sales(office.queries.reports.as_ref(), office.calendar.as_ref(), range).await?;
    let head = [
        "key",
        "name",
        "orders",
        "units",
        "gross_minor_units",
        "discounts_minor_units",
        "refunds_minor_units",
        "net_minor_units",
        "average_minor_units",
        "currency",
    ];
    let currency = office.shop.currency.code();
    let row = |SalesRow { key, name, sales }: &SalesRow| {
        let Sales { tally, refunds, net } = *sales;
        let numbers = [tally.orders, tally.units, tally.gross, tally.discounts, refunds, net];
        let numbers = numbers.iter().map(ToString::to_string);
        let average = sales.average().map(|average| average.to_string()).unwrap_or_default();
        [key.clone(), name.clone()].into_iter().chain(numbers).chain([average, currency.to_owned()]).collect()
    };
    let rows: Vec<Vec<String>> = report.rows.iter().map(row).collect();
    let name = format!("sales-{}-{}.csv", range.from(), range.to());
    Ok(download(&name, "text/csv; charset=utf-8", office.host.csv(&head, &rows)?))
}

/// The days and the kind of rows that are asked for.
fn range(staff: &Staff, form: &mut Form) -> Option<ReportRange> {
    let today = staff.office.calendar.day(staff.office.clock.now());
    let from = form.optional("from", parse_day);
    let to = form.optional("to", parse_day);
    let by = form.optional("by", Breakdown::parse);
    let (from, to, by) = (from?, to?.unwrap_or(today), by?.unwrap_or(Breakdown::Day));
    let Some(from) = from else { return Some(ReportRange::up_to(to, USUAL_DAYS, by)) };
    ReportRange::parse(from, to, by).or_else(|bad| form.refuse(bad.field, bad.invalid).ok_or(())).ok()
}

/// The most products, categories or countries that are shown. The file has all of them.
const SHOWN: usize = 100;

fn contents(staff: &Staff, report: &SalesReport) -> Markup {
    let range = &report.range;
    let is_of_periods = matches!(range.by().kind(), Kind::Periods(_));
    let shown = if is_of_periods { report.rows.len() } else { report.rows.len().min(SHOWN) };
    let more = report.rows.len() - shown;
    let (from, to) = (range.from().to_string(), range.to().to_string());
    let about = KINDS.iter().find(|(word, _)| *word == range.by().as_str()).map_or("", |(_, label)| label);
    let csv = address("reports/sales.csv", [("from", from.as_str()), ("to", to.as_str()), ("by", range.by().as_str())]);
    html! {
        (figures(staff, &report.totals))
        @if is_of_periods {
            section.card { h2 { "Net sales" } (sales_bars(staff, "Net sales by period; the table below has them, too", report)) }
        }
        div.card {
            table {
                thead {
                    tr {
                        th { (about) } th.number { "Orders" } th.number { "Units" } th.number { "Gross" }
                        th.number { "Discounts" } th.number { "Refunds" } th.number { "Net" }
                    }
                }
                tbody {
                    @for row in report.rows.iter().take(shown) {
                        tr {
                            td data-label=(about) { @if row.name.is_empty() { span.faint { "none" } } @else { (row.name) } }
                            (cells(staff, &row.sales))
                        }
                    }
                }
                tfoot { tr { th { "All" } (cells(staff, &report.totals)) } }
            }
        }
        @if more > 0 { p.faint { "These are the first " (shown) ". The file has " (more) " more, and the sums above are of all." } }
        p { a.button hx-boost="false" href=(staff.to(&csv)) { "Download as a table (CSV)" } }
    }
}

fn cells(staff: &Staff, sales: &Sales) -> Markup {
    let money = |amount| crate::parts::amount(Money { amount, currency: staff.office.shop.currency });
    html! {
        td.number data-label="Orders" { (sales.tally.orders) }
        td.number data-label="Units" { (sales.tally.units) }
        td.number data-label="Gross" { (money(sales.tally.gross)) }
        td.number data-label="Discounts" { (money(sales.tally.discounts)) }
        td.number data-label="Refunds" { (money(sales.refunds)) }
        td.number data-label="Net" { (money(sales.net)) }
    }
}

/// The sums, large.
pub(crate) fn figures(staff: &Staff, sales: &Sales) -> Markup {
    let money = |value| amount(Money { amount: value, currency: staff.office.shop.currency });
    let average = sales.average().map_or_else(|| "–".to_owned(), money);
    let figures = [
        ("Net sales", money(sales.net)),
        ("Orders", sales.tally.orders.to_string()),
        ("Average order", average),
        ("Units", sales.tally.units.to_string()),
    ];
    html! { dl.figures { @for (label, figure) in figures { div.card { dt { (label) } dd { (figure) } } } } }
}
