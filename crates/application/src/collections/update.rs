use std::collections::HashSet;

use async_trait::async_trait;
use domain::collections::{Collection, CollectionChange, CollectionKey, Pins};
use domain::{Code, Invalid, Version};

use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, FieldError, Tx, expect_version};

/// Changes a collection.
#[derive(Debug, Clone)]
pub struct UpdateCollection {
    /// The collection to change.
    pub key: CollectionKey,
    /// The fields to change.
    pub change: CollectionChange,
    /// What is wrong with the new filter, as whoever reads lists of products says.
    pub refused: Vec<FieldError>,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateCollection {
    type Output = Collection;
    const NAME: &'static str = "collections.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Collection, Error> {
        let before = locked_collection(tx, &self.key, self.expected).await?;
        expect_readable(&self.refused)?;
        let collection = before.changed(&self.change, ctx.now);
        if collection == before {
            return Ok(before);
        }
        if collection.pins != before.pins {
            expect_standing(tx, &collection.pins).await?;
        }
        if collection.slug != before.slug {
            tx.slugs().give(collection.id.into(), &collection.slug, Some(before.slug.clone())).await?;
        }
        tx.collections().update(&collection).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&collection)).await?;
        Ok(collection)
    }
}

/// Locks a collection.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(crate) async fn locked_collection(
    tx: &mut dyn Tx,
    key: &CollectionKey,
    expected: Option<Version>,
) -> Result<Collection, Error> {
    let collection = tx.collections().lock(key).await?.ok_or(Error::NotFound("collection"))?;
    expect_version(expected, collection.version)?;
    Ok(collection)
}

/// Refuses a filter that a list of products would refuse.
pub(super) fn expect_readable(refused: &[FieldError]) -> Result<(), Error> {
    if refused.is_empty() { Ok(()) } else { Err(Error::Invalid(refused.to_vec())) }
}

/// Checks that each pin is an existing product.
///
/// # Errors
/// Every one that is none.
pub(super) async fn expect_standing(tx: &mut dyn Tx, pins: &Pins) -> Result<(), Error> {
    let known: HashSet<_> = tx.collections().standing(pins.products()).await?.into_iter().collect();
    let unknown = pins.products().iter().enumerate().filter(|(_, id)| !known.contains(id));
    let fault =
        |(place, _)| FieldError::new(format!("pins[{place}]"), Invalid::new(Code::NotFound, "is the id of no product"));
    let faults: Vec<_> = unknown.map(fault).take(100).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use domain::collections::CollectionId;
    use domain::products::ProductId;
    use domain::slugs::Slug;

    use super::super::create::tests::{collection, standing};
    use super::*;
    use crate::testing::{Mocks, id, run};

    fn known() -> Mocks {
        let mut tx = Mocks::default();
        tx.collections.expect_lock().once().returning(|_| Ok(Some(collection())));
        tx
    }

    fn update(change: CollectionChange, expected: i64) -> UpdateCollection {
        let key = CollectionKey::Id(CollectionId(id(1)));
        UpdateCollection { key, change, refused: Vec::new(), expected: Some(Version(expected)) }
    }

    fn pinned(n: u128) -> CollectionChange {
        CollectionChange { pins: Pins::new(vec![ProductId(id(n))]).ok(), ..CollectionChange::default() }
    }

    #[tokio::test]
    async fn an_old_slug_leads_to_the_collection_from_then_on_r227_r217() {
        let mut tx = known();
        tx.slugs
            .expect_give()
            .once()
            .withf(|_, slug, before| slug.as_str() == "sale" && *before == Slug::parse("summer-sale").ok())
            .returning(|_, _, _| Ok(()));
        tx.collections.expect_update().once().withf(|after| after.version == Version(2)).returning(|_| Ok(()));
        let change = CollectionChange { slug: Slug::parse("sale").ok(), ..CollectionChange::default() };
        assert_eq!(run(&update(change, 1), &mut tx).await.unwrap().slug.as_str(), "sale");
    }

    #[tokio::test]
    async fn pins_are_looked_up_if_they_change_and_unknown_ones_change_nothing_r227() {
        let mut tx = known();
        standing(&mut tx);
        tx.collections.expect_update().once().returning(|_| Ok(()));
        assert!(run(&update(pinned(8), 1), &mut tx).await.is_ok());
        let mut tx = known();
        standing(&mut tx);
        let refused = run(&update(pinned(9), 1), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(_)), "{refused:?}");
    }

    #[tokio::test]
    async fn nothing_of_a_collection_is_written_when_nothing_changes_or_the_caller_saw_an_older_one_r227() {
        assert_eq!(run(&update(pinned(7), 1), &mut known()).await.unwrap(), collection());
        let refused = run(&update(pinned(8), 2), &mut known()).await.unwrap_err();
        assert!(matches!(refused, Error::Stale(Version(1))));
    }
}
