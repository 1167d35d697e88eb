use super::GroupId;
use crate::attributes::AttributeId;
use crate::products::Description;
use crate::slugs::{Slug, SlugKind};
use crate::{UniqueKey, UtcDateTime, Version};

crate::text::text! {
    /// The name of a product group: 1 to 200 characters.
    GroupName, 1, 200, One
}

/// Products that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: GroupId,
    /// The name for people: 1 to 200 characters.
    pub name: GroupName,
    /// The name in addresses, unique among groups.
    pub slug: Slug,
    /// The description, which members without their own have.
    pub description: Option<Description>,
    /// The attributes by which its members differ, in order: choices, of which each member has one term.
    pub options: Vec<AttributeId>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change, of its members' places, too.
    pub version: Version,
}

/// The input for a new group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupDetails {
    /// The name for people: 1 to 200 characters.
    pub name: GroupName,
    /// The name in addresses.
    pub slug: Slug,
    /// The description, which members without their own have: up to 10,000 characters.
    pub description: Option<Description>,
    /// The attributes by which its members differ.
    pub options: Vec<AttributeId>,
}

/// A change of a group. `None` keeps the value, `Some(None)` removes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupChange {
    /// The name. The slug stays, and so do the names of its members.
    pub name: Option<GroupName>,
    /// The new name in addresses; `None` keeps it.
    pub slug: Option<Slug>,
    /// The new description; `Some(None)` removes it, `None` keeps it.
    pub description: Option<Option<Description>>,
    /// The new attributes by which its members differ; `None` keeps them.
    pub options: Option<Vec<AttributeId>>,
}

impl Group {
    /// The slug. It is nobody else's after it was given up, either.
    pub const UNIQUE_SLUG: UniqueKey = SlugKind::Group.unique_key();
    /// The terms of a member.
    pub const UNIQUE_COMBINATION: UniqueKey =
        UniqueKey { field: "values", taken: "are those of another product of the group" };
    /// The most attributes by which the members of a group may differ.
    pub const MOST_OPTIONS: usize = 3;
    /// The most products of a group. All of them are locked and shown together.
    pub const MOST_MEMBERS: usize = 250;

    /// A new group without members, at its first version, created at `now`.
    pub fn new(id: GroupId, details: GroupDetails, now: UtcDateTime) -> Self {
        let GroupDetails { name, slug, description, options } = details;
        Self { id, name, slug, description, options, created_at: now, updated_at: now, version: Version::FIRST }
    }

    /// The group after a change, unchanged if the change has no effect.
    #[must_use]
    pub fn changed(&self, change: &GroupChange, now: UtcDateTime) -> Self {
        let GroupChange { name, slug, description, options } = change.clone();
        let after = Self {
            name: name.unwrap_or_else(|| self.name.clone()),
            slug: slug.unwrap_or_else(|| self.slug.clone()),
            description: description.unwrap_or_else(|| self.description.clone()),
            options: options.unwrap_or_else(|| self.options.clone()),
            ..self.clone()
        };
        if after == *self { after } else { after.touched(now) }
    }

    /// The group after a change of its members' places, or of what it has of attributes.
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
    fn a_change_of_a_group_keeps_what_it_does_not_name_and_counts_only_if_something_changes_r205() {
        let details = GroupDetails {
            name: GroupName::parse("T-shirt").unwrap(),
            slug: Slug::parse("t-shirt").unwrap(),
            description: Description::parse("Cotton.").ok(),
            options: vec![AttributeId(Uuid::from_u128(1))],
        };
        let before = Group::new(GroupId(Uuid::from_u128(9)), details, UtcDateTime::UNIX_EPOCH);
        let later = UtcDateTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
        let change = GroupChange { name: GroupName::parse("Shirt").ok(), ..GroupChange::default() };
        let after = before.changed(&change, later);
        assert_eq!((after.name.as_str(), &after.slug, after.version), ("Shirt", &before.slug, Version(2)));
        assert_eq!((&after.description, &after.options), (&before.description, &before.options));
        assert_eq!(after.changed(&change, later), after);
        let bare = after.changed(&GroupChange { description: Some(None), ..GroupChange::default() }, later);
        assert_eq!((bare.description, bare.version), (None, Version(3)));
        assert!(GroupName::parse(&"ä".repeat(200)).is_ok() && GroupName::parse(&"ä".repeat(201)).is_err());
    }
}
