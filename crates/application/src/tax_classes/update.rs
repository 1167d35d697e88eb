use async_trait::async_trait;
use domain::Version;
use domain::tax_classes::{TaxClass, TaxClassId, TaxClassName};

use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// Renames a tax class.
#[derive(Debug, Clone)]
pub struct UpdateTaxClass {
    /// The tax class to change.
    pub id: TaxClassId,
    /// The new name; `None` keeps it.
    pub name: Option<TaxClassName>,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateTaxClass {
    type Output = TaxClass;
    const NAME: &'static str = "tax_classes.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<TaxClass, Error> {
        tx.pricing().raise_version().await?;
        let before = locked_class(tx, self.id, self.expected).await?;
        let class = before.renamed(self.name.as_ref(), ctx.now);
        if class == before {
            return Ok(before);
        }
        tx.tax_classes().update(&class).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&class)).await?;
        Ok(class)
    }
}

/// Locks a tax class.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(super) async fn locked_class(
    tx: &mut dyn Tx,
    id: TaxClassId,
    expected: Option<Version>,
) -> Result<TaxClass, Error> {
    let class = tx.tax_classes().lock(id).await?.ok_or(Error::NotFound("tax class"))?;
    expect_version(expected, class.version)?;
    Ok(class)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::testing::{Mocks, NOW, run};
    use domain::Uuid;
    use domain::tax_classes::{TaxClassCode, TaxClassDetails};

    pub const CLASS: TaxClassId = TaxClassId(Uuid::from_u128(0x30));

    pub fn class(code: &str) -> TaxClass {
        let (code, name) = (TaxClassCode::parse(code).unwrap(), TaxClassName::parse("Food").unwrap());
        TaxClass::new(CLASS, TaxClassDetails { code, name }, NOW)
    }

    /// A transaction that counts the change and finds this class.
    pub fn known(code: &'static str) -> Mocks {
        let mut tx = Mocks::default();
        tx.pricing.expect_raise_version().once().returning(|| Ok(2));
        tx.tax_classes.expect_lock().once().returning(|_| Ok(Some(class(code))));
        tx
    }

    fn update(name: &str, expected: i64) -> UpdateTaxClass {
        UpdateTaxClass { id: CLASS, name: TaxClassName::parse(name).ok(), expected: Some(Version(expected)) }
    }

    #[tokio::test]
    async fn a_class_is_renamed_at_the_version_that_the_caller_saw_r103() {
        let mut tx = known("food");
        tx.tax_classes.expect_update().once().withf(|class| class.version == Version(2)).returning(|_| Ok(()));
        let renamed = run(&update("Groceries", 1), &mut tx).await.unwrap();
        assert_eq!((renamed.name.as_str(), renamed.code.as_str()), ("Groceries", "food"));
        let refused = run(&update("Groceries", 2), &mut known("food")).await.unwrap_err();
        assert!(matches!(refused, Error::Stale(Version(1))));
    }

    #[tokio::test]
    async fn nothing_of_a_class_is_written_when_its_name_stays_r103() {
        assert_eq!(run(&update("Food", 1), &mut known("food")).await.unwrap(), class("food"));
    }
}
