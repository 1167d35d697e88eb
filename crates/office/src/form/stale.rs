//! Forms that know the version that they were filled from. If that has changed meanwhile, both values of each field that
//! differs are shown, to choose from.

use domain::Version;

use super::Form;

/// The name of a field and the value that is stored for it.
pub(crate) type Held = HeldAs<'static>;

/// [`Held`] for a field whose name is made at run time.
pub(crate) type HeldAs<'a> = (&'a str, String);

/// What happened to a field whose stored value has changed since the form was filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meanwhile {
    /// Somebody has changed it, and whoever sent the form has not: the form shows what it holds now.
    Taken {
        /// What it held before.
        before: String,
    },
    /// Both have changed it: the form shows what was typed.
    Differs {
        /// What it holds now.
        now: String,
    },
}

const WAS: &str = "was-";
const TAKE: &str = "take-";

impl Form {
    /// The hidden field with the version that a form was filled from.
    pub(crate) const VERSION: &str = "version";

    /// A form with the values of this version.
    pub(crate) fn filled(version: Version, held: &[HeldAs<'_>]) -> Self {
        Self::default().with_part(Self::VERSION, version, held)
    }

    /// The form with these values, too. A name may have several.
    pub(crate) fn with(mut self, values: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        self.values.extend(values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
        self
    }

    /// Remembers a value that the form was filled from and that has no field of its own.
    pub(crate) fn remembering(mut self, name: &str, value: String) -> Self {
        self.put(&Self::memory_of(name), value);
        self
    }

    /// The version that the form was filled from.
    pub(crate) fn expected(&self) -> Option<Version> {
        self.text(Self::VERSION)?.parse().ok().map(Version)
    }

    /// Adds a part of the form with the values of this version, which is kept in the field `version_field`.
    pub(crate) fn with_part(mut self, version_field: &str, version: Version, held: &[HeldAs<'_>]) -> Self {
        self.values.push((version_field.to_owned(), version.0.to_string()));
        for (name, value) in held {
            self.values.push(((*name).to_owned(), value.clone()));
            self.values.push((Self::memory_of(name), value.clone()));
        }
        self
    }

    /// Compares the typed values with the current ones, because the version has changed since the form was filled. If
    /// it is sent again, the form is based on the current version.
    pub(crate) fn compare(&mut self, version: Version, held: &[HeldAs<'_>]) {
        self.compare_part(Self::VERSION, version, held);
    }

    /// [`Form::compare`] for a part of the form that has a version of its own, in the field `version_field`.
    pub(crate) fn compare_part(&mut self, version_field: &str, version: Version, held: &[HeldAs<'_>]) {
        for (name, now) in held {
            let was = self.text(&format!("{WAS}{name}")).unwrap_or_default().to_owned();
            let typed = self.text(name).unwrap_or_default().to_owned();
            if typed == *now || was == *now {
                continue;
            }
            let meanwhile = if typed == was {
                self.set(name, now);
                Meanwhile::Taken { before: was }
            } else {
                Meanwhile::Differs { now: now.clone() }
            };
            self.meanwhile.push(((*name).to_owned(), meanwhile));
        }
        self.remember(version_field, version, held);
        let message = "Somebody has changed it meanwhile, so that nothing was saved. Look at the fields that say so, then save again.";
        self.message = Some(message.to_owned());
    }

    /// What happened to a field whose stored value has changed since the form was filled; `None` if it has not changed.
    pub(crate) fn meanwhile(&self, name: &str) -> Option<&Meanwhile> {
        self.meanwhile.iter().find(|(changed, _)| changed == name).map(|(_, meanwhile)| meanwhile)
    }

    /// The name of the check box by which a user takes the current value instead of the typed one.
    pub(crate) fn taking(name: &str) -> String {
        format!("{TAKE}{name}")
    }

    /// The form with the values that were chosen instead of those typed.
    pub(super) fn chosen(mut self) -> Self {
        let taken: Vec<_> = self
            .values
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(TAKE)?.to_owned(), value.clone())))
            .collect();
        self.values.retain(|(name, _)| !name.starts_with(TAKE));
        for (name, value) in taken {
            self.put(&name, value);
        }
        self
    }

    /// The form with one value in a field that may have had several.
    pub(crate) fn put(&mut self, name: &str, value: String) {
        self.values.retain(|(given, _)| given != name);
        self.values.push((name.to_owned(), value));
    }

    /// The name of the hidden field with what a field was filled with.
    pub(crate) fn memory_of(name: &str) -> String {
        format!("{WAS}{name}")
    }

    /// What a field was filled with; `None` if the form does not know it.
    pub(crate) fn before(&self, name: &str) -> Option<&str> {
        let was = format!("{WAS}{name}");
        self.values.iter().find(|(given, _)| *given == was).map(|(_, value)| value.as_str())
    }

    /// The fields that people fill in, with what they hold.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_own = |name: &str| name == Self::KEY || name == Self::VERSION || name.starts_with(WAS);
        self.values.iter().filter(move |(name, _)| !is_own(name)).map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The hidden fields by which it knows what it was filled from.
    pub(crate) fn memory(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_memory = |name: &str| name == Self::VERSION || name.starts_with(WAS);
        self.values.iter().filter(move |(name, _)| is_memory(name)).map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn remember(&mut self, version_field: &str, version: Version, held: &[HeldAs<'_>]) {
        self.set(version_field, &version.0.to_string());
        for (name, value) in held {
            self.set(&format!("{WAS}{name}"), value);
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        match self.values.iter_mut().find(|(given, _)| given == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.values.push((name.to_owned(), value.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(name: &str, phone: &str) -> Vec<Held> {
        vec![("name", name.to_owned()), ("phone", phone.to_owned())]
    }

    /// A form that was filled with Ann and 1, and then typed into.
    fn typed(name: &str, phone: &str) -> Form {
        let mut form = Form::filled(Version(3), &held("Ann", "1"));
        form.set("name", name);
        form.set("phone", phone);
        form
    }

    #[test]
    fn a_form_knows_the_version_that_it_was_filled_from_r249() {
        let form = Form::filled(Version(3), &held("Ann", "1"));
        assert_eq!((form.expected(), form.text("name")), (Some(Version(3)), Some("Ann")));
        let memory: Vec<_> = form.memory().collect();
        assert_eq!(memory, [("version", "3"), ("was-name", "Ann"), ("was-phone", "1")]);
        assert_eq!(Form::default().expected(), None);
    }

    #[test]
    fn a_part_with_a_version_of_its_own_is_compared_alone_r249() {
        let (one, other) = ([("name-1", "Ann".to_owned())], [("name-2", "Bob".to_owned())]);
        let mut form =
            Form::default().with_part("version-1", Version(3), &one).with_part("version-2", Version(3), &other);
        form.set("name-1", "Anna");
        form.compare_part("version-2", Version(4), &[("name-2", "Bobby".to_owned())]);
        assert_eq!(form.meanwhile("name-2"), Some(&Meanwhile::Taken { before: "Bob".into() }));
        assert_eq!((form.meanwhile("name-1"), form.text("name-1")), (None, Some("Anna")));
        assert_eq!((form.text("version-1"), form.text("version-2")), (Some("3"), Some("4")));
        let part = form.ending_with("-2");
        assert_eq!((part.text("name-2"), part.text("name-1")), (Some("Bobby"), None));
    }

    #[test]
    fn a_stale_form_shows_both_values_of_each_field_that_differs_r249() {
        let mut form = typed("Anna", "1");
        form.compare(Version(5), &held("Annie", "2"));
        assert_eq!(form.meanwhile("name"), Some(&Meanwhile::Differs { now: "Annie".into() }));
        assert_eq!(form.meanwhile("phone"), Some(&Meanwhile::Taken { before: "1".into() }));
        assert_eq!((form.text("name"), form.text("phone")), (Some("Anna"), Some("2")));
        assert!(form.is_refused() && form.expected() == Some(Version(5)));
        assert_eq!(form.text("was-name"), Some("Annie"), "sent again, it is from what is shown");
    }

    #[test]
    fn fields_that_nobody_else_changed_keep_the_typed_value_r249() {
        let mut form = typed("Anna", "2");
        form.compare(Version(4), &held("Ann", "2"));
        assert_eq!((form.meanwhile("name"), form.meanwhile("phone")), (None, None));
        assert_eq!((form.text("name"), form.text("phone")), (Some("Anna"), Some("2")));
    }

    #[test]
    fn the_value_of_now_is_taken_where_it_is_chosen_r249() {
        let mut form = typed("Anna", "1");
        form.values.push((Form::taking("name"), "Annie".into()));
        let form = form.chosen();
        assert_eq!((form.text("name"), form.text("take-name")), (Some("Annie"), None));
    }
}
