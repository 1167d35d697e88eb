use async_trait::async_trait;
use domain::Version;
use domain::collections::{Collection, CollectionKey};

use super::update::locked_collection;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Deletes a collection. Its products stay.
#[derive(Debug, Clone)]
pub struct DeleteCollection {
    /// The collection, by id or slug.
    pub key: CollectionKey,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteCollection {
    type Output = ();
    const NAME: &'static str = "collections.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let collection = locked_collection(tx, &self.key, self.expected).await?;
        tx.collections().delete(collection.id).await?;
        audit(tx, ctx, Self::NAME, Some(&collection), None::<&Collection>).await
    }
}

#[cfg(test)]
mod tests {
    use domain::collections::CollectionId;

    use super::super::create::tests::collection;
    use super::*;
    use crate::testing::{Mocks, id, run};

    #[tokio::test]
    async fn a_collection_is_deleted_only_at_the_version_that_the_caller_saw_r227() {
        for (expected, deleted) in [(1, true), (2, false)] {
            let mut tx = Mocks::default();
            tx.collections.expect_lock().once().returning(|_| Ok(Some(collection())));
            tx.collections.expect_delete().times(usize::from(deleted)).returning(|_| Ok(()));
            let key = CollectionKey::Id(CollectionId(id(1)));
            let delete = DeleteCollection { key, expected: Some(Version(expected)) };
            assert_eq!(run(&delete, &mut tx).await.is_ok(), deleted);
        }
    }
}
