use std::collections::HashMap;

use async_trait::async_trait;
use domain::attributes::Attribute;
use domain::events::Event;
use domain::groups::{GroupChange, GroupId, GroupView, Member};
use domain::pages::PageTextsChange;
use domain::products::{Product, ProductId};
use domain::{Code, Invalid, Version};

use super::audit::WithPage;
use super::known::shown_group;
use super::members::{Joined, expect_no_clash};
use super::values::{Giving, OptionInput, Values, expect_options, meant};
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::known::locked_group;
use crate::pages::changed_page;
use crate::{Command, Ctx, Error, FieldError, Tx};

/// Changes a group, its options, and the terms of its members.
#[derive(Debug, Clone)]
pub struct UpdateGroup {
    /// The group to change.
    pub id: GroupId,
    /// The fields to change, without the options.
    pub change: GroupChange,
    /// The new texts of its page. Each `None` in it keeps a text.
    pub page: PageTextsChange,
    /// The options; `None` to keep them.
    pub options: Option<Vec<String>>,
    /// Terms of members. What is not given stays.
    pub values: Vec<(ProductId, Values)>,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

/// Changes the terms of one member.
#[derive(Debug, Clone)]
pub struct UpdateMember {
    /// The group whose member it is.
    pub group_id: GroupId,
    /// The member to change.
    pub product_id: ProductId,
    /// The terms. What is not given stays.
    pub values: Values,
    /// The version of the group that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

impl UpdateGroup {
    /// A change of these fields, and of nothing else, at any version.
    pub fn of(id: GroupId, change: GroupChange) -> Self {
        Self { id, change, page: PageTextsChange::default(), options: None, values: Vec::new(), expected: None }
    }
}

/// A locked member, with its place in the group before and after the update.
struct Placed {
    product: Product,
    before: Member,
    after: Member,
}

#[async_trait]
impl Command for UpdateGroup {
    type Output = GroupView;
    const NAME: &'static str = "product_groups.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<GroupView, Error> {
        let before = locked_group(tx, self.id, self.expected).await?;
        let members = tx.groups().lock_members(before.id).await?;
        let options = match &self.options {
            Some(codes) => {
                let wanted: Vec<_> =
                    codes.iter().map(|code| OptionInput { attribute: code.clone(), terms: Vec::new() }).collect();
                expect_options(tx, &wanted).await?
            }
            None => tx.groups().options(before.id).await?,
        };
        let has = tx.groups().assigned(before.id).await?;
        if let Some((place, _)) = options.iter().enumerate().find(|(_, option)| has.of(option.id).is_some()) {
            let invalid = Invalid::new(Code::Excluded, "is what the group has for all; take it from the group first");
            return Err(Error::field(format!("options[{place}].attribute"), invalid));
        }
        let placed = self.placed(tx, members, &options, before.options != ids(&options)).await?;
        let change = GroupChange { options: Some(ids(&options)), ..self.change.clone() };
        let changed = before.changed(&change, ctx.now);
        let moved: Vec<_> = placed.iter().filter(|one| one.before != one.after).map(|one| one.after.clone()).collect();
        let (had, has_page) = changed_page(tx, before.id.0, &self.page).await?;
        if changed == before && moved.is_empty() && has_page == had {
            return shown_group(tx, before.id).await;
        }
        let is_of_all = changed != before || has_page != had;
        let group = if changed == before { before.clone().touched(ctx.now) } else { changed };
        if group.slug != before.slug {
            tx.slugs().give(group.id.into(), &group.slug, Some(before.slug.clone())).await?;
        }
        tx.groups().update(&group).await?;
        if has_page != had {
            tx.pages().write(group.id.0, &has_page).await?;
        }
        audit(tx, ctx, Self::NAME, Some(&WithPage(&before, &had)), Some(&WithPage(&group, &has_page))).await?;
        tx.groups().place(&moved).await?;
        let joined = Joined { group: &group, options: &options, has: &has };
        for one in placed.iter().filter(|one| is_of_all || one.before != one.after) {
            one.write(tx, ctx, &joined).await?;
        }
        shown_group(tx, group.id).await
    }
}

fn ids(options: &[Attribute]) -> Vec<domain::attributes::AttributeId> {
    options.iter().map(|option| option.id).collect()
}

impl UpdateGroup {
    /// The members with their new combinations of terms.
    async fn placed(
        &self,
        tx: &mut dyn Tx,
        members: Vec<(Product, Member)>,
        options: &[Attribute],
        is_new: bool,
    ) -> Result<Vec<Placed>, Error> {
        let unknown = self.values.iter().filter(|(id, _)| !members.iter().any(|(product, _)| product.id == *id));
        let refusal = |(id, _): &(ProductId, Values)| {
            FieldError::new(format!("values.{id}"), Invalid::new(Code::NotFound, "is no product of the group"))
        };
        let refused: Vec<_> = unknown.map(refusal).take(100).collect();
        if !refused.is_empty() {
            return Err(Error::Invalid(refused));
        }
        let given: HashMap<_, _> = self.values.iter().map(|(id, values)| (*id, values)).collect();
        let nothing = Values::new();
        let mut had = HashMap::new();
        for (product, _) in members.iter().filter(|(product, _)| is_new || given.contains_key(&product.id)) {
            had.insert(product.id, tx.assignments().of(product.id).await?);
        }
        let asked: Vec<_> = members.iter().filter(|(product, _)| had.contains_key(&product.id)).collect();
        let giving = |(product, _): &&(Product, Member)| Giving {
            field: format!("values.{}", product.id),
            values: given.get(&product.id).copied().unwrap_or(&nothing),
            had: had.get(&product.id),
        };
        let (found, _) = meant(tx, options, &asked.iter().map(giving).collect::<Vec<_>>()).await?;
        let mut after: HashMap<_, _> = asked.iter().map(|(product, _)| product.id).zip(found).collect();
        let place = |(product, before): (Product, Member)| {
            let combination = after.remove(&product.id).unwrap_or_else(|| before.combination.clone());
            let after = Member { combination, ..before.clone() };
            Placed { product, before, after }
        };
        let placed: Vec<_> = members.into_iter().map(place).collect();
        // A member that is moved is refused for the sake of one that stays, and not the other way round.
        let (moved, still): (Vec<_>, Vec<_>) = placed.iter().partition(|one| one.before != one.after);
        let names = still.iter().map(|one| one.product.id.to_string());
        let names: Vec<_> = names.chain(moved.iter().map(|one| format!("values.{}", one.product.id))).collect();
        let all = still.iter().chain(&moved).map(|one| &one.after.combination);
        expect_no_clash(names.iter().map(String::as_str).zip(all))?;
        Ok(placed)
    }
}

impl Placed {
    /// Writes the description and the terms that the member takes from its group and from its new place.
    async fn write(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>, joined: &Joined<'_>) -> Result<(), Error> {
        let description = self.after.description(self.product.description.clone(), joined.group);
        let product = Product { description, ..self.product.clone() }.touched(ctx.now);
        tx.products().update(&product).await?;
        if self.before.combination != self.after.combination {
            let had = tx.assignments().of(product.id).await?;
            joined.give(tx, &product, &had, &self.after).await?;
            audit(tx, ctx, UpdateMember::NAME, Some(&self.before), Some(&self.after)).await?;
        }
        append_event(tx, ctx, Event::product_updated(&product, ctx.shop)).await
    }
}

#[async_trait]
impl Command for UpdateMember {
    type Output = GroupView;
    const NAME: &'static str = "product_groups.move";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<GroupView, Error> {
        let group = locked_group(tx, self.group_id, self.expected).await?;
        let member = tx.groups().membership(self.product_id).await?;
        if member.is_none_or(|member: Member| member.group_id != group.id) {
            return Err(Error::NotFound("product in the group"));
        }
        let values = vec![(self.product_id, self.values.clone())];
        let update = UpdateGroup { values, ..UpdateGroup::of(self.group_id, GroupChange::default()) };
        update.run(tx, ctx).await
    }
}

