use async_trait::async_trait;
use domain::groups::GroupId;
use domain::media::{Gallery, Shown};
use domain::pages::PageTexts;
use domain::products::ProductView;
use domain::{Code, Invalid};

use super::add::Host;
use super::members::{NewProduct, required};
use super::values::{Giving, Values, meant};
use crate::assignments::{ProductAttributes, with_breadcrumbs};
use crate::media::place_new;
use crate::{Command, Ctx, Error, Tx};

/// Makes a product with all that belongs to it: stock, attributes, pictures, and its place in a product group.
#[derive(Debug, Clone)]
pub struct MakeProduct {
    /// Its own fields, its stock and its attributes.
    pub product: NewProduct,
    /// Its pictures.
    pub media: Gallery,
    /// Its group, and its terms there.
    pub group: Option<(GroupId, Values)>,
}

/// A product that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeProduct {
    /// What was made, with whether a unit is on hand.
    pub view: ProductView,
    /// What it has of attributes, itself or from its group.
    pub attributes: ProductAttributes,
    /// What its page says besides, itself or from its group.
    pub page: PageTexts,
    /// Its pictures, or those of its group.
    pub pictures: Vec<Shown>,
}

#[async_trait]
impl Command for MakeProduct {
    type Output = MadeProduct;
    const NAME: &'static str = "products.make";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<MadeProduct, Error> {
        let mut made = match &self.group {
            Some((id, values)) => self.in_group(tx, ctx, *id, values).await?,
            None => self.alone(tx, ctx).await?,
        };
        if !self.media.placed().is_empty() {
            made.pictures = place_new(tx, ctx, made.view.product.id, &self.media).await?;
        }
        Ok(made)
    }
}

impl MakeProduct {
    async fn alone(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<MadeProduct, Error> {
        let name = self.product.name.clone().ok_or_else(|| required("name"))?;
        let (view, attributes) = self.product.named(name).run(tx, ctx).await?;
        Ok(MadeProduct { view, attributes, page: self.product.page.clone(), pictures: Vec::new() })
    }

    async fn in_group(
        &self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        id: GroupId,
        values: &Values,
    ) -> Result<MadeProduct, Error> {
        let host = match Host::locked(tx, id, None).await {
            Err(Error::NotFound(_)) => {
                let invalid = Invalid::new(Code::NotFound, "must be the id of a product group");
                return Err(Error::field("group.id", invalid));
            }
            host => host?,
        };
        let giving = Giving { field: "group.values".to_owned(), values, had: None };
        let (mut found, known) = meant(tx, &host.options, &[giving]).await?;
        let combination = found.pop().unwrap_or_default();
        host.expect_free("group.values", &combination)?;
        let member = host.joined().make(tx, ctx, &self.product, combination, &known).await?;
        let (product_id, inherits) = (member.product_id, member.inherits);
        tx.groups().place(&[member]).await?;
        tx.groups().update(&host.group.touched(ctx.now)).await?;
        let product = tx.products().lock(product_id).await?.ok_or(Error::NotFound("product"))?;
        let shown = tx.assignments().shown(product_id).await?;
        let attributes = with_breadcrumbs(tx, shown).await?;
        let page = self.product.page.clone().or_of(&tx.pages().of(id.0).await?, inherits);
        let pictures = tx.media().shown(id.into()).await?;
        let view = ProductView { product, in_stock: self.product.initial_stock.get() > 0 };
        Ok(MadeProduct { view, attributes, page, pictures })
    }
}

#[cfg(test)]
mod tests {
    use domain::assignments::Assigned;
    use domain::attributes::AttributeType;
    use domain::events::EventType;
    use domain::media::{MediaId, Owner, Placed};
    use domain::products::{Product, ProductName};
    use domain::{Price, Version};

    use super::super::testing::{group, member};
    use super::*;
    use crate::Conflict;
    use crate::attributes::tests::attribute;
    use crate::media::testing::picture;
    use crate::terms::tests::term;
    use crate::testing::{Mocks, id, product, run};

    fn make(media: &[u128], term: Option<&str>) -> MakeProduct {
        let product = NewProduct { name: ProductName::parse("Mug").ok(), ..NewProduct::at(Price::parse(5).unwrap()) };
        let placed = |n: &u128| Placed { media_id: MediaId(id(*n)), alt: None };
        let values = |term: &str| vec![("size".to_owned(), term.to_owned())];
        MakeProduct {
            product,
            media: Gallery::new(media.iter().map(placed).collect()).unwrap(),
            group: term.map(|term| (GroupId(id(1)), values(term))),
        }
    }

