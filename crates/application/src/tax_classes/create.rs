use async_trait::async_trait;
use domain::tax_classes::{TaxClass, TaxClassDetails, TaxClassId};

use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Creates a tax class. Its code must be new.
#[derive(Debug, Clone)]
pub struct CreateTaxClass(pub TaxClassDetails);

#[async_trait]
impl Command for CreateTaxClass {
    type Output = TaxClass;
    const NAME: &'static str = "tax_classes.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<TaxClass, Error> {
        tx.pricing().raise_version().await?;
        let class = TaxClass::new(TaxClassId(ctx.ids.next()), self.0.clone(), ctx.now);
        tx.tax_classes().insert(&class).await?;
        audit(tx, ctx, Self::NAME, None, Some(&class)).await?;
        Ok(class)
    }
}
