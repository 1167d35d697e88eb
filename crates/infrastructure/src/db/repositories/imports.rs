//! Many products and groups at once, with all that files say of them.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use domain::attributes::AttributeCode;
use domain::groups::GroupId;
use domain::imports::{
    AttributeCodes, FileRow, Import, ImportFilter, ImportId, ImportKind, ImportQueries, ImportRepository, ImportRow,
    ImportStatus, NextRows, PartLimit, RowError, RowStatus, Sought, WholeGroup, WholeProduct, Written,
};
use domain::pages::PageTexts;
use domain::products::{Barcode, Product, ProductId, Sku};
use domain::slugs::Slug;
use domain::{Page, PageRequest, StoreError, UtcDateTime, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::assignments::{OF_GROUPS, OF_PRODUCTS, shown};
use super::group_reads::options_of;
use super::product_views::with_stock;
use super::queries::{DbQueries, after_id, at_id, rows as page_rows};
use super::tx::DbTx;
use crate::db::convert::micros;
use crate::db::engine::{Error, Executor as _};
use crate::db::entities::import_rows::Column as Row;
use crate::db::entities::{
    attributes, group_options, import_rows, imports, members, page_texts, product_groups, products,
};

/// Values in one statement.
const STEP: usize = 500;

/// The most rows that one statement inserts.
const ROWS: usize = 64;

#[async_trait]
impl ImportRepository for DbTx {
    async fn insert(&mut self, import: &Import) -> Result<(), StoreError> {
        Ok(self.insert_rows([imports::Model::try_from(import)?]).await?)
    }

    async fn lock(&mut self, id: ImportId) -> Result<Option<Import>, StoreError> {
        let row = self.transaction.one(imports::Entity::find_by_id(id.0).lock_exclusive()).await?;
        row.map(Import::try_from).transpose()
    }

    async fn lock_oldest(&mut self) -> Result<Option<Import>, StoreError> {
        let row = self.transaction.one(open().lock_exclusive()).await?;
        row.map(Import::try_from).transpose()
    }

    async fn lock_at_rest(&mut self, before: UtcDateTime) -> Result<Option<Import>, StoreError> {
        let of_import = Expr::col((import_rows::Entity, Row::ImportId)).equals((imports::Entity, imports::Column::Id));
        let rows = Query::select().expr(Expr::val(1)).from(import_rows::Entity).and_where(of_import).to_owned();
        let at_rest = imports::Entity::find()
            .filter(imports::Column::Status.is_in(Import::AT_REST.map(ImportStatus::as_str)))
            .filter(imports::Column::UpdatedAt.lt(micros(before)))
            .filter(Expr::exists(rows))
            .order_by_asc(imports::Column::Id)
            .limit(1);
        // It is locked by its id, so that no other one is.
        let Some(at_rest) = self.transaction.one(at_rest).await? else { return Ok(None) };
        self.lock(ImportId(at_rest.id)).await
    }

    async fn remove_rows(&mut self, id: ImportId, limit: u64) -> Result<u64, StoreError> {
        let of_import = import_rows::Entity::find().filter(Row::ImportId.eq(id.0));
        let Some(first) = self.transaction.one(of_import.order_by_asc(Row::Line).limit(1)).await? else { return Ok(0) };
        // Lines are numbers of lines of the file, of which a row may have several.
        let remove = import_rows::Entity::delete_many()
            .filter(Row::ImportId.eq(id.0))
            .filter(Row::Line.lt(first.line.saturating_add(import_rows::line(limit))));
        Ok(self.transaction.execute(&remove).await?)
    }

    async fn update(&mut self, import: &Import) -> Result<(), StoreError> {
        Ok(self.update_row(imports::Model::try_from(import)?).await?)
    }

    async fn add_rows(&mut self, id: ImportId, rows: &[FileRow]) -> Result<(), StoreError> {
        for some in rows.chunks(ROWS) {
            let rows = some.iter().map(|row| import_rows::Model::received(id, row));
            self.insert_rows(rows.collect::<Result<Vec<_>, _>>()?).await?;
        }
        Ok(())
    }

    async fn renew_rows(&mut self, id: ImportId) -> Result<(), StoreError> {
        let renew = import_rows::Entity::update_many()
            .col_expr(Row::Status, Expr::val(RowStatus::Ok.as_str()))
            .col_expr(Row::Problem, Expr::val(None::<String>))
            .col_expr(Row::Notes, Expr::val(None::<String>))
            .filter(Row::ImportId.eq(id.0))
            .filter(Row::Status.eq(RowStatus::Failed.as_str()).or(Row::Notes.is_not_null()));
        Ok(self.transaction.execute(&renew).await.map(drop)?)
    }

    async fn refuse_rows(&mut self, id: ImportId, rows: &[(u64, Vec<RowError>)]) -> Result<(), StoreError> {
        for (line, errors) in rows {
            let refuse = import_rows::Entity::update_many()
                .col_expr(Row::Status, Expr::val(RowStatus::Failed.as_str()))
                .col_expr(Row::Problem, Expr::val(import_rows::problem(errors)?))
                .filter(Row::ImportId.eq(id.0))
                .filter(Row::Line.eq(import_rows::line(*line)));
            self.transaction.execute(&refuse).await?;
        }
        Ok(())
    }

    async fn note_rows(&mut self, id: ImportId, rows: &[(u64, Vec<String>)]) -> Result<(), StoreError> {
        // The same is said of many rows.
        let mut alike = BTreeMap::<&[String], Vec<i64>>::new();
        for (line, notes) in rows {
            alike.entry(notes).or_default().push(import_rows::line(*line));
        }
        for (notes, lines) in alike {
            for some in lines.chunks(STEP) {
                let note = import_rows::Entity::update_many()
                    .col_expr(Row::Notes, Expr::val(imports::json(&notes)?))
                    .filter(Row::ImportId.eq(id.0))
                    .filter(Row::Line.is_in(some.iter().copied()));
                self.transaction.execute(&note).await?;
            }
        }
        Ok(())
    }

    async fn finish_rows(
        &mut self,
        id: ImportId,
        (after, to): (u64, u64),
        written: &[Written],
    ) -> Result<u64, StoreError> {
        for Written { line, product, before } in written {
            let before = before.as_ref().map(imports::json).transpose()?;
            let write = import_rows::Entity::update_many()
                .col_expr(Row::BeforeImport, Expr::val(before))
                .col_expr(Row::ResourceId, Expr::val(product.0))
                .filter(Row::ImportId.eq(id.0))
                .filter(Row::Line.eq(import_rows::line(*line)));
            self.transaction.execute(&write).await?;
        }
        let finish = import_rows::Entity::update_many()
            .col_expr(Row::Status, Expr::val(RowStatus::Done.as_str()))
            .filter(Row::ImportId.eq(id.0))
            .filter(Row::Line.gt(import_rows::line(after)))
            .filter(Row::Line.lte(import_rows::line(to)))
            .filter(Row::Status.eq(RowStatus::Ok.as_str()));
        Ok(self.transaction.execute(&finish).await?)
    }
}

/// The oldest import that is being checked or written.
fn open() -> Select<imports::Entity> {
    let open = [ImportStatus::Checking, ImportStatus::Running].map(ImportStatus::as_str);
    imports::Entity::find().filter(imports::Column::Status.is_in(open)).order_by_asc(imports::Column::Id).limit(1)
}

#[async_trait]
impl ImportQueries for DbQueries {
    async fn products(&self, sought: &Sought) -> Result<Vec<WholeProduct>, StoreError> {
        use products::Column;
        let Sought { ids, skus, slugs, barcodes } = sought;
        let mut found = HashMap::new();
        for some in ids.chunks(STEP) {
            self.find(Column::Id.is_in(some.iter().map(|id| id.0)), &mut found).await?;
        }
        for some in skus.chunks(STEP) {
            self.find(Column::Sku.is_in(some.iter().map(Sku::as_str)), &mut found).await?;
        }
        for some in slugs.chunks(STEP) {
            self.find(Column::Slug.is_in(some.iter().map(Slug::as_str)), &mut found).await?;
        }
        for some in barcodes.chunks(STEP) {
            self.find(Column::Barcode.is_in(some.iter().map(Barcode::digits)), &mut found).await?;
        }
        self.whole(found.into_values().collect()).await
    }

    async fn products_after(&self, after: Option<ProductId>, limit: u64) -> Result<Vec<WholeProduct>, StoreError> {
        let find = products::Entity::find()
            .apply_if(after, |find, id| find.filter(products::Column::Id.gt(id.0)))
            .order_by_asc(products::Column::Id)
            .limit(limit);
        self.whole(with_stock(&self.read, find).await?).await
    }

    async fn groups(&self, ids: &[GroupId], slugs: &[Slug]) -> Result<Vec<WholeGroup>, StoreError> {
        use product_groups::Column;
        let mut found = HashMap::new();
        for some in ids.chunks(STEP) {
            let find = product_groups::Entity::find().filter(Column::Id.is_in(some.iter().map(|id| id.0)));
            found.extend(self.read.all(find).await?.into_iter().map(|row| (row.id, row)));
        }
        for some in slugs.chunks(STEP) {
            let find = product_groups::Entity::find().filter(Column::Slug.is_in(some.iter().map(Slug::as_str)));
            found.extend(self.read.all(find).await?.into_iter().map(|row| (row.id, row)));
        }
        let (rows, mut all) = (found.into_values().collect::<Vec<_>>(), Vec::new());
        let codes: HashMap<_, _> = if rows.is_empty() {
            HashMap::new()
        } else {
            let known = self.read.all(attributes::Entity::find()).await?;
            known.into_iter().map(|row| (row.id, AttributeCode::from_trusted(row.code))).collect()
        };
        for some in rows.chunks(STEP) {
            let ids: Vec<_> = some.iter().map(|row| row.id).collect();
            let mut pages = self.pages(&ids).await?;
            let mut shown = shown(&self.read, &OF_GROUPS, &ids).await?;
            let mut options = options_of(&self.read, &ids).await?;
            for row in some.iter().cloned() {
                let id = row.id;
                let group = row.with(options.remove(&id).unwrap_or_default())?;
                let options = group.options.iter().filter_map(|id| codes.get(&id.0).cloned()).collect();
                let (page, attributes) = (pages.remove(&id).unwrap_or_default(), shown.remove(&id).unwrap_or_default());
                all.push(WholeGroup { group, page, attributes, options });
            }
        }
        Ok(all)
    }

    async fn codes(&self) -> Result<AttributeCodes, StoreError> {
        let all =
            attributes::Entity::find().order_by_asc(attributes::Column::Position).order_by_asc(attributes::Column::Id);
        let all = self.read.all(all).await?;
        let options = group_options::Entity::find().select_only().column(group_options::Column::AttributeId).distinct();
        let are_options: Vec<Uuid> = self.read.ids(&options).await?;
        let code = |row: &attributes::Model| AttributeCode::from_trusted(row.code.clone());
        let options = all.iter().filter(|row| are_options.contains(&row.id)).map(code).collect();
        Ok(AttributeCodes { all: all.iter().map(code).collect(), options })
    }

    async fn get(&self, id: ImportId) -> Result<Option<Import>, StoreError> {
        self.read.one(imports::Entity::find_by_id(id.0)).await?.map(Import::try_from).transpose()
    }

    async fn list(&self, filter: ImportFilter, page: &PageRequest) -> Result<Page<Import>, StoreError> {
        use imports::{Column, Entity, Model};
        let find = Entity::find()
            .apply_if(filter.kind, |find, kind| {
                find.filter(match kind {
                    ImportKind::Products => Column::BulkChange.is_null(),
                    ImportKind::Bulk => Column::BulkChange.is_not_null(),
                })
            })
            .apply_if(filter.status, |find, status| find.filter(Column::Status.eq(status.as_str())))
            .apply_if(after_id(page), |find, id| find.filter(Column::Id.lt(id)))
            .order_by_desc(Column::Id)
            .limit(page_rows(page));
        let page = Page::cut(self.read.all(find).await?, page.limit, |row: &Model| at_id(row.id));
        let items = page.items.into_iter().map(Import::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, next: page.next })
    }

    async fn rows(
        &self,
        id: ImportId,
        status: Option<RowStatus>,
        after: u64,
        limit: u64,
    ) -> Result<Vec<ImportRow>, StoreError> {
        let find = import_rows::Entity::find()
            .filter(Row::ImportId.eq(id.0))
            .apply_if(status, |find, status| find.filter(Row::Status.eq(status.as_str())))
            .filter(Row::Line.gt(import_rows::line(after)))
            .order_by_asc(Row::Line)
            .limit(limit);
        self.read.all(find).await?.into_iter().map(ImportRow::try_from).collect()
    }

    async fn next_rows(&self, id: ImportId, after: u64, most: PartLimit) -> Result<NextRows, StoreError> {
        let after = import_rows::Entity::find()
            .filter(Row::ImportId.eq(id.0))
            .filter(Row::Line.gt(import_rows::line(after)))
            .order_by_asc(Row::Line);
        // Cells are read only of the rows that are taken. One row more says whether these are the last ones.
        let sizes = after.clone().select_only().column(Row::Line).limit(most.rows.saturating_add(1));
        let sizes = sizes.expr_as(Func::cust("OCTET_LENGTH").arg(Expr::col(Row::Data)), "bytes");
        let sizes: Vec<import_rows::Size> = self.read.read(&sizes).await?;
        let taken = most.fitting(sizes.iter().map(|row| row.bytes));
        let Some(last) = taken.checked_sub(1).and_then(|place| sizes.get(place)) else {
            return Ok(NextRows { rows: Vec::new(), are_last: true });
        };
        let rows = self.read.all(after.filter(Row::Line.lte(last.line))).await?.into_iter();
        let rows = rows.map(ImportRow::try_from).collect::<Result<_, _>>()?;
        Ok(NextRows { rows, are_last: taken == sizes.len() })
    }

    async fn is_any_open(&self) -> Result<bool, StoreError> {
        Ok(self.read.one(open()).await?.is_some())
    }
}

