use std::collections::HashMap;

use async_trait::async_trait;
use domain::attributes::AttributeInput;
use domain::pages::PageTextsChange;
use domain::products::{ProductChange, ProductId, Repricing, Sku};
use domain::{Code, Invalid, Version};

use super::UpdateProduct;
use super::update::changed_product;
use crate::assignments::AssignAttributes;
use crate::known::{expect_class, locked_product};
use crate::{ChangeOutcome, Command, Ctx, Error, FieldError, Tx};

/// What names a product.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ProductKey {
    /// By its id, which never changes.
    Id(ProductId),
    /// By its SKU, which is unique.
    Sku(Sku),
}

impl ProductKey {
    /// The field of a change that has it.
    const fn field(&self) -> &'static str {
        match self {
            Self::Id(_) => "id",
            Self::Sku(_) => "sku",
        }
    }
}

/// The change of one of many products.
#[derive(Debug, Clone)]
pub struct ProductUpdate {
    /// The product that changes.
    pub product: ProductKey,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
    /// The fields to change, without the price.
    pub change: ProductChange,
    /// How the price changes; `None` if it stays.
    pub price: Option<Repricing>,
    /// The new texts of its page. Each `None` in it keeps a text.
    pub page: PageTextsChange,
    /// What is given for each attribute, by its code.
    pub given: Vec<(String, AttributeInput)>,
}

/// Changes many products: all of them, or none.
#[derive(Debug, Clone)]
pub struct UpdateProducts(pub Vec<ProductUpdate>);

#[async_trait]
impl Command for ProductUpdate {
    type Output = ProductId;
    const NAME: &'static str = UpdateProduct::NAME;

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<ProductId, Error> {
        let ids = ids(tx, std::slice::from_ref(self)).await?;
        let id = ids.first().copied().flatten().ok_or(Error::NotFound("product"))?;
        self.apply(tx, ctx, id).await?;
        Ok(id)
    }
}

#[async_trait]
impl Command for UpdateProducts {
    type Output = Vec<ChangeOutcome>;
    const NAME: &'static str = "products.update_many";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Vec<ChangeOutcome>, Error> {
        let ids = ids(tx, &self.0).await?;
        let mut outcomes: Vec<_> = ids.iter().map(|id| ChangeOutcome { id: *id, refusal: None }).collect();
        // In order of id, in which products are locked, so that two of these commands cannot deadlock.
        let mut order: Vec<_> = self.0.iter().zip(&mut outcomes).collect();
        order.sort_by_key(|(_, outcome)| outcome.id);
        let mut last = None;
        for (update, outcome) in order {
            let done = match outcome.id {
                None => Err(Error::NotFound("product")),
                id if id == last => {
                    let repeated = Invalid::new(Code::Repeated, "names the product of another change");
                    Err(Error::field(update.product.field(), repeated))
                }
                Some(id) => update.apply(tx, ctx, id).await,
            };
            last = outcome.id;
            match done {
                Ok(()) => {}
                // Nothing is committed, and the client learns of every refusal.
                Err(refusal) if refusal.is_refusal() => outcome.refusal = Some(refusal),
                Err(failure) => return Err(failure),
            }
        }
        if outcomes.iter().any(|outcome| outcome.refusal.is_some()) {
            return Err(Error::Batch(outcomes));
        }
        Ok(outcomes)
    }
}

impl ProductUpdate {
    async fn apply(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>, id: ProductId) -> Result<(), Error> {
        expect_class(tx, "tax_class", self.change.tax_and_shipping.tax_class.as_ref()).await?;
        let before = locked_product(tx, id, self.expected).await?;
        let price = self.price.map(|price| price.applied(before.price)).transpose();
        let price = price.map_err(|invalid| Error::field("price", invalid))?;
        let change = ProductChange { price, ..self.change.clone() };
        changed_product(tx, ctx, UpdateProduct::NAME, before, (&change, &self.page)).await?;
        if self.given.is_empty() {
            return Ok(());
        }
        let assign = AssignAttributes { product_id: id, given: self.given.clone(), expected: None };
        assign.run(tx, ctx).await.map(drop).map_err(in_attributes)
    }
}

/// The same refusal, with fields of `attributes`.
fn in_attributes(error: Error) -> Error {
    let moved = |FieldError { field, invalid }| FieldError::new(format!("attributes.{field}"), invalid);
    match error {
        Error::Invalid(fields) => Error::Invalid(fields.into_iter().map(moved).collect()),
        other => other,
    }
}

