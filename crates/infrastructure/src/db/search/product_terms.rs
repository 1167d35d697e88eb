//! Products by what they have of attributes: the indexes of terms and of values.

use std::collections::BTreeSet;

use domain::Uuid;
use domain::attributes::NumberRange;
use domain::terms::AttributeCondition;
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query, SelectStatement, SubQueryStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::db::engine::{Error, Executor as _, Pool};
use crate::db::entities::{product_terms as terms, product_values as values, products};
use crate::db::repositories::FEW;

/// Whether no product can satisfy the condition.
pub(super) fn is_impossible(condition: &AttributeCondition) -> bool {
    matches!(condition, AttributeCondition::Terms(_, any_of) if any_of.is_empty())
}

/// The SQL condition that a product satisfies an attribute condition, checked product by product. The `LIMIT` keeps
/// MySQL and MariaDB from starting with the attribute, and the plus keeps SQLite from looking up each term.
pub(super) fn by_reading(condition: &AttributeCondition) -> Expr {
    by_reading_of(condition, col((products::Entity, products::Column::Id)))
}

/// [`by_reading`] for the product with this id.
pub(super) fn by_reading_of(condition: &AttributeCondition, id: Expr) -> Expr {
    let own = |column: Expr| column.eq(id);
    let mut find = Query::select();
    find.expr(Expr::val(1)).limit(1);
    match condition {
        AttributeCondition::Terms(_, any_of) => find
            .from(terms::Entity)
            .and_where(own(col((terms::Entity, terms::Column::ProductId))))
            .and_where(Expr::cust("+product_terms.term_id").is_in(any_of.iter().map(|term| term.0))),
        AttributeCondition::Numbers(attribute, ranges) => find
            .from(values::Entity)
            .and_where(own(col((values::Entity, values::Column::ProductId))))
            .and_where(col((values::Entity, values::Column::AttributeId)).eq(attribute.0))
            .cond_where(within(ranges)),
    };
    Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(find))).is_not_null()
}

fn col(column: impl IntoColumnRef) -> Expr {
    Expr::col(column)
}

fn within(ranges: &[NumberRange]) -> Condition {
    let number = values::Column::Number;
    let range = |range: &NumberRange| {
        let all = Condition::all().add(number.is_not_null());
        all.add_option(range.from.map(|from| number.gte(from))).add_option(range.to.map(|to| number.lte(to)))
    };
    ranges.iter().map(range).fold(Condition::any(), Condition::add)
}

/// The only products that may satisfy the conditions, in order of id. `None` if no condition finds few products
/// ([`FEW`] at most).
pub(super) async fn few(conditions: &[AttributeCondition], read: &Pool) -> Result<Option<Vec<Uuid>>, Error> {
    let mut few: Option<BTreeSet<Uuid>> = None;
    for condition in conditions {
        let statement = read.backend().build(&named(condition));
        let rows = read.run(statement).await?.rows;
        if u64::try_from(rows.len()).is_ok_and(|count| count > FEW) {
            continue;
        }
        let ids = rows.iter().map(|row| row.at(0)).collect::<Result<BTreeSet<Uuid>, _>>()?;
        few = Some(match few {
            Some(others) => &others & &ids,
            None => ids,
        });
        if few.as_ref().is_some_and(BTreeSet::is_empty) {
            break;
        }
    }
    Ok(few.map(|ids| ids.into_iter().collect()))
}

/// The products that an index names, and not many more than [`FEW`]. One that has several of the terms, or values in
/// several ranges, may come more than once.
fn named(condition: &AttributeCondition) -> SelectStatement {
    let (mut find, index) = match condition {
        AttributeCondition::Terms(_, any_of) => {
            let find = terms::Entity::find()
                .select_only()
                .column(terms::Column::ProductId)
                .filter(terms::Column::TermId.is_in(any_of.iter().map(|term| term.0)));
            (find.into_query(), "product_terms_by_term")
        }
        AttributeCondition::Numbers(attribute, ranges) => {
            let find = values::Entity::find()
                .select_only()
                .column(values::Column::ProductId)
                .filter(values::Column::AttributeId.eq(attribute.0))
                .filter(within(ranges));
            (find.into_query(), "product_values_by_number")
        }
    };
    find.force_index(index, IndexHintScope::All).limit(FEW + 1);
    find
}
