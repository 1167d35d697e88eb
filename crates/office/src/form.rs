//! Fields of forms: what was typed becomes values, and what is refused is shown beside its field, with what was typed.

mod changed;
mod stale;

use application::{Error, FieldError};
use domain::Invalid;

pub(crate) use self::changed::Changed;
pub(crate) use self::stale::{Held, HeldAs, Meanwhile};
use crate::host::Refusal;

/// The fields of a form, as they were typed, and what is wrong with them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    values: Vec<(String, String)>,
    faults: Vec<FieldError>,
    /// What became of fields since the form was filled.
    meanwhile: Vec<(String, Meanwhile)>,
    /// What is wrong with all of it.
    pub(crate) message: Option<String>,
}

impl Form {
    /// The hidden field with the key under which the form acts once.
    pub(crate) const KEY: &str = "key";

    pub(crate) fn new(values: Vec<(String, String)>) -> Self {
        Self { values, ..Self::default() }.chosen()
    }

    /// A form that shows these values.
    pub(crate) fn showing<V: Into<String>>(values: impl IntoIterator<Item = (&'static str, V)>) -> Self {
        Self::new(values.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
    }

    /// What was typed into a field; `None` if it is not there or empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let value = self.values.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    /// All that was chosen in fields of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// What is wrong with a field.
    pub(crate) fn fault(&self, name: &str) -> Option<&str> {
        self.faults.iter().find(|fault| fault.field == name).map(|fault| fault.invalid.message.as_ref())
    }

    /// The field that was refused first; `None` if none was.
    pub(crate) fn first_fault(&self) -> Option<&str> {
        self.faults.first().map(|fault| fault.field.as_str())
    }

    /// The fields whose names end with `end`. In a long form, it is quicker to look up several fields in such a part.
    pub(crate) fn ending_with(&self, end: &str) -> Self {
        let values = self.values.iter().filter(|(name, _)| name.ends_with(end)).cloned();
        let faults = self.faults.iter().filter(|fault| fault.field.ends_with(end)).cloned();
        let meanwhile = self.meanwhile.iter().filter(|(name, _)| name.ends_with(end)).cloned();
        Self { values: values.collect(), faults: faults.collect(), meanwhile: meanwhile.collect(), message: None }
    }

    /// The form without the fields for whose names `is_such` is true.
    pub(crate) fn without(mut self, is_such: impl Fn(&str) -> bool) -> Self {
        self.values.retain(|(name, _)| !is_such(name));
        self
    }

    /// Everything that the form holds, also in its hidden fields.
    pub(crate) fn all_values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A field that may be empty.
    pub(crate) fn optional<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, Invalid>) -> Option<Option<T>> {
        // What is only blank was not typed.
        let typed = self.text(name).filter(|text| !text.trim().is_empty()).map(ToOwned::to_owned);
        match typed.as_deref().map(parse).transpose() {
            Ok(value) => Some(value),
            Err(invalid) => self.refuse(name, invalid),
        }
    }

    /// A field that must be filled in.
    pub(crate) fn required<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, Invalid>) -> Option<T> {
        let missing = || Invalid::new(domain::Code::Required, "must be filled in");
        match self.optional(name, parse)? {
            Some(value) => Some(value),
            None => self.refuse(name, missing()),
        }
    }

    /// Notes what is wrong with a field.
    pub(crate) fn refuse<T>(&mut self, name: &str, invalid: Invalid) -> Option<T> {
        self.faults.push(FieldError::new(name, invalid));
        None
    }

    /// The form with the reasons why a use case has refused it.
    pub(crate) fn refused(mut self, refusal: Refusal) -> Self {
        let known = |field: &str| self.values.iter().any(|(name, _)| name == field);
        let (here, elsewhere): (Vec<_>, Vec<_>) = refusal.fields.into_iter().partition(|(field, _)| known(field));
        let beside = elsewhere.into_iter().map(|(field, message)| format!("{field} {message}."));
        let detail = here.is_empty().then(|| refusal.detail.into_owned());
        let message: Vec<_> = detail.into_iter().chain(beside).collect();
        self.message = (!message.is_empty()).then(|| message.join(" "));
        let fault = |(field, message)| FieldError::new(field, Invalid { code: domain::Code::Format, message });
        self.faults.extend(here.into_iter().map(fault));
        self
    }

    /// The form with the errors of another form of the same page.
    pub(crate) fn with_errors_of(self, other: &Self) -> Self {
        Self { message: other.message.clone(), faults: other.faults.clone(), ..self }
    }

    /// The form under another key, because it has acted already with other values.
    pub(crate) fn anew(mut self) -> Self {
        self.values.retain(|(name, _)| name != Self::KEY);
        let message = "This form was sent before, with other values. If it is to act once more, send it again.";
        self.message = Some(message.to_owned());
        self
    }

    /// Whether something is wrong.
    pub(crate) fn is_refused(&self) -> bool {
        self.message.is_some() || !self.faults.is_empty()
    }
}

/// Whether an error is a refusal to show with the form, and not a failure.
pub(crate) fn is_shown(error: &Error) -> bool {
    error.is_refusal() && !matches!(error, Error::NotFound(_) | Error::TooMany { .. } | Error::Busy { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::orders::Carrier;

    fn form(values: &[(&str, &str)]) -> Form {
        Form::new(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_refused_field_keeps_what_was_typed_and_says_what_is_allowed_r249() {
        let mut form = form(&[("carrier", &"x".repeat(101)), ("empty", " ")]);
        assert!(form.required("carrier", Carrier::parse).is_none());
        assert!(form.required("empty", Carrier::parse).is_none());
        assert_eq!(form.optional("missing", Carrier::parse), Some(None));
        assert_eq!(form.text("carrier").unwrap().len(), 101);
        assert_eq!(form.fault("carrier"), Some("must have at most 100 characters"));
        assert_eq!(form.fault("empty"), Some("must be filled in"));
        assert!(form.is_refused());
    }

    #[test]
    fn a_refusal_stands_beside_its_field_or_above_the_form_r249() {
        let refusal = |fields: &[(&str, &'static str)]| Refusal {
            detail: "No.".into(),
            fields: fields.iter().map(|(field, why)| ((*field).to_owned(), (*why).into())).collect(),
            ..Refusal::default()
        };
        let named = form(&[("sku", "A")]).refused(refusal(&[("sku", "is taken")]));
        assert_eq!((named.fault("sku"), named.message.as_deref()), (Some("is taken"), None));
        let other = form(&[("sku", "A")]).refused(refusal(&[("name", "is taken")]));
        assert_eq!((other.fault("sku"), other.message.as_deref()), (None, Some("No. name is taken.")));
        assert_eq!(form(&[]).refused(refusal(&[])).message.as_deref(), Some("No."));
    }

    #[test]
    fn a_form_that_has_acted_with_other_values_acts_again_only_under_another_key_r249() {
        let again = form(&[("key", "k"), ("name", "Ann")]).anew();
        assert!(again.is_refused());
        assert_eq!((again.text("key"), again.text("name")), (None, Some("Ann")));
    }
}
