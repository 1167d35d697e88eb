use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_trait::async_trait;
use domain::assignments::{
    Assigned, AssignmentQueries, AssignmentRepository, Has, ShownAttribute, ShownTerm, ShownValue,
};
use domain::attributes::{AttributeCode, AttributeId, AttributeName, AttributeType, Scalar, Unit};
use domain::products::{Product, ProductId, ProductRepository};
use domain::slugs::Slug;
use domain::terms::{TermId, TermName};
use domain::{StoreError, UtcDateTime, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder as _, QuerySelect as _};

use super::queries::DbQueries;
use super::tx::DbTx;
use crate::db::convert::{micros, stored};
use crate::db::engine::{Error, Executor, FromRow, Row, Statement};
use crate::db::entities::{product_terms, product_values, products};

/// How many products are changed at once.
const STEP: usize = 500;

#[async_trait]
impl AssignmentRepository for DbTx {
    async fn of(&mut self, id: ProductId) -> Result<Assigned, StoreError> {
        Ok(assigned(&self.transaction, &OF_PRODUCTS, id.0).await?)
    }

    async fn replace(&mut self, product: &Product, before: &Assigned, after: &Assigned) -> Result<(), StoreError> {
        ProductRepository::touch(self, product).await?;
        let terms = |assigned| product_terms::Model::of(product.id, assigned).collect::<Vec<_>>();
        let (old, new) = (terms(before), terms(after));
        let gone: Vec<_> = old.iter().filter(|row| !new.contains(row)).map(|row| row.term_id).collect();
        if !gone.is_empty() {
            let own = product_terms::Entity::delete_many().filter(product_terms::Column::ProductId.eq(product.id.0));
            self.transaction.execute(&own.filter(product_terms::Column::TermId.is_in(gone))).await?;
        }
        let came = new.into_iter().filter(|row| !old.contains(row));
        self.insert_rows(came).await.map_err(raced_with_use)?;
        let values = |assigned| product_values::Model::of(product.id, assigned).collect::<Vec<_>>();
        let (old, new) = (values(before), values(after));
        let gone: Vec<_> = old.iter().filter(|row| !new.contains(row)).map(|row| row.attribute_id).collect();
        if !gone.is_empty() {
            let own = product_values::Entity::delete_many().filter(product_values::Column::ProductId.eq(product.id.0));
            self.transaction.execute(&own.filter(product_values::Column::AttributeId.is_in(gone))).await?;
        }
        let came = new.into_iter().filter(|row| !old.contains(row));
        self.insert_rows(came).await.map_err(raced_with_use)
    }

    /// What each has afterwards is [`Assigned::detached`], and it is raised as by [`Product::touched`]. There may be
    /// thousands of them.
    async fn detach(&mut self, id: TermId, products: &[ProductId], now: UtcDateTime) -> Result<(), StoreError> {
        self.change_products(products.iter().copied());
        for some in products.chunks(STEP) {
            let ids = || some.iter().map(|product| product.0);
            let raise = products::Entity::update_many()
                .col_expr(products::Column::Version, Expr::col(products::Column::Version).add(1))
                .col_expr(products::Column::UpdatedAt, Expr::val(micros(now)))
                .filter(products::Column::Id.is_in(ids()));
            self.transaction.execute(&raise).await?;
            let own = product_terms::Entity::delete_many().filter(product_terms::Column::TermId.eq(id.0));
            self.transaction.execute(&own.filter(product_terms::Column::ProductId.is_in(ids()))).await?;
            let back = Statement::new(fall_back(some.len()), [id.0.into()].into_iter().chain(ids().map(Into::into)));
            self.transaction.run(back).await?;
        }
        Ok(())
    }

    async fn having(&mut self, id: TermId) -> Result<Vec<ProductId>, StoreError> {
        let find = product_terms::Entity::find()
            .select_only()
            .column(product_terms::Column::ProductId)
            .filter(product_terms::Column::TermId.eq(id.0))
            .order_by_asc(product_terms::Column::ProductId);
        Ok(self.transaction.ids(&find).await?.into_iter().map(ProductId).collect())
    }

