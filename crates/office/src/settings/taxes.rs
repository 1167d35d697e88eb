use std::collections::HashMap;

use domain::Date;
use domain::pricing::{RatePpm, ZoneId};
use domain::tax_rates::{TaxRate, TaxRateFilter};
use domain::zones::ZoneFilter;
use maud::{Markup, html};

use super::{SECTION, cut_note, first_hundred, heading};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{badge, date};
use crate::request::Staff;

/// Tax classes and their rates.
pub(crate) async fn show(staff: Staff) -> Answer {
    let queries = &staff.office.queries;
    let classes = queries.tax_classes.list(&first_hundred()).await?;
    let rates = queries.tax_rates.list(&TaxRateFilter::default(), &first_hundred()).await?;
    let zones = queries.zones.list(&ZoneFilter::default(), &first_hundred()).await?;
    let zones: HashMap<_, _> = zones.items.iter().map(|zone| (zone.id, zone.name.as_str())).collect();
    let today = staff.office.calendar.day(staff.office.clock.now());
    let body = html! {
        (heading(&staff, "Taxes", &html! {}))
        section.card {
            h2 { "Rates" }
            @if rates.items.is_empty() { p.empty { "There is no rate: nothing is taxed." } } @else {
                table {
                    thead { tr { th { "Rate" } th { "Zone" } th { "Class" } th.number { "Percent" } th { "Holds" } th { "On shipping" } } }
                    tbody { @for rate in &rates.items { (row(rate, &zones, today)) } }
                }
            }
        }
        (cut_note(rates.next.is_some()))
        section.card {
            h2 { "Classes" }
            table {
                thead { tr { th { "Class" } th { "Code" } } }
                tbody {
                    @for class in &classes.items {
                        tr {
                            td data-label="Class" {
                                span.name { (class.name.as_str()) }
                                @if class.is_standard() { br; span.faint { "of products that were given none" } }
                            }
                            td data-label="Code" { (class.code.as_str()) }
                        }
                    }
                }
            }
        }
        (cut_note(classes.next.is_some()))
        p.faint { "They are changed by the API." }
    };
    Ok(page(&staff, SECTION, "Taxes", &body))
}

fn row(rate: &TaxRate, zones: &HashMap<ZoneId, &str>, today: Date) -> Markup {
    let dated = &rate.dated;
    html! {
        tr {
            td data-label="Rate" {
                span.name { (dated.rate.name.as_str()) }
                br; span.faint { (dated.rate.code.as_str()) }
            }
            td data-label="Zone" { (zones.get(&rate.zone_id).copied().unwrap_or("another")) }
            td data-label="Class" { span.word { (dated.class.as_str()) } }
            td.number data-label="Percent" { (percent(dated.rate.ppm)) }
            td data-label="Holds" {
                @if dated.holds_on(today) { (badge("active")) " " }
                "from " (date(dated.starts_on))
                @if let Some(last) = dated.ends_on { " to " (date(last)) }
            }
            td data-label="On shipping" { @if dated.rate.applies_to_shipping { "Yes" } @else { "No" } }
        }
    }
}

/// A rate such as `19 %`, with as many decimals as it has.
fn percent(ppm: RatePpm) -> String {
    let (whole, part) = (ppm.get() / 10_000, ppm.get() % 10_000);
    let part = format!("{part:04}");
    let part = part.trim_end_matches('0');
    if part.is_empty() { format!("{whole}\u{a0}%") } else { format!("{whole}.{part}\u{a0}%") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_said_in_percent_r245() {
        let of = |ppm| percent(RatePpm::from_trusted(ppm)).replace('\u{a0}', " ");
        assert_eq!([190_000, 82_500, 1, 0, 1_000_000].map(of), ["19 %", "8.25 %", "0.0001 %", "0 %", "100 %"]);
    }
}
