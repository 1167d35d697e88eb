//! Products by their words: the full-text index of the database, `InnoDB`'s own or SQLite's FTS5.

use domain::products::{Product, ProductId};
use domain::{SearchText, Uuid};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, DbBackend, EntityTrait};

use super::tokens::{self, Sought};
use crate::db::engine::{Error, Executor as _, Statement};
use crate::db::entities::product_words::{Column, Entity, Model};
use crate::db::entities::products;
use crate::db::repositories::DbTx;

/// The index of SQLite follows the rows of `product_words` only by these statements; the others follow by themselves.
const ADD: &str = "INSERT INTO product_search (rowid, words) SELECT doc, words FROM product_words WHERE product_id IN";
const REMOVE: &str = "INSERT INTO product_search (product_search, rowid, words)
    SELECT 'delete', doc, words FROM product_words WHERE product_id IN";

impl DbTx {
    /// Lets new products be found.
    pub async fn add_words(&self, products: impl IntoIterator<Item = &Product>) -> Result<(), Error> {
        let row = |product: &Product| Model { product_id: product.id.0, words: tokens::of(product) };
        let rows: Vec<_> = products.into_iter().map(row).collect();
        let ids: Vec<_> = rows.iter().map(|row| row.product_id).collect();
        self.insert_rows(rows).await?;
        self.on_sqlite(ADD, &ids).await
    }

    /// Lets a product not be found any more.
    pub async fn remove_words(&self, id: ProductId) -> Result<(), Error> {
        self.on_sqlite(REMOVE, &[id.0]).await?;
        self.transaction.execute(&Entity::delete_by_id(id.0)).await.map(drop)
    }

    async fn on_sqlite(&self, sql: &str, ids: &[Uuid]) -> Result<(), Error> {
        if self.transaction.backend() != DbBackend::Sqlite {
            return Ok(());
        }
        let sql = format!("{sql} (?{})", ", ?".repeat(ids.len().saturating_sub(1)));
        let statement = Statement::new(sql, ids.iter().map(|id| (*id).into()));
        self.transaction.run(statement).await.map(drop)
    }
}

/// The products that have all the words of a search, by the index.
pub(super) fn by_index(backend: DbBackend, search: &SearchText) -> Condition {
    let each = tokens::sought(search).into_iter().map(|sought| match sought {
        Sought::Whole(token) => token,
        Sought::Beginning(token) => token + "*",
    });
    let (matches, expression) = match backend {
        DbBackend::Sqlite => (
            "doc IN (SELECT rowid FROM product_search WHERE product_search MATCH ?)",
            each.collect::<Vec<_>>().join(" AND "),
        ),
        _ => (
            "MATCH (words) AGAINST (? IN BOOLEAN MODE)",
            each.fold(String::new(), |all, token| all + "+" + &token + " "),
        ),
    };
    let found = Query::select()
        .column(Column::ProductId)
        .from(Entity)
        .and_where(Expr::cust_with_values(matches, [expression]))
        .to_owned();
    Condition::all().add(products::Column::Id.in_subquery(found))
}

/// The same, by looking at the words of each product.
pub(super) fn by_reading(search: &SearchText) -> Condition {
    let patterns = tokens::sought(search).into_iter().map(|sought| match sought {
        Sought::Whole(token) => format!(" {token} "),
        Sought::Beginning(token) => format!(" {token}"),
    });
    let has = |pattern| Expr::cust_with_values("INSTR(words, ?) > 0", [pattern]);
    let own = Expr::col((Entity, Column::ProductId)).equals((products::Entity, products::Column::Id));
    let all = patterns.map(has).fold(Condition::all().add(own), Condition::add);
    Condition::all().add(Expr::exists(Query::select().expr(Expr::val(1)).from(Entity).cond_where(all).to_owned()))
}
