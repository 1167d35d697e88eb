use async_trait::async_trait;
use domain::customers::{CustomerId, CustomerRepository};
use domain::products::{
    Offer, Product, ProductFilter, ProductId, ProductName, ProductQueries, ProductRepository, ProductSort,
    ProductStatus, ProductSummary, ProductView, Sku,
};
use domain::tax_classes::TaxClassCode;
use domain::{Page, PageRequest, Price, PricingSnapshot, StoreError, UtcDateTime, Uuid};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait, Select,
};

use super::pricing::{PRICING_VERSION, SnapshotRow};
use super::product_schedule::due;
use super::product_views::{ViewRow, viewed};
use super::queries::DbQueries;
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::convert::stored;
use crate::db::engine::{Error, Executor as _, FromRow, Row};
use crate::db::entities::products::{Column, Entity, Model, Relation, tax_and_shipping, touched};
use crate::db::entities::{customers, product_prices, product_terms, product_values, restocks, stock, stock_movements};
use crate::db::search;

/// How many products one statement names.
const AT_ONCE: usize = 500;

#[async_trait]
impl ProductRepository for DbTx {
    async fn insert(&mut self, product: &Product) -> Result<(), StoreError> {
        self.change_products([product.id]);
        self.insert_rows([Model::from(product)]).await?;
        self.insert_rows([product_prices::Model::from(&product.priced())]).await?;
        Ok(self.add_words([product]).await?)
    }

    async fn lock(&mut self, id: ProductId) -> Result<Option<Product>, StoreError> {
        let row = self.transaction.one(Entity::find_by_id(id.0).lock_exclusive()).await;
        row?.map(Product::try_from).transpose()
    }

    async fn lock_all(&mut self, ids: &[ProductId]) -> Result<Vec<Product>, StoreError> {
        let mut ids: Vec<_> = ids.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        let mut all: Vec<Model> = Vec::with_capacity(ids.len());
        for some in ids.chunks(AT_ONCE) {
            let find = Entity::find().filter(Column::Id.is_in(some.iter().copied())).order_by_asc(Column::Id);
            all.extend(self.transaction.all(find.lock_exclusive()).await?);
        }
        all.into_iter().map(Product::try_from).collect()
    }

    async fn named(&mut self, skus: &[Sku]) -> Result<Vec<(Sku, ProductId)>, StoreError> {
        let find = Entity::find()
            .select_only()
            .columns([Column::Sku, Column::Id])
            .filter(Column::Sku.is_in(skus.iter().map(Sku::as_str)));
        let rows: Vec<NamedRow> = self.transaction.read(&find).await?;
        Ok(rows.into_iter().map(|NamedRow(sku, id)| (Sku::from_trusted(sku), ProductId(id))).collect())
    }

    async fn update(&mut self, product: &Product) -> Result<(), StoreError> {
        self.change_products([product.id]);
        self.update_row(Model::from(product)).await?;
        self.remove_words(&[product.id.0]).await?;
        Ok(self.add_words([product]).await?)
    }

    async fn touch(&mut self, product: &Product) -> Result<(), StoreError> {
        self.change_products([product.id]);
        Ok(Self::update(self, touched(product)).await?)
    }

    async fn delete(&mut self, id: ProductId) -> Result<(), StoreError> {
        self.change_products([id]);
        self.delete_what_belongs_to(id).await?;
        Ok(self.transaction.execute(&Entity::delete_by_id(id.0)).await.map(drop)?)
    }

    async fn due(&mut self, now: UtcDateTime, limit: u64) -> Result<Vec<ProductId>, StoreError> {
        due(&self.transaction, now, limit).await
    }

    async fn renew(&mut self, limit: u64) -> Result<u64, StoreError> {
        let find = Entity::find().filter(Column::NameKey.is_null()).order_by_asc(Column::Id).limit(limit);
        let mut renewed = Vec::new();
        for row in self.transaction.all(find.lock_exclusive()).await? {
            let product = Product::try_from(row)?;
            renewed.push(self.with_free_sku(product.clone(), product.renewed()).await?);
        }
        if renewed.is_empty() {
            return Ok(0);
        }
        self.change(Subject::Products);
        for product in &renewed {
            self.update_row(Model::from(product)).await?;
        }
        let ids: Vec<_> = renewed.iter().map(|product| product.id.0).collect();
        self.remove_words(&ids).await?;
        self.add_words(&renewed).await?;
        Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
    }

    async fn of_class(&mut self, class: &TaxClassCode) -> Result<Vec<ProductName>, StoreError> {
        let find = Entity::find().filter(Column::TaxClass.eq(class.as_str())).limit(3);
        let rows = self.transaction.all(find).await?;
        Ok(rows.into_iter().map(|row| ProductName::from_trusted(row.name)).collect())
    }

