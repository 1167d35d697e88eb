use std::time::Duration;

use async_trait::async_trait;

use crate::{Command, Ctx, Error, Tx};

/// Removes rows of the oldest import that ended long ago, or that nobody has started since then. What it has done stays, and
/// what is counted of it.
#[derive(Debug, Clone, Copy)]
pub struct PurgeImportRows {
    /// How long rows are kept after the last change of the import.
    pub keep_for: Duration,
    /// The most rows that are removed.
    pub limit: u64,
}

#[async_trait]
impl Command for PurgeImportRows {
    /// How many were removed. There may be more as long as it is not 0.
    type Output = u64;
    const NAME: &'static str = "imports.purge";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<u64, Error> {
        let Some(import) = tx.imports().lock_at_rest(ctx.now - self.keep_for).await? else { return Ok(0) };
        if import.expect_rows().is_ok() {
            // Nobody may take a part of them for all.
            tx.imports().update(&import.clone().without_rows(ctx.now)).await?;
        }
        Ok(tx.imports().remove_rows(import.id, self.limit).await?)
    }
}

#[cfg(test)]
mod tests {
    use domain::imports::{Import, ImportId, ImportOptions, ImportStatus};

    use super::*;
    use crate::testing::{Mocks, NOW, id, run};

    #[tokio::test]
    async fn rows_go_some_at_a_time_and_the_import_says_so_from_the_first_on_r231() {
        let purge = PurgeImportRows { keep_for: Duration::from_hours(24), limit: 500 };
        let mut tx = Mocks::default();
        tx.imports
            .expect_lock_at_rest()
            .once()
            .withf(|before| *before == NOW - Duration::from_hours(24))
            .returning(|_| Ok(None));
        assert_eq!(run(&purge, &mut tx).await.unwrap(), 0);
        let ended = || Import {
            status: ImportStatus::Done,
            ..Import::new(ImportId(id(1)), ImportOptions::default(), Vec::new(), None, NOW)
        };
        let mut tx = Mocks::default();
        tx.imports.expect_lock_at_rest().once().returning(move |_| Ok(Some(ended())));
        tx.imports.expect_update().once().withf(|one| one.rows_removed_at == Some(NOW)).returning(|_| Ok(()));
        tx.imports.expect_remove_rows().once().withf(|_, limit| *limit == 500).returning(|_, _| Ok(500));
        assert_eq!(run(&purge, &mut tx).await.unwrap(), 500);
        let mut tx = Mocks::default();
        tx.imports.expect_lock_at_rest().once().returning(move |_| Ok(Some(ended().without_rows(NOW))));
        tx.imports.expect_remove_rows().once().returning(|_, _| Ok(7));
        assert_eq!(run(&purge, &mut tx).await.unwrap(), 7, "it is said already");
    }
}
