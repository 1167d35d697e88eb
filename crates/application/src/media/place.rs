use async_trait::async_trait;
use domain::events::Event;
use domain::media::{Gallery, MediaId, Owner, Shown};
use domain::products::{Product, ProductId};
use domain::{Code, Invalid, Version};

use super::audit::OfProduct;
use crate::audit_trail::audit;
use crate::events::tell;
use crate::products::locked_product;
use crate::{Command, Ctx, Error, FieldError, Tx};

/// Gives a product these pictures in place of those that it had.
#[derive(Debug, Clone)]
pub struct PlacePictures {
    /// The product.
    pub product_id: ProductId,
    /// The pictures, the main one first.
    pub gallery: Gallery,
    /// The version of the product that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for PlacePictures {
    type Output = (Version, Vec<Shown>);
    const NAME: &'static str = "products.place_media";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Self::Output, Error> {
        let before = locked_product(tx, self.product_id, self.expected).await?;
        let owner = Owner::from(before.id);
        expect_known(tx, &self.gallery).await?;
        let had = tx.media().shown(owner).await?;
        if tx.media().gallery(owner).await? == self.gallery {
            return Ok((before.version, had));
        }
        let product = Product { version: before.version.next(), updated_at: ctx.now, ..before };
        tx.media().replace(owner, &self.gallery).await?;
        tx.products().touch(&product).await?;
        tell(tx, ctx, Event::product_updated(&product, ctx.shop)).await?;
        let has = tx.media().shown(owner).await?;
        audit(tx, ctx, Self::NAME, Some(&OfProduct(product.id, &had)), Some(&OfProduct(product.id, &has))).await?;
        Ok((product.version, has))
    }
}

/// Checks that the pictures stand.
///
/// # Errors
/// Every one that does not.
async fn expect_known(tx: &mut dyn Tx, gallery: &Gallery) -> Result<(), Error> {
    let ids: Vec<MediaId> = gallery.placed().iter().map(|placed| placed.media_id).collect();
    let known = tx.media().known(&ids).await?;
    let unknown = ids.iter().enumerate().filter(|(_, id)| !known.contains(id));
    let faults: Vec<_> = unknown
        .map(|(place, _)| {
            let invalid = Invalid::new(Code::NotFound, "is the id of no picture: upload it by POST /api/v1/media");
            FieldError::new(format!("media[{place}].id"), invalid)
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;
    use domain::media::{Alt, Placed};

    use super::super::testing::picture;
    use super::*;
    use crate::testing::{Mocks, id, product, run};

    fn gallery(numbers: &[u128]) -> Gallery {
        let placed = |n: &u128| Placed { media_id: MediaId(id(*n)), alt: Alt::parse("A mug").ok() };
        Gallery::new(numbers.iter().map(placed).collect()).unwrap()
    }

    fn place(numbers: &[u128]) -> PlacePictures {
        PlacePictures { product_id: ProductId(id(1)), gallery: gallery(numbers), expected: Some(Version(1)) }
    }

    /// A transaction with a product that shows the picture 7. The pictures 7 and 8 stand.
    fn shop() -> Mocks {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(Some(product(1))));
        tx.media
            .expect_known()
            .once()
            .returning(|ids| Ok(ids.iter().copied().filter(|one| [id(7), id(8)].contains(&one.0)).collect()));
        tx.media.expect_shown().returning(|_| Ok(vec![Shown { picture: picture(7), alt: None }]));
        tx.media.expect_gallery().times(..=1).returning(|_| Ok(gallery(&[7])));
        tx
    }

    #[tokio::test]
    async fn pictures_are_replaced_and_the_version_of_the_product_rises_r211() {
        let mut tx = shop();
        let replaced = |owner: &Owner, given: &Gallery| owner.id == id(1) && *given == gallery(&[8, 7]);
        tx.media.expect_replace().once().withf(replaced).returning(|_, _| Ok(()));
        tx.products.expect_touch().once().withf(|product| product.version == Version(2)).returning(|_| Ok(()));
        tx.tells([EventType::ProductUpdated]);
        assert_eq!(run(&place(&[8, 7]), &mut tx).await.unwrap().0, Version(2));
    }

    #[tokio::test]
    async fn the_same_pictures_change_nothing_r211() {
        assert_eq!(run(&place(&[7]), &mut shop()).await.unwrap().0, Version(1));
    }

    #[tokio::test]
    async fn every_unknown_picture_is_named_and_nothing_is_written_r211() {
        let refused = run(&place(&[9, 7, 10]), &mut shop()).await.unwrap_err();
        let Error::Invalid(faults) = refused else { panic!("{refused:?}") };
        let fields: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.invalid.code)).collect();
        assert_eq!(fields, [("media[0].id", Code::NotFound), ("media[2].id", Code::NotFound)]);
    }
}
