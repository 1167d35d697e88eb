use super::TermId;
use crate::slugs::Slug;
use crate::{Invalid, Uuid};

/// What names a term of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermKey {
    /// The id, which never changes.
    Id(TermId),
    /// The name in addresses, which may change.
    Slug(Slug),
}

impl TermKey {
    /// Parses an id, or else a slug.
    ///
    /// # Errors
    /// If it is neither.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        match Uuid::try_parse(raw) {
            Ok(id) if raw.len() == 36 => Ok(Self::Id(TermId(id))),
            _ => Slug::parse(raw).map(Self::Slug),
        }
    }
}

impl std::fmt::Display for TermKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Slug(slug) => slug.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_named_by_its_id_or_its_slug_r201() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(TermKey::parse(id).unwrap(), TermKey::Id(TermId(Uuid::try_parse(id).unwrap())));
        assert_eq!(TermKey::parse("blue").unwrap(), TermKey::Slug(Slug::parse("blue").unwrap()));
        assert!(TermKey::parse("Blue").is_err());
    }
}
