use domain::access::Noun::{Accounts, Audit, Keys, Orders, Promotions, Settings, Shipping, Webhooks};
use domain::access::Scope::{self, Read};
use maud::html;

use super::SECTION;
use crate::layout::page;
use crate::page::Answer;
use crate::request::Staff;

/// The pages of settings: name, address, what for, and what it needs; `None` for everybody who works here.
const PAGES: [(&str, &str, &str, Option<Scope>); 12] = [
    ("Accounts", "settings/accounts", "Who may log in, and as what", Some(Read(Accounts))),
    ("Roles", "settings/roles", "What people may do, by name", Some(Read(Accounts))),
    ("API keys", "settings/keys", "How programs call the API", Some(Read(Keys))),
    ("Audit log", "settings/audit", "Who has changed what", Some(Read(Audit))),
    ("Promotions", "promotions", "What is taken off, for whom, and by which codes", Some(Read(Promotions))),
    ("Shipping", "settings/shipping", "Zones, and what it costs to ship there", Some(Read(Shipping))),
    ("Taxes", "settings/taxes", "Tax classes and their rates", Some(Read(Shipping))),
    ("Mails", "mails", "What was written to customers, and whether it arrived", Some(Read(Orders))),
    ("Webhooks", "settings/webhooks", "Where events are sent to", Some(Read(Webhooks))),
    ("System", "settings/system", "Version, and what the configuration decides", Some(Read(Settings))),
    ("My password", "settings/password", "Change the password that I log in with", None),
    ("My logins", "settings/sessions", "Where I am logged in", None),
];

/// The pages of settings that the caller may open.
pub(crate) async fn index(staff: Staff) -> Answer {
    let open = PAGES.iter().filter(|(.., needs)| needs.is_none_or(|needs| staff.may(needs)));
    let body = html! {
        h1 { "Settings" }
        div.settings {
            @for (name, to, what, _) in open {
                a.card href=(staff.to(to)) { strong { (name) } br; span.faint { (what) } }
            }
        }
    };
    Ok(page(&staff, SECTION, "Settings", &body))
}
