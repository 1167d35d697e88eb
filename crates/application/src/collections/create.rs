use async_trait::async_trait;
use domain::attributes::AttributeCode;
use domain::collections::{Collection, CollectionDetails, CollectionId};
use domain::slugs::Slug;

use super::update::{expect_readable, expect_standing};
use crate::audit_trail::audit;
use crate::slugs::new_slug;
use crate::{Command, Conflict, Ctx, Error, FieldError, Tx};

/// Creates a collection. Refused if a pin is no product, or if the shop has the most collections that it may have.
#[derive(Debug, Clone)]
pub struct CreateCollection {
    /// What it is to be. Without a slug, one is made of the name.
    pub details: CollectionDetails,
    /// What is wrong with its filter, as whoever reads lists of products says.
    pub refused: Vec<FieldError>,
}

#[async_trait]
impl Command for CreateCollection {
    type Output = Collection;
    const NAME: &'static str = "collections.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Collection, Error> {
        expect_readable(&self.refused)?;
        // Whoever adds one locks the row of categories, so that nobody else counts meanwhile.
        tx.attributes().lock(&AttributeCode::category()).await?;
        if tx.collections().count().await? >= Collection::MOST {
            return Err(Conflict::TooMany { what: "collections", most: Collection::MOST }.into());
        }
        expect_standing(tx, &self.details.pins).await?;
        let id = CollectionId(ctx.ids.next());
        let made = || Slug::of_goods(self.details.name.as_str(), id.0);
        let slug = new_slug(tx, id.into(), self.details.slug.as_ref(), made).await?;
        let collection = Collection::new(id, self.details.clone(), slug, ctx.now);
        tx.collections().insert(&collection).await?;
        audit(tx, ctx, Self::NAME, None, Some(&collection)).await?;
        Ok(collection)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::attributes::tests::categories;
    use crate::testing::{Mocks, NOW, id, run};
    use domain::attributes::Position;
    use domain::collections::{CollectionFilter, CollectionName, Pins};
    use domain::products::ProductId;
    use domain::slugs::SlugOwner;
    use domain::{Code, Invalid, StoreError};

    pub fn details(pins: &[u128]) -> CollectionDetails {
        CollectionDetails {
            name: CollectionName::parse("Summer sale").unwrap(),
            slug: None,
            filter: CollectionFilter::new([("on_sale".to_owned(), "true".to_owned())]).ok(),
            pins: Pins::new(pins.iter().map(|n| ProductId(id(*n))).collect()).unwrap(),
            sort: None,
            description: None,
            position: Position::default(),
        }
    }

    fn create(details: CollectionDetails) -> CreateCollection {
        CreateCollection { details, refused: Vec::new() }
    }

    /// The collection 1.
    pub fn collection() -> Collection {
        Collection::new(CollectionId(id(1)), details(&[7]), Slug::parse("summer-sale").unwrap(), NOW)
    }

    /// A transaction in a shop with so many collections, in which the products 7 and 8 stand.
    fn among(count: u64) -> Mocks {
        let mut tx = Mocks::default();
        tx.attributes.expect_lock().once().returning(|_| Ok(Some(categories())));
        tx.collections.expect_count().once().returning(move || Ok(count));
        standing(&mut tx);
        tx
    }

    /// The products 7 and 8 stand.
    pub fn standing(tx: &mut Mocks) {
        let known = |ids: &[ProductId]| Ok(ids.iter().copied().filter(|one| [id(7), id(8)].contains(&one.0)).collect());
        tx.collections.expect_standing().times(..=1).returning(known);
    }

    #[tokio::test]
    async fn a_collection_gets_a_slug_of_its_name_or_the_given_one_r227() {
        let mut tx = among(999);
        let wanted =
            |owner: &SlugOwner, slug: &Slug| *owner == CollectionId(id(1)).into() && slug.as_str() == "summer-sale";
        tx.slugs.expect_make().once().withf(wanted).returning(|_, slug| Ok(slug.numbered(2)));
        let is_whole = |made: &Collection| made.slug.as_str() == "summer-sale-2" && made.pins.products().len() == 2;
        tx.collections.expect_insert().once().withf(is_whole).returning(|_| Ok(()));
        run(&create(details(&[8, 7])), &mut tx).await.unwrap();

        let mut tx = among(0);
        tx.slugs.expect_give().once().returning(|_, _, _| Err(StoreError::Duplicate(Collection::UNIQUE_SLUG)));
        let given = CollectionDetails { slug: Slug::parse("sale").ok(), ..details(&[]) };
        let refused = run(&create(given), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::Duplicate(Collection::UNIQUE_SLUG))), "{refused:?}");
    }

    #[tokio::test]
    async fn a_shop_has_1000_collections_at_most_r227() {
        let refused = run(&create(details(&[])), &mut among(1_000)).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::TooMany { what: "collections", most: 1_000 })));
    }

    #[tokio::test]
    async fn every_pin_that_is_no_product_is_named_and_nothing_is_written_r227() {
        let refused = run(&create(details(&[9, 7, 10])), &mut among(0)).await.unwrap_err();
        let Error::Invalid(faults) = refused else { panic!("{refused:?}") };
        let fields: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.invalid.code)).collect();
        assert_eq!(fields, [("pins[0]", Code::NotFound), ("pins[2]", Code::NotFound)]);
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_filter_is_refused_r227() {
        let refused = vec![FieldError::new("filter.q", Invalid::new(Code::UnknownField, "is not known"))];
        let create = CreateCollection { refused, ..create(details(&[])) };
        assert!(matches!(run(&create, &mut Mocks::default()).await, Err(Error::Invalid(faults)) if faults.len() == 1));
    }
}