    async fn shown(&mut self, id: ProductId) -> Result<Vec<ShownAttribute>, StoreError> {
        Ok(shown(&self.transaction, &OF_PRODUCTS, &[id.0]).await?.remove(&id.0).unwrap_or_default())
    }
}

#[async_trait]
impl AssignmentQueries for DbQueries {
    async fn shown(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Vec<ShownAttribute>>, StoreError> {
        let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
        let shown = shown(&self.read, &OF_PRODUCTS, &ids).await?;
        Ok(shown.into_iter().map(|(id, attributes)| (ProductId(id), attributes)).collect())
    }
}

/// Converts the error of a statement. A violated foreign key is a lost race: the referenced row was deleted meanwhile,
/// or the row to delete got a new reference.
pub(super) fn raced_with_use(error: Error) -> StoreError {
    /// SQLite's `SQLITE_CONSTRAINT_FOREIGNKEY`, and the numbers of the servers.
    const REFERENCE: [i32; 3] = [787, 1451, 1452];
    if error.code.is_some_and(|code| REFERENCE.contains(&code)) {
        StoreError::Raced(error.into())
    } else {
        error.into()
    }
}

/// The statement that gives members the terms of their group again. It concerns members that lost their last term of an
/// attribute.
fn fall_back(products: usize) -> String {
    let marks = vec!["?"; products].join(", ");
    format!(
        "INSERT INTO product_terms (product_id, term_id, position, inherited)
        SELECT p.id, g.term_id, g.position, 1
        FROM products p
        JOIN group_terms g ON g.group_id = p.group_id
        JOIN terms t ON t.id = g.term_id
        JOIN terms gone ON gone.id = ? AND gone.attribute_id = t.attribute_id AND gone.id <> t.id
        WHERE p.id IN ({marks}) AND NOT EXISTS (
            SELECT 1 FROM product_terms x JOIN terms y ON y.id = x.term_id
            WHERE x.product_id = p.id AND y.attribute_id = t.attribute_id
        )"
    )
}

/// The tables with the assignments of one kind of owner.
pub(super) struct Holder {
    terms: &'static str,
    values: &'static str,
    /// Their column with the id of who has it.
    id: &'static str,
    /// Whether it is from a group.
    inherited: &'static str,
}

/// What products have.
pub(super) const OF_PRODUCTS: Holder =
    Holder { terms: "product_terms", values: "product_values", id: "product_id", inherited: "x.inherited" };

/// What groups have.
pub(super) const OF_GROUPS: Holder =
    Holder { terms: "group_terms", values: "group_values", id: "group_id", inherited: "0" };

/// The assignments of one owner.
pub(super) async fn assigned(db: &impl Executor, holder: &Holder, id: Uuid) -> Result<Assigned, StoreError> {
    let (mut all, mut inherited) = (BTreeMap::new(), BTreeSet::new());
    for TermRow { attribute, term, .. } in db.rows(holder.terms_of(&[id])).await? {
        let has = all.entry(attribute.id).or_insert_with(|| Has::Terms(Vec::new()));
        if let Has::Terms(terms) = has {
            terms.push(term.id);
        }
        inherited.extend(attribute.is_inherited.then_some(attribute.id));
    }
    for ValueRow { attribute, text, number, .. } in db.rows(holder.values_of(&[id])).await? {
        all.insert(attribute.id, Has::Value(attribute.value(text, number)?));
        inherited.extend(attribute.is_inherited.then_some(attribute.id));
    }
    Ok(Assigned::from_trusted(all, inherited))
}

/// The assignments of several owners as they are shown, by the ids of the owners. Owners without any are left out.
pub(super) async fn shown(
    db: &impl Executor,
    holder: &Holder,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<ShownAttribute>>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut all: HashMap<_, BTreeMap<_, ShownAttribute>> = HashMap::new();
    for TermRow { holder, attribute, term } in db.rows(holder.terms_of(ids)).await? {
        let place = (attribute.position, attribute.id);
        let of_holder = all.entry(holder).or_default();
        let one = of_holder.entry(place).or_insert_with(|| attribute.shown(ShownValue::Terms(Vec::new())));
        if let ShownValue::Terms(terms) = &mut one.value {
            terms.push(term);
        }
    }
    for ValueRow { holder, attribute, text, number } in db.rows(holder.values_of(ids)).await? {
        let value = ShownValue::Value(attribute.value(text, number)?);
        let place = (attribute.position, attribute.id);
        all.entry(holder).or_default().insert(place, attribute.shown(value));
    }
    Ok(all.into_iter().map(|(id, attributes)| (id, attributes.into_values().collect())).collect())
}

impl Holder {
    /// Selects terms, those of each attribute in order, as [`TermRow`].
    fn terms_of(&self, ids: &[Uuid]) -> Statement {
        let Self { terms, id, inherited, .. } = self;
        let marks = vec!["?"; ids.len()].join(", ");
        let sql = format!(
            "SELECT {NAMED}, {inherited}, x.{id}, t.id, t.slug, t.name FROM {terms} x
            JOIN terms t ON t.id = x.term_id
            JOIN attributes a ON a.id = t.attribute_id
            WHERE x.{id} IN ({marks}) ORDER BY x.position, x.term_id"
        );
        Statement::new(sql, ids.iter().map(|id| (*id).into()))
    }

