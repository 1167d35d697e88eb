use super::{Form, HeldAs};

/// The names of the fields of a form that somebody has changed.
pub(crate) struct Changed(Vec<String>);

impl Changed {
    /// The fields that differ from `held`.
    pub(crate) fn of(form: &Form, held: &[HeldAs<'_>]) -> Self {
        let typed = |name: &str| form.text(name).unwrap_or_default();
        Self(held.iter().filter(|(name, value)| typed(name) != value).map(|(name, _)| (*name).to_owned()).collect())
    }

    /// Whether no field has changed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was typed into a field, if that has changed. What nobody has touched stays, so that a text of a group remains
    /// the group's, and a time keeps its seconds.
    pub(crate) fn get<T>(&self, name: &str, typed: T) -> Option<T> {
        self.0.iter().any(|changed| changed == name).then_some(typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changed_fields_are_sent_r204_r241() {
        let held = [("description", "Of the group".to_owned()), ("seo_title", String::new())];
        let form = Form::showing([("description", "Of the group"), ("seo_title", "Mine")]);
        let changed = Changed::of(&form, &held);
        assert_eq!((changed.get("description", 1), changed.get("seo_title", 2)), (None, Some(2)));
    }
}
