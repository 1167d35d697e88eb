use async_trait::async_trait;
use domain::attributes::AttributeCode;
use domain::collections::{Collection, CollectionKey};
use domain::events::Event;
use domain::groups::{Group, GroupId};
use domain::media::{Gallery, MediaId, Owner, OwnerKind, Shown};
use domain::products::{Product, ProductId};
use domain::terms::{Term, TermKey};
use domain::{Code, Invalid, Version};

use super::audit::PicturesIn;
use crate::attributes::attribute_of;
use crate::audit_trail::audit;
use crate::collections::locked_collection;
use crate::events::append_event;
use crate::known::{locked_group, locked_product};
use crate::{Command, Ctx, Error, FieldError, Tx, expect_version};

/// Gives something these pictures in place of those that it had.
#[derive(Debug, Clone)]
pub struct PlacePictures {
    /// What gets them.
    pub of: PicturesOf,
    /// The pictures, the main one first.
    pub gallery: Gallery,
    /// The version of it that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

/// What may have pictures.
#[derive(Debug, Clone)]
pub enum PicturesOf {
    /// A product. Its own pictures stand in place of those of its group.
    Product(ProductId),
    /// A product group. Members without any have its pictures.
    Group(GroupId),
    /// A collection, by id or slug.
    Collection(CollectionKey),
    /// A term of the attribute with this code, by id or slug.
    Term(AttributeCode, TermKey),
}

/// A locked resource that may have pictures.
enum Locked {
    Product(Product),
    Group(Group),
    Collection(Collection),
    Term(Term),
}

#[async_trait]
impl Command for PlacePictures {
    type Output = (Version, Vec<Shown>);
    const NAME: &'static str = "media.place";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Self::Output, Error> {
        let locked = self.locked(tx).await?;
        let owner = locked.owner();
        expect_known(tx, &self.gallery).await?;
        let had = tx.media().shown(owner).await?;
        if tx.media().gallery(owner).await? == self.gallery {
            return Ok((locked.version(), had));
        }
        tx.media().replace(owner, &self.gallery).await?;
        let version = locked.raise(tx, ctx).await?;
        let has = tx.media().shown(owner).await?;
        note(tx, ctx, owner, &had, &has).await?;
        Ok((version, has))
    }
}

impl PlacePictures {
    async fn locked(&self, tx: &mut dyn Tx) -> Result<Locked, Error> {
        Ok(match &self.of {
            PicturesOf::Product(id) => Locked::Product(locked_product(tx, *id, self.expected).await?),
            PicturesOf::Group(id) => Locked::Group(locked_group(tx, *id, self.expected).await?),
            PicturesOf::Collection(key) => Locked::Collection(locked_collection(tx, key, self.expected).await?),
            PicturesOf::Term(code, key) => {
                let attribute = attribute_of(tx, code).await?;
                let term = tx.terms().lock(attribute.id, key).await?.ok_or(Error::NotFound("term"))?;
                expect_version(self.expected, term.version)?;
                Locked::Term(term)
            }
        })
    }
}

impl Locked {
    fn owner(&self) -> Owner {
        match self {
            Self::Product(product) => product.id.into(),
            Self::Group(group) => group.id.into(),
            Self::Collection(collection) => collection.id.into(),
            Self::Term(term) => term.id.into(),
        }
    }

    fn version(&self) -> Version {
        match self {
            Self::Product(product) => product.version,
            Self::Group(group) => group.version,
            Self::Collection(collection) => collection.version,
            Self::Term(term) => term.version,
        }
    }

