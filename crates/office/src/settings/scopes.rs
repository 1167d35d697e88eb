//! Boxes to tick, for what a role or a key may do.

use domain::access::{Noun, Scope, Scopes};
use maud::{Markup, html};

use crate::form::Form;
use crate::request::Staff;

/// The scopes that are ticked. At least one must be.
pub(super) fn typed(form: &mut Form) -> Option<Scopes> {
    let listed: Result<Vec<_>, _> = form.all(Scopes::FIELD).map(Scope::parse).collect();
    match listed.and_then(|listed| Scopes::listed(&listed)) {
        Ok(scopes) => Some(scopes),
        Err(invalid) => form.refuse(Scopes::FIELD, invalid),
    }
}

/// A form in which these scopes are ticked.
pub(super) fn ticked(scopes: Scopes) -> impl Iterator<Item = (&'static str, &'static str)> {
    scopes.iter().map(|scope| (Scopes::FIELD, scope.as_str()))
}

/// A box for each scope. Those that the caller has not cannot be ticked: nobody gives what they have not. `now` is what
/// is allowed now, if somebody has changed that meanwhile.
pub(super) fn boxes(staff: &Staff, form: &Form, now: Option<Scopes>) -> Markup {
    html! {
        fieldset.field aria-describedby=[form.fault(Scopes::FIELD).map(|_| "about-scopes")] {
            legend { "May do" }
            div.scopes {
                @for noun in Noun::ALL {
                    @let read = Scope::Read(*noun);
                    span { (name(read)) }
                    (tick(staff, form, read, "Read", now))
                    @if noun.is_read_only() { span {} } @else { (tick(staff, form, Scope::Write(*noun), "Change", now)) }
                }
            }
            @match form.fault(Scopes::FIELD) {
                Some(fault) => p.fault #about-scopes { "It " (fault) "." },
                None => p.hint { "Who may change something may read it, too. You can give only what you may do yourself." },
            }
        }
    }
}

fn tick(staff: &Staff, form: &Form, scope: Scope, label: &str, now: Option<Scopes>) -> Markup {
    let is_ticked = form.all(Scopes::FIELD).any(|ticked| ticked == scope.as_str());
    let is_allowed = now.map(|now| now.iter().any(|allowed| allowed == scope));
    html! {
        label.check {
            input type="checkbox" name=(Scopes::FIELD) value=(scope.as_str()) checked[is_ticked]
                disabled[!is_ticked && !staff.may(scope)] aria-label={ (label) " " (name(scope)) };
            (label)
            @if let Some(is_allowed) = is_allowed.filter(|is_allowed| *is_allowed != is_ticked) {
                em.meanwhile { @if is_allowed { "now ticked" } @else { "now not" } }
            }
        }
    }
}

/// The label of the noun of a scope, such as `API keys`.
pub(super) fn name(scope: Scope) -> String {
    let noun = scope.as_str().split(':').next().unwrap_or_default();
    match noun {
        "keys" => "API keys".to_owned(),
        "audit" => "Audit log".to_owned(),
        noun => {
            let mut letters = noun.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
        }
    }
}

/// Scopes in a row of a list, such as `Orders (change), Stock`.
pub(super) fn summary(scopes: Scopes) -> Markup {
    html! {
        @if scopes == Scopes::EVERYTHING { "Everything, also what comes later" }
        @else if scopes.is_empty() { span.faint { "Nothing here" } }
        @else {
            @for (place, scope) in scopes.iter().enumerate() {
                @if place > 0 { ", " }
                (name(scope)) @if matches!(scope, Scope::Write(_)) { " (change)" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_ticked_and_at_least_one_r255_r261() {
        let mut form = Form::showing([("scopes", "orders:read"), ("scopes", "orders:write"), ("scopes", "audit:read")]);
        let expected = [Scope::Write(Noun::Orders), Scope::Read(Noun::Audit)].into_iter().collect();
        assert_eq!(typed(&mut form), Some(expected));
        let again: Vec<_> = ticked(expected).collect();
        assert_eq!(again, [("scopes", "orders:write"), ("scopes", "audit:read")]);
        for bad in [&[][..], &[("scopes", "everything")]] {
            let mut form = Form::showing(bad.iter().copied());
            assert_eq!(typed(&mut form), None);
            assert!(form.fault("scopes").is_some());
        }
    }

    #[test]
    fn scopes_are_named_as_people_write_them_r255() {
        let scopes = [Scope::Write(Noun::Orders), Scope::Read(Noun::Keys)].into_iter().collect();
        assert_eq!(summary(scopes).into_string(), "Orders (change), API keys");
        assert!(summary(Scopes::EVERYTHING).into_string().starts_with("Everything"));
    }
}
