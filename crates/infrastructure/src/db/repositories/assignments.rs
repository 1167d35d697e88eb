use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use domain::assignments::{
    Assigned, AssignmentQueries, AssignmentRepository, Has, ShownAttribute, ShownTerm, ShownValue,
};
use domain::attributes::{AttributeCode, AttributeId, AttributeName, AttributeType, Scalar, Unit};
use domain::products::{Product, ProductId, ProductRepository};
use domain::terms::{Slug, TermId, TermName};
use domain::{StoreError, UtcDateTime, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select};

use super::queries::DbQueries;
use super::tx::DbTx;
use crate::cache::Subject;
use crate::db::convert::{micros, stored};
use crate::db::engine::{Error, Executor, FromRow, Row};
use crate::db::entities::{attributes, product_terms, product_values, products, terms};

/// How many products are changed at once.
const STEP: usize = 500;

#[async_trait]
impl AssignmentRepository for DbTx {
    async fn of(&mut self, id: ProductId) -> Result<Assigned, StoreError> {
        let terms: Vec<TermRow> = self.transaction.read(&terms_of(&[id])).await?;
        let values: Vec<ValueRow> = self.transaction.read(&values_of(&[id])).await?;
        let mut assigned = BTreeMap::new();
        for TermRow { attribute, term, .. } in terms {
            let has = assigned.entry(attribute.id).or_insert_with(|| Has::Terms(Vec::new()));
            if let Has::Terms(all) = has {
                all.push(term.id);
            }
        }
        for ValueRow { attribute, text, number, .. } in values {
            assigned.insert(attribute.id, Has::Value(attribute.value(text, number)?));
        }
        Ok(Assigned::from_trusted(assigned))
    }

    async fn replace(&mut self, product: &Product, before: &Assigned, after: &Assigned) -> Result<(), StoreError> {
        ProductRepository::touch(self, product).await?;
        let (old, new): (Vec<_>, Vec<_>) = (before.terms().collect(), after.terms().collect());
        let gone: Vec<_> = old.iter().filter(|one| !new.contains(one)).map(|(term, _)| term.0).collect();
        if !gone.is_empty() {
            let own = product_terms::Entity::delete_many().filter(product_terms::Column::ProductId.eq(product.id.0));
            self.transaction.execute(&own.filter(product_terms::Column::TermId.is_in(gone))).await?;
        }
        let came = new.iter().filter(|one| !old.contains(one));
        let rows = came.map(|(term, place)| product_terms::Model::new(product.id, *term, *place));
        self.insert_rows(rows).await.map_err(raced_with_use)?;
        let kept: HashMap<_, _> = after.values().collect();
        let was: HashMap<_, _> = before.values().collect();
        let gone: Vec<_> =
            before.values().filter(|(id, value)| kept.get(id) != Some(value)).map(|(id, _)| id.0).collect();
        if !gone.is_empty() {
            let own = product_values::Entity::delete_many().filter(product_values::Column::ProductId.eq(product.id.0));
            self.transaction.execute(&own.filter(product_values::Column::AttributeId.is_in(gone))).await?;
        }
        let rows = product_values::Model::of(product.id, after);
        let came = rows.filter(|row| {
            let id = AttributeId(row.attribute_id);
            was.get(&id) != kept.get(&id)
        });
        self.insert_rows(came).await.map_err(raced_with_use)
    }

    async fn detach(&mut self, id: TermId, products: &[ProductId], now: UtcDateTime) -> Result<(), StoreError> {
        self.change(Subject::Products);
        for some in products.chunks(STEP) {
            let ids = || some.iter().map(|product| product.0);
            let raise = products::Entity::update_many()
                .col_expr(products::Column::Version, Expr::col(products::Column::Version).add(1))
                .col_expr(products::Column::UpdatedAt, Expr::val(micros(now)))
                .filter(products::Column::Id.is_in(ids()));
            self.transaction.execute(&raise).await?;
            let own = product_terms::Entity::delete_many().filter(product_terms::Column::TermId.eq(id.0));
            self.transaction.execute(&own.filter(product_terms::Column::ProductId.is_in(ids()))).await?;
        }
        Ok(())
    }

    async fn shown(&mut self, id: ProductId) -> Result<Vec<ShownAttribute>, StoreError> {
        Ok(shown(&self.transaction, &[id]).await?.remove(&id).unwrap_or_default())
    }
}

