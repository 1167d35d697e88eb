use domain::facets::IndexState;
use maud::{Markup, html};

use super::{SECTION, heading};
use crate::host::Setting;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::{grouped, time};
use crate::request::Staff;

/// What the server says of itself. The configuration decides it, and nothing of it is changed here.
pub(crate) async fn show(staff: Staff) -> Answer {
    let about = &staff.office.about;
    let (unready, index) = (staff.office.host.unready().await, staff.office.counts.state().await);
    let body = html! {
        (heading(&staff, "System", &html! {}))
        dl.figures {
            div.card { dt { "Version" } dd { (about.version) } }
            div.card { dt { "Currency" } dd { (staff.office.shop.currency.code()) } }
            div.card { dt { "Time zone" } dd { (staff.office.calendar.zone()) } }
        }
        section.card {
            h2 { "Health" }
            div.in {
                dl.facts {
                    dt { "Server" } dd { @match unready { None => "Ready", Some(why) => strong { "Not ready. " (why) } } }
                    dt { "Index of products" } dd { (described(index)) }
                    dt { "Backups" }
                    dd {
                        @if about.has_database_server { "Those of the database server. This server does not know of them." }
                        @else { "Those that " code { "storekeeper backup" } " makes. This server does not know of them." }
                    }
                }
            }
        }
        (configuration(&about.settings))
        p.faint {
            "The file and the environment of the server decide these. " code { "storekeeper check-config" }
            " lists all keys. It is " (time(&staff, staff.office.clock.now())) " here."
        }
    };
    Ok(page(&staff, SECTION, "System", &body))
}

/// What the index of products is doing, in words.
fn described(index: IndexState) -> String {
    match index {
        IndexState::Off => "Switched off: long lists are not counted".to_owned(),
        IndexState::NotMade => "Made as soon as somebody asks how many products a list has".to_owned(),
        IndexState::InTheMaking => "Is being made".to_owned(),
        IndexState::TooLarge => "Needs more memory than catalog.index_megabytes: long lists are not counted".to_owned(),
        IndexState::Ready { products, bytes } => {
            let kilobytes = grouped(&bytes.div_ceil(1024).to_string());
            format!("Ready: {} products in {kilobytes} KB", grouped(&products.to_string()))
        }
    }
}

fn configuration(settings: &[Setting]) -> Markup {
    html! {
        section.card {
            h2 { "Configuration" }
            table {
                thead { tr { th { "Key" } th { "Value" } th { "Source" } } }
                tbody {
                    @for Setting { key, value, source } in settings {
                        tr {
                            td data-label="Key" { code { (key) } }
                            td data-label="Value" { @if value.is_empty() { span.faint { "not set" } } @else { (value) } }
                            td data-label="Source" { span.faint { (source) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_says_how_large_it_is_r245() {
        let ready = IndexState::Ready { products: 12_345, bytes: 2_000_000 };
        assert_eq!(described(ready), "Ready: 12,345 products in 1,954 KB");
        assert!(described(IndexState::TooLarge).contains("catalog.index_megabytes"));
    }
}
