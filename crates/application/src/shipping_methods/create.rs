use async_trait::async_trait;
use domain::shipping_methods::{MethodDetails, ShippingMethod, ShippingMethodId};

use crate::audit_trail::audit;
use crate::known::{expect_class, expect_zone};
use crate::{Command, Ctx, Error, Tx};

/// Creates a shipping method. Its zone and its tax class must be known. New quotes have it at once.
#[derive(Debug, Clone)]
pub struct CreateShippingMethod(pub MethodDetails);

#[async_trait]
impl Command for CreateShippingMethod {
    type Output = ShippingMethod;
    const NAME: &'static str = "shipping_methods.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<ShippingMethod, Error> {
        tx.pricing().raise_version().await?;
        expect_zone(tx, self.0.zone_id).await?;
        expect_class(tx, "tax_class", self.0.tax_class.as_ref()).await?;
        let method = ShippingMethod::new(ShippingMethodId(ctx.ids.next()), self.0.clone(), ctx.now);
        tx.shipping_methods().insert(&method).await?;
        audit(tx, ctx, Self::NAME, None, Some(&method)).await?;
        Ok(method)
    }
}

#[cfg(test)]
mod tests {
    use super::super::update::tests::dhl;
    use super::*;
    use crate::testing::{Mocks, run};
    use crate::zones::tests::germany;
    use domain::Code;

    #[tokio::test]
    async fn a_method_names_a_zone_and_a_class_that_exist_r102() {
        for (has_zone, has_class, refused) in
            [(true, true, None), (false, true, Some("zone_id")), (true, false, Some("tax_class"))]
        {
            let mut tx = Mocks::default();
            tx.pricing.expect_raise_version().once().returning(|| Ok(2));
            tx.zones.expect_lock().once().returning(move |_| Ok(has_zone.then(germany)));
            tx.tax_classes.expect_has().times(usize::from(has_zone)).returning(move |_| Ok(has_class));
            tx.shipping_methods.expect_insert().times(usize::from(refused.is_none())).returning(|_| Ok(()));
            let result = run(&CreateShippingMethod(dhl().details), &mut tx).await;
            match (result, refused) {
                (Ok(_), None) => {}
                (Err(Error::Invalid(fields)), Some(refused)) => {
                    assert_eq!((fields[0].field.as_str(), fields[0].invalid.code), (refused, Code::NotFound));
                }
                (other, _) => panic!("{other:?}"),
            }
        }
    }
}
