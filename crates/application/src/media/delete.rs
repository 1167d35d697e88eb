use async_trait::async_trait;
use domain::media::{MediaId, OwnerKind, Picture};

use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx, Users, expect_unused};

/// The most of a kind that a refusal counts.
const COUNTED: u64 = 1000;

/// Deletes a picture that nothing shows. Its files go with the first sweep that is a day later.
#[derive(Debug, Clone)]
pub struct DeletePicture(pub MediaId);

#[async_trait]
impl Command for DeletePicture {
    type Output = ();
    const NAME: &'static str = "media.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let picture = tx.media().lock(self.0).await?.ok_or(Error::NotFound("picture"))?;
        let users = tx.media().users(self.0, COUNTED).await?;
        let of = |kind: &OwnerKind| {
            let names = users.iter().filter(|(of, _)| of == kind).map(|(_, name)| name.clone()).collect();
            Users { kind: plural(*kind), names }
        };
        expect_unused("picture", OwnerKind::ALL.iter().map(of))?;
        tx.media().delete(self.0, ctx.now).await?;
        audit(tx, ctx, Self::NAME, Some(&picture), None::<&Picture>).await
    }
}

/// What things of a kind are called.
const fn plural(kind: OwnerKind) -> &'static str {
    match kind {
        OwnerKind::Product => "products",
        OwnerKind::Group => "product groups",
        OwnerKind::Collection => "collections",
        OwnerKind::Term => "terms",
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::picture;
    use super::*;
    use crate::Conflict;
    use crate::testing::{Mocks, id, run};

    #[tokio::test]
    async fn a_picture_that_is_shown_stays_and_what_shows_it_is_named_r211() {
        for (shown, deleted) in [(vec!["Mug", "Cup"], false), (vec![], true)] {
            let mut tx = Mocks::default();
            tx.media.expect_lock().once().returning(|_| Ok(Some(picture(7))));
            let mut users: Vec<_> = shown.iter().map(|name| (OwnerKind::Product, (*name).to_owned())).collect();
            users.extend((!deleted).then(|| (OwnerKind::Term, "Mugs".to_owned())));
            tx.media.expect_users().once().returning(move |_, _| Ok(users.clone()));
            tx.media.expect_delete().times(usize::from(deleted)).returning(|_, _| Ok(()));
            let result = run(&DeletePicture(MediaId(id(7))), &mut tx).await;
            assert_eq!(result.is_ok(), deleted);
            if let Err(Error::Conflict(Conflict::InUse { by, .. })) = result {
                let users =
                    |kind, names: &[&str]| Users { kind, names: names.iter().map(ToString::to_string).collect() };
                assert_eq!(by, [users("products", &["Mug", "Cup"]), users("terms", &["Mugs"])]);
            }
        }
    }
}
