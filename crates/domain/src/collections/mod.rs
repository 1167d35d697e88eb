//! Collections: saved filters of products, with products that stand first.
//!
//! Nothing is worked out when a collection is saved or a product changes: which products it has is asked when it is read.

mod collection;
mod filter;
mod pins;
mod ports;

pub use collection::{Collection, CollectionChange, CollectionDetails, CollectionName, ListedCollection};
pub use filter::{CollectionFilter, SoughtCollection};
pub use pins::{Pins, PinsFault};
pub use ports::*;

use crate::slugs::{Slug, SlugKind, SlugOwner};
use crate::{Id as _, Invalid, Uuid};

crate::id::id! {
    /// The id of a collection.
    CollectionId
}

impl From<CollectionId> for SlugOwner {
    fn from(id: CollectionId) -> Self {
        Self { kind: SlugKind::Collection, id: id.0 }
    }
}

/// What names a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CollectionKey {
    /// The id, which never changes.
    Id(CollectionId),
    /// The name in addresses, which may change.
    Slug(Slug),
}

impl CollectionKey {
    /// Parses an id, or else a slug.
    ///
    /// # Errors
    /// If it is neither.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        match Slug::parse(raw) {
            Ok(slug) => Ok(Self::Slug(slug)),
            Err(invalid) if raw.len() != 36 => Err(invalid),
            Err(invalid) => Uuid::try_parse(raw).map(|id| Self::Id(CollectionId::new(id))).map_err(|_| invalid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn a_collection_is_named_by_its_id_or_its_slug_r227() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let named = CollectionKey::parse(id).unwrap();
        assert_eq!(named, CollectionKey::Id(CollectionId(Uuid::try_parse(id).unwrap())));
        assert_eq!(CollectionKey::parse("sale").unwrap(), CollectionKey::Slug(Slug::parse("sale").unwrap()));
        for bad in ["Sale", "a b", &"ä".repeat(18), &"_".repeat(36)] {
            assert_eq!(CollectionKey::parse(bad).unwrap_err().code, Code::Format, "{bad:?}");
        }
    }
}
