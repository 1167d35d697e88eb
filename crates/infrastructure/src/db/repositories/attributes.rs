use async_trait::async_trait;
use domain::attributes::{Attribute, AttributeCode, AttributeId, AttributeQueries, AttributeRepository};
use domain::{Cursor, CursorKey, Page, PageRequest, StoreError};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::assignments::raced_with_use;
use super::queries::{DbQueries, rows};
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::engine::{Error, Executor, Statement};
use crate::db::entities::attributes::{Column, Entity, Model};
use crate::db::entities::terms;

/// Statements that find products or groups that use an attribute. Each takes its id.
const USES: [&str; 5] = [
    "SELECT x.product_id FROM product_terms x JOIN terms t ON t.id = x.term_id WHERE t.attribute_id = ? LIMIT 1",
    "SELECT product_id FROM product_values WHERE attribute_id = ? LIMIT 1",
    "SELECT x.group_id FROM group_terms x JOIN terms t ON t.id = x.term_id WHERE t.attribute_id = ? LIMIT 1",
    "SELECT group_id FROM group_values WHERE attribute_id = ? LIMIT 1",
    "SELECT group_id FROM group_options WHERE attribute_id = ? LIMIT 1",
];

#[async_trait]
impl AttributeRepository for DbTx {
    async fn insert(&mut self, attribute: &Attribute) -> Result<(), StoreError> {
        self.change_terms();
        Ok(self.insert_rows([Model::from(attribute)]).await?)
    }

    async fn lock(&mut self, code: &AttributeCode) -> Result<Option<Attribute>, StoreError> {
        let find = Entity::find().filter(Column::Code.eq(code.as_str())).lock_exclusive();
        self.transaction.one(find).await?.map(Attribute::try_from).transpose()
    }

    async fn find(&mut self, code: &AttributeCode) -> Result<Option<Attribute>, StoreError> {
        let find = Entity::find().filter(Column::Code.eq(code.as_str()));
        self.transaction.one(find).await?.map(Attribute::try_from).transpose()
    }

    async fn named(&mut self, codes: &[AttributeCode]) -> Result<Vec<Attribute>, StoreError> {
        let find = Entity::find().filter(Column::Code.is_in(codes.iter().map(AttributeCode::as_str)));
        self.transaction.all(find).await?.into_iter().map(Attribute::try_from).collect()
    }

    async fn count(&mut self) -> Result<u64, StoreError> {
        Ok(counted(&self.transaction, "SELECT COUNT(*) FROM attributes".into()).await?)
    }

    async fn is_used(&mut self, id: AttributeId) -> Result<bool, StoreError> {
        for sql in USES {
            if !self.transaction.run(Statement::new(sql, [id.0.into()])).await?.rows.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn update(&mut self, attribute: &Attribute) -> Result<(), StoreError> {
        self.change_terms();
        Ok(self.update_row(Model::from(attribute)).await?)
    }

    async fn delete(&mut self, id: AttributeId) -> Result<(), StoreError> {
        self.change_terms();
        let given_up = Statement::new("DELETE FROM term_slugs WHERE attribute_id = ?", [id.0.into()]);
        self.transaction.run(given_up).await?;
        let delete = terms::Entity::delete_many().filter(terms::Column::AttributeId.eq(id.0));
        self.transaction.execute(&delete).await.map_err(raced_with_use)?;
        self.transaction.execute(&Entity::delete_by_id(id.0)).await.map(drop).map_err(raced_with_use)
    }
}

impl DbTx {
    /// Notes that attributes or terms have changed. Products show them, so they count as changed too.
    pub(super) fn change_terms(&mut self) {
        self.change(Subject::Terms);
        self.change(Subject::Products);
    }
}

/// The result of a `COUNT` statement.
pub(super) async fn counted(db: &impl Executor, statement: Statement) -> Result<u64, Error> {
    let rows = db.run(statement).await?.rows;
    let count: i64 = rows.first().ok_or_else(Error::no_result)?.at(0)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

#[async_trait]
impl AttributeQueries for DbQueries {
    async fn get(&self, code: &AttributeCode) -> Result<Option<Attribute>, StoreError> {
        let find = Entity::find().filter(Column::Code.eq(code.as_str()));
        self.read.one(find).await?.map(Attribute::try_from).transpose()
    }

    async fn named(&self, codes: &[AttributeCode]) -> Result<Vec<Attribute>, StoreError> {
        if codes.is_empty() {
            return Ok(Vec::new());
        }
        let find = Entity::find().filter(Column::Code.is_in(codes.iter().map(AttributeCode::as_str)));
        self.read.all(find).await?.into_iter().map(Attribute::try_from).collect()
    }

    async fn list(&self, internal: bool, page: &PageRequest) -> Result<Page<Attribute>, StoreError> {
        let find = Entity::find()
            .apply_if((!internal).then_some(false), |find, internal| find.filter(Column::Internal.eq(internal)))
            .apply_if(page.after.as_ref(), |find, place| find.filter(after_place(place, Column::Position, Column::Id)))
            .order_by_asc(Column::Position)
            .order_by_asc(Column::Id)
            .limit(rows(page));
        let page = Page::cut(self.read.all(find).await?, page.limit, |row: &Model| at_place(row.position, row.id));
        let items = page.items.into_iter().map(Attribute::try_from).collect::<Result<_, _>>()?;
        Ok(Page { items, next: page.next })
    }
}

/// A cursor of a list in order of position and creation.
pub(super) fn at_place(position: i64, id: domain::Uuid) -> Cursor {
    Cursor { key: CursorKey::Int(position), id }
}

/// What comes after such a cursor.
pub(super) fn after_place<C: ColumnTrait>(place: &Cursor, position: C, id: C) -> Condition {
    let CursorKey::Int(at) = place.key else { return Condition::all().add(id.gt(place.id)) };
    let beside = Condition::all().add(position.eq(at)).add(id.gt(place.id));
    // The first condition is a range of the index.
    Condition::all().add(position.gte(at)).add(Condition::any().add(position.gt(at)).add(beside))
}
