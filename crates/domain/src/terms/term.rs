use super::TermId;
use crate::attributes::{AttributeId, Position};
use crate::slugs::Slug;
use crate::{UniqueKey, UtcDateTime, Version};

crate::text::text! {
    /// The name of a term: 1 to 200 characters.
    TermName, 1, 200, One
}

crate::text::text! {
    /// The description of a term: up to 10,000 characters.
    TermDescription, 1, 10_000, Many
}

crate::text::text! {
    /// The title of a page for search engines: up to 70 characters.
    SeoTitle, 1, 70, One
}

crate::text::text! {
    /// The description of a page for search engines: up to 200 characters.
    SeoDescription, 1, 200, One
}

/// A value of an attribute that is a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: TermId,
    /// The attribute that it is a value of.
    pub attribute_id: AttributeId,
    /// The term above it in the tree, if there is one. Only categories have one.
    pub parent_id: Option<TermId>,
    /// The name for people: 1 to 200 characters.
    pub name: TermName,
    /// The name in addresses, unique within the attribute.
    pub slug: Slug,
    /// The place among those beside it.
    pub position: Position,
    /// A text about it for people: up to 10,000 characters.
    pub description: Option<TermDescription>,
    /// The title for search engines.
    pub seo_title: Option<SeoTitle>,
    /// The description for search engines.
    pub seo_description: Option<SeoDescription>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// What a field to choose terms from has of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermChoice {
    /// The attribute that the term is a value of.
    pub attribute_id: AttributeId,
    /// What names the term in requests, as its slug does.
    pub id: TermId,
    /// The term above it in the tree, if there is one.
    pub parent_id: Option<TermId>,
    /// The name in addresses.
    pub slug: Slug,
    /// The name for people: 1 to 200 characters.
    pub name: TermName,
}

/// The input for a new term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermDetails {
    /// The name for people: 1 to 200 characters.
    pub name: TermName,
    /// The name in addresses; `None` for one that is made of the name.
    pub slug: Option<Slug>,
    /// The term above it.
    pub parent_id: Option<TermId>,
    /// The place among those beside it.
    pub position: Position,
    /// A text about it for people: up to 10,000 characters.
    pub description: Option<TermDescription>,
    /// The title for search engines.
    pub seo_title: Option<SeoTitle>,
    /// The description for search engines.
    pub seo_description: Option<SeoDescription>,
}

/// A change of a term. `None` keeps the value, `Some(None)` removes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermChange {
    /// The name. The slug stays.
    pub name: Option<TermName>,
    /// The new name in addresses; `None` keeps it.
    pub slug: Option<Slug>,
    /// The term above it; `Some(None)` moves it to the top.
    pub parent_id: Option<Option<TermId>>,
    /// The new place among those beside it; `None` keeps it.
    pub position: Option<Position>,
    /// The new description; `Some(None)` removes it, `None` keeps it.
    pub description: Option<Option<TermDescription>>,
    /// The new title for search engines; `Some(None)` removes it, `None` keeps it.
    pub seo_title: Option<Option<SeoTitle>>,
    /// The new description for search engines; `Some(None)` removes it, `None` keeps it.
    pub seo_description: Option<Option<SeoDescription>>,
}

impl TermDetails {
    /// A term with this name and nothing else.
    pub fn named(name: TermName) -> Self {
        Self {
            name,
            slug: None,
            parent_id: None,
            position: Position::default(),
            description: None,
            seo_title: None,
            seo_description: None,
        }
    }
}

impl Term {
    /// The slug, within the attribute.
    pub const UNIQUE_SLUG: UniqueKey = UniqueKey { field: "slug", taken: "belongs to another term of the attribute" };

    /// A new term with this slug, at its first version, created at `now`.
    pub fn new(id: TermId, attribute_id: AttributeId, details: TermDetails, slug: Slug, now: UtcDateTime) -> Self {
        let TermDetails { name, slug: _, parent_id, position, description, seo_title, seo_description } = details;
        Self {
            id,
            attribute_id,
            parent_id,
            name,
            slug,
            position,
            description,
            seo_title,
            seo_description,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        }
    }

    /// The term after a change, unchanged if the change has no effect.
    #[must_use]
    pub fn changed(&self, change: &TermChange, now: UtcDateTime) -> Self {
        let TermChange { name, slug, parent_id, position, description, seo_title, seo_description } = change.clone();
        let after = Self {
            name: name.unwrap_or_else(|| self.name.clone()),
            slug: slug.unwrap_or_else(|| self.slug.clone()),
            parent_id: parent_id.unwrap_or(self.parent_id),
            position: position.unwrap_or(self.position),
            description: description.unwrap_or_else(|| self.description.clone()),
            seo_title: seo_title.unwrap_or_else(|| self.seo_title.clone()),
            seo_description: seo_description.unwrap_or_else(|| self.seo_description.clone()),
            ..self.clone()
        };
        if after == *self { after } else { after.touched(now) }
    }

    /// The term after a change of what belongs to it.
    #[must_use]
    pub fn touched(self, now: UtcDateTime) -> Self {
        Self { updated_at: now, version: self.version.next(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    #[test]
    fn a_change_keeps_what_it_does_not_name_and_a_new_name_does_not_change_the_slug_r201() {
        let details = TermDetails::named(TermName::parse("Mugs").unwrap());
        let slug = Slug::parse("mugs").unwrap();
        let (id, attribute) = (TermId(Uuid::from_u128(1)), AttributeId(Uuid::from_u128(2)));
        let before = Term::new(id, attribute, details, slug.clone(), UtcDateTime::UNIX_EPOCH);
        let later = UtcDateTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
        let change = TermChange {
            name: TermName::parse("Cups").ok(),
            seo_title: Some(SeoTitle::parse("Cups of all sizes").ok()),
            ..TermChange::default()
        };
        let after = before.changed(&change, later);
        assert_eq!((after.name.as_str(), &after.slug, after.version), ("Cups", &slug, Version(2)));
        assert_eq!(after.changed(&change, later), after);
        let bare = after.changed(&TermChange { seo_title: Some(None), ..TermChange::default() }, later);
        assert_eq!((bare.seo_title, bare.version), (None, Version(3)));
    }

    #[test]
    fn the_texts_of_a_term_have_their_limits_r201() {
        assert!(TermName::parse(&"ä".repeat(200)).is_ok() && TermName::parse(&"ä".repeat(201)).is_err());
        assert!(SeoTitle::parse(&"x".repeat(70)).is_ok() && SeoTitle::parse(&"x".repeat(71)).is_err());
        assert!(SeoDescription::parse(&"x".repeat(200)).is_ok() && SeoDescription::parse(&"x".repeat(201)).is_err());
        assert!(TermDescription::parse("a\nb").is_ok() && TermDescription::parse(&"x".repeat(10_001)).is_err());
    }
}
