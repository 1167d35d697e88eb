use async_trait::async_trait;
use domain::Version;
use domain::events::Event;
use domain::groups::Member;
use domain::products::{Product, ProductChange, ProductId, ProductView};

use super::prices::{record_price, refused, with_lowest_price};
use crate::audit_trail::audit;
use crate::events::tell;
use crate::tax_classes::expect_class;
use crate::{Command, Ctx, Error, Tx, expect_version};

/// Changes a product. Orders keep their copy of it.
#[derive(Debug, Clone)]
pub struct UpdateProduct {
    /// The product.
    pub id: ProductId,
    /// The fields to change.
    pub change: ProductChange,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for UpdateProduct {
    type Output = ProductView;
    const NAME: &'static str = "products.update";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<ProductView, Error> {
        expect_class(tx, "tax_class", self.change.tax_and_shipping.tax_class.as_ref()).await?;
        let before = locked_product(tx, self.id, self.expected).await?;
        let product = changed_product(tx, ctx, Self::NAME, before, &self.change).await?;
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
    change: &ProductChange,
) -> Result<Product, Error> {
    let (change, member) = match change.description {
        Some(_) => meant(tx, before.id, change).await?,
        None => (change.clone(), None),
    };
    before.check(&change, ctx.now).map_err(refused)?;
    let mut product = with_lowest_price(tx, ctx, &before, before.changed(&change, ctx.now)).await?;
    if let Some(member) = member {
        tx.groups().place(&[member]).await?;
        if product == before {
            product = Product { updated_at: ctx.now, version: before.version.next(), ..before.clone() };
        }
    }
    if product != before {
        tx.products().update(&product).await?;
        record_price(tx, &before, &product).await?;
        tell(tx, ctx, Event::product_updated(&product, ctx.shop)).await?;
        audit(tx, ctx, action, Some(&before), Some(&product)).await?;
    }
    Ok(product)
}

/// What a change of a description means for a locked product, and its membership if that changes, too.
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

/// Locks a product.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] if it is not at the expected version.
pub(crate) async fn locked_product(
    tx: &mut dyn Tx,
    id: ProductId,
    expected: Option<Version>,
) -> Result<Product, Error> {
    let product = tx.products().lock(id).await?.ok_or(Error::NotFound("product"))?;
    expect_version(expected, product.version)?;
    Ok(product)
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::testing::{Mocks, id, offer, product, run};
    use domain::Price;

    fn dearer(expected: i64) -> UpdateProduct {
        let change = ProductChange { price: Price::parse(200).ok(), ..ProductChange::default() };
        UpdateProduct { id: ProductId(id(1)), change, expected: Some(Version(expected)) }
    }

    #[tokio::test]
    async fn only_the_given_fields_change_and_the_version_rises_r33() {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(Some(product(1))));
        tx.products.expect_update().once().returning(|_| Ok(()));
        tx.prices.expect_record().once().withf(|entry| entry.price.amount() == 200).returning(|_| Ok(()));
        tx.tells([EventType::ProductUpdated]);
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

    #[tokio::test]
    async fn an_unknown_product_is_not_found_r33() {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(None));
        assert!(matches!(run(&dearer(1), &mut tx).await.unwrap_err(), Error::NotFound("product")));
    }
}
