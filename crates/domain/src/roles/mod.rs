//! Roles: names for sets of scopes. Five are fixed, and a shop makes others beside them.

mod name;
mod ports;
mod role;

pub use name::RoleName;
pub use ports::*;
pub use role::Role;

use crate::access::Scopes;
use crate::{UniqueKey, UtcDateTime, Uuid, Version};

crate::id::id! {
    /// The id of a custom role.
    RoleId
}

/// A role that the shop has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomRole {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: RoleId,
    /// The name, unique. It never changes.
    pub name: RoleName,
    /// What it allows: at least one scope.
    pub scopes: Scopes,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

impl CustomRole {
    /// No two roles share a name: the field, and what a refusal says of it.
    pub const UNIQUE_NAME: UniqueKey = UniqueKey { field: "name", taken: "belongs to another role" };
    /// The most of them in a shop.
    pub const MOST: u64 = 50;

    /// A new role, at its first version, created at `now`.
    pub const fn new(id: Uuid, name: RoleName, scopes: Scopes, now: UtcDateTime) -> Self {
        Self { id: RoleId(id), name, scopes, created_at: now, updated_at: now, version: Version::FIRST }
    }

    /// The role with other scopes, unchanged if they are the same.
    #[must_use]
    pub fn allowing(&self, scopes: Scopes, now: UtcDateTime) -> Self {
        if scopes == self.scopes {
            return self.clone();
        }
        Self { scopes, updated_at: now, version: self.version.next(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Noun, Scope};

    #[test]
    fn other_scopes_are_another_version_and_the_same_ones_are_not_r255() {
        let (read, write) = (Scopes::of(Scope::Read(Noun::Orders)), Scopes::of(Scope::Write(Noun::Orders)));
        let name = RoleName::parse("packing").unwrap();
        let role = CustomRole::new(Uuid::from_u128(1), name, read, UtcDateTime::UNIX_EPOCH);
        assert_eq!(role.allowing(read, UtcDateTime::UNIX_EPOCH), role);
        let changed = role.allowing(write, UtcDateTime::UNIX_EPOCH);
        assert_eq!((changed.scopes, changed.version, changed.name), (write, Version(2), role.name));
    }
}
