use super::{Term, TermKey};
use crate::slugs::Slug;
use crate::{Uuid, sort_key};

/// A text that means a term: its name, or an id or a slug that somebody has typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeantTerm {
    name: String,
    typed: Option<TermKey>,
    made: Option<Slug>,
}

impl MeantTerm {
    /// What a text means.
    pub fn of(text: &str) -> Self {
        let name = sort_key(text);
        let typed = TermKey::parse(text).ok();
        let made = (typed.is_none() && is_said_by_slug(&name)).then(|| Slug::of_name(text, Uuid::nil()));
        Self { name, typed, made }
    }

    /// The folded name.
    pub fn name_key(&self) -> &str {
        &self.name
    }

    /// The id or the slug that was typed.
    pub const fn typed(&self) -> Option<&TermKey> {
        self.typed.as_ref()
    }

    /// The ids and slugs by which such a term is found.
    pub fn keys(&self) -> Vec<TermKey> {
        self.typed.clone().into_iter().chain(self.made.clone().map(TermKey::Slug)).collect()
    }

    /// Whether a term has this name, however it is written.
    pub fn is_called(&self, term: &Term) -> bool {
        !self.name.is_empty() && sort_key(term.name.as_str()) == self.name
    }

    /// Whether a term has the id or the slug that was typed.
    pub fn is_typed(&self, term: &Term) -> bool {
        match &self.typed {
            Some(TermKey::Id(id)) => term.id == *id,
            Some(TermKey::Slug(slug)) => term.slug == *slug,
            None => false,
        }
    }

    /// Whether a term has the slug of this name, and neither of the two names says more than its slug: `Summer Time` is
    /// `summer-time`, but `C#` is not `C++`.
    pub fn is_like(&self, term: &Term) -> bool {
        self.made.as_ref() == Some(&term.slug) && is_said_by_slug(&sort_key(term.name.as_str()))
    }
}

/// Whether the slug of a folded name keeps all its characters.
fn is_said_by_slug(name: &str) -> bool {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_');
    (1..=Slug::MAX).contains(&name.len()) && name.chars().all(is_kept) && name.contains(|c: char| c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UtcDateTime;
    use crate::attributes::AttributeId;
    use crate::terms::{TermDetails, TermId, TermName};

    fn term(name: &str, slug: &str) -> Term {
        let details = TermDetails::named(TermName::parse(name).unwrap());
        let (id, attribute) = (TermId(Uuid::from_u128(7)), AttributeId(Uuid::from_u128(8)));
        Term::new(id, attribute, details, Slug::parse(slug).unwrap(), UtcDateTime::UNIX_EPOCH)
    }

    /// Whether the text is the name, the typed slug or id, or the slug that is made of it.
    fn means(text: &str, term: &Term) -> [bool; 3] {
        let meant = MeantTerm::of(text);
        [meant.is_called(term), meant.is_typed(term), meant.is_like(term)]
    }

    #[test]
    fn names_that_fold_to_one_slug_are_different_terms_r201_r203() {
        for (text, name, slug) in [
            ("C#", "C++", "c"),
            ("C", "C++", "c"),
            ("Зима 2025", "Лето 2025", "2025"),
            ("Размер", "Цвет", "t-099a8057"),
            ("!!!", "???", "t-099a8057"),
        ] {
            assert_eq!(means(text, &term(name, slug)), [false; 3], "{text} {name}");
        }
    }

    #[test]
    fn a_text_means_a_term_by_its_name_or_by_what_was_typed_r201_r203() {
        assert_eq!(means("РАЗМЕР", &term("Размер", "t-099a8057")), [true, false, false]);
        assert_eq!(means("c", &term("C++", "c")), [false, true, false]);
        assert_eq!(means("Summer Time", &term("summer-time", "summer-time")), [false, false, true]);
        assert_eq!(means("SALE", &term("Angebot", "sale")), [false, false, true]);
        let id = Uuid::from_u128(7).to_string();
        assert_eq!(means(&id, &term("C++", "c")), [false, true, false]);
        assert_eq!(MeantTerm::of("\u{200b}").keys(), []);
    }
}
