use maud::html;

use super::SECTION;
use crate::layout::page;
use crate::page::Answer;
use crate::places::SETTINGS;
use crate::request::Staff;

/// The pages of settings that the caller may open.
pub(crate) async fn index(staff: &Staff) -> Answer {
    let body = html! {
        h1 { "Settings" }
        div.settings {
            @for place in SETTINGS.iter().filter(|place| place.is_open_to(staff)) {
                a.card href=(staff.to(place.page)) { strong { (place.name) } br; span.faint { (place.what) } }
            }
        }
    };
    Ok(page(staff, SECTION, "Settings", &body))
}
