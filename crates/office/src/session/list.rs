use application::Error;
use application::sessions::EndSession;
use domain::Uuid;
use domain::sessions::{Agent, SessionId};
use maud::html;

use crate::act::redirect;
use crate::layout::page;
use crate::page::Answer;
use crate::parts::time;
use crate::request::Staff;

/// Where the caller is logged in.
pub(crate) async fn list(staff: &Staff) -> Answer {
    let now = staff.office.clock.now();
    let sessions = staff.office.queries.sessions.of_account(staff.visit.access.account_id, now).await?;
    let good = sessions.iter().filter(|session| session.is_good(&staff.visit.access, now));
    let body = html! {
        h1 { "Where I am logged in" }
        div.card {
            table {
                thead { tr { th { "Browser" } th { "Address" } th { "Since" } th { "Last used" } th {} } }
                tbody {
                    @for session in good {
                        @let is_this = session.id == staff.visit.session.id;
                        tr {
                            td data-label="Browser" {
                                @if is_this { strong { "This one" } br; }
                                span title=(session.agent.as_str()) { (browser(&session.agent)) }
                            }
                            td data-label="Address" { (session.network) }
                            td data-label="Since" { (time(staff, session.created_at)) }
                            td data-label="Last used" { (time(staff, session.seen_at)) }
                            td {
                                @if !is_this {
                                    form method="post" action=(staff.to("settings/sessions")) {
                                        input type="hidden" name="id" value=(session.id);
                                        button { "End" }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        p.faint { "A session ends 12 hours after its last use, and 7 days after the login." }
    };
    Ok(page(staff, "Settings", "Where I am logged in", &body))
}

/// Ends a session of the caller.
pub(crate) async fn end(staff: &Staff) -> Answer {
    let form = staff.form();
    let id = form.text("id").and_then(|id| Uuid::try_parse(id).ok());
    let id = id.map(SessionId).ok_or(Error::NotFound("session"))?;
    match staff.runner().run(EndSession { id, account_id: staff.visit.access.account_id }).await {
        // It has ended already.
        Ok(()) | Err(Error::NotFound(_)) => {}
        Err(error) => return Err(error),
    }
    Ok(redirect(staff, "settings/sessions?done=ended"))
}

/// What people call a browser, such as `Firefox on Linux`. Each brand also names those whose pages it wants to be sent.
fn browser(agent: &Agent) -> String {
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.as_str().contains(mark)).map_or("unknown", |(_, name)| *name)
    };
    let brand = named(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = named(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (brand, system) {
        ("unknown", "unknown") => "Unknown browser".to_owned(),
        (brand, "unknown") => brand.to_owned(),
        (brand, system) => format!("{brand} on {system}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_as_people_name_it_r236() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
            ("curl/8.1", "curl"),
            ("", "Unknown browser"),
        ] {
            assert_eq!(browser(&Agent::of(agent)), name);
        }
    }
}
