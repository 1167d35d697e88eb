use async_trait::async_trait;
use domain::media::{MediaId, Picture};

use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx, Users, expect_unused};

/// The most products that a refusal counts.
const COUNTED: u64 = 1000;

/// Deletes a picture that nothing shows. Its files go with the next sweep.
#[derive(Debug, Clone)]
pub struct DeletePicture(pub MediaId);

#[async_trait]
impl Command for DeletePicture {
    type Output = ();
    const NAME: &'static str = "media.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let picture = tx.media().lock(self.0).await?.ok_or(Error::NotFound("picture"))?;
        let products = tx.media().products_with(self.0, COUNTED).await?;
        let names = products.iter().map(ToString::to_string).collect();
        expect_unused("picture", [Users { kind: "products", names }])?;
        tx.media().delete(self.0).await?;
        audit(tx, ctx, Self::NAME, Some(&picture), None::<&Picture>).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::picture;
    use super::*;
    use crate::Conflict;
    use crate::testing::{Mocks, id, run};
    use domain::products::ProductName;

    #[tokio::test]
    async fn a_picture_that_products_show_stays_and_they_are_named_r211() {
        for (shown, deleted) in [(vec!["Mug", "Cup"], false), (vec![], true)] {
            let mut tx = Mocks::default();
            tx.media.expect_lock().once().returning(|_| Ok(Some(picture(7))));
            let names: Vec<_> = shown.iter().map(|name| ProductName::parse(name).unwrap()).collect();
            tx.media.expect_products_with().once().returning(move |_, _| Ok(names.clone()));
            tx.media.expect_delete().times(usize::from(deleted)).returning(|_| Ok(()));
            let result = run(&DeletePicture(MediaId(id(7))), &mut tx).await;
            assert_eq!(result.is_ok(), deleted);
            if let Err(Error::Conflict(Conflict::InUse { by, .. })) = result {
                assert_eq!(by, [Users { kind: "products", names: vec!["Mug".to_owned(), "Cup".to_owned()] }]);
            }
        }
    }
}