/// The ids of the products, in order of the updates; `None` where no product has the SKU.
async fn ids(tx: &mut dyn Tx, updates: &[ProductUpdate]) -> Result<Vec<Option<ProductId>>, Error> {
    let skus = updates.iter().filter_map(|update| match &update.product {
        ProductKey::Sku(sku) => Some(sku.clone()),
        ProductKey::Id(_) => None,
    });
    let skus: Vec<_> = skus.collect();
    let found: HashMap<_, _> =
        if skus.is_empty() { HashMap::new() } else { tx.products().named(&skus).await?.into_iter().collect() };
    let id = |update: &ProductUpdate| match &update.product {
        ProductKey::Id(id) => Some(*id),
        ProductKey::Sku(sku) => found.get(sku).copied(),
    };
    Ok(updates.iter().map(id).collect())
}

#[cfg(test)]
mod tests {
    use domain::Price;
    use domain::events::EventType;
    use domain::products::PercentChange;

    use super::*;
    use crate::testing::{Mocks, id, product, run};

    fn update(product: ProductKey) -> ProductUpdate {
        ProductUpdate {
            product,
            expected: None,
            change: ProductChange::default(),
            price: PercentChange::parse(10).ok().map(Repricing::Percent),
            page: PageTextsChange::default(),
            given: Vec::new(),
        }
    }

    fn numbered(n: u128) -> ProductUpdate {
        update(ProductKey::Id(ProductId(id(n))))
    }

    fn of_sku(sku: &str) -> ProductUpdate {
        update(ProductKey::Sku(Sku::parse(sku).unwrap()))
    }

    /// A transaction in which these products are locked in this order, and those of them that are there are changed.
    fn changing(locked: &[u128], there: &'static [u128]) -> Mocks {
        let (mut tx, mut order) = (Mocks::default(), mockall::Sequence::new());
        for &n in locked {
            let lock = tx.products.expect_lock().once().in_sequence(&mut order);
            lock.withf(move |locked| *locked == ProductId(id(n)))
                .returning(move |_| Ok(there.contains(&n).then(|| product(n))));
            if there.contains(&n) {
                let dearer = product(n).price.amount() * 110 / 100;
                let update = tx.products.expect_update().once().in_sequence(&mut order);
                update.withf(move |after| after.price.amount() == dearer).returning(|_| Ok(()));
                tx.prices.expect_record().once().in_sequence(&mut order).returning(|_| Ok(()));
            }
        }
        tx.expect_events(there.iter().map(|_| EventType::ProductUpdated));
        tx
    }

    #[tokio::test]
    async fn products_are_locked_in_order_of_id_and_answered_in_order_of_the_request_r232() {
        let mut tx = changing(&[1, 2], &[1, 2]);
        let named = |skus: &[Sku]| Ok(vec![(skus[0].clone(), ProductId(id(1)))]);
        tx.products.expect_named().once().returning(named);
        let done = run(&UpdateProducts(vec![numbered(2), of_sku("MUG")]), &mut tx).await.unwrap();
        let done: Vec<_> = done.into_iter().map(|outcome| outcome.id).collect();
        assert_eq!(done, [2, 1].map(|n| Some(ProductId(id(n)))));
    }

    #[tokio::test]
    async fn one_refusal_refuses_all_and_each_is_reported_r232() {
        let mut tx = changing(&[1, 2], &[2]);
        tx.products.expect_named().once().returning(|_| Ok(Vec::new()));
        let updates = vec![numbered(2), of_sku("GONE"), numbered(1), numbered(2)];
        let Error::Batch(outcomes) = run(&UpdateProducts(updates), &mut tx).await.unwrap_err() else {
            panic!("something else")
        };
        let refusals: Vec<_> = outcomes.iter().map(|outcome| outcome.refusal.as_ref()).collect();
        assert!(refusals[0].is_none());
        assert!(matches!(refusals[1], Some(Error::NotFound("product"))));
        assert!(matches!(refusals[2], Some(Error::NotFound("product"))));
        assert!(matches!(refusals[3], Some(Error::Invalid(fields)) if fields[0].invalid.code == Code::Repeated));
    }

    #[tokio::test]
    async fn a_failure_of_the_database_is_no_refusal_of_an_item_r232() {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Err(domain::StoreError::Raced("meanwhile".into())));
        let failed = run(&UpdateProducts(vec![numbered(1), numbered(2)]), &mut tx).await.unwrap_err();
        assert!(matches!(failed, Error::Raced(_)));
    }

    #[tokio::test]
    async fn a_price_that_cannot_change_so_is_refused_r232() {
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(Some(product(1))));
        let add = domain::products::Addition::parse(-Price::MAX).unwrap();
        let update = ProductUpdate { price: Some(Repricing::Add(add)), ..numbered(1) };
        let refused = run(&update, &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(fields) if fields[0].field == "price"));
    }
}
