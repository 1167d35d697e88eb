use async_trait::async_trait;
use domain::Version;
use domain::events::Event;
use domain::groups::Member;
use domain::pages::PageTextsChange;
use domain::products::{Product, ProductChange, ProductId, ProductView};

use super::audit::WithPage;
use super::prices::{record_price, refused, with_lowest_price};
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::known::{expect_class, locked_product};
use crate::pages::changed_page;
use crate::slugs::with_slug;
use crate::{Command, Ctx, Error, Tx};

/// Changes a product. Orders keep their copy of it.
#[derive(Debug, Clone)]
pub struct UpdateProduct {
    /// The product to change.
    pub id: ProductId,
    /// The fields to change.
    pub change: ProductChange,
    /// The new texts of its page. Each `None` in it keeps a text.
    pub page: PageTextsChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

impl UpdateProduct {
    /// A change of these fields, and of no text of its page, at any version.
    pub fn of(id: ProductId, change: ProductChange) -> Self {
        Self { id, change, page: PageTextsChange::default(), expected: None }
    }
}

#[async_trait]
impl Command for UpdateProduct {
    type Output = ProductView;
    const NAME: &'static str = "products.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<ProductView, Error> {
        expect_class(tx, "tax_class", self.change.tax_and_shipping.tax_class.as_ref()).await?;
        let before = locked_product(tx, self.id, self.expected).await?;
        let product = changed_product(tx, ctx, Self::NAME, before, (&self.change, &self.page)).await?;
        let offers = tx.products().offers(&[self.id]).await?;
        Ok(ProductView { product, in_stock: offers.iter().any(|offer| offer.on_hand > 0) })
    }
}

/// Applies a change to a locked product and records it in the audit log. Writes nothing if nothing changes.
pub(super) async fn changed_product(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    action: &'static str,
    before: Product,
    (change, page): (&ProductChange, &PageTextsChange),
) -> Result<Product, Error> {
    let (change, member) = match change.description {
        Some(_) => meant(tx, before.id, change).await?,
        None => (change.clone(), None),
    };
    before.check(&change, ctx.now).map_err(refused)?;
    let product = with_lowest_price(tx, ctx, &before, before.changed(&change, ctx.now)).await?;
    let (had, has) = changed_page(tx, before.id.0, page).await?;
    let is_changed_besides = member.is_some() || has != had;
    if product == before && !is_changed_besides {
        return Ok(product);
    }
    let product = if product == before { product.touched(ctx.now) } else { product };
    let product = with_slug(tx, &before, product).await?;
    if let Some(member) = member {
        tx.groups().place(&[member]).await?;
    }
    if has != had {
        tx.pages().write(product.id.0, &has).await?;
    }
    tx.products().update(&product).await?;
    record_price(tx, &before, &product).await?;
    append_event(tx, ctx, Event::product_updated(&product, ctx.shop)).await?;
    audit(tx, ctx, action, Some(&WithPage(&before, &had)), Some(&WithPage(&product, &has))).await?;
    Ok(product)
}

