use super::{Combination, Group, GroupId, GroupName};
use crate::products::{Description, ProductChange, ProductId, ProductName};
use crate::terms::TermName;

/// A product of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The product. It is a member of this group alone.
    pub product_id: ProductId,
    /// The group whose options its terms are of.
    pub group_id: GroupId,
    /// Its terms of the group's options.
    pub combination: Combination,
    /// The texts that it has from its group.
    pub inherits: Inherits,
}

/// Which texts of a member are those of its group. Each further text is one more field and one more bit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Inherits {
    /// `true` if its description is that of the group.
    pub description: bool,
}

impl Inherits {
    const DESCRIPTION: i64 = 1;

    /// The number in which it is stored, a bit for each text.
    pub const fn bits(self) -> i64 {
        if self.description { Self::DESCRIPTION } else { 0 }
    }

    /// A stored number.
    pub const fn from_bits(bits: i64) -> Self {
        Self { description: bits & Self::DESCRIPTION != 0 }
    }
}

impl Member {
    /// What a change of the product means: null, or an empty text, goes back to what the group has.
    #[must_use]
    pub fn meant(&self, change: &ProductChange, group: &Group) -> (ProductChange, Self) {
        let Some(description) = &change.description else { return (change.clone(), self.clone()) };
        let own = description.clone().filter(|text| !text.as_str().is_empty());
        let inherits = Inherits { description: own.is_none() };
        let description = Some(own.or_else(|| group.description.clone()));
        (ProductChange { description, ..change.clone() }, Self { inherits, ..self.clone() })
    }

    /// The description of a member that had this one, when its group has another.
    pub fn description(&self, own: Option<Description>, group: &Group) -> Option<Description> {
        if self.inherits.description { group.description.clone() } else { own }
    }
}

/// The name that a member gets when it is made: `T-shirt, M / Blue`, cut where it is too long.
pub fn member_name(group: &GroupName, terms: &[TermName]) -> ProductName {
    let terms: Vec<_> = terms.iter().map(TermName::as_str).collect();
    let name = if terms.is_empty() { group.to_string() } else { format!("{group}, {}", terms.join(" / ")) };
    let cut: String = name.chars().take(ProductName::MAX).collect();
    ProductName::from_trusted(cut.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::GroupDetails;
    use super::*;
    use crate::slugs::Slug;
    use crate::{UtcDateTime, Uuid};

    fn text(text: &str) -> Description {
        Description::parse(text).unwrap()
    }

    fn described(description: Option<&str>) -> Group {
        let details = GroupDetails {
            name: GroupName::parse("T-shirt").unwrap(),
            slug: Slug::parse("t-shirt").unwrap(),
            description: description.map(text),
            options: Vec::new(),
        };
        Group::new(GroupId(Uuid::from_u128(9)), details, UtcDateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_text_is_the_members_own_until_null_or_nothing_goes_back_to_the_groups_r204() {
        let group = described(Some("Cotton."));
        let member = |description| Member {
            product_id: ProductId(Uuid::from_u128(1)),
            group_id: group.id,
            combination: Combination::default(),
            inherits: Inherits { description },
        };
        let change = |description: Option<Description>| ProductChange {
            description: Some(description),
            ..ProductChange::default()
        };
        let (meant, after) = member(true).meant(&change(Some(text("Wool."))), &group);
        assert_eq!((meant.description, after), (Some(Some(text("Wool."))), member(false)));
        for nothing in [None, Some(text(""))] {
            let (meant, after) = member(false).meant(&change(nothing), &group);
            assert_eq!((meant.description, after), (Some(Some(text("Cotton."))), member(true)));
        }
        let (meant, after) = member(false).meant(&change(None), &described(None));
        assert_eq!((meant.description, after), (Some(None), member(true)));
        let (meant, after) = member(false).meant(&ProductChange::default(), &group);
        assert_eq!((meant, after), (ProductChange::default(), member(false)), "what is not named stays");
        assert_eq!(member(true).description(Some(text("x")), &group), Some(text("Cotton.")));
        assert_eq!(member(false).description(Some(text("x")), &group), Some(text("x")));
        for inherits in [true, false].map(|description| Inherits { description }) {
            assert_eq!(Inherits::from_bits(inherits.bits()), inherits);
        }
    }

    #[test]
    fn a_member_is_called_after_its_group_and_its_terms_r207() {
        let (group, term) = (|name: &str| GroupName::parse(name).unwrap(), |name: &str| TermName::parse(name).unwrap());
        assert_eq!(member_name(&group("T-shirt"), &[term("M"), term("Blue")]).as_str(), "T-shirt, M / Blue");
        assert_eq!(member_name(&group("T-shirt"), &[]).as_str(), "T-shirt");
        let long = member_name(&group(&"ä".repeat(198)), &[term("M")]);
        assert_eq!(long.as_str(), format!("{},", "ä".repeat(198)));
        assert!(ProductName::parse(long.as_str()).is_ok());
    }
}
