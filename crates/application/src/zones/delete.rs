use async_trait::async_trait;
use domain::Version;
use domain::pricing::ZoneId;
use domain::zones::Zone;

use super::update::locked_zone;
use super::users::users;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx, expect_unused};

/// Deletes a zone that nothing uses.
#[derive(Debug, Clone)]
pub struct DeleteZone {
    /// The zone. No shipping method and no tax rate may belong to it.
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
        expect_unused("zone", users(tx, self.id).await?)?;
        tx.zones().delete(self.id).await?;
        audit(tx, ctx, Self::NAME, Some(&zone), None::<&Zone>).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::{ZONE, known};
    use super::*;
    use crate::testing::{Mocks, run};
    use crate::{Conflict, Users};
    use domain::pricing::MethodCode;

    /// A transaction that finds the zone, and these methods in it.
    fn used_by(methods: &'static [&'static str]) -> Mocks {
        let mut tx = known();
        let codes = || methods.iter().map(|code| MethodCode::parse(code).unwrap()).collect();
        tx.shipping_methods.expect_in_zone().times(..=1).returning(move |_| Ok(codes()));
        tx.tax_rates.expect_zones().times(..=1).returning(|| Ok(Vec::new()));
        tx
    }

    #[tokio::test]
    async fn a_zone_that_is_in_use_is_not_deleted_r101_r102() {
        let delete = DeleteZone { id: ZONE, expected: None };
        let refused = run(&delete, &mut used_by(&["dhl", "ups"])).await.unwrap_err();
        let Error::Conflict(Conflict::InUse { what: "zone", by }) = refused else { panic!("{refused}") };
        assert_eq!(by, [Users { kind: "shipping methods", names: vec!["dhl".to_owned(), "ups".to_owned()] }]);
    }

    #[tokio::test]
    async fn a_zone_is_deleted_only_at_the_version_that_the_caller_saw_r101() {
        for (expected, deleted) in [(1, true), (2, false)] {
            let mut tx = used_by(&[]);
            tx.zones.expect_delete().times(usize::from(deleted)).returning(|_| Ok(()));
            let delete = DeleteZone { id: ZONE, expected: Some(Version(expected)) };
            assert_eq!(run(&delete, &mut tx).await.is_ok(), deleted);
        }
    }
}