#[async_trait]
impl AssignmentQueries for DbQueries {
    async fn shown(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Vec<ShownAttribute>>, StoreError> {
        shown(&self.read, ids).await
    }
}

/// The error of a statement that a reference refused: what it refers to was deleted meanwhile, or what it deletes is
/// referred to since the transaction looked.
pub(super) fn raced_with_use(error: Error) -> StoreError {
    /// SQLite's `SQLITE_CONSTRAINT_FOREIGNKEY`, and the numbers of the servers.
    const REFERENCE: [i32; 3] = [787, 1451, 1452];
    if error.code.is_some_and(|code| REFERENCE.contains(&code)) {
        StoreError::Raced(error.into())
    } else {
        error.into()
    }
}

async fn shown(db: &impl Executor, ids: &[ProductId]) -> Result<HashMap<ProductId, Vec<ShownAttribute>>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let terms: Vec<TermRow> = db.read(&terms_of(ids)).await?;
    let values: Vec<ValueRow> = db.read(&values_of(ids)).await?;
    let mut all: HashMap<_, BTreeMap<_, ShownAttribute>> = HashMap::new();
    for TermRow { product_id, attribute, term } in terms {
        let place = (attribute.position, attribute.id);
        let of_product = all.entry(product_id).or_default();
        let one = of_product.entry(place).or_insert_with(|| attribute.shown(ShownValue::Terms(Vec::new())));
        if let ShownValue::Terms(terms) = &mut one.value {
            terms.push(term);
        }
    }
    for ValueRow { product_id, attribute, text, number } in values {
        let value = ShownValue::Value(attribute.value(text, number)?);
        let place = (attribute.position, attribute.id);
        all.entry(product_id).or_default().insert(place, attribute.shown(value));
    }
    Ok(all.into_iter().map(|(id, attributes)| (id, attributes.into_values().collect())).collect())
}

/// The columns of an attribute, which [`Named`] reads.
const NAMED: [attributes::Column; 7] = [
    attributes::Column::Id,
    attributes::Column::Code,
    attributes::Column::Name,
    attributes::Column::Type,
    attributes::Column::Unit,
    attributes::Column::Internal,
    attributes::Column::Position,
];

/// Selects the terms of products, those of each attribute in order, as [`TermRow`].
fn terms_of(ids: &[ProductId]) -> Select<product_terms::Entity> {
    product_terms::Entity::find()
        .select_only()
        .columns(NAMED)
        .column(product_terms::Column::ProductId)
        .columns([terms::Column::Id, terms::Column::Slug, terms::Column::Name])
        .join(JoinType::InnerJoin, product_terms::Relation::Term.def())
        .join(JoinType::InnerJoin, terms::Relation::Attribute.def())
        .filter(product_terms::Column::ProductId.is_in(ids.iter().map(|id| id.0)))
        .order_by_asc(product_terms::Column::Position)
        .order_by_asc(product_terms::Column::TermId)
}

/// Selects the values of products as [`ValueRow`].
fn values_of(ids: &[ProductId]) -> Select<product_values::Entity> {
    product_values::Entity::find()
        .select_only()
        .columns(NAMED)
        .columns([product_values::Column::ProductId, product_values::Column::Text, product_values::Column::Number])
        .join(JoinType::InnerJoin, product_values::Relation::Attribute.def())
        .filter(product_values::Column::ProductId.is_in(ids.iter().map(|id| id.0)))
}

/// What is shown of an attribute.
struct Named {
    id: AttributeId,
    code: AttributeCode,
    name: AttributeName,
    kind: AttributeType,
    unit: Option<Unit>,
    is_internal: bool,
    position: i64,
}

impl FromRow for Named {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let (kind, unit): (String, Option<String>) = (row.at(3)?, row.at(4)?);
        let broken = |error: domain::Invalid| Error::new(crate::db::engine::ErrorKind::Other, error);
        Ok(Self {
            id: AttributeId(row.at(0)?),
            code: AttributeCode::from_trusted(row.at(1)?),
            name: AttributeName::from_trusted(row.at(2)?),
            kind: AttributeType::parse(&kind).map_err(broken)?,
            unit: unit.map(Unit::from_trusted),
            is_internal: row.at(5)?,
            position: row.at(6)?,
        })
    }
}

impl Named {
    fn value(&self, text: Option<String>, number: Option<i64>) -> Result<Scalar, StoreError> {
        let broken = || domain::Invalid::new(domain::Code::WrongType, "has not the type of its attribute");
        stored("value", Scalar::from_trusted(self.kind, text, number).ok_or_else(broken))
    }

    fn shown(self, value: ShownValue) -> ShownAttribute {
        let Self { code, name, kind, unit, is_internal, .. } = self;
        ShownAttribute { code, name, kind, unit, is_internal, value }
    }
}

struct TermRow {
    attribute: Named,
    product_id: ProductId,
    term: ShownTerm,
}

impl FromRow for TermRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let id: Uuid = row.at(8)?;
        Ok(Self {
            attribute: Named::from_row(row)?,
            product_id: ProductId(row.at(7)?),
            term: ShownTerm {
                id: TermId(id),
                slug: Slug::from_trusted(row.at(9)?),
                name: TermName::from_trusted(row.at(10)?),
            },
        })
    }
}

struct ValueRow {
    attribute: Named,
    product_id: ProductId,
    text: Option<String>,
    number: Option<i64>,
}

impl FromRow for ValueRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            attribute: Named::from_row(row)?,
            product_id: ProductId(row.at(7)?),
            text: row.at(8)?,
            number: row.at(9)?,
        })
    }
}
