use async_trait::async_trait;
use domain::Version;
use domain::attributes::AttributeCode;
use domain::events::Event;
use domain::groups::GroupName;
use domain::terms::{Term, TermKey};

use crate::attributes::locked_attribute;
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::{Command, Conflict, Ctx, Error, Tx, Users, expect_unused, expect_version};

/// Deletes a term that nothing uses. With `detach` it is first taken from products and groups that have it.
#[derive(Debug, Clone)]
pub struct DeleteTerm {
    /// The attribute, by its name in requests.
    pub attribute: AttributeCode,
    /// The term, by id or slug.
    pub key: TermKey,
    /// Whether it is taken from the products that have it.
    pub detach: bool,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

impl DeleteTerm {
    /// From so many products a term is taken at once.
    pub const MOST_DETACHED: u64 = 10_000;
}

#[async_trait]
impl Command for DeleteTerm {
    type Output = ();
    const NAME: &'static str = "terms.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let attribute = locked_attribute(tx, &self.attribute, None).await?;
        let term = tx.terms().lock(attribute.id, &self.key).await?.ok_or(Error::NotFound("term"))?;
        expect_version(self.expected, term.version)?;
        let names = tx.terms().below(&[term.id]).await?.into_iter().map(|node| node.name.to_string()).collect();
        expect_unused("term", [Users { kind: "terms below it", names }])?;
        let users = tx.groups().uses(term.id).await?;
        let differing = Users { kind: "options of product groups", names: names_of(&users.as_option) };
        let having =
            Users { kind: "product groups", names: if self.detach { Vec::new() } else { names_of(&users.had_by) } };
        expect_unused("term", [differing, having])?;
        let products = tx.terms().count_products(term.id).await?;
        if products > 0 && (!self.detach || products > Self::MOST_DETACHED) {
            return Err(Conflict::TermInUse { products }.into());
        }
        if !users.had_by.is_empty() {
            tx.groups().detach(term.id, ctx.now).await?;
        }
        if products > 0 {
            let products = tx.assignments().having(term.id).await?;
            tx.assignments().detach(term.id, &products, ctx.now).await?;
            for product in tx.products().lock_all(&products).await? {
                append_event(tx, ctx, Event::product_updated(&product, ctx.shop)).await?;
            }
        }
        tx.terms().delete(term.id).await?;
        audit(tx, ctx, Self::NAME, Some(&term), None::<&Term>).await
    }
}

fn names_of(groups: &[GroupName]) -> Vec<String> {
    groups.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{node, term};
    use super::*;
    use crate::attributes::tests::categories;
    use crate::testing::{Mocks, id, product, run};
    use domain::events::EventType;
    use domain::groups::TermUse;
    use domain::products::ProductId;
    use domain::slugs::Slug;

    fn delete(detach: bool) -> DeleteTerm {
        let key = TermKey::Slug(Slug::parse("mugs").unwrap());
        DeleteTerm { attribute: AttributeCode::category(), key, detach, expected: Some(Version(1)) }
    }

    fn used_by(products: u64) -> Mocks {
        let mut tx = Mocks::default();
        tx.attributes.expect_lock().once().returning(|_| Ok(Some(categories())));
        tx.terms.expect_lock().once().returning(|_, _| Ok(Some(term(20, 1, "mugs"))));
        tx.terms.expect_below().once().returning(|_| Ok(Vec::new()));
        tx.groups.expect_uses().once().returning(|_| Ok(TermUse::default()));
        tx.terms.expect_count_products().once().returning(move |_| Ok(products));
        tx
    }

    #[tokio::test]
    async fn a_term_that_no_product_has_is_deleted_r201() {
        let mut tx = used_by(0);
        tx.terms.expect_delete().once().returning(|_| Ok(()));
        run(&delete(false), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn a_term_in_use_is_deleted_only_if_it_is_to_be_detached_and_from_10_000_products_at_most_r165_r201() {
        for (products, detach, goes) in
            [(2, false, false), (2, true, true), (10_000, true, true), (10_001, true, false)]
        {
            let mut tx = used_by(products);
            tx.assignments.expect_having().times(usize::from(goes)).returning(|_| Ok(vec![ProductId(id(1))]));
            tx.assignments.expect_detach().times(usize::from(goes)).returning(|_, _, _| Ok(()));
            tx.products.expect_lock_all().times(usize::from(goes)).returning(|_| Ok(vec![product(1)]));
            tx.expect_events(goes.then_some(EventType::ProductUpdated));
            tx.terms.expect_delete().times(usize::from(goes)).returning(|_| Ok(()));
            match run(&delete(detach), &mut tx).await {
                Ok(()) => assert!(goes),
                Err(Error::Conflict(Conflict::TermInUse { products: by })) => assert!(!goes && by == products),
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    #[tokio::test]
    async fn a_category_with_others_below_it_stays_r202() {
        let mut tx = Mocks::default();
        tx.attributes.expect_lock().once().returning(|_| Ok(Some(categories())));
        tx.terms.expect_lock().once().returning(|_, _| Ok(Some(term(20, 1, "mugs"))));
        tx.terms.expect_below().once().returning(|_| Ok(vec![node(21, Some(20))]));
        let refused = run(&delete(true), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::InUse { what: "term", .. })), "{refused:?}");
    }

    #[tokio::test]
    async fn a_term_by_which_members_of_a_group_differ_stays_and_one_that_a_group_has_goes_if_detached_r201_r206() {
        let shirts = || vec![GroupName::parse("T-shirt").unwrap()];
        for (as_option, had_by, detach, goes) in [
            (shirts(), Vec::new(), true, false),
            (Vec::new(), shirts(), false, false),
            (Vec::new(), shirts(), true, true),
        ] {
            let mut tx = Mocks::default();
            tx.attributes.expect_lock().once().returning(|_| Ok(Some(categories())));
            tx.terms.expect_lock().once().returning(|_, _| Ok(Some(term(20, 1, "mugs"))));
            tx.terms.expect_below().once().returning(|_| Ok(Vec::new()));
            let uses = TermUse { as_option, had_by };
            tx.groups.expect_uses().once().returning(move |_| Ok(uses.clone()));
            tx.terms.expect_count_products().returning(|_| Ok(0));
            tx.groups.expect_detach().times(usize::from(goes)).returning(|_, _| Ok(()));
            tx.terms.expect_delete().times(usize::from(goes)).returning(|_| Ok(()));
            let result = run(&delete(detach), &mut tx).await;
            let is_refused = matches!(result, Err(Error::Conflict(Conflict::InUse { what: "term", .. })));
            assert_eq!(is_refused, !goes, "{result:?}");
        }
    }
}
