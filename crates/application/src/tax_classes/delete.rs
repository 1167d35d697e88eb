use async_trait::async_trait;
use domain::Version;
use domain::tax_classes::{TaxClass, TaxClassId};

use super::update::locked_class;
use super::users::users;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx, expect_unused};

/// Deletes a tax class that nothing uses.
#[derive(Debug, Clone)]
pub struct DeleteTaxClass {
    /// The tax class. No product, zone, shipping method or tax rate may name it.
    pub id: TaxClassId,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteTaxClass {
    type Output = ();
    const NAME: &'static str = "tax_classes.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        tx.pricing().raise_version().await?;
        let class = locked_class(tx, self.id, self.expected).await?;
        expect_unused("tax class", users(tx, &class.code).await?)?;
        tx.tax_classes().delete(self.id).await?;
        audit(tx, ctx, Self::NAME, Some(&class), None::<&TaxClass>).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::{CLASS, known};
    use super::*;
    use crate::testing::{Mocks, run};
    use crate::{Conflict, Users};
    use domain::zones::ZoneName;

    /// A transaction that finds this class, and these zones with it.
    fn used_by(code: &'static str, zones: &'static [&'static str]) -> Mocks {
        let mut tx = known(code);
        let names = || zones.iter().map(|name| ZoneName::parse(name).unwrap()).collect();
        tx.zones.expect_with_shipping_class().times(..=1).returning(move |_| Ok(names()));
        tx.products.expect_of_class().times(..=1).returning(|_| Ok(Vec::new()));
        tx.shipping_methods.expect_of_class().times(..=1).returning(|_| Ok(Vec::new()));
        tx.tax_rates.expect_zones().times(..=1).returning(|| Ok(Vec::new()));
        tx
    }

    #[tokio::test]
    async fn a_class_that_nothing_uses_is_deleted_at_the_version_that_the_caller_saw_r103() {
        for (expected, deleted) in [(1, true), (2, false)] {
            let mut tx = used_by("food", &[]);
            tx.tax_classes.expect_delete().times(usize::from(deleted)).returning(|_| Ok(()));
            let delete = DeleteTaxClass { id: CLASS, expected: Some(Version(expected)) };
            assert_eq!(run(&delete, &mut tx).await.is_ok(), deleted);
        }
    }

    #[tokio::test]
    async fn a_class_that_is_in_use_is_not_deleted_r103() {
        let delete = DeleteTaxClass { id: CLASS, expected: None };
        let refused = run(&delete, &mut used_by("food", &["Germany"])).await.unwrap_err();
        let Error::Conflict(Conflict::InUse { what: "tax class", by }) = refused else { panic!("{refused}") };
        assert_eq!(by, [Users { kind: "zones", names: vec!["Germany".to_owned()] }]);
    }

    #[tokio::test]
    async fn the_class_of_products_that_were_given_none_is_never_deleted_r103() {
        let delete = DeleteTaxClass { id: CLASS, expected: None };
        let refused = run(&delete, &mut used_by("standard", &[])).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::InUse { what: "tax class", .. })), "{refused:?}");
    }
}