#[cfg(test)]
mod tests {
    use domain::assignments::Assigned;
    use domain::attributes::AttributeType;
    use domain::events::EventType;
    use domain::pages::PageTexts;
    use domain::products::Description;
    use domain::slugs::Slug;
    use domain::terms::{SeoTitle, Term, TermKey};

    use super::super::testing::{group, member, shown};
    use super::*;
    use crate::Conflict;
    use crate::attributes::tests::attribute;
    use crate::terms::tests::term;
    use crate::testing::{Mocks, id, run};

    /// A transaction with group 1 and the members 10 and 11, which have the terms 21 and 22.
    fn known() -> Mocks {
        let mut tx = Mocks::default();
        tx.groups.expect_lock().once().returning(|_| Ok(Some(group(1))));
        tx.groups.expect_lock_members().once().returning(|_| Ok(vec![member(10, 21), member(11, 22)]));
        tx.groups.expect_options().returning(|_| Ok(vec![attribute(8, "size", AttributeType::Choice)]));
        tx.groups.expect_assigned().returning(|_| Ok(Assigned::default()));
        tx.groups.expect_view().returning(|_| Ok(Some(shown(group(1)))));
        tx.assignments.expect_of().returning(|_| Ok(Assigned::default()));
        tx.terms.expect_named().returning(|_, keys: &[TermKey]| {
            let all = [term(21, 8, "s"), term(22, 8, "m"), term(23, 8, "l")];
            let is = |term: &Term| keys.contains(&TermKey::Slug(term.slug.clone()));
            Ok(all.into_iter().filter(is).collect())
        });
        tx
    }

