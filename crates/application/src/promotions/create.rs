use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::pricing::PromotionId;
use domain::products::ProductId;
use domain::promotions::{Promotion, PromotionDetails};
use domain::{Code, Invalid};

use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, FieldError, Tx};

/// Creates a promotion, as a draft.
#[derive(Debug, Clone)]
pub struct CreatePromotion(pub PromotionDetails);

#[async_trait]
impl Command for CreatePromotion {
    type Output = Promotion;
    const NAME: &'static str = "promotions.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Promotion, Error> {
        let promotion = Promotion::new(PromotionId(ctx.ids.next()), self.0.clone(), ctx.now).map_err(refused)?;
        refuse_unknown_products(tx, &promotion, &BTreeSet::new()).await?;
        tx.pricing().raise_version().await?;
        tx.promotions().insert(&promotion).await?;
        audit(tx, ctx, Self::NAME, None, Some(&promotion)).await?;
        Ok(promotion)
    }
}

/// All refused fields as one error.
pub(super) fn refused(fields: Vec<(&'static str, Invalid)>) -> Error {
    Error::Invalid(fields.into_iter().map(|(field, invalid)| FieldError::new(field, invalid)).collect())
}

/// The products that a promotion names.
pub(super) fn products_of(promotion: &Promotion) -> BTreeSet<ProductId> {
    &promotion.conditions.products | &promotion.targets.0
}

/// Refuses products that do not exist, except those that were named before and may have been deleted since.
///
/// # Errors
/// [`Error::Invalid`] with the lists that have such products.
pub(super) async fn refuse_unknown_products(
    tx: &mut dyn Tx,
    promotion: &Promotion,
    before: &BTreeSet<ProductId>,
) -> Result<(), Error> {
    let named: Vec<_> = products_of(promotion).difference(before).copied().collect();
    if named.is_empty() {
        return Ok(());
    }
    let known: BTreeSet<_> = tx.products().offers(&named).await?.into_iter().map(|offer| offer.product_id).collect();
    let unknown: BTreeSet<_> = named.into_iter().filter(|id| !known.contains(id)).collect();
    let lists = [("conditions.products", &promotion.conditions.products), ("targets.products", &promotion.targets.0)];
    let fault = |(field, products): (&str, &BTreeSet<ProductId>)| {
        let first = products.intersection(&unknown).next()?;
        let message = format!("must have products that exist; there is no {first}");
        Some(FieldError::new(field, Invalid::new(Code::NotFound, message)))
    };
    let faults: Vec<_> = lists.into_iter().filter_map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::details;
    use super::*;
    use crate::testing::{Mocks, NOW, id, offer, run};
    use domain::pricing::{Conditions, Targets};

    fn faults(refused: &Error) -> Vec<(&str, Code)> {
        let Error::Invalid(faults) = refused else { panic!("{refused:?}") };
        faults.iter().map(|fault| (fault.field.as_str(), fault.invalid.code)).collect()
    }

    fn naming(condition: u128, target: u128) -> PromotionDetails {
        let set = |n| BTreeSet::from([ProductId(id(n))]);
        let conditions = Conditions { products: set(condition), ..Conditions::default() };
        PromotionDetails { conditions, targets: Targets(set(target)), ..details() }
    }

    #[tokio::test]
    async fn the_version_of_price_rules_is_raised_before_a_promotion_is_written_r104() {
        let mut order = mockall::Sequence::new();
        let mut tx = Mocks::default();
        tx.products.expect_offers().once().returning(|_| Ok(vec![offer(1, 0), offer(2, 0)]));
        tx.pricing.expect_raise_version().once().in_sequence(&mut order).returning(|| Ok(2));
        tx.promotions.expect_insert().once().in_sequence(&mut order).returning(|_| Ok(()));
        run(&CreatePromotion(naming(1, 2)), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_written_when_a_promotion_names_products_that_do_not_exist_r104() {
        for (known, expected) in [
            (1, vec![("targets.products", Code::NotFound)]),
            (2, vec![("conditions.products", Code::NotFound)]),
            (3, vec![("conditions.products", Code::NotFound), ("targets.products", Code::NotFound)]),
        ] {
            let mut tx = Mocks::default();
            tx.products.expect_offers().once().returning(move |_| Ok(vec![offer(known, 0)]));
            let refused = run(&CreatePromotion(naming(1, 2)), &mut tx).await.unwrap_err();
            assert_eq!(faults(&refused), expected);
        }
    }

    #[tokio::test]
    async fn nothing_is_written_when_fields_of_a_promotion_do_not_fit_each_other_r104() {
        let ended = PromotionDetails { ends_at: Some(NOW), ..details() };
        let refused = run(&CreatePromotion(ended), &mut Mocks::default()).await.unwrap_err();
        assert_eq!(faults(&refused), [("ends_at", Code::TooSmall)]);
    }
}
