use super::TaxClassCode;
use crate::{UniqueKey, UtcDateTime, Version};

crate::id::id! {
    /// The id of a tax class.
    TaxClassId
}

crate::text::text! {
    /// The name of a tax class: 1 to 100 characters.
    TaxClassName, 1, 100, One
}

/// A tax class. Its code never changes, because products, rates and shipping methods name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxClass {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: TaxClassId,
    /// The code, unique.
    pub code: TaxClassCode,
    /// The name for people: 1 to 100 characters.
    pub name: TaxClassName,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// The input for a new tax class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxClassDetails {
    /// The code, unique: 1 to 32 letters, digits, dots, dashes and underscores. It never changes.
    pub code: TaxClassCode,
    /// The name for people: 1 to 100 characters.
    pub name: TaxClassName,
}

impl TaxClass {
    /// No two tax classes share a code: the field, and what a refusal says of it.
    pub const UNIQUE_CODE: UniqueKey = UniqueKey { field: "code", taken: "belongs to another tax class" };

    /// A new tax class, at its first version, created at `now`.
    pub fn new(id: TaxClassId, TaxClassDetails { code, name }: TaxClassDetails, now: UtcDateTime) -> Self {
        Self { id, code, name, created_at: now, updated_at: now, version: Version::FIRST }
    }

    /// The tax class with another name, unchanged if it has that name or `None` is given.
    #[must_use]
    pub fn renamed(&self, name: Option<&TaxClassName>, now: UtcDateTime) -> Self {
        match name.filter(|name| **name != self.name) {
            Some(name) => Self { name: name.clone(), updated_at: now, version: self.version.next(), ..self.clone() },
            None => self.clone(),
        }
    }

    /// Whether it is the class of products that were given none. It is always there.
    pub fn is_standard(&self) -> bool {
        self.code == TaxClassCode::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;

    fn class(code: &str) -> TaxClass {
        let (code, name) = (TaxClassCode::parse(code).unwrap(), TaxClassName::parse("Food").unwrap());
        TaxClass::new(TaxClassId(Uuid::from_u128(1)), TaxClassDetails { code, name }, UtcDateTime::UNIX_EPOCH)
    }

    #[test]
    fn another_name_counts_as_a_change_and_the_same_one_does_not_r103() {
        let before = class("food");
        let later = UtcDateTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
        let after = before.renamed(TaxClassName::parse(" Groceries ").ok().as_ref(), later);
        assert_eq!((after.name.as_str(), after.version, after.updated_at), ("Groceries", Version(2), later));
        assert_eq!((&after.code, after.created_at), (&before.code, before.created_at));
        assert_eq!(before.renamed(Some(&before.name), later), before);
        assert_eq!(before.renamed(None, later), before);
    }

    #[test]
    fn the_class_of_products_that_were_given_none_is_standard_r103() {
        assert!(class("standard").is_standard() && !class("Standard").is_standard());
    }
}
