use async_trait::async_trait;
use domain::attributes::{Attribute, AttributeCode, AttributeDetails, AttributeId};

use crate::audit_trail::audit;
use crate::{Command, Conflict, Ctx, Error, FieldError, Tx};

/// Creates an attribute. Refused if its fields do not fit each other, or if the shop has the most attributes that it
/// may have.
#[derive(Debug, Clone)]
pub struct CreateAttribute(pub AttributeDetails);

#[async_trait]
impl Command for CreateAttribute {
    type Output = Attribute;
    const NAME: &'static str = "attributes.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Attribute, Error> {
        let attribute = Attribute::new(AttributeId(ctx.ids.next()), self.0.clone(), ctx.now);
        expect_sound(&attribute)?;
        // Whoever adds one locks the first of them all, so that nobody else counts meanwhile.
        tx.attributes().lock(&AttributeCode::category()).await?;
        if tx.attributes().count().await? >= Attribute::MOST {
            return Err(Conflict::TooMany { what: "attributes", most: Attribute::MOST }.into());
        }
        tx.attributes().insert(&attribute).await?;
        audit(tx, ctx, Self::NAME, None, Some(&attribute)).await?;
        Ok(attribute)
    }
}

/// Checks what goes together.
///
/// # Errors
/// The refusal of each field that does not.
pub(super) fn expect_sound(attribute: &Attribute) -> Result<(), Error> {
    let refusals: Vec<_> =
        attribute.refusals().into_iter().map(|(field, invalid)| FieldError::new(field, invalid)).collect();
    if refusals.is_empty() { Ok(()) } else { Err(Error::Invalid(refusals)) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::testing::{Mocks, NOW, id, run};
    use domain::StoreError;
    use domain::attributes::{AttributeName, AttributeType, Position};

    pub fn details(code: &str, kind: AttributeType) -> AttributeDetails {
        AttributeDetails {
            code: AttributeCode::parse(code).unwrap(),
            name: AttributeName::parse(code).unwrap(),
            kind,
            is_multiple: false,
            is_filterable: false,
            is_internal: false,
            unit: None,
            position: Position::default(),
        }
    }

    /// An attribute with this number as its id.
    pub fn attribute(n: u128, code: &str, kind: AttributeType) -> Attribute {
        Attribute::new(AttributeId(id(n)), details(code, kind), NOW)
    }

    pub fn categories() -> Attribute {
        Attribute { is_multiple: true, is_hierarchical: true, ..attribute(1, "category", AttributeType::Choice) }
    }

    pub fn tags() -> Attribute {
        Attribute { is_multiple: true, ..attribute(3, "tag", AttributeType::Choice) }
    }

    /// A transaction in a shop with so many attributes.
    fn among(count: u64) -> Mocks {
        let mut tx = Mocks::default();
        tx.attributes.expect_lock().once().returning(|_| Ok(Some(categories())));
        tx.attributes.expect_count().once().returning(move || Ok(count));
        tx
    }

    #[tokio::test]
    async fn a_shop_has_200_attributes_at_most_r200() {
        let create = CreateAttribute(details("colour", AttributeType::Choice));
        let mut tx = among(199);
        tx.attributes.expect_insert().once().returning(|_| Ok(()));
        assert!(run(&create, &mut tx).await.is_ok());
        let refused = run(&create, &mut among(200)).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::TooMany { what: "attributes", most: 200 })), "{refused:?}");
    }

    #[tokio::test]
    async fn nothing_is_written_when_fields_do_not_go_together_r200() {
        let text = AttributeDetails { is_filterable: true, ..details("care", AttributeType::Text) };
        let refused = run(&CreateAttribute(text), &mut Mocks::default()).await.unwrap_err();
        let Error::Invalid(fields) = refused else { panic!("{refused:?}") };
        assert_eq!(fields.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["filterable"]);
    }

    #[tokio::test]
    async fn a_taken_code_is_a_conflict_r200() {
        let mut tx = among(3);
        tx.attributes.expect_insert().once().returning(|_| Err(StoreError::Duplicate(Attribute::UNIQUE_CODE)));
        let refused = run(&CreateAttribute(details("tag", AttributeType::Choice)), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::Duplicate(Attribute::UNIQUE_CODE))));
    }
}
