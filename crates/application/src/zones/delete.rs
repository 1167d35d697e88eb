use async_trait::async_trait;
use domain::Version;
use domain::pricing::ZoneId;
use domain::zones::Zone;

use super::update::locked_zone;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Deletes a zone.
#[derive(Debug, Clone)]
pub struct DeleteZone {
    /// The zone.
    pub id: ZoneId,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteZone {
    type Output = ();
    const NAME: &'static str = "zones.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        tx.pricing().raise_version().await?;
        let zone = locked_zone(tx, self.id, self.expected).await?;
        tx.zones().delete(self.id).await?;
        audit(tx, ctx, Self::NAME, Some(&zone), None::<&Zone>).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::{ZONE, known};
    use super::*;
    use crate::testing::run;

    #[tokio::test]
    async fn a_zone_is_deleted_only_at_the_version_that_the_caller_saw_r101() {
        for (expected, deleted) in [(1, true), (2, false)] {
            let mut tx = known();
            tx.zones.expect_delete().times(usize::from(deleted)).returning(|_| Ok(()));
            let delete = DeleteZone { id: ZONE, expected: Some(Version(expected)) };
            assert_eq!(run(&delete, &mut tx).await.is_ok(), deleted);
        }
    }
}
