use async_trait::async_trait;
use domain::Version;
use domain::attributes::AttributeCode;
use domain::terms::{Term, TermChange, TermKey};

use super::place::expect_place;
use crate::attributes::{attribute_of, locked_attribute};
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// Changes a term, or moves a category.
#[derive(Debug, Clone)]
pub struct UpdateTerm {
    /// The attribute, by its name in requests.
    pub attribute: AttributeCode,
    /// The term, by id or slug.
    pub key: TermKey,
    /// The fields to change.
    pub change: TermChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateTerm {
    type Output = Term;
    const NAME: &'static str = "terms.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Term, Error> {
        // Who moves a category locks the whole tree, so that two moves cannot make a circle together. Who gives up a slug
        // does so as well, so that no other term gets it meanwhile.
        let attribute = if self.change.parent_id.is_some() || self.change.slug.is_some() {
            locked_attribute(tx, &self.attribute, None).await?
        } else {
            attribute_of(tx, &self.attribute).await?
        };
        let before = tx.terms().lock(attribute.id, &self.key).await?.ok_or(Error::NotFound("term"))?;
        expect_version(self.expected, before.version)?;
        let term = before.changed(&self.change, ctx.now);
        if term == before {
            return Ok(before);
        }
        if term.parent_id != before.parent_id {
            expect_place(tx, &attribute, term.parent_id, Some(&before)).await?;
        }
        if term.slug != before.slug {
            tx.terms().retire(&before.slug, &term).await?;
        }
        tx.terms().update(&term).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&term)).await?;
        Ok(term)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{node, term};
    use super::*;
    use crate::Conflict;
    use crate::attributes::tests::categories;
    use crate::testing::{Mocks, id, run};
    use domain::slugs::Slug;
    use domain::terms::{CategoryNode, TermId, TermName};

    fn update(change: TermChange, expected: i64) -> UpdateTerm {
        let key = TermKey::Id(TermId(id(20)));
        UpdateTerm { attribute: AttributeCode::category(), key, change, expected: Some(Version(expected)) }
    }

    fn moved(parent: Option<u128>) -> TermChange {
        TermChange { parent_id: Some(parent.map(|parent| TermId(id(parent)))), ..TermChange::default() }
    }

    /// A transaction that knows category 20, which is below 19, and this chain above the new place.
    fn known(chain: Vec<CategoryNode>) -> Mocks {
        let mut tx = Mocks::default();
        tx.attributes.expect_lock().times(..=1).returning(|_| Ok(Some(categories())));
        tx.attributes.expect_find().times(..=1).returning(|_| Ok(Some(categories())));
        let found = Term { parent_id: Some(TermId(id(19))), ..term(20, 1, "mugs") };
        tx.terms.expect_lock().once().returning(move |_, _| Ok(Some(found.clone())));
        tx.terms.expect_chain().times(..=1).returning(move |_, _| Ok(chain.clone()));
        tx
    }

    #[tokio::test]
    async fn a_category_is_moved_with_the_tree_locked_r202() {
        let mut tx = known(vec![node(31, Some(30)), node(30, None)]);
        tx.attributes.checkpoint();
        tx.attributes.expect_lock().once().returning(|_| Ok(Some(categories())));
        tx.terms.expect_below().times(2).returning(|ids| match ids {
            [TermId(one)] if *one == id(20) => Ok(vec![node(21, Some(20))]),
            _ => Ok(Vec::new()),
        });
        tx.terms.expect_update().once().withf(|term| term.version == Version(2)).returning(|_| Ok(()));
        let after = run(&update(moved(Some(31)), 1), &mut tx).await.unwrap();
        assert_eq!(after.parent_id, Some(TermId(id(31))));
    }

    #[tokio::test]
    async fn the_slug_that_a_term_gives_up_leads_to_it_r201() {
        let mut tx = known(Vec::new());
        let retires = |given_up: &Slug, term: &Term| (given_up.as_str(), term.slug.as_str()) == ("mugs", "cups");
        tx.terms.expect_retire().once().withf(retires).returning(|_, _| Ok(()));
        tx.terms.expect_update().once().withf(|term| term.slug.as_str() == "cups").returning(|_| Ok(()));
        let renamed = TermChange { slug: Slug::parse("cups").ok(), ..TermChange::default() };
        assert_eq!(run(&update(renamed, 1), &mut tx).await.unwrap().slug.as_str(), "cups");
    }

    #[tokio::test]
    async fn a_category_is_not_moved_below_itself_r202() {
        let mut tx = known(vec![node(21, Some(20)), node(20, Some(19)), node(19, None)]);
        tx.terms.expect_below().returning(|_| Ok(Vec::new()));
        let refused = run(&update(moved(Some(21)), 1), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::Cycle)), "{refused:?}");
    }

    #[tokio::test]
    async fn a_category_is_not_moved_where_it_or_what_is_below_would_be_too_deep_r202() {
        let mut tx = known((30..37).map(|n| node(n, Some(n + 1))).collect());
        tx.terms
            .expect_below()
            .returning(|ids| Ok(if ids == [TermId(id(20))] { vec![node(21, Some(20))] } else { Vec::new() }));
        let refused = run(&update(moved(Some(30)), 1), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(_)), "{refused:?}");
    }

    #[tokio::test]
    async fn a_move_to_the_top_needs_no_look_at_the_tree_and_a_new_name_no_lock_of_it_r202() {
        let mut tx = known(Vec::new());
        tx.terms.expect_update().once().returning(|_| Ok(()));
        assert_eq!(run(&update(moved(None), 1), &mut tx).await.unwrap().parent_id, None);
        let mut tx = known(Vec::new());
        tx.attributes.checkpoint();
        tx.attributes.expect_find().once().returning(|_| Ok(Some(categories())));
        tx.terms.expect_update().once().returning(|_| Ok(()));
        let renamed = TermChange { name: TermName::parse("Cups").ok(), ..TermChange::default() };
        assert_eq!(run(&update(renamed, 1), &mut tx).await.unwrap().name.as_str(), "Cups");
    }

    #[tokio::test]
    async fn nothing_of_a_term_is_written_when_nothing_changes_or_the_caller_saw_an_older_one_r201() {
        let same = run(&update(moved(Some(19)), 1), &mut known(Vec::new())).await.unwrap();
        assert_eq!(same.version, Version(1));
        let refused = run(&update(moved(None), 2), &mut known(Vec::new())).await.unwrap_err();
        assert!(matches!(refused, Error::Stale(Version(1))));
    }
}