    async fn offers(&mut self, ids: &[ProductId]) -> Result<Vec<Offer>, StoreError> {
        let rows: Vec<OfferRow> = self.transaction.read(&offered(ids)).await?;
        offers(rows)
    }

    async fn offers_to(
        &mut self,
        customer_id: CustomerId,
        ids: &[ProductId],
    ) -> Result<Option<(Vec<Offer>, PricingSnapshot)>, StoreError> {
        let hold = customers::Entity::find_by_id(customer_id.0).select_only().column(customers::Column::Id);
        let exempt = customers::Entity::find_by_id(customer_id.0).select_only().column(customers::Column::TaxExempt);
        let find = offered(ids)
            .expr_as(hold.lock_exclusive().into_query(), HELD)
            .expr_as(Expr::cust(PRICING_VERSION), "pricing_version")
            .expr_as(exempt.into_query(), "tax_exempt");
        let rows: Vec<HeldRow> = self.transaction.read(&find).await?;
        let is_there = match rows.first() {
            Some(row) => row.customer_id.is_some(),
            // Without an offer there is no row that shows whether the customer exists.
            None => CustomerRepository::lock(self, customer_id).await?.is_some(),
        };
        if !is_there {
            return Ok(None);
        }
        let snapshot = rows.first().map_or(Ok(PricingSnapshot::default()), |row| row.pricing.snapshot())?;
        Ok(Some((offers(rows.into_iter().map(|row| row.offer))?, snapshot)))
    }
}

/// The column with the locked customer, in each row of an offer.
const HELD: &str = "held";

struct HeldRow {
    offer: OfferRow,
    customer_id: Option<Uuid>,
    pricing: SnapshotRow,
}

impl FromRow for HeldRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            offer: OfferRow::from_place(0, row)?,
            customer_id: row.at(OfferRow::COLUMNS)?,
            pricing: SnapshotRow::from_place(OfferRow::COLUMNS + 1, row)?,
        })
    }
}

fn offers(rows: impl IntoIterator<Item = OfferRow>) -> Result<Vec<Offer>, StoreError> {
    rows.into_iter().filter_map(|row| row.offer().transpose()).collect()
}

impl DbTx {
    /// The renewed product, with its old SKU if another product has the new one.
    async fn with_free_sku(&self, old: Product, renewed: Product) -> Result<Product, Error> {
        let Some(sku) = renewed.sku.as_ref().filter(|_| renewed.sku != old.sku) else { return Ok(renewed) };
        let find = Entity::find().select_only().column(Column::Id).filter(Column::Sku.eq(sku.as_str()));
        if self.transaction.ids(&find).await?.is_empty() {
            return Ok(renewed);
        }
        tracing::warn!(product_id = %old.id, "keeps its SKU: another product has one that looks the same");
        Ok(Product { sku: old.sku, ..renewed })
    }

    async fn delete_what_belongs_to(&self, id: ProductId) -> Result<(), Error> {
        let db = &self.transaction;
        db.execute(&stock::Entity::delete_by_id(id.0)).await?;
        db.execute(&stock_movements::Entity::delete_many().filter(stock_movements::Column::ProductId.eq(id.0))).await?;
        db.execute(&product_prices::Entity::delete_many().filter(product_prices::Column::ProductId.eq(id.0))).await?;
        db.execute(&restocks::Entity::delete_many().filter(restocks::Column::ProductId.eq(id.0))).await?;
        db.execute(&product_terms::Entity::delete_many().filter(product_terms::Column::ProductId.eq(id.0))).await?;
        db.execute(&product_values::Entity::delete_many().filter(product_values::Column::ProductId.eq(id.0))).await?;
        self.unpin(id).await?;
        self.forget_pictures(id.into()).await?;
        self.forget_page(id.0).await?;
        self.free_slugs(id.0).await?;
        self.remove_words(&[id.0]).await
    }
}

/// Selects the offers of products as [`OfferRow`], in order of id.
pub(super) fn offered(ids: &[ProductId]) -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::Sku, Column::Name, Column::Price, Column::Status])
        .columns([Column::TaxClass, Column::WeightGrams, Column::Shippable])
        .columns([stock::Column::OnHand, stock::Column::RestockThreshold])
        .join(JoinType::LeftJoin, Relation::Stock.def())
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(Column::Id)
}

