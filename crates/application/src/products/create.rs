use async_trait::async_trait;
use domain::attributes::AttributeInput;
use domain::events::Event;
use domain::pages::PageTexts;
use domain::products::{Product, ProductDetails, ProductId, ProductView};
use domain::stock::{InitialStock, Stock};
use domain::tax_classes::TaxClassCode;

use super::audit::WithPage;
use crate::assignments::{ProductAttributes, assign_new};
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::known::expect_class;
use crate::products::refused;
use crate::slugs::new_slug;
use crate::{Command, Ctx, Error, Tx};

/// Creates a product with its stock.
#[derive(Debug, Clone)]
pub struct CreateProduct {
    /// The id; `None` for a new one.
    pub id: Option<ProductId>,
    /// Its fields: name, price, SKU and so on.
    pub details: ProductDetails,
    /// The initial units on hand.
    pub initial_stock: InitialStock,
    /// What it has of attributes, by their codes.
    pub attributes: Vec<(String, AttributeInput)>,
    /// What its page says besides.
    pub page: PageTexts,
}

#[async_trait]
impl Command for CreateProduct {
    type Output = (ProductView, ProductAttributes);
    const NAME: &'static str = "products.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Self::Output, Error> {
        let class = &self.details.tax_and_shipping.tax_class;
        expect_class(tx, "tax_class", (*class != TaxClassCode::default()).then_some(class)).await?;
        self.details.check(ctx.now).map_err(refused)?;
        let id = self.id.unwrap_or_else(|| ProductId(ctx.ids.next()));
        let product = Product::new(id, self.details.clone(), ctx.now);
        let slug = new_slug(tx, product.id.into(), product.slug.as_ref(), || product.made_slug()).await?;
        let product = Product { slug: Some(slug), ..product };
        tx.products().insert(&product).await?;
        if !self.page.is_empty() {
            tx.pages().write(product.id.0, &self.page).await?;
        }
        let on_hand = self.initial_stock.get();
        let stock = Stock::new(product.id, on_hand, ctx.now);
        tx.stock().insert(&stock).await?;
        if let Some(opening) = stock.opening() {
            tx.stock().record(&[opening]).await?;
        }
        append_event(tx, ctx, Event::product_created(&product, ctx.shop)).await?;
        audit(tx, ctx, Self::NAME, None, Some(&WithPage(&product, &self.page))).await?;
        let attributes = assign_new(tx, ctx, &product, &self.attributes).await?;
        Ok((ProductView { product, in_stock: on_hand > 0 }, attributes))
    }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::testing::{Mocks, NOW, id, run};
    use domain::pages::DescriptionHtml;
    use domain::slugs::{Slug, SlugOwner};
    use domain::stock::{Movement, MovementKind};
    use domain::{Price, StoreError, Uuid};

    fn create(initial_stock: i64) -> CreateProduct {
        let name = domain::products::ProductName::parse("Mug").unwrap();
        let details = ProductDetails::new(name, Price::parse(1999).unwrap());
        let initial_stock = InitialStock::parse(initial_stock).unwrap();
        CreateProduct { id: None, details, initial_stock, attributes: Vec::new(), page: PageTexts::default() }
    }

    /// A slug is made as it is wanted.
    fn made(tx: &mut Mocks) {
        tx.slugs.expect_make().once().returning(|_, slug| Ok(slug.clone()));
    }

    #[tokio::test]
    async fn a_slug_is_made_of_the_name_or_given_and_a_given_one_that_is_taken_ends_it_r217() {
        let mut tx = Mocks::default();
        let wanted = |owner: &SlugOwner, slug: &Slug| *owner == ProductId(id(1)).into() && slug.as_str() == "mug";
        tx.slugs.expect_make().once().withf(wanted).returning(|_, slug| Ok(slug.numbered(2)));
        let has = |product: &Product| product.slug == Slug::parse("mug-2").ok();
        tx.products.expect_insert().once().withf(has).returning(|_| Ok(()));
        tx.expect_events([EventType::ProductCreated]);
        tx.stock.expect_insert().once().returning(|_| Ok(()));
        assert_eq!(run(&create(0), &mut tx).await.unwrap().0.product.slug, Slug::parse("mug-2").ok());

        let mut tx = Mocks::default();
        let mut given = create(0);
        given.details.slug = Slug::parse("cup").ok();
        tx.slugs.expect_give().once().returning(|_, _, _| Err(StoreError::Duplicate(Product::UNIQUE_SLUG)));
        let refused = run(&given, &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(crate::Conflict::Duplicate(Product::UNIQUE_SLUG))));
    }

    #[tokio::test]
    async fn texts_of_the_page_are_written_if_there_are_any_r218() {
        let mut tx = Mocks::default();
        made(&mut tx);
        tx.products.expect_insert().once().returning(|_| Ok(()));
        let texts = |of: &Uuid, texts: &PageTexts| *of == id(1) && texts.html.is_some();
        tx.pages.expect_write().once().withf(texts).returning(|_, _| Ok(()));
        tx.expect_events([EventType::ProductCreated]);
        tx.stock.expect_insert().once().returning(|_| Ok(()));
        let mut create = create(0);
        create.page.html = DescriptionHtml::parse("<p>x</p>").ok();
        run(&create, &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn a_new_product_has_stock_and_an_initial_movement_r30_r43() {
        let mut tx = Mocks::default();
        made(&mut tx);
        tx.products.expect_insert().once().returning(|_| Ok(()));
        tx.expect_events([EventType::ProductCreated]);
        tx.stock.expect_insert().once().withf(|stock| stock.on_hand == 7).returning(|_| Ok(()));
        let explains = |all: &[Movement]| matches!(all, [m] if m.kind == MovementKind::Initial && (m.quantity, m.balance, m.sequence) == (7, 7, 1));
        tx.stock.expect_record().once().withf(explains).returning(|_| Ok(()));
        let (made, has) = run(&create(7), &mut tx).await.unwrap();
        assert_eq!((made.product.id.0, made.product.created_at, made.in_stock), (id(1), NOW, true));
        assert_eq!(has, ProductAttributes::default());
    }

    #[tokio::test]
    async fn a_product_without_initial_stock_has_no_movement_r30() {
        let mut tx = Mocks::default();
        made(&mut tx);
        tx.products.expect_insert().once().returning(|_| Ok(()));
        tx.expect_events([EventType::ProductCreated]);
        tx.stock.expect_insert().once().returning(|_| Ok(()));
        assert!(!run(&create(0), &mut tx).await.unwrap().0.in_stock);
    }

    #[tokio::test]
    async fn no_stock_is_written_when_the_sku_is_taken_r35() {
        let mut tx = Mocks::default();
        made(&mut tx);
        tx.products.expect_insert().once().returning(|_| Err(StoreError::Duplicate(Product::UNIQUE_SKU)));
        let refused = run(&create(7), &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(crate::Conflict::Duplicate(Product::UNIQUE_SKU))));
    }

    #[tokio::test]
    async fn a_product_that_is_compared_with_a_lower_price_is_refused_before_anything_is_written_r214() {
        let mut create = create(7);
        create.details.particulars.compare_at_price = Price::parse(1999).ok();
        let refused = run(&create, &mut Mocks::default()).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(faults) if faults[0].field == "compare_at_price"));
    }
}