    /// Selects values as [`ValueRow`].
    fn values_of(&self, ids: &[Uuid]) -> Statement {
        let Self { values, id, inherited, .. } = self;
        let marks = vec!["?"; ids.len()].join(", ");
        let sql = format!(
            "SELECT {NAMED}, {inherited}, x.{id}, x.text, x.number FROM {values} x
            JOIN attributes a ON a.id = x.attribute_id
            WHERE x.{id} IN ({marks})"
        );
        Statement::new(sql, ids.iter().map(|id| (*id).into()))
    }
}

/// The columns of an attribute, which [`Named`] reads, before the one that says whether it is from a group.
const NAMED: &str = "a.id, a.code, a.name, a.type, a.unit, a.internal, a.position";

/// What is shown of an attribute.
struct Named {
    id: AttributeId,
    code: AttributeCode,
    name: AttributeName,
    kind: AttributeType,
    unit: Option<Unit>,
    is_internal: bool,
    position: i64,
    is_inherited: bool,
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
            is_inherited: row.at(7)?,
        })
    }
}

impl Named {
    fn value(&self, text: Option<String>, number: Option<i64>) -> Result<Scalar, StoreError> {
        let broken = || domain::Invalid::new(domain::Code::WrongType, "has not the type of its attribute");
        stored("value", Scalar::from_trusted(self.kind, text, number).ok_or_else(broken))
    }

    fn shown(self, value: ShownValue) -> ShownAttribute {
        let Self { code, name, kind, unit, is_internal, is_inherited, .. } = self;
        ShownAttribute { code, name, kind, unit, is_internal, is_inherited, value }
    }
}

struct TermRow {
    attribute: Named,
    holder: Uuid,
    term: ShownTerm,
}

impl FromRow for TermRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let id: Uuid = row.at(9)?;
        Ok(Self {
            attribute: Named::from_row(row)?,
            holder: row.at(8)?,
            term: ShownTerm {
                id: TermId(id),
                slug: Slug::from_trusted(row.at(10)?),
                name: TermName::from_trusted(row.at(11)?),
            },
        })
    }
}

struct ValueRow {
    attribute: Named,
    holder: Uuid,
    text: Option<String>,
    number: Option<i64>,
}

impl FromRow for ValueRow {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self { attribute: Named::from_row(row)?, holder: row.at(8)?, text: row.at(9)?, number: row.at(10)? })
    }
}