    fn update(change: GroupChange, values: &[(u128, &str)]) -> UpdateGroup {
        let given = |(n, size): &(u128, &str)| (ProductId(id(*n)), vec![("size".to_owned(), (*size).to_owned())]);
        let values = values.iter().map(given).collect();
        UpdateGroup { values, expected: Some(Version(1)), ..UpdateGroup::of(GroupId(id(1)), change) }
    }

    #[tokio::test]
    async fn two_members_swap_their_terms_and_both_are_heard_of_r206() {
        let mut tx = known();
        tx.groups.expect_update().once().withf(|group| group.version == Version(2)).returning(|_| Ok(()));
        tx.groups.expect_place().once().withf(|members| members.len() == 2).returning(|_| Ok(()));
        tx.products.expect_update().times(2).withf(|product| product.version == Version(2)).returning(|_| Ok(()));
        tx.assignments.expect_replace().times(2).returning(|_, _, _| Ok(()));
        tx.expect_events([EventType::ProductUpdated, EventType::ProductUpdated]);
        run(&update(GroupChange::default(), &[(10, "m"), (11, "s")]), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn a_change_of_the_group_raises_all_members_and_gives_them_its_description_r204() {
        let mut tx = known();
        tx.groups.expect_update().once().returning(|_| Ok(()));
        tx.groups.expect_place().once().withf(<[Member]>::is_empty).returning(|_| Ok(()));
        let mut order = mockall::Sequence::new();
        for n in [10, 11] {
            let has = move |product: &Product| {
                let description = product.description.as_ref().map(Description::as_str);
                (product.id, product.version, description) == (ProductId(id(n)), Version(2), Some("Of cotton."))
            };
            tx.products.expect_update().once().in_sequence(&mut order).withf(has).returning(|_| Ok(()));
        }
        tx.expect_events([EventType::ProductUpdated, EventType::ProductUpdated]);
        let description = Some(Description::parse("Of cotton.").ok());
        run(&update(GroupChange { description, ..GroupChange::default() }, &[]), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn a_new_slug_and_texts_of_the_page_are_written_and_texts_raise_all_members_r204_r217() {
        let mut tx = known();
        tx.pages.expect_of().once().returning(|_| Ok(PageTexts::default()));
        tx.pages.expect_write().once().returning(|_, _| Ok(()));
        tx.slugs
            .expect_give()
            .once()
            .withf(|_, slug, before| slug.as_str() == "shirt" && before.as_ref().map(Slug::as_str) == Some("t-shirt"))
            .returning(|_, _, _| Ok(()));
        tx.groups.expect_update().once().withf(|group| group.version == Version(2)).returning(|_| Ok(()));
        tx.groups.expect_place().once().returning(|_| Ok(()));
        tx.products.expect_update().times(2).returning(|_| Ok(()));
        tx.expect_events([EventType::ProductUpdated, EventType::ProductUpdated]);
        let page = PageTextsChange { seo_title: Some(SeoTitle::parse("Shirts").ok()), ..PageTextsChange::default() };
        let change = GroupChange { slug: Slug::parse("shirt").ok(), ..GroupChange::default() };
        run(&UpdateGroup { page, ..update(change, &[]) }, &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_written_when_nothing_changes_or_a_place_is_taken_r206() {
        run(&update(GroupChange::default(), &[(10, "s")]), &mut known()).await.unwrap();
        let refused = run(&update(GroupChange::default(), &[(10, "m")]), &mut known()).await.unwrap_err();
        let clash = Conflict::DuplicateCombination { field: format!("values.{}", id(10)), other: id(11).to_string() };
        assert!(matches!(&refused, Error::Conflict(conflict) if *conflict == clash), "{refused:?}");
        let refused = run(&update(GroupChange::default(), &[(12, "l")]), &mut known()).await.unwrap_err();
        let Error::Invalid(faults) = refused else { panic!("{refused:?}") };
        assert_eq!(
            (faults[0].field.as_str(), faults[0].invalid.code),
            (&*format!("values.{}", id(12)), Code::NotFound)
        );
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_caller_saw_an_older_group_r205() {
        let mut tx = Mocks::default();
        tx.groups.expect_lock().once().returning(|_| Ok(Some(group(1))));
        let stale = UpdateGroup { expected: Some(Version(9)), ..update(GroupChange::default(), &[]) };
        assert!(matches!(run(&stale, &mut tx).await.unwrap_err(), Error::Stale(Version(1))));
    }
}
