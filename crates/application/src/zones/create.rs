use async_trait::async_trait;
use domain::pricing::ZoneId;
use domain::zones::{Zone, ZoneDetails};

use super::update::expect_shipping_class;
use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Creates a zone. Its name must be new, and the tax class of its shipping known.
#[derive(Debug, Clone)]
pub struct CreateZone(pub ZoneDetails);

#[async_trait]
impl Command for CreateZone {
    type Output = Zone;
    const NAME: &'static str = "zones.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Zone, Error> {
        tx.pricing().raise_version().await?;
        expect_shipping_class(tx, self.0.shipping_tax.as_ref()).await?;
        let zone = Zone::new(ZoneId(ctx.ids.next()), self.0.clone(), ctx.now);
        tx.zones().insert(&zone).await?;
        audit(tx, ctx, Self::NAME, None, Some(&zone)).await?;
        Ok(zone)
    }
}
