use async_trait::async_trait;
use domain::Version;
use domain::attributes::{Attribute, AttributeChange, AttributeCode};

use super::create::expect_sound;
use super::known::locked_attribute;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Changes an attribute.
#[derive(Debug, Clone)]
pub struct UpdateAttribute {
    /// The attribute to change.
    pub code: AttributeCode,
    /// The fields to change.
    pub change: AttributeChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateAttribute {
    type Output = Attribute;
    const NAME: &'static str = "attributes.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Attribute, Error> {
        let before = locked_attribute(tx, &self.code, self.expected).await?;
        let attribute = before.changed(&self.change, ctx.now);
        if attribute == before {
            return Ok(before);
        }
        expect_sound(&attribute)?;
        tx.attributes().update(&attribute).await?;
        audit(tx, ctx, Self::NAME, Some(&before), Some(&attribute)).await?;
        Ok(attribute)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::attribute;
    use super::*;
    use crate::testing::{Mocks, run};
    use domain::attributes::{AttributeName, AttributeType, Unit};

    fn known(kind: AttributeType) -> Mocks {
        let mut tx = Mocks::default();
        tx.attributes.expect_lock().once().returning(move |_| Ok(Some(attribute(9, "width", kind))));
        tx
    }

    fn update(change: AttributeChange, expected: i64) -> UpdateAttribute {
        UpdateAttribute { code: AttributeCode::parse("width").unwrap(), change, expected: Some(Version(expected)) }
    }

    #[tokio::test]
    async fn an_attribute_is_changed_at_the_version_that_the_caller_saw_r200() {
        let change = AttributeChange { name: AttributeName::parse("Width").ok(), ..AttributeChange::default() };
        let mut tx = known(AttributeType::Decimal);
        tx.attributes.expect_update().once().withf(|after| after.version == Version(2)).returning(|_| Ok(()));
        assert_eq!(run(&update(change.clone(), 1), &mut tx).await.unwrap().name.as_str(), "Width");
        let refused = run(&update(change, 2), &mut known(AttributeType::Decimal)).await.unwrap_err();
        assert!(matches!(refused, Error::Stale(Version(1))));
        let same = update(AttributeChange::default(), 1);
        assert_eq!(run(&same, &mut known(AttributeType::Decimal)).await.unwrap().version, Version(1));
    }

    #[tokio::test]
    async fn a_change_is_refused_that_its_type_does_not_allow_r200() {
        let change = AttributeChange {
            is_filterable: Some(true),
            unit: Some(Unit::parse("cm").ok()),
            ..AttributeChange::default()
        };
        let refused = run(&update(change, 1), &mut known(AttributeType::Text)).await.unwrap_err();
        let Error::Invalid(fields) = refused else { panic!("{refused:?}") };
        assert_eq!(fields.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["filterable", "unit"]);
    }
}
