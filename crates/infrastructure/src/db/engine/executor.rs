use futures_util::future::BoxFuture;
use sea_orm::{DbBackend, EntityTrait, QueryTrait, Select, SelectTwo};
use uuid::Uuid;

use super::row::Model;
use super::{Error, FromRow, Row, Statement};

/// A row and the row that is joined to it.
type Pair<E, F> = (<E as EntityTrait>::Model, Option<<F as EntityTrait>::Model>);

/// What a statement did.
#[derive(Default)]
pub(in crate::db) struct StatementResult {
    /// How many rows it inserted, deleted or matched for an update.
    pub affected_rows: u64,
    /// The rows that it returned.
    pub rows: Vec<Row>,
}

impl StatementResult {
    /// Decodes the rows.
    pub fn read<M: FromRow>(&self) -> Result<Vec<M>, Error> {
        self.rows.iter().map(M::from_row).collect()
    }
}

/// Runs statements: a transaction, or a pool, on which each statement stands alone.
pub(in crate::db) trait Executor: Sync {
    /// The dialect of SQL. MariaDB has that of MySQL.
    fn backend(&self) -> DbBackend;

    /// Runs one statement. The future is boxed: the compiler proves once, and not for each caller, that it is `Send`.
    fn run(&self, statement: impl Into<Statement>) -> BoxFuture<'_, Result<StatementResult, Error>>;

    /// Changes rows and returns how many.
    fn execute(&self, change: &impl QueryTrait) -> impl Future<Output = Result<u64, Error>> + Send {
        let statement = change.build(self.backend());
        async { Ok(self.run(statement).await?.affected_rows) }
    }

    /// Reads rows as models.
    fn all<E>(&self, find: Select<E>) -> impl Future<Output = Result<Vec<E::Model>, Error>> + Send
    where
        E: EntityTrait<Model: Model>,
    {
        self.rows(find.build(self.backend()))
    }

    /// Reads the first row as a model.
    fn one<E>(&self, find: Select<E>) -> impl Future<Output = Result<Option<E::Model>, Error>> + Send
    where
        E: EntityTrait<Model: Model>,
    {
        let statement = find.build(self.backend());
        async { Ok(self.rows(statement).await?.into_iter().next()) }
    }

    /// Reads rows as models, each with the row that is joined to it.
    fn pairs<E, F>(&self, find: &SelectTwo<E, F>) -> impl Future<Output = Result<Vec<Pair<E, F>>, Error>> + Send
    where
        E: EntityTrait<Model: Model>,
        F: EntityTrait<Model: Model>,
    {
        let statement = find.build(self.backend());
        async {
            let rows = self.run(statement).await?.rows;
            rows.iter().map(|row| Ok((E::Model::from_columns(row, "A_")?, row.joined("B_")?))).collect()
        }
    }

    /// Reads rows of any kind.
    fn read<M: FromRow>(&self, find: &impl QueryTrait) -> impl Future<Output = Result<Vec<M>, Error>> + Send {
        self.rows(find.build(self.backend()))
    }

    /// Runs a statement and decodes its rows.
    fn rows<M: FromRow>(
        &self,
        statement: impl Into<Statement> + Send,
    ) -> impl Future<Output = Result<Vec<M>, Error>> + Send {
        async { self.run(statement).await?.read() }
    }

    /// Reads the first column of each row as an id.
    fn ids(&self, find: &impl QueryTrait) -> impl Future<Output = Result<Vec<Uuid>, Error>> + Send {
        let statement = find.build(self.backend());
        async { self.run(statement).await?.rows.iter().map(|row| row.at(0)).collect() }
    }
}
