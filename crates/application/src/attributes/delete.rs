use async_trait::async_trait;
use domain::Version;
use domain::attributes::{Attribute, AttributeCode};

use super::known::locked_attribute;
use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, Tx, Users};

/// Deletes an attribute that no product uses, with its terms.
#[derive(Debug, Clone)]
pub struct DeleteAttribute {
    /// The attribute, by its name in requests. Those that are built in stay.
    pub code: AttributeCode,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for DeleteAttribute {
    type Output = ();
    const NAME: &'static str = "attributes.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let attribute = locked_attribute(tx, &self.code, self.expected).await?;
        let in_use = |kind, by: &str| Conflict::InUse {
            what: "attribute",
            by: vec![Users { kind, names: vec![by.to_owned()] }],
        };
        if attribute.code.is_built_in() {
            return Err(in_use("the shop", "it is built in").into());
        }
        if tx.attributes().is_used(attribute.id).await? {
            return Err(in_use("products", "one or more").into());
        }
        tx.attributes().delete(attribute.id).await?;
        audit(tx, ctx, Self::NAME, Some(&attribute), None::<&Attribute>).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{attribute, tags};
    use super::*;
    use crate::testing::{Mocks, run};
    use domain::attributes::AttributeType;

    fn known(found: &Attribute) -> (DeleteAttribute, Mocks) {
        let (code, found) = (found.code.clone(), found.clone());
        let mut tx = Mocks::default();
        tx.attributes.expect_lock().once().returning(move |_| Ok(Some(found.clone())));
        (DeleteAttribute { code, expected: Some(Version(1)) }, tx)
    }

    #[tokio::test]
    async fn an_attribute_goes_once_no_product_uses_it_r200() {
        for is_used in [true, false] {
            let (delete, mut tx) = known(&attribute(9, "colour", AttributeType::Choice));
            tx.attributes.expect_is_used().once().returning(move |_| Ok(is_used));
            tx.attributes.expect_delete().times(usize::from(!is_used)).returning(|_| Ok(()));
            let result = run(&delete, &mut tx).await;
            assert_eq!(matches!(result, Err(Error::Conflict(Conflict::InUse { .. }))), is_used, "{result:?}");
        }
    }

    #[tokio::test]
    async fn built_in_attributes_stay_r200() {
        let (delete, mut tx) = known(&tags());
        let refused = run(&delete, &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::InUse { .. })), "{refused:?}");
    }
}