impl DbQueries {
    async fn find(
        &self,
        wanted: impl sea_orm::sea_query::IntoCondition,
        found: &mut HashMap<Uuid, (Product, i64)>,
    ) -> Result<(), StoreError> {
        let wanted: Condition = wanted.into_condition();
        let rows = with_stock(&self.read, products::Entity::find().filter(wanted)).await?;
        found.extend(rows.into_iter().map(|one| (one.0.id.0, one)));
        Ok(())
    }

    async fn pages(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, PageTexts>, Error> {
        let find = page_texts::Entity::find().filter(page_texts::Column::ResourceId.is_in(ids.iter().copied()));
        Ok(self.read.all(find).await?.into_iter().map(|row| (row.resource_id, row.into())).collect())
    }

    async fn whole(&self, found: Vec<(Product, i64)>) -> Result<Vec<WholeProduct>, StoreError> {
        let mut all = Vec::with_capacity(found.len());
        for some in found.chunks(STEP) {
            let ids: Vec<_> = some.iter().map(|(product, _)| product.id.0).collect();
            let mut pages = self.pages(&ids).await?;
            let mut shown = shown(&self.read, &OF_PRODUCTS, &ids).await?;
            let places = members::Entity::find()
                .filter(members::Column::Id.is_in(ids.iter().copied()))
                .filter(members::Column::GroupId.is_not_null());
            let places = self.read.all(places).await?.into_iter();
            let mut places: HashMap<_, _> = places.map(|row| (row.id, row.member())).collect();
            for (product, on_hand) in some.iter().cloned() {
                let id = product.id.0;
                all.push(WholeProduct {
                    product,
                    on_hand,
                    page: pages.remove(&id).unwrap_or_default(),
                    attributes: shown.remove(&id).unwrap_or_default(),
                    member: places.remove(&id).flatten(),
                });
            }
        }
        Ok(all)
    }
}
