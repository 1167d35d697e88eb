use async_trait::async_trait;
use domain::groups::GroupId;
use domain::pages::{PageTexts, PageTextsChange};
use domain::products::{Particulars, ProductChange, ProductId, ProductStatus, TaxAndShipping};
use domain::stock::{Adjustment, Reason};
use domain::{Code, Invalid};

use super::item::said_once;
use super::known_terms::KnownTerms;
use super::pictures;
use super::place::{self, Made};
use super::{Effect, Imported, Item};
use crate::assignments::AssignAttributes;
use crate::groups::NewProduct;
use crate::products::UpdateProduct;
use crate::stock::{AdjustStock, lock_stock};
use crate::{Command, Ctx, Error, Tx};

/// Makes products what the rows of a file say, each by the use case that a single request has.
#[derive(Debug, Clone)]
pub struct ImportItems {
    /// The products. Those of a new group stand next to each other.
    pub items: Vec<Item>,
    /// Why stock changes: the name of the file. `None` to keep the stock of known products.
    pub counted: Option<Reason>,
}

#[async_trait]
impl Command for ImportItems {
    /// What became of each, in the same order.
    type Output = Vec<Imported>;
    const NAME: &'static str = "products.import";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Vec<Imported>, Error> {
        let (mut done, mut terms, mut made) = (Vec::new(), KnownTerms::default(), Made::new());
        let items = said_once(&self.items);
        let mut rest = items.as_slice();
        while let Some((item, after)) = rest.split_first() {
            let item: &Item = item;
            rest = after;
            let group = item.place.as_ref().map(|one| (one, place::known(one, &made)));
            match group {
                Some((at, None)) => {
                    let mut together = vec![item];
                    while let Some((next, after)) = rest.split_first()
                        && place::is_next(item, next, together.len())
                    {
                        together.push(next);
                        rest = after;
                    }
                    let before = self.version(tx, item.known).await?;
                    let (id, ids) = place::create(tx, ctx, &together, &mut terms).await?;
                    made.insert(at.slug.clone(), id);
                    for (item, id) in together.iter().zip(ids) {
                        if item.known.is_some() {
                            self.change(tx, ctx, item, id, &mut terms).await?;
                        }
                        pictures::place(tx, ctx, item, id, made.get(&at.slug).copied()).await?;
                        let effect = self.effect(tx, item, id, before).await?;
                        done.push(Imported { line: item.line, id, effect });
                    }
                }
                group => {
                    let group = group.and_then(|(_, id)| id);
                    done.push(self.one(tx, ctx, (item, group), &mut terms).await?);
                }
            }
        }
        Ok(done)
    }
}

impl ImportItems {
    /// Imports an item whose group, if it has one, is known.
    async fn one(
        &self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        (item, group): (&Item, Option<GroupId>),
        terms: &mut KnownTerms,
    ) -> Result<Imported, Error> {
        let before = self.version(tx, item.known).await?;
        let joined = match (group, &item.place) {
            (Some(group), Some(at)) => place::join(tx, ctx, group, (item, at), terms).await?,
            _ => None,
        };
        let id = match (item.known, joined) {
            (Some(id), _) => {
                self.change(tx, ctx, item, id, terms).await?;
                id
            }
            (None, Some(id)) => id,
            (None, None) => create(tx, ctx, item, terms).await?,
        };
        pictures::place(tx, ctx, item, id, group).await?;
        let effect = self.effect(tx, item, id, before).await?;
        Ok(Imported { line: item.line, id, effect })
    }

    /// Numbers that change with each change of a known product: its version, and its units on hand if those are
    /// imported.
    async fn version(&self, tx: &mut dyn Tx, known: Option<ProductId>) -> Result<Option<(i64, i64)>, Error> {
        let Some(id) = known else { return Ok(None) };
        let product = tx.products().lock(id).await?.ok_or(Error::NotFound("product"))?;
        let on_hand = if self.counted.is_some() { lock_stock(tx, id).await?.on_hand } else { 0 };
        Ok(Some((product.version.0, on_hand)))
    }

    async fn effect(
        &self,
        tx: &mut dyn Tx,
        item: &Item,
        id: ProductId,
        before: Option<(i64, i64)>,
    ) -> Result<Effect, Error> {
        if item.known.is_none() {
            return Ok(Effect::Created);
        }
        let after = self.version(tx, Some(id)).await?;
        Ok(if after == before { Effect::Unchanged } else { Effect::Updated })
    }

    /// Changes a known product as an item says.
    async fn change(
        &self,
        tx: &mut dyn Tx,
        ctx: &Ctx<'_>,
        item: &Item,
        id: ProductId,
        terms: &mut KnownTerms,
    ) -> Result<(), Error> {
        let description = item.page.described(item.change.description.clone());
        let change = ProductChange { description, ..item.change.clone() };
        if change != ProductChange::default() || item.page != PageTextsChange::default() {
            UpdateProduct { page: item.page.clone(), ..UpdateProduct::of(id, change) }.run(tx, ctx).await?;
        }
        if !item.attributes.is_empty() {
            let given = terms.given(tx, ctx, &item.attributes, &item.defines).await?;
            AssignAttributes { product_id: id, given, expected: None }.run(tx, ctx).await?;
        }
        let Some((reason, stock)) = self.counted.as_ref().zip(item.stock) else { return Ok(()) };
        let on_hand = lock_stock(tx, id).await?.on_hand;
        if let Ok(adjustment) = Adjustment::parse(stock.get() - on_hand) {
            AdjustStock { product_id: id, adjustment, reason: reason.clone() }.run(tx, ctx).await?;
        }
        Ok(())
    }
}

/// Makes a single product.
async fn create(tx: &mut dyn Tx, ctx: &Ctx<'_>, item: &Item, terms: &mut KnownTerms) -> Result<ProductId, Error> {
    let new = new_product(tx, ctx, item, terms).await?;
    let name = new.name.clone().ok_or_else(|| required("name"))?;
    Ok(new.named(name).run(tx, ctx).await?.0.product.id)
}

/// What an item says of a product that is made.
pub(super) async fn new_product(
    tx: &mut dyn Tx,
    ctx: &Ctx<'_>,
    item: &Item,
    terms: &mut KnownTerms,
) -> Result<NewProduct, Error> {
    let attributes = terms.given(tx, ctx, &item.attributes, &item.defines).await?;
    let page = PageTexts::default().changed(&item.page);
    let ProductChange { name, price, sku, slug, description, status, tax_and_shipping, particulars } =
        item.change.clone();
    Ok(NewProduct {
        id: item.id,
        name,
        price: price.ok_or_else(|| required("price"))?,
        sku: sku.flatten(),
        slug,
        // An empty cell says that there is none, and not that it is the text of the HTML.
        description: description.unwrap_or_else(|| page.described(None)),
        status: status.unwrap_or(ProductStatus::Active),
        tax_and_shipping: TaxAndShipping::default().changed(tax_and_shipping),
        particulars: Particulars::default().changed(particulars),
        initial_stock: item.stock.unwrap_or_default(),
        attributes,
        page,
    })
}

fn required(field: &str) -> Error {
    Error::field(field, Invalid::new(Code::Required, "is required for a new product"))
}

#[cfg(test)]
mod tests;
