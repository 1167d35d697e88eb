use maud::html;

use super::{SECTION, heading};
use crate::layout::page;
use crate::page::Answer;
use crate::parts::time;
use crate::request::Staff;

/// What the server says of itself. The configuration decides it, and nothing of it is changed here.
pub(crate) async fn show(staff: Staff) -> Answer {
    let about = &staff.office.about;
    let body = html! {
        (heading(&staff, "System", &html! {}))
        dl.figures {
            div.card { dt { "Version" } dd { (about.version) } }
            div.card { dt { "Currency" } dd { (staff.office.shop.currency.code()) } }
            div.card { dt { "Time zone" } dd { (staff.office.calendar.zone()) } }
        }
        section.card {
            h2 { "Configuration" }
            table {
                thead { tr { th { "Key" } th { "Value" } } }
                tbody {
                    @for (key, value) in &about.settings {
                        tr {
                            td data-label="Key" { code { (key) } }
                            td data-label="Value" { @if value.is_empty() { span.faint { "not set" } } @else { (value) } }
                        }
                    }
                }
            }
        }
        p.faint {
            "The file and the environment of the server decide these. " code { "storekeeper check-config" }
            " lists all keys with where each comes from. It is " (time(&staff, staff.office.clock.now())) " here."
        }
    };
    Ok(page(&staff, SECTION, "System", &body))
}
