//! Settings: who may do what, how goods are shipped and taxed, and what the server says of itself.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod choices;
pub(crate) mod index;
pub(crate) mod keys;
pub(crate) mod password;
pub(crate) mod roles;
mod scopes;
mod secret;
pub(crate) mod shipping;
pub(crate) mod shipping_methods;
pub(crate) mod system;
pub(crate) mod tax_classes;
pub(crate) mod tax_rates;
pub(crate) mod taxes;
pub(crate) mod webhooks;
pub(crate) mod who;
pub(crate) mod zones;

use maud::{Markup, html};

use crate::request::Staff;

const SECTION: &str = "Settings";

/// The head of a page of settings, with the way back and what can be done.
fn heading(staff: &Staff, title: &str, actions: &Markup) -> Markup {
    html! {
        p.back { a href=(staff.to("settings")) { "Settings" } }
        div.heading { h1 { (title) } div.actions { (actions) } }
    }
}