    /// Raises the version of the resource and returns it. For a group, the versions of its members rise too.
    async fn raise(self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Version, Error> {
        match self {
            Self::Product(product) => raise(tx, ctx, product).await,
            Self::Group(group) => {
                let group = group.touched(ctx.now);
                tx.groups().update(&group).await?;
                for (product, _) in tx.groups().lock_members(group.id).await? {
                    raise(tx, ctx, product).await?;
                }
                Ok(group.version)
            }
            Self::Collection(collection) => {
                let collection = collection.touched(ctx.now);
                tx.collections().update(&collection).await?;
                Ok(collection.version)
            }
            Self::Term(term) => {
                let term = term.touched(ctx.now);
                tx.terms().update(&term).await?;
                Ok(term.version)
            }
        }
    }
}

/// Writes the next version of a product whose pictures have changed.
async fn raise(tx: &mut dyn Tx, ctx: &Ctx<'_>, product: Product) -> Result<Version, Error> {
    let product = product.touched(ctx.now);
    tx.products().touch(&product).await?;
    append_event(tx, ctx, Event::product_updated(&product, ctx.shop)).await?;
    Ok(product.version)
}

/// Adds an entry to the audit log with the pictures of a resource before and after.
async fn note(tx: &mut dyn Tx, ctx: &Ctx<'_>, owner: Owner, had: &[Shown], has: &[Shown]) -> Result<(), Error> {
    match owner.kind {
        OwnerKind::Product => {
            let of = |shown| PicturesIn::<Product>::new(owner, shown);
            audit(tx, ctx, "products.place_media", Some(&of(had)), Some(&of(has))).await
        }
        OwnerKind::Group => {
            let of = |shown| PicturesIn::<Group>::new(owner, shown);
            audit(tx, ctx, "product_groups.place_media", Some(&of(had)), Some(&of(has))).await
        }
        OwnerKind::Collection => {
            let of = |shown| PicturesIn::<Collection>::new(owner, shown);
            audit(tx, ctx, "collections.place_media", Some(&of(had)), Some(&of(has))).await
        }
        OwnerKind::Term => {
            let of = |shown| PicturesIn::<Term>::new(owner, shown);
            audit(tx, ctx, "terms.place_media", Some(&of(had)), Some(&of(has))).await
        }
    }
}

/// Gives a product that was just made its pictures, and returns them.
pub(crate) async fn place_new(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    id: ProductId,
    gallery: &Gallery,
) -> Result<Vec<Shown>, Error> {
    expect_known(tx, gallery).await?;
    let owner = id.into();
    tx.media().replace(owner, gallery).await?;
    let has = tx.media().shown(owner).await?;
    note(tx, ctx, owner, &[], &has).await?;
    Ok(has)
}

/// Checks that all pictures of a gallery exist.
///
/// # Errors
/// Every one that does not.
async fn expect_known(tx: &mut dyn Tx, gallery: &Gallery) -> Result<(), Error> {
    let ids: Vec<MediaId> = gallery.placed().iter().map(|placed| placed.media_id).collect();
    let known = tx.media().known(&ids).await?;
    let unknown = ids.iter().enumerate().filter(|(_, id)| !known.contains(id));
    let faults: Vec<_> = unknown
        .map(|(place, _)| {
            let invalid = Invalid::new(Code::NotFound, "is not the id of a picture");
            FieldError::new(format!("media[{place}].id"), invalid)
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;
    use domain::media::{Alt, Placed};

    use domain::collections::CollectionId;
    use domain::terms::TermId;

    use super::super::testing::picture;
    use super::*;
    use crate::attributes::tests::categories;
    use crate::collections::tests::collection;
    use crate::groups::testing::{group, member};
    use crate::terms::tests::term;
    use crate::testing::{Mocks, id, product, run};

    fn gallery(numbers: &[u128]) -> Gallery {
        let placed = |n: &u128| Placed { media_id: MediaId(id(*n)), alt: Alt::parse("A mug").ok() };
        Gallery::new(numbers.iter().map(placed).collect()).unwrap()
    }

    fn place(numbers: &[u128]) -> PlacePictures {
        PlacePictures {
            of: PicturesOf::Product(ProductId(id(1))),
            gallery: gallery(numbers),
            expected: Some(Version(1)),
        }
    }

    /// A transaction with a product that shows the picture 7. The pictures 7 and 8 stand.
    fn shop() -> Mocks {
        let mut tx = pictures();
        tx.products.expect_lock().once().returning(|_| Ok(Some(product(1))));
        tx
    }

    /// A transaction in which something shows the picture 7. The pictures 7 and 8 stand.
    fn pictures() -> Mocks {
        let mut tx = Mocks::default();
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
        tx.expect_events([EventType::ProductUpdated]);
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

    /// A transaction in which the pictures of something else than a product are replaced.
    fn replacing() -> Mocks {
        let mut tx = pictures();
        tx.media.expect_replace().once().withf(|_, given| *given == gallery(&[8])).returning(|_, _| Ok(()));
        tx
    }

    fn place_in(of: PicturesOf) -> PlacePictures {
        PlacePictures { of, ..place(&[8]) }
    }

    #[tokio::test]
    async fn the_versions_of_members_rise_with_the_pictures_of_their_group_r211_r204() {
        let mut tx = replacing();
        tx.groups.expect_lock().once().returning(|_| Ok(Some(group(1))));
        tx.groups.expect_update().once().withf(|group| group.version == Version(2)).returning(|_| Ok(()));
        tx.groups.expect_lock_members().once().returning(|_| Ok(vec![member(10, 21), member(11, 22)]));
        tx.products.expect_touch().times(2).withf(|product| product.version == Version(2)).returning(|_| Ok(()));
        tx.expect_events([EventType::ProductUpdated, EventType::ProductUpdated]);
        assert_eq!(run(&place_in(PicturesOf::Group(GroupId(id(1)))), &mut tx).await.unwrap().0, Version(2));
    }

    #[tokio::test]
    async fn a_collection_and_a_term_get_pictures_and_a_new_version_r211() {
        let mut tx = replacing();
        tx.collections.expect_lock().once().returning(|_| Ok(Some(collection())));
        tx.collections.expect_update().once().withf(|after| after.version == Version(2)).returning(|_| Ok(()));
        let key = CollectionKey::Id(CollectionId(id(1)));
        assert_eq!(run(&place_in(PicturesOf::Collection(key)), &mut tx).await.unwrap().0, Version(2));

        let mut tx = replacing();
        tx.attributes.expect_find().once().returning(|_| Ok(Some(categories())));
        tx.terms.expect_lock().once().returning(|_, _| Ok(Some(term(20, 1, "mugs"))));
        tx.terms.expect_update().once().withf(|after| after.version == Version(2)).returning(|_| Ok(()));
        let of = PicturesOf::Term(AttributeCode::category(), TermKey::Id(TermId(id(20))));
        assert_eq!(run(&place_in(of), &mut tx).await.unwrap().0, Version(2));
    }
}
