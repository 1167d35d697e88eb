use domain::products::{PRIOR_PRICES, Product, ProductFault, lowest_before};

use crate::{Ctx, Error, Tx};

/// Converts a contradiction between fields of a product to the refusal of the field.
pub(crate) fn refused(fault: ProductFault) -> Error {
    Error::field(fault.field, fault.invalid)
}

/// The changed product with its lowest price of the 30 days before, if a reduction begins with the change.
pub(super) async fn with_lowest_price(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    before: &Product,
    product: Product,
) -> Result<Product, Error> {
    if !product.begins_reduction(before) {
        return Ok(product);
    }
    let history = tx.prices().since(product.id, ctx.now - PRIOR_PRICES).await?;
    Ok(Product { lowest_price_30d: lowest_before(&history, ctx.now), ..product })
}

/// Adds the price of a changed and written product to its history, if it has another one than before.
pub(super) async fn record_price(tx: &mut dyn Tx, before: &Product, product: &Product) -> Result<(), Error> {
    if product.is_priced_unlike(before) {
        tx.prices().record(&product.priced()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::events::EventType;
    use domain::products::{ParticularsChange, PriceEntry, ProductChange, ProductStatus};
    use domain::{Price, Version};

    use super::super::UpdateProduct;
    use super::*;
    use crate::testing::{Mocks, NOW, id, offer, product, run};

    fn price(amount: i64) -> Price {
        Price::parse(amount).unwrap()
    }

    /// A change of the price, and of the one for comparison, which -1 takes away.
    fn update(amount: Option<i64>, compare_at: Option<i64>) -> UpdateProduct {
        let compare_at_price = compare_at.map(|amount| Price::parse(amount).ok());
        let particulars = ParticularsChange { compare_at_price, ..ParticularsChange::default() };
        let change = ProductChange { price: amount.map(price), particulars, ..ProductChange::default() };
        UpdateProduct::of(product(1).id, change)
    }

    fn entry(sequence: i64, hours_ago: u64, amount: i64) -> PriceEntry {
        let at = NOW - Duration::from_hours(hours_ago);
        PriceEntry { product_id: product(1).id, sequence, at, price: price(amount), compare_at_price: None }
    }

    fn locked(before: Product) -> Mocks {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(move |_| Ok(Some(before.clone())));
        tx
    }

    /// The update is written, and so is an entry of the history, if one is expected.
    fn written(tx: &mut Mocks, entries: usize) {
        tx.products.expect_update().once().returning(|_| Ok(()));
        tx.products.expect_offers().once().returning(|_| Ok(vec![offer(1, 3)]));
        tx.expect_events([EventType::ProductUpdated]);
        tx.prices
            .expect_record()
            .times(entries)
            .withf(|entry| entry.sequence == 2 && entry.at == NOW)
            .returning(|_| Ok(()));
    }

    #[tokio::test]
    async fn a_reduction_gets_the_lowest_price_of_the_30_days_before_and_its_price_is_recorded_r215() {
        let mut tx = locked(product(1));
        let since = NOW - PRIOR_PRICES;
        let history = || vec![entry(4, 24, 110), entry(3, 48, 90), entry(2, 40 * 24, 120)];
        tx.prices.expect_since().once().withf(move |_, time| *time == since).returning(move |_, _| Ok(history()));
        written(&mut tx, 1);
        let after = run(&update(Some(70), Some(110)), &mut tx).await.unwrap().product;
        assert_eq!((after.lowest_price_30d, after.discount_percent()), (Some(price(90)), Some(36)));
        assert_eq!((after.version, id(1)), (Version(2), after.id.0));
    }

    #[tokio::test]
    async fn a_further_reduction_keeps_the_lowest_price_and_its_end_takes_it_away_r215() {
        let mut reduced = product(1);
        reduced.particulars.compare_at_price = Some(price(200));
        reduced.lowest_price_30d = Some(price(150));
        for (change, lowest) in [(update(Some(50), None), Some(price(150))), (update(None, Some(-1)), None)] {
            let mut tx = locked(reduced.clone());
            written(&mut tx, 1);
            assert_eq!(run(&change, &mut tx).await.unwrap().product.lowest_price_30d, lowest);
        }
    }

    #[tokio::test]
    async fn an_unsold_product_has_no_lowest_price_and_an_unchanged_price_is_not_recorded_r215() {
        let mut draft = product(1);
        draft.status = ProductStatus::Draft;
        let mut tx = locked(draft);
        written(&mut tx, 1);
        assert_eq!(run(&update(None, Some(200)), &mut tx).await.unwrap().product.lowest_price_30d, None);
        let mut tx = locked(product(1));
        written(&mut tx, 0);
        let mut other = update(Some(100), None);
        other.change.status = Some(ProductStatus::Archived);
        run(&other, &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn a_price_that_is_not_below_the_one_for_comparison_is_refused_and_nothing_is_written_r214() {
        let mut reduced = product(1);
        reduced.particulars.compare_at_price = Some(price(200));
        for (change, field) in [(update(Some(200), None), "price"), (update(None, Some(100)), "compare_at_price")] {
            let refused = run(&change, &mut locked(reduced.clone())).await.unwrap_err();
            assert!(matches!(refused, Error::Invalid(faults) if faults[0].field == field));
        }
    }
}
