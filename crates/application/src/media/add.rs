use async_trait::async_trait;
use domain::media::{NewPicture, Picture};

use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Writes down a picture whose sizes are in the store.
#[derive(Debug, Clone)]
pub struct AddPicture(pub NewPicture);

#[async_trait]
impl Command for AddPicture {
    type Output = Picture;
    const NAME: &'static str = "media.upload";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Picture, Error> {
        let picture = Picture::new(self.0, ctx.now);
        tx.media().insert(&picture).await?;
        audit(tx, ctx, Self::NAME, None, Some(&picture)).await?;
        Ok(picture)
    }
}
