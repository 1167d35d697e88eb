//! The pictures of products and groups that rows name.

use domain::groups::GroupId;
use domain::imports::RowPictures;
use domain::media::Owner;
use domain::products::ProductId;

use super::Item;
use crate::known::locked_group;
use crate::media::{PicturesOf, PlacePictures};
use crate::{Command, Ctx, Error, Tx};

/// Gives a product, which is locked or was just made, and its group what a row says.
pub(super) async fn place(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    item: &Item,
    id: ProductId,
    group: Option<GroupId>,
) -> Result<(), Error> {
    if let Some(row) = &item.media {
        give(tx, ctx, (PicturesOf::Product(id), id.into()), row).await?;
    }
    let of_group = item.place.as_ref().and_then(|place| place.media.as_ref());
    if let Some((id, row)) = group.zip(of_group) {
        locked_group(tx, id, None).await?;
        give(tx, ctx, (PicturesOf::Group(id), id.into()), row).await?;
    }
    Ok(())
}

async fn give(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    (of, owner): (PicturesOf, Owner),
    row: &RowPictures,
) -> Result<(), Error> {
    let had = tx.media().gallery(owner).await?;
    let gallery = row.gallery(&had);
    if gallery == had {
        return Ok(());
    }
    PlacePictures { of, gallery, expected: None }.run(tx, ctx).await.map(drop)
}