/// An offer in a row of a left join, whose product may be missing.
#[derive(Debug)]
pub(super) struct OfferRow {
    id: Option<Uuid>,
    sku: Option<String>,
    name: Option<String>,
    price: Option<i64>,
    status: Option<String>,
    tax_class: Option<String>,
    weight_grams: Option<i64>,
    shippable: Option<i64>,
    on_hand: Option<i64>,
    restock_threshold: Option<i64>,
}

impl FromRow for OfferRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Self::from_place(0, row)
    }
}

impl OfferRow {
    pub const COLUMNS: usize = 10;

    /// Reads the columns from the index `first` on.
    pub fn from_place(first: usize, row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.at(first)?,
            sku: row.at(first + 1)?,
            name: row.at(first + 2)?,
            price: row.at(first + 3)?,
            status: row.at(first + 4)?,
            tax_class: row.at(first + 5)?,
            weight_grams: row.at(first + 6)?,
            shippable: row.at(first + 7)?,
            on_hand: row.at(first + 8)?,
            restock_threshold: row.at(first + 9)?,
        })
    }

    /// The offer; `None` if there is no product.
    pub fn offer(self) -> Result<Option<Offer>, StoreError> {
        let (Some(id), Some(name), Some(price), Some(status)) = (self.id, self.name, self.price, self.status) else {
            return Ok(None);
        };
        let Some(((tax_class, weight), shippable)) = self.tax_class.zip(self.weight_grams).zip(self.shippable) else {
            return Ok(None);
        };
        Ok(Some(Offer {
            product_id: ProductId(id),
            sku: self.sku.map(Sku::from_trusted),
            name: ProductName::from_trusted(name),
            price: Price::from_trusted(price),
            status: stored("product status", ProductStatus::parse(&status))?,
            on_hand: self.on_hand.unwrap_or(0),
            restock_threshold: self.restock_threshold.unwrap_or(0),
            tax_and_shipping: tax_and_shipping(tax_class, weight, shippable),
        }))
    }
}

#[async_trait]
impl ProductQueries for DbQueries {
    async fn get(&self, id: ProductId, status: Option<ProductStatus>) -> Result<Option<ProductView>, StoreError> {
        let find = viewed()
            .filter(Column::Id.eq(id.0))
            .apply_if(status, |find, status| find.filter(Column::Status.eq(status.as_str())));
        let rows: Vec<ViewRow> = self.read.read(&find).await?;
        rows.into_iter().next().map(ViewRow::view).transpose()
    }

    async fn offers(&self, ids: &[ProductId]) -> Result<Vec<Offer>, StoreError> {
        let rows: Vec<OfferRow> = self.read.read(&offered(ids)).await?;
        offers(rows)
    }

    async fn is_due(&self, now: UtcDateTime) -> Result<bool, StoreError> {
        Ok(!due(&self.read, now, 1).await?.is_empty())
    }

    async fn summaries(&self, ids: &[ProductId]) -> Result<Vec<ProductSummary>, StoreError> {
        let find = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Sku, Column::Name, Column::Status])
            .filter(Column::Id.is_in(ids.iter().map(|id| id.0)));
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<SummaryRow> = self.read.read(&find).await?;
        rows.into_iter().map(SummaryRow::summary).collect()
    }

    async fn list(
        &self,
        filter: &ProductFilter,
        sort: ProductSort,
        page: &PageRequest,
    ) -> Result<Page<ProductView>, StoreError> {
        // Without a filter, a page is a range of one index.
        let ProductFilter {
            search, min_price, max_price, in_stock, on_sale, attributes, is_collapsed, collection, ..
        } = filter;
        let is_plain = search.is_none()
            && min_price.is_none()
            && max_price.is_none()
            && in_stock.is_none()
            && on_sale.is_none()
            && attributes.is_empty()
            && !is_collapsed
            && collection.is_none();
        let read = if is_plain { &self.read } else { &self.lists };
        search::page(read, &self.products, &self.samples, filter, sort, page).await
    }
}

/// The SKU and the id of a product.
struct NamedRow(String, Uuid);

impl FromRow for NamedRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(row.at(0)?, row.at(1)?))
    }
}

struct SummaryRow {
    id: Uuid,
    sku: Option<String>,
    name: String,
    status: String,
}

impl FromRow for SummaryRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { id: row.at(0)?, sku: row.at(1)?, name: row.at(2)?, status: row.at(3)? })
    }
}

impl SummaryRow {
    fn summary(self) -> Result<ProductSummary, StoreError> {
        Ok(ProductSummary {
            id: ProductId(self.id),
            sku: self.sku.map(Sku::from_trusted),
            name: ProductName::from_trusted(self.name),
            status: stored("product status", ProductStatus::parse(&self.status))?,
        })
    }
}
