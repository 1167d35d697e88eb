//! The texts of pages of products and product groups.

use async_trait::async_trait;
use domain::groups::Inherits;
use domain::pages::{PageQueries, PageRepository, PageTexts, ProductPage};
use domain::products::{ProductId, ProductStatus, ProductView};
use domain::{StoreError, Uuid};
use sea_orm::sea_query::{Alias, Expr, JoinType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait};

use super::product_views::{ViewRow, viewed};
use super::queries::DbQueries;
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::engine::{Error, Executor as _, FromRow, Row, Statement};
use crate::db::entities::page_texts::{Entity, Model, texts_at};
use crate::db::entities::products;

#[async_trait]
impl PageRepository for DbTx {
    async fn of(&mut self, id: Uuid) -> Result<PageTexts, StoreError> {
        Ok(self.transaction.one(Entity::find_by_id(id)).await?.map(PageTexts::from).unwrap_or_default())
    }

    async fn write(&mut self, id: Uuid, texts: &PageTexts) -> Result<(), StoreError> {
        self.change(Subject::Products);
        self.forget_page(id).await?;
        Ok(self.insert_rows((!texts.is_empty()).then(|| Model::of(id, texts))).await?)
    }
}

impl DbTx {
    /// Deletes the texts of a product or a product group.
    pub(super) async fn forget_page(&self, id: Uuid) -> Result<(), Error> {
        self.transaction.execute(&Entity::delete_by_id(id)).await.map(drop)
    }

    /// Makes the texts that members have from their groups their own. It comes before they leave.
    pub(super) async fn keep_pages(&mut self, ids: &[ProductId]) -> Result<(), StoreError> {
        let marks = vec!["?"; ids.len()].join(", ");
        let sql = format!(
            "SELECT p.id, p.inherits, own.seo_title, own.seo_description, own.description_html,
                its_group.seo_title, its_group.seo_description, its_group.description_html
            FROM products p
            JOIN page_texts its_group ON its_group.resource_id = p.group_id
            LEFT JOIN page_texts own ON own.resource_id = p.id
            WHERE p.id IN ({marks})"
        );
        let kept: Vec<Kept> = self.transaction.rows(Statement::new(sql, ids.iter().map(|id| id.0.into()))).await?;
        for Kept(id, texts) in kept {
            self.write(id, &texts).await?;
        }
        Ok(())
    }
}

/// The texts in the columns from the index `first` on: what the product inherits, its own, and those of its group.
fn page_at(first: usize, row: &Row) -> Result<ProductPage, Error> {
    let (own, of_group) = (texts_at(first + 1, row)?, texts_at(first + 4, row)?);
    let shown = own.clone().or_of(&of_group, Inherits::from_bits(row.at(first)?));
    Ok(ProductPage { own, shown })
}

/// A product that leaves its group, and the texts that it takes along.
struct Kept(Uuid, PageTexts);

impl FromRow for Kept {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(row.at(0)?, page_at(1, row)?.shown))
    }
}

struct PageRow(ViewRow, ProductPage);

impl FromRow for PageRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(ViewRow::from_row(row)?, page_at(ViewRow::COLUMNS, row)?))
    }
}

#[async_trait]
impl PageQueries for DbQueries {
    async fn product(
        &self,
        id: ProductId,
        status: Option<ProductStatus>,
    ) -> Result<Option<(ProductView, ProductPage)>, StoreError> {
        let mut find = viewed()
            .filter(products::Column::Id.eq(id.0))
            .apply_if(status, |find, status| find.filter(products::Column::Status.eq(status.as_str())));
        let select = QueryTrait::query(&mut find);
        select.expr(Expr::cust("products.inherits"));
        for (name, owner) in [("own", "products.id"), ("its_group", "products.group_id")] {
            let is_owner = Expr::cust(format!("{name}.resource_id = {owner}"));
            select.join_as(JoinType::LeftJoin, Entity, Alias::new(name), is_owner);
            for column in ["seo_title", "seo_description", "description_html"] {
                select.expr(Expr::cust(format!("{name}.{column}")));
            }
        }
        let rows: Vec<PageRow> = self.read.read(&find).await?;
        rows.into_iter().next().map(|PageRow(row, page)| Ok((row.view()?, page))).transpose()
    }
}