    /// A product is made as it is wanted.
    fn made(tx: &mut Mocks) {
        tx.slugs.expect_make().once().returning(|_, slug| Ok(slug.clone()));
        tx.products.expect_insert().once().returning(|_| Ok(()));
        tx.stock.expect_insert().once().returning(|_| Ok(()));
        tx.expect_events([EventType::ProductCreated]);
    }

    /// The picture 7 stands.
    fn pictured(tx: &mut Mocks) {
        tx.media.expect_known().once().returning(|ids| Ok(ids.iter().copied().filter(|one| one.0 == id(7)).collect()));
    }

    #[tokio::test]
    async fn a_product_is_made_with_its_pictures_at_its_first_version_r219_r211() {
        let mut tx = Mocks::default();
        made(&mut tx);
        pictured(&mut tx);
        tx.media
            .expect_replace()
            .once()
            .withf(|owner, all| owner.id == id(1) && all.placed().len() == 1)
            .returning(|_, _| Ok(()));
        tx.media.expect_shown().once().returning(|_| Ok(vec![Shown { picture: picture(7), alt: None }]));
        let made = run(&make(&[7], None), &mut tx).await.unwrap();
        assert_eq!((made.view.product.version, made.pictures.len()), (Version(1), 1));

        let mut tx = Mocks::default();
        made_and_refused(&mut tx);
        let refused = run(&make(&[9, 7], None), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(faults) if faults.len() == 1 && faults[0].field == "media[0].id"));
    }

    fn made_and_refused(tx: &mut Mocks) {
        made(tx);
        pictured(tx);
    }

    /// A group whose only member has the term 21.
    fn known(tx: &mut Mocks) {
        tx.groups.expect_lock().once().returning(|_| Ok(Some(group(1))));
        tx.groups.expect_options().once().returning(|_| Ok(vec![attribute(8, "size", AttributeType::Choice)]));
        tx.groups.expect_assigned().once().returning(|_| Ok(Assigned::default()));
        tx.groups.expect_lock_members().once().returning(|_| Ok(vec![member(10, 21)]));
    }

    #[tokio::test]
    async fn a_product_is_made_in_a_group_and_has_what_that_has_r219_r206() {
        let mut tx = Mocks::default();
        known(&mut tx);
        made(&mut tx);
        tx.terms.expect_named().once().returning(|_, _| Ok(vec![term(22, 8, "m")]));
        tx.assignments.expect_replace().once().returning(|_, _, _| Ok(()));
        tx.groups
            .expect_place()
            .once()
            .withf(|all| all.len() == 1 && all[0].combination.terms().len() == 1)
            .returning(|_| Ok(()));
        tx.groups.expect_update().once().withf(|group| group.version == Version(2)).returning(|_| Ok(()));
        tx.products.expect_lock().once().returning(|_| Ok(Some(Product { version: Version(1), ..product(1) })));
        tx.assignments.expect_shown().once().returning(|_| Ok(Vec::new()));
        tx.pages.expect_of().once().returning(|_| Ok(PageTexts::default()));
        let is_group = |owner: &Owner| *owner == GroupId(id(1)).into();
        tx.media
            .expect_shown()
            .once()
            .withf(is_group)
            .returning(|_| Ok(vec![Shown { picture: picture(7), alt: None }]));
        let made = run(&make(&[], Some("m")), &mut tx).await.unwrap();
        assert_eq!((made.view.product.id, made.pictures.len()), (domain::products::ProductId(id(1)), 1));
    }

    #[tokio::test]
    async fn nothing_is_written_where_the_group_refuses_r219_r206() {
        let mut tx = Mocks::default();
        tx.groups.expect_lock().once().returning(|_| Ok(None));
        let refused = run(&make(&[], Some("m")), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(faults) if faults[0].field == "group.id"));

        let mut tx = Mocks::default();
        known(&mut tx);
        tx.terms.expect_named().once().returning(|_, _| Ok(vec![term(21, 8, "s")]));
        let refused = run(&make(&[], Some("s")), &mut tx).await.unwrap_err();
        let Error::Conflict(Conflict::DuplicateCombination { field, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(field, "group.values");

        let mut tx = Mocks::default();
        known(&mut tx);
        tx.terms.expect_named().once().returning(|_, _| Ok(Vec::new()));
        let refused = run(&make(&[], Some("xl")), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(faults) if faults[0].field == "group.values.size"));
    }
}
