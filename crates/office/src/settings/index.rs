use maud::html;

use super::SECTION;
use crate::layout::page;
use crate::named_pages::SETTINGS;
use crate::page::Answer;
use crate::request::Staff;

/// The pages of settings that the caller may open.
pub(crate) async fn index(staff: &Staff) -> Answer {
    let body = html! {
        h1 { "Settings" }
        div.settings {
            @for page in SETTINGS.iter().filter(|page| page.is_open_to(staff)) {
                a.card href=(staff.to(page.page)) { strong { (page.name) } br; span.faint { (page.what) } }
            }
        }
    };
    Ok(page(staff, SECTION, "Settings", &body))
}
