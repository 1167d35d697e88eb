//! Products as they are shown.

use domain::StoreError;
use domain::products::{Product, ProductId, ProductView};
use sea_orm::{EntityTrait, JoinType, QuerySelect, RelationTrait, Select};

use crate::db::engine::{Error, Executor as _, FromRow, Pool, Row};
use crate::db::entities::products::{Column, Entity, Model, Relation};
use crate::db::entities::stock;

/// The products that are selected, each with its units on hand.
pub(in crate::db) async fn with_stock(read: &Pool, find: Select<Entity>) -> Result<Vec<(Product, i64)>, StoreError> {
    let rows = read.pairs(&find.find_also_related(stock::Entity)).await?;
    let product = |(product, stock): (Model, Option<stock::Model>)| {
        Ok((product.try_into()?, stock.map_or(0, |stock| stock.on_hand)))
    };
    rows.into_iter().map(product).collect()
}

/// Selects products with their units on hand.
pub(in crate::db) fn viewed() -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::Sku, Column::Name, Column::Description, Column::Price, Column::Status])
        .columns([Column::CreatedAt, Column::UpdatedAt, Column::Version])
        .columns([Column::TaxClass, Column::WeightGrams, Column::Shippable])
        .columns([Column::Barcode, Column::CompareAtPrice, Column::LowestPrice30d])
        .columns([Column::AvailableFrom, Column::AvailableUntil, Column::Slug])
        .column(stock::Column::OnHand)
        .join(JoinType::LeftJoin, Relation::Stock.def())
}

/// A row of [`viewed`]. Columns are read by index, which avoids looking up names in every row.
pub(in crate::db) struct ViewRow {
    product: Model,
    on_hand: Option<i64>,
}

impl FromRow for ViewRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let product = Model {
            id: row.at(0)?,
            sku: row.at(1)?,
            name: row.at(2)?,
            description: row.at(3)?,
            price: row.at(4)?,
            status: row.at(5)?,
            created_at: row.at(6)?,
            updated_at: row.at(7)?,
            version: row.at(8)?,
            tax_class: row.at(9)?,
            weight_grams: row.at(10)?,
            shippable: row.at(11)?,
            barcode: row.at(12)?,
            compare_at_price: row.at(13)?,
            lowest_price_30d: row.at(14)?,
            available_from: row.at(15)?,
            available_until: row.at(16)?,
            slug: row.at(17)?,
            // It is not read.
            name_key: None,
        };
        Ok(Self { product, on_hand: row.at(18)? })
    }
}

impl ViewRow {
    pub const COLUMNS: usize = 19;

    /// Its product.
    pub fn id(&self) -> ProductId {
        ProductId(self.product.id)
    }

    /// The product with its availability.
    pub fn view(self) -> Result<ProductView, StoreError> {
        let in_stock = self.on_hand.is_some_and(|on_hand| on_hand > 0);
        Ok(ProductView { product: self.product.try_into()?, in_stock })
    }
}
