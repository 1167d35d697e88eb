use super::{CollectionFilter, CollectionId, Pins};
use crate::attributes::Position;
use crate::products::{Description, ProductSort};
use crate::slugs::{Slug, SlugKind};
use crate::{UniqueKey, UtcDateTime, Version};

crate::text::text! {
    /// The name of a collection: 1 to 200 characters.
    CollectionName, 1, 200, One
}

/// Products that are shown together: those that a filter finds, and before them some that stand first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: CollectionId,
    /// The name for people: 1 to 200 characters.
    pub name: CollectionName,
    /// The name in addresses, unique among collections.
    pub slug: Slug,
    /// What its products pass; without one it has its pins only.
    pub filter: Option<CollectionFilter>,
    /// The products that stand first, whether the filter finds them or not.
    pub pins: Pins,
    /// The order of the products after the pins, if it is not that of all lists.
    pub sort: Option<ProductSort>,
    /// A text about it for people: up to 10,000 characters.
    pub description: Option<Description>,
    /// The place among other collections.
    pub position: Position,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// A collection as lists have it: without its filter and its pins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCollection {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: CollectionId,
    /// The name for people: 1 to 200 characters.
    pub name: CollectionName,
    /// The name in addresses.
    pub slug: Slug,
    /// The order of the products after the pins, if it is not that of all lists.
    pub sort: Option<ProductSort>,
    /// A text about it for people: up to 10,000 characters.
    pub description: Option<Description>,
    /// The place among other collections.
    pub position: Position,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// The input for a new collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionDetails {
    /// The name for people: 1 to 200 characters.
    pub name: CollectionName,
    /// The name in addresses; `None` for one that is made of the name.
    pub slug: Option<Slug>,
    /// What its products pass.
    pub filter: Option<CollectionFilter>,
    /// The products that stand first.
    pub pins: Pins,
    /// The order of the products after the pins.
    pub sort: Option<ProductSort>,
    /// A text about it for people: up to 10,000 characters.
    pub description: Option<Description>,
    /// The place among other collections.
    pub position: Position,
}

/// A change of a collection. `None` keeps the value, `Some(None)` removes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CollectionChange {
    /// The name. The slug stays.
    pub name: Option<CollectionName>,
    /// The new name in addresses; `None` keeps it.
    pub slug: Option<Slug>,
    /// What its products pass.
    pub filter: Option<Option<CollectionFilter>>,
    /// The products that stand first, all of them.
    pub pins: Option<Pins>,
    /// The new order of the products after the pins; `Some(None)` removes it, `None` keeps it.
    pub sort: Option<Option<ProductSort>>,
    /// The new description; `Some(None)` removes it, `None` keeps it.
    pub description: Option<Option<Description>>,
    /// The new place among other collections; `None` keeps it.
    pub position: Option<Position>,
}

impl Collection {
    /// The slug. It is nobody else's after it was given up, either.
    pub const UNIQUE_SLUG: UniqueKey = SlugKind::Collection.unique_key();
    /// The most collections of a shop.
    pub const MOST: u64 = 1_000;

    /// A new collection with this slug, at its first version, created at `now`.
    pub fn new(id: CollectionId, details: CollectionDetails, slug: Slug, now: UtcDateTime) -> Self {
        let CollectionDetails { name, slug: _, filter, pins, sort, description, position } = details;
        let version = Version::FIRST;
        Self { id, name, slug, filter, pins, sort, description, position, created_at: now, updated_at: now, version }
    }

    /// The collection after a change, unchanged if the change has no effect.
    #[must_use]
    pub fn changed(&self, change: &CollectionChange, now: UtcDateTime) -> Self {
        let CollectionChange { name, slug, filter, pins, sort, description, position } = change.clone();
        let after = Self {
            name: name.unwrap_or_else(|| self.name.clone()),
            slug: slug.unwrap_or_else(|| self.slug.clone()),
            filter: filter.unwrap_or_else(|| self.filter.clone()),
            pins: pins.unwrap_or_else(|| self.pins.clone()),
            sort: sort.unwrap_or(self.sort),
            description: description.unwrap_or_else(|| self.description.clone()),
            position: position.unwrap_or(self.position),
            ..self.clone()
        };
        if after == *self { after } else { after.touched(now) }
    }

    /// The collection after a change of what belongs to it.
    #[must_use]
    pub fn touched(self, now: UtcDateTime) -> Self {
        Self { updated_at: now, version: self.version.next(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;
    use crate::products::ProductId;

    #[test]
    fn a_change_of_a_collection_keeps_what_it_does_not_name_and_counts_only_if_something_changes_r227() {
        let details = CollectionDetails {
            name: CollectionName::parse("Sale").unwrap(),
            slug: None,
            filter: CollectionFilter::new([("on_sale".to_owned(), "true".to_owned())]).ok(),
            pins: Pins::new(vec![ProductId(Uuid::from_u128(1))]).unwrap(),
            sort: Some(ProductSort::Price),
            description: Description::parse("Reduced.").ok(),
            position: Position::default(),
        };
        let slug = Slug::parse("sale").unwrap();
        let before = Collection::new(CollectionId(Uuid::from_u128(9)), details, slug, UtcDateTime::UNIX_EPOCH);
        let later = UtcDateTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
        let change =
            CollectionChange { name: CollectionName::parse("Summer sale").ok(), ..CollectionChange::default() };
        let after = before.changed(&change, later);
        assert_eq!((after.version, after.updated_at), (Version(2), later));
        assert_eq!((&after.slug, &after.filter, &after.pins), (&before.slug, &before.filter, &before.pins));
        assert_eq!(after.changed(&change, later), after);
        let bare = CollectionChange {
            filter: Some(None),
            sort: Some(None),
            description: Some(None),
            ..CollectionChange::default()
        };
        let bare = after.changed(&bare, later);
        assert_eq!((bare.filter, bare.sort, bare.description, bare.version), (None, None, None, Version(3)));
    }
}
