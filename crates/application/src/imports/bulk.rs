//! One change of many products.

use async_trait::async_trait;
use domain::attributes::AttributeInput;
use domain::imports::{Bulk, FileRow, Import, ImportId, ImportOptions};
use domain::pages::PageTextsChange;
use domain::products::{ProductChange, ProductId, Repricing};

use super::{Effect, Imported};
use crate::assignments::Request;
use crate::audit_trail::audit;
use crate::known::{expect_class, locked_product};
use crate::products::{ProductKey, ProductUpdate};
use crate::{Command, Ctx, Error, Tx};

/// What changes of each product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BulkUpdate {
    /// The fields to change, without the price.
    pub change: ProductChange,
    /// How the price changes; `None` if it stays.
    pub price: Option<Repricing>,
    /// The new texts of its page. Each `None` in it keeps a text.
    pub page: PageTextsChange,
    /// What is given for each attribute, by its code.
    pub given: Vec<(String, AttributeInput)>,
}

impl BulkUpdate {
    /// The change of one product.
    pub fn of(&self, id: ProductId) -> ProductUpdate {
        let Self { change, price, page, given } = self.clone();
        ProductUpdate { product: ProductKey::Id(id), expected: None, change, price, page, given }
    }
}

/// Begins a change of many products, each of which is a row.
#[derive(Debug, Clone)]
pub struct CreateBulkImport {
    /// The change, as it is kept.
    pub bulk: Bulk,
    /// What it means.
    pub update: BulkUpdate,
    /// The products, each once, in order of id.
    pub products: Vec<ProductId>,
}

/// The column of the rows.
const COLUMN: &str = "id";

#[async_trait]
impl Command for CreateBulkImport {
    type Output = Import;
    const NAME: &'static str = "imports.create_bulk";

    /// # Errors
    /// [`Error::Invalid`] with fields of `change`, for a tax class, an attribute or a term that nobody knows.
    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Import, Error> {
        expect_class(tx, "change.tax_class", self.update.change.tax_and_shipping.tax_class.as_ref()).await?;
        if !self.update.given.is_empty() {
            Request { field: "change.attributes", given: &self.update.given }.read(tx).await?;
        }
        let actor = ctx.actor.map(|actor| actor.who);
        let (id, columns) = (ImportId(ctx.ids.next()), vec![COLUMN.to_owned()]);
        let row = |(line, id): (u64, &ProductId)| FileRow { line, cells: vec![id.to_string()] };
        let rows: Vec<_> = (1..).zip(&self.products).map(row).collect();
        let import = Import::new(id, ImportOptions::default(), columns, actor, ctx.now)
            .of_bulk(self.bulk.clone(), i64::try_from(rows.len()).unwrap_or(i64::MAX));
        tx.imports().insert(&import).await?;
        tx.imports().add_rows(id, &rows).await?;
        audit(tx, ctx, Self::NAME, None, Some(&import)).await?;
        Ok(import)
    }
}

/// Changes the products of some rows, in their order.
#[derive(Debug, Clone)]
pub struct ChangeRows {
    /// The lines and their products, in order of id.
    pub rows: Vec<(u64, ProductId)>,
    /// What changes of each.
    pub update: BulkUpdate,
}

#[async_trait]
impl Command for ChangeRows {
    /// What became of each, in the same order.
    type Output = Vec<Imported>;
    const NAME: &'static str = "products.change_rows";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Vec<Imported>, Error> {
        let mut done = Vec::with_capacity(self.rows.len());
        for (line, id) in &self.rows {
            let before = locked_product(tx, *id, None).await?.version;
            self.update.of(*id).run(tx, ctx).await?;
            let after = locked_product(tx, *id, None).await?.version;
            let effect = if after == before { Effect::Unchanged } else { Effect::Updated };
            done.push(Imported { line: *line, id: *id, effect });
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use domain::collections::CollectionFilter;
    use domain::events::EventType;
    use domain::imports::{BulkChange, ImportKind};
    use domain::products::{PercentChange, Product};
    use domain::tax_classes::TaxClassCode;
    use domain::{Code, Version};

    use super::*;
    use crate::testing::{Mocks, id, product, run};

    fn update() -> BulkUpdate {
        BulkUpdate {
            change: ProductChange::default(),
            price: PercentChange::parse(10).ok().map(Repricing::Percent),
            page: PageTextsChange::default(),
            given: Vec::new(),
        }
    }

    fn create(update: BulkUpdate) -> CreateBulkImport {
        let select = CollectionFilter::from_trusted([("tag".to_owned(), "sale".to_owned())].into());
        let bulk = Bulk { select, change: BulkChange::from_trusted("{}".to_owned()) };
        CreateBulkImport { bulk, update, products: vec![ProductId(id(1)), ProductId(id(2))] }
    }

    #[tokio::test]
    async fn a_change_of_many_products_begins_with_a_row_for_each_r232() {
        let mut tx = Mocks::default();
        let is_so = |import: &Import| (import.kind(), import.rows, import.is_received) == (ImportKind::Bulk, 2, true);
        tx.imports.expect_insert().once().withf(is_so).returning(|_| Ok(()));
        let are_so = |_: &ImportId, rows: &[FileRow]| {
            rows.iter().map(|row| (row.line, row.cells[0].clone())).eq([(1, id(1).to_string()), (2, id(2).to_string())])
        };
        tx.imports.expect_add_rows().once().withf(are_so).returning(|_, _| Ok(()));
        run(&create(update()), &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn a_change_that_names_what_there_is_not_is_refused_before_it_begins_r232() {
        let mut tx = Mocks::default();
        tx.attributes.expect_named().once().returning(|_| Ok(Vec::new()));
        let given = vec![("colour".to_owned(), AttributeInput::Text("blue".to_owned()))];
        let refused = run(&create(BulkUpdate { given, ..update() }), &mut tx).await.unwrap_err();
        let Error::Invalid(faults) = refused else { panic!("{refused:?}") };
        assert_eq!(
            (faults[0].field.as_str(), faults[0].invalid.code),
            ("change.attributes.colour", Code::UnknownField)
        );
        let mut tx = Mocks::default();
        tx.tax_classes.expect_has().once().returning(|_| Ok(false));
        let mut change = ProductChange::default();
        change.tax_and_shipping.tax_class = TaxClassCode::parse("books").ok();
        let refused = run(&create(BulkUpdate { change, ..update() }), &mut tx).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(faults) if faults[0].field == "change.tax_class"), "{refused:?}");
    }

    #[tokio::test]
    async fn each_row_changes_its_product_and_says_whether_it_did_r232() {
        let mut tx = Mocks::default();
        // Looked at before the change, for it, and after it.
        let mut versions = [1, 1, 2].into_iter();
        tx.products
            .expect_lock()
            .times(3)
            .returning(move |_| Ok(versions.next().map(|version| Product { version: Version(version), ..product(7) })));
        let dearer = product(7).price.amount() * 110 / 100;
        tx.products.expect_update().once().withf(move |one| one.price.amount() == dearer).returning(|_| Ok(()));
        tx.prices.expect_record().once().returning(|_| Ok(()));
        tx.expect_events([EventType::ProductUpdated]);
        let change = ChangeRows { rows: vec![(4, ProductId(id(7)))], update: update() };
        let done = run(&change, &mut tx).await.unwrap();
        assert_eq!(done, [Imported { line: 4, id: ProductId(id(7)), effect: Effect::Updated }]);
        let mut tx = Mocks::default();
        tx.products.expect_lock().once().returning(|_| Ok(None));
        assert!(matches!(run(&change, &mut tx).await.unwrap_err(), Error::NotFound("product")));
    }
}
