use maud::{Markup, html};

use crate::request::Staff;

/// The requests that a client of the API would send for this page, as curl.
pub(crate) fn api_calls(staff: &Staff) -> Markup {
    let operations = staff.page.operations.iter().filter_map(|id| Some((*id, staff.office.host.operation(id)?)));
    let calls: Vec<_> =
        operations.map(|(id, operation)| (id, operation.method, filled(staff, operation.path))).collect();
    html! {
        @if !calls.is_empty() {
            details.api {
                summary { "As API" }
                p.faint { "The requests of the API behind this page. Each needs a token or a key." }
                @for (id, method, path) in &calls {
                    p { a href=(staff.to(&format!("../docs#/{id}"))) { (id) } }
                    pre tabindex="0" { code { (curl(method, path)) } }
                }
            }
        }
    }
}

/// The path with what this page's path has for its variable parts.
fn filled(staff: &Staff, path: &str) -> String {
    let part = |part: &str| {
        let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        let value = name.map(|name| staff.parameter(name)).filter(|value| !value.is_empty());
        value.unwrap_or(part).to_owned()
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn curl(method: &str, path: &str) -> String {
    let verb = if method == "GET" { String::new() } else { format!("-X {method} ") };
    let body = if method == "GET" || method == "DELETE" {
        ""
    } else {
        " \\\n  -H 'Content-Type: application/json' -d '{…}'"
    };
    format!("curl {verb}\"$URL{path}\" -H \"Authorization: Bearer $TOKEN\"{body}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_shown_as_curl_r248() {
        assert_eq!(curl("GET", "/api/v1/orders"), "curl \"$URL/api/v1/orders\" -H \"Authorization: Bearer $TOKEN\"");
        assert!(curl("POST", "/x").starts_with("curl -X POST ") && curl("POST", "/x").ends_with("-d '{…}'"));
        assert!(!curl("DELETE", "/x").contains("-d"));
    }
}
