use maud::{Markup, html};

use super::api_queries::with_page_query;
use super::said;
use crate::host::Said;
use crate::last_calls::Call;
use crate::origin::is_safe;
use crate::request::Staff;

/// Keeps the API request that does the same as this action, to be shown on the next page. If no single request does,
/// the one before is removed.
pub(crate) fn note_call(staff: &Staff) {
    if is_safe(&staff.page.method) {
        return;
    }
    let (session, calls) = (staff.visit.session.id, &staff.office.last_calls);
    match call(staff) {
        Some(call) => calls.put(session, call),
        None => calls.forget(session),
    }
}

/// The API request that does the same as this action; `None` if no single request with a JSON body does.
fn call(staff: &Staff) -> Option<Call> {
    let [id] = staff.page.operations else { return None };
    let operation = staff.office.host.operation(id).filter(|_| !staff.page.sends.has_file())?;
    let body = match staff.page.body {
        Some([]) => Body::Empty,
        Some(members) => said(staff, &staff.form(), members)
            .map_or(Body::Unknown, |members| Body::Known(staff.office.host.body(&members))),
        None => Body::Unknown,
    };
    let curl = curl(operation.method, &filled(staff, operation.path), &body);
    Some(Call { operation: id, curls: vec![curl] })
}

/// Adds an API request with these members before the kept one, for an action that takes two requests.
pub(crate) fn note_call_before(staff: &Staff, members: &[(&str, &str)]) {
    let [id] = staff.page.operations else { return };
    let Some(operation) = staff.office.host.operation(id) else { return };
    let members: Vec<_> =
        members.iter().map(|(name, value)| ((*name).to_owned(), Said::Text((*value).to_owned()))).collect();
    let body = Body::Known(staff.office.host.body(&members));
    let curl = curl(operation.method, &filled(staff, operation.path), &body);
    staff.office.last_calls.put_before(staff.visit.session.id, curl);
}

/// The API request of the last action, on the page after it.
fn last_call(staff: &Staff) -> Option<Call> {
    staff.query("done").and_then(|_| staff.office.last_calls.get(staff.visit.session.id))
}

/// The requests that a client of the API would send for this page and for the action that led to it, as curl.
pub(crate) fn api_calls(staff: &Staff) -> Markup {
    let operations = staff.page.operations.iter().filter_map(|id| Some((*id, staff.office.host.operation(id)?)));
    let path = |id: &str, path: &str| with_page_query(staff, id, &filled(staff, path));
    let calls: Vec<_> = operations.map(|(id, one)| (id, one.method, path(id, one.path))).collect();
    let last = last_call(staff);
    html! {
        @if !calls.is_empty() || last.is_some() {
            details.api {
                summary { "As API" }
                @if let Some(Call { operation, curls }) = &last {
                    div.last-call {
                        p.faint {
                            @if curls.len() > 1 { "What you have just done, as requests of the API, one after the other." }
                            @else { "What you have just done, as a request of the API." }
                        }
                        p { a hx-boost="false" href=(staff.to(&format!("../docs#/{operation}"))) { (operation) } }
                        @for curl in curls { pre tabindex="0" { code { (curl) } } }
                    }
                }
                p.faint { "The requests of the API behind this page. Each needs a token or a key." }
                @for (id, method, path) in &calls {
                    p { a hx-boost="false" href=(staff.to(&format!("../docs#/{id}"))) { (id) } }
                    pre tabindex="0" { code { (curl(method, path, &Body::Unknown)) } }
                }
            }
        }
    }
}

/// A path of the API with the variable parts of the path of this page.
fn filled(staff: &Staff, path: &str) -> String {
    let part = |part: &str| {
        let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        let value = name.map(|name| staff.parameter(name)).filter(|value| !value.is_empty());
        value.unwrap_or(part).to_owned()
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The body of a request.
enum Body {
    Empty,
    Unknown,
    Known(String),
}

fn curl(method: &str, path: &str, body: &Body) -> String {
    let verb = if method == "GET" { String::new() } else { format!("-X {method} ") };
    let json = match body {
        Body::Empty => None,
        _ if method == "GET" || method == "DELETE" => None,
        Body::Unknown => Some("{…}".to_owned()),
        // Between the quotes of a shell, a quote is written outside of them.
        Body::Known(json) => Some(json.replace('\'', "'\\''")),
    };
    let body = json.map_or_else(String::new, |json| format!(" \\\n  -H 'Content-Type: application/json' -d '{json}'"));
    format!("curl {verb}\"$URL{path}\" -H \"Authorization: Bearer $TOKEN\"{body}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_shown_as_curl_r248() {
        let unknown = |method, path| curl(method, path, &Body::Unknown);
        assert_eq!(unknown("GET", "/api/v1/orders"), "curl \"$URL/api/v1/orders\" -H \"Authorization: Bearer $TOKEN\"");
        assert!(unknown("POST", "/x").starts_with("curl -X POST ") && unknown("POST", "/x").ends_with("-d '{…}'"));
        assert!(!unknown("DELETE", "/x").contains("-d") && !curl("POST", "/x", &Body::Empty).contains("-d"));
        let known = Body::Known("{\"name\": \"Ann's\"}".to_owned());
        assert!(
            curl("PATCH", "/x", &known).ends_with("-d '{\"name\": \"Ann'\\''s\"}'"),
            "{}",
            curl("PATCH", "/x", &known)
        );
    }
}
