//! Fields of forms: what was typed becomes values, and what is refused is shown beside its field, with what was typed.

use application::{Error, FieldError};
use domain::Invalid;

use crate::host::Refusal;

/// The fields of a form, as they were typed, and what is wrong with them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    values: Vec<(String, String)>,
    faults: Vec<FieldError>,
    /// What is wrong with all of it.
    pub(crate) message: Option<String>,
}

impl Form {
    /// The hidden field with the key under which the form acts once.
    pub(crate) const KEY: &str = "key";
    /// The hidden field with the version that the form was filled from.
    pub(crate) const VERSION: &str = "version";

    pub(crate) fn new(values: Vec<(String, String)>) -> Self {
        Self { values, faults: Vec::new(), message: None }
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
        if self.message.is_some() {
            return self;
        }
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

    /// The form of somebody who has not seen a change by somebody else. Each field that differs says what is there now, and
    /// the form takes over the version, so that sending it again keeps what is typed.
    pub(crate) fn stale(mut self, now: &Self) -> Self {
        for (name, value) in &now.values {
            if name == Self::VERSION {
                self.set(name, value);
            } else if self.text(name).unwrap_or_default() != value {
                let shown = if value.is_empty() { "empty" } else { value.as_str() };
                let message = format!("is {shown} now, by somebody else");
                self.faults.push(FieldError::new(name.clone(), Invalid::new(domain::Code::Excluded, message)));
            }
        }
        let message = "Somebody else has changed this meanwhile, and nothing of yours is saved yet. Each field that differs \
                       says what is there now. Save again to keep what you have typed.";
        self.message = Some(message.to_owned());
        self
    }

    fn set(&mut self, name: &str, value: &str) {
        self.values.retain(|(given, _)| given != name);
        self.values.push((name.to_owned(), value.to_owned()));
    }

    /// Whether something is wrong.
    pub(crate) fn is_refused(&self) -> bool {
        self.message.is_some() || !self.faults.is_empty()
    }
}

/// Whether an error is one to show beside a form, and no failure.
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
    fn a_stale_form_shows_what_is_there_now_and_takes_over_its_version_r249() {
        let typed = form(&[("version", "3"), ("name", "Mine"), ("sku", "A"), ("barcode", "1")]);
        let now = form(&[("version", "4"), ("name", "Theirs"), ("sku", "A"), ("barcode", "")]);
        let stale = typed.stale(&now).refused(Refusal::default());
        assert_eq!((stale.text("version"), stale.text("name")), (Some("4"), Some("Mine")));
        assert_eq!(stale.fault("name"), Some("is Theirs now, by somebody else"));
        assert_eq!((stale.fault("sku"), stale.fault("barcode")), (None, Some("is empty now, by somebody else")));
        assert!(stale.message.unwrap().starts_with("Somebody else"));
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
}
