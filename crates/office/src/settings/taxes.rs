use domain::Date;
use domain::access::Noun::Shipping;
use domain::access::Scope::Write;
use domain::tax_classes::TaxClass;
use domain::tax_rates::{TaxRate, TaxRateFilter};
use maud::{Markup, html};

use super::choices::{named, zones};
use super::shipping::row_actions;
use super::{SECTION, heading};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, date, pager, percent};
use crate::request::Staff;

const PAGE: &str = "settings/taxes";
/// The lists of the page.
const RATES: &str = "tax rates";
const CLASSES: &str = "tax classes";

/// Tax classes and their rates.
pub(crate) async fn show(staff: &Staff) -> Answer {
    let queries = &staff.office.queries;
    let classes = queries.tax_classes.list(&staff.list_page(CLASSES)).await?;
    let rates = queries.tax_rates.list(&TaxRateFilter::default(), &staff.list_page(RATES)).await?;
    let zones = zones(staff).await?;
    let today = staff.office.calendar.day(staff.office.clock.now());
    let may = staff.may(Write(Shipping));
    let actions = html! {
        @if may {
            a.button data-opens href=(staff.to("settings/tax-classes/new")) { "New class" }
            a.button.main data-opens data-key="n" href=(staff.to("settings/tax-rates/new")) { "New rate" }
        }
    };
    let body = html! {
        (heading(staff, "Taxes", &actions))
        section.card {
            h2 { "Rates" }
            @if rates.items.is_empty() { p.empty { "There is no rate: nothing is taxed." } } @else {
                table {
                    thead { tr { th { "Rate" } th { "Zone" } th { "Class" } th.number { "Percent" } th { "Holds" } th { "On shipping" } @if may { th {} } } }
                    tbody { @for rate in &rates.items { (row(staff, rate, &zones, today)) } }
                }
            }
        }
        (pager(staff, PAGE, RATES, rates.next.as_ref()))
        section.card {
            h2 { "Classes" }
            table {
                thead { tr { th { "Class" } th { "Code" } @if may { th {} } } }
                tbody {
                    @for class in &classes.items {
                        tr {
                            td data-label="Class" {
                                span.name { (class.name.as_str()) }
                                @if class.is_standard() { br; span.faint { "of products that were given none" } }
                            }
                            td data-label="Code" { (class.code.as_str()) }
                            (row_actions(staff, &format!("settings/tax-classes/{}", class.id), of_class(class)))
                        }
                    }
                }
            }
        }
        (pager(staff, PAGE, CLASSES, classes.next.as_ref()))
    };
    Ok(page(staff, SECTION, "Taxes", &body))
}

/// What can be done with a class. That of products that were given none always stays.
fn of_class(class: &TaxClass) -> &'static [(&'static str, &'static str)] {
    if class.is_standard() { &[("Rename", "edit")] } else { &[("Rename", "edit"), ("Delete", "delete")] }
}

/// What can be done with a rate: one that has not ended gets a last day, one that has a last day is followed by another, and
/// one that does not hold yet is deleted.
fn of_rate(rate: &TaxRate, today: Date) -> Vec<(&'static str, String)> {
    let (dated, id) = (&rate.dated, rate.dated.id);
    let is_open = dated.ends_on.is_none_or(|last| last >= today);
    let all = [
        ("End", format!("{id}/end"), is_open),
        ("New from its end", format!("new?from={id}"), dated.ends_on.is_some()),
        ("Delete", format!("{id}/delete"), dated.is_deletable(today)),
    ];
    all.into_iter().filter(|(.., can)| *can).map(|(label, page, _)| (label, page)).collect()
}

fn row(staff: &Staff, rate: &TaxRate, zones: &[(String, String)], today: Date) -> Markup {
    let dated = &rate.dated;
    html! {
        tr {
            td data-label="Rate" {
                span.name { (dated.rate.name.as_str()) }
                br; span.faint { (dated.rate.code.as_str()) }
            }
            td data-label="Zone" { (named(zones, rate.zone_id)) }
            td data-label="Class" { span.word { (dated.class.as_str()) } }
            td.number data-label="Percent" { (percent(dated.rate.ppm)) }
            td data-label="Holds" {
                @if dated.holds_on(today) { (badge("active")) " " }
                "from " (date(dated.starts_on))
                @if let Some(last) = dated.ends_on { " to " (date(last)) }
            }
            td data-label="On shipping" { @if dated.rate.applies_to_shipping { "Yes" } @else { "No" } }
            (row_actions(staff, "settings/tax-rates", &of_rate(rate, today)))
        }
    }
}