/// The change as it applies to a locked product, and its membership if that changes. An empty description of a member
/// means that of its group.
async fn meant(
    tx: &mut dyn Tx,
    id: ProductId,
    change: &ProductChange,
) -> Result<(ProductChange, Option<Member>), Error> {
    let Some(member) = tx.groups().membership(id).await? else { return Ok((change.clone(), None)) };
    let group = tx.groups().find(member.group_id).await?.ok_or_else(|| Error::raced("the group was deleted"))?;
    let (change, after) = member.meant(change, &group);
    Ok((change, Some(after).filter(|after| *after != member)))
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::testing::{Mocks, id, offer, product, run};
    use domain::Price;
    use domain::pages::PageTexts;
    use domain::products::ProductName;
    use domain::slugs::{Slug, SlugOwner};
    use domain::terms::SeoTitle;

    fn dearer(expected: i64) -> UpdateProduct {
        let change = ProductChange { price: Price::parse(200).ok(), ..ProductChange::default() };
        UpdateProduct { expected: Some(Version(expected)), ..UpdateProduct::of(ProductId(id(1)), change) }
    }

    #[tokio::test]
    async fn only_the_given_fields_change_and_the_version_rises_r33() {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(Some(product(1))));
        tx.products.expect_update().once().returning(|_| Ok(()));
        tx.prices.expect_record().once().withf(|entry| entry.price.amount() == 200).returning(|_| Ok(()));
        tx.expect_events([EventType::ProductUpdated]);
        tx.products.expect_offers().once().returning(|_| Ok(vec![offer(1, 3)]));
        let after = run(&dearer(1), &mut tx).await.unwrap();
        assert_eq!((after.product.price.amount(), after.product.version, after.in_stock), (200, Version(2), true));
        assert_eq!(after.product.name, product(1).name);
    }

    #[tokio::test]
    async fn nothing_is_written_when_nothing_changes_r33() {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(Some(product(1))));
        tx.products.expect_offers().once().returning(|_| Ok(vec![]));
        let same = ProductChange { price: Some(product(1).price), sku: Some(None), ..ProductChange::default() };
        let update = UpdateProduct { change: same, ..dearer(1) };
        assert_eq!(run(&update, &mut tx).await.unwrap().product, product(1));
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_caller_saw_an_older_product_r33() {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(Some(product(1))));
        assert!(matches!(run(&dearer(9), &mut tx).await.unwrap_err(), Error::Stale(Version(1))));
    }

    /// A transaction that writes an older product, which has this slug, at its next version.
    fn writing(slug: Option<&'static str>) -> Mocks {
        let mut tx = Mocks::default();
        let before = Product { slug: slug.and_then(|slug| Slug::parse(slug).ok()), ..product(1) };
        tx.products.expect_lock().once().returning(move |_| Ok(Some(before.clone())));
        tx.products.expect_update().once().withf(|after| after.version == Version(2)).returning(|_| Ok(()));
        tx.products.expect_offers().once().returning(|_| Ok(vec![]));
        tx.expect_events([EventType::ProductUpdated]);
        tx
    }

    #[tokio::test]
    async fn a_new_slug_takes_the_place_of_the_one_before_and_a_new_name_does_not_change_it_r217() {
        let mut tx = writing(Some("mug"));
        let given = |_: &SlugOwner, slug: &Slug, before: &Option<Slug>| {
            slug.as_str() == "cup" && *before == Slug::parse("mug").ok()
        };
        tx.slugs.expect_give().once().withf(given).returning(|_, _, _| Ok(()));
        let change = ProductChange { slug: Slug::parse("cup").ok(), ..ProductChange::default() };
        let after = run(&UpdateProduct::of(ProductId(id(1)), change), &mut tx).await.unwrap().product;
        assert_eq!(after.slug, Slug::parse("cup").ok());
        let change = ProductChange { name: ProductName::parse("Cup").ok(), ..ProductChange::default() };
        let update = UpdateProduct::of(ProductId(id(1)), change);
        assert_eq!(run(&update, &mut writing(Some("mug"))).await.unwrap().product.slug, Slug::parse("mug").ok());
        let mut tx = writing(None);
        tx.slugs.expect_make().once().returning(|_, slug| Ok(slug.clone()));
        assert_eq!(
            run(&update, &mut tx).await.unwrap().product.slug,
            Slug::parse("cup").ok(),
            "what had none gets one"
        );
    }

    #[tokio::test]
    async fn a_change_of_a_text_of_the_page_alone_raises_the_version_and_none_writes_nothing_r218() {
        let title = PageTexts { seo_title: SeoTitle::parse("Mugs").ok(), ..PageTexts::default() };
        let page = PageTextsChange { seo_title: Some(title.seo_title.clone()), ..PageTextsChange::default() };
        let update = UpdateProduct { page, ..UpdateProduct::of(ProductId(id(1)), ProductChange::default()) };
        let mut tx = writing(Some("mug"));
        tx.pages.expect_of().once().returning(|_| Ok(PageTexts::default()));
        let same = title.clone();
        tx.pages.expect_write().once().withf(move |_, texts| *texts == same).returning(|_, _| Ok(()));
        run(&update, &mut tx).await.unwrap();
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(Some(product(1))));
        tx.products.expect_offers().once().returning(|_| Ok(vec![]));
        tx.pages.expect_of().once().returning(move |_| Ok(title.clone()));
        assert_eq!(run(&update, &mut tx).await.unwrap().product, product(1));
    }

    #[tokio::test]
    async fn an_unknown_product_is_not_found_r33() {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(None));
        assert!(matches!(run(&dearer(1), &mut tx).await.unwrap_err(), Error::NotFound("product")));
    }
}
