use async_trait::async_trait;
use domain::Version;
use domain::assignments::Assigned;
use domain::attributes::Attribute;
use domain::groups::{Combination, Group, GroupId, GroupView, Member};
use domain::products::ProductId;

use super::create::joining;
use super::known::shown_group;
use super::members::{Joined, NewMember, expect_no_clash, expect_room, expect_single};
use super::values::{Giving, Values, meant};
use crate::known::locked_group;
use crate::{Command, Ctx, Error, Tx};

/// Adds a member to a group. Refused if the group is full, or if another member has the same terms.
#[derive(Debug, Clone)]
pub struct AddMember {
    /// The group that gets the member.
    pub group_id: GroupId,
    /// The product that becomes a member, and how.
    pub member: Adding,
    /// The version of the group that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

/// What becomes a member.
#[derive(Debug, Clone)]
pub enum Adding {
    /// A product that is made.
    New(Box<NewMember>),
    /// A single product, with its terms. Those that are not given are those that it has.
    Known(ProductId, Values),
}

#[async_trait]
impl Command for AddMember {
    type Output = GroupView;
    const NAME: &'static str = "product_groups.add";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<GroupView, Error> {
        let host = Host::locked(tx, self.group_id, self.expected).await?;
        let (joined, field) = (host.joined(), "values");
        let member = match &self.member {
            Adding::New(new) => {
                let giving = Giving { field: field.to_owned(), values: &new.values, had: None };
                let (mut found, known) = meant(tx, &host.options, &[giving]).await?;
                let combination = found.pop().unwrap_or_default();
                host.expect_free(field, &combination)?;
                joined.make(tx, ctx, &new.product, combination, &known).await?
            }
            Adding::Known(id, values) => {
                let product = joining(tx, *id).await?;
                expect_single(tx, &product).await?;
                let had = tx.assignments().of(*id).await?;
                let giving = Giving { field: field.to_owned(), values, had: Some(&had) };
                let (mut found, _) = meant(tx, &host.options, &[giving]).await?;
                let combination = found.pop().unwrap_or_default();
                host.expect_free(field, &combination)?;
                joined.take_in(tx, ctx, &product, &had, combination).await?
            }
        };
        tx.groups().place(&[member]).await?;
        tx.groups().update(&host.group.touched(ctx.now)).await?;
        shown_group(tx, self.group_id).await
    }
}

/// A locked group to which a member is added, with its options, attributes and other members.
pub(super) struct Host {
    pub group: Group,
    pub options: Vec<Attribute>,
    has: Assigned,
    others: Vec<Member>,
}

impl Host {
    /// Locks a group with its members.
    pub async fn locked(tx: &mut dyn Tx, id: GroupId, expected: Option<Version>) -> Result<Self, Error> {
        let group = locked_group(tx, id, expected).await?;
        let options = tx.groups().options(group.id).await?;
        let has = tx.groups().assigned(group.id).await?;
        let others = tx.groups().lock_members(group.id).await?.into_iter().map(|(_, member)| member).collect();
        Ok(Self { group, options, has, others })
    }

    /// What a member joins.
    pub fn joined(&self) -> Joined<'_> {
        Joined { group: &self.group, options: &self.options, has: &self.has }
    }

    /// Refuses a member for which there is no room, or whose terms another one has. `field` gives the terms.
    pub fn expect_free(&self, field: &str, combination: &Combination) -> Result<(), Error> {
        expect_room(self.others.len() + 1)?;
        let ids: Vec<_> = self.others.iter().map(|member| member.product_id.to_string()).collect();
        let known = ids.iter().map(String::as_str).zip(self.others.iter().map(|member| &member.combination));
        expect_no_clash(known.chain([(field, combination)]))
    }
}

#[cfg(test)]
mod tests {
    use domain::attributes::AttributeType;

    use super::super::testing::{group, member};
    use super::*;
    use crate::Conflict;
    use crate::attributes::tests::attribute;
    use crate::terms::tests::term;
    use crate::testing::{Mocks, id, product, run};

    #[tokio::test]
    async fn member_251_and_a_taken_place_are_refused_and_nothing_is_written_r206() {
        for (others, is_full) in [(1, false), (Group::MOST_MEMBERS, true)] {
            let mut tx = Mocks::default();
            tx.groups.expect_lock().once().returning(|_| Ok(Some(group(1))));
            tx.groups.expect_options().once().returning(|_| Ok(vec![attribute(8, "size", AttributeType::Choice)]));
            tx.groups.expect_assigned().once().returning(|_| Ok(Assigned::default()));
            let known = move |_| Ok((0..others).map(|n| member(100 + n as u128, 1000 + n as u128)).collect());
            tx.groups.expect_lock_members().once().returning(known);
            tx.products.expect_lock().once().returning(|_| Ok(Some(product(7))));
            tx.groups.expect_membership().once().returning(|_| Ok(None));
            tx.assignments.expect_of().once().returning(|_| Ok(Assigned::default()));
            tx.terms.expect_named().once().returning(|_, _| Ok(vec![term(1000, 8, "s")]));
            let values = vec![("size".to_owned(), "s".to_owned())];
            let member = Adding::Known(ProductId(id(7)), values);
            let add = AddMember { group_id: GroupId(id(1)), member, expected: None };
            match run(&add, &mut tx).await.unwrap_err() {
                Error::Conflict(Conflict::TooMany { most: 250, .. }) => assert!(is_full),
                Error::Conflict(Conflict::DuplicateCombination { other, .. }) => {
                    assert!(!is_full && other == id(100).to_string());
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
