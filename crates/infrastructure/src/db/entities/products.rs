use domain::products::{
    Barcode, Description, Particulars, Product, ProductId, ProductName, ProductStatus, Sku, TaxAndShipping,
};
use domain::slugs::Slug;
use domain::tax_classes::TaxClassCode;
use domain::{Grams, Price, StoreError, Version, sort_key};
use sea_orm::ActiveValue;
use sea_orm::entity::prelude::*;

use super::Unique;
use super::stock;
use crate::db::convert::{micros, stored, time};

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub sku: Option<String>,
    pub name: String,
    pub description: Option<String>,
    pub price: i64,
    pub status: String,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
    /// `None` until the product is renewed.
    pub name_key: Option<String>,
    pub tax_class: String,
    pub weight_grams: i64,
    /// 1 if it is shipped, 0 if not.
    pub shippable: i64,
    /// All 14 digits.
    pub barcode: Option<String>,
    pub compare_at_price: Option<i64>,
    pub lowest_price_30d: Option<i64>,
    pub available_from: Option<i64>,
    pub available_until: Option<i64>,
    /// `None` until one is made.
    pub slug: Option<String>,
}

pub const UNIQUE_SKU: Unique =
    Unique { constraint: "products_sku_unique", column: "products.sku", key: Product::UNIQUE_SKU };

pub const UNIQUE_BARCODE: Unique =
    Unique { constraint: "products_barcode_unique", column: "products.barcode", key: Product::UNIQUE_BARCODE };

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_one = "stock::Entity")]
    Stock,
}

impl Related<stock::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stock.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Product> for Model {
    fn from(product: &Product) -> Self {
        Self {
            id: product.id.0,
            sku: product.sku.as_ref().map(|sku| sku.as_str().to_owned()),
            name: product.name.as_str().to_owned(),
            description: product.description.as_ref().map(|text| text.as_str().to_owned()),
            price: product.price.amount(),
            status: product.status.as_str().to_owned(),
            created_at: micros(product.created_at),
            updated_at: micros(product.updated_at),
            version: product.version.0,
            name_key: Some(sort_key(product.name.as_str())),
            tax_class: product.tax_and_shipping.tax_class.as_str().to_owned(),
            weight_grams: product.tax_and_shipping.weight.get(),
            shippable: i64::from(product.tax_and_shipping.is_shippable),
            barcode: product.particulars.barcode.as_ref().map(|barcode| barcode.digits().to_owned()),
            compare_at_price: product.particulars.compare_at_price.map(Price::amount),
            lowest_price_30d: product.lowest_price_30d.map(Price::amount),
            available_from: product.particulars.available_from.map(micros),
            available_until: product.particulars.available_until.map(micros),
            slug: product.slug.as_ref().map(|slug| slug.as_str().to_owned()),
        }
    }
}

impl TryFrom<Model> for Product {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProductId(row.id),
            sku: row.sku.map(Sku::from_trusted),
            name: ProductName::from_trusted(row.name),
            slug: row.slug.map(Slug::from_trusted),
            description: row.description.map(Description::from_trusted),
            price: Price::from_trusted(row.price),
            status: stored("product status", ProductStatus::parse(&row.status))?,
            tax_and_shipping: tax_and_shipping(row.tax_class, row.weight_grams, row.shippable),
            particulars: Particulars {
                barcode: row.barcode.map(Barcode::from_trusted),
                compare_at_price: row.compare_at_price.map(Price::from_trusted),
                available_from: row.available_from.map(time).transpose()?,
                available_until: row.available_until.map(time).transpose()?,
            },
            lowest_price_30d: row.lowest_price_30d.map(Price::from_trusted),
            created_at: time(row.created_at)?,
            updated_at: time(row.updated_at)?,
            version: Version(row.version),
        })
    }
}

/// The columns that every change of a product writes.
pub fn touched(product: &Product) -> ActiveModel {
    ActiveModel {
        id: ActiveValue::Unchanged(product.id.0),
        updated_at: ActiveValue::Set(micros(product.updated_at)),
        version: ActiveValue::Set(product.version.0),
        ..<ActiveModel as ActiveModelTrait>::default()
    }
}

/// How a product is taxed and shipped, as its row says.
pub fn tax_and_shipping(tax_class: String, weight_grams: i64, shippable: i64) -> TaxAndShipping {
    TaxAndShipping {
        tax_class: TaxClassCode::from_trusted(tax_class),
        weight: Grams::from_trusted(weight_grams),
        is_shippable: shippable != 0,
    }
}
