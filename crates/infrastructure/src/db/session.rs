//! What statements are sent to.

use sea_orm::{DbBackend, DbErr, EntityTrait, QueryTrait, Select, SelectTwo, Statement};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::connection::Done;
use super::row::FromRow;

/// A row, and what is joined to it.
type Pair<E, F> = (<E as EntityTrait>::Model, Option<<F as EntityTrait>::Model>);

/// A transaction, or connections that are read.
pub(super) trait Session: Sync {
    /// Which database it is.
    fn backend(&self) -> DbBackend;

    /// Does one statement.
    fn run(&self, statement: Statement) -> impl Future<Output = Result<Done, DbErr>> + Send;

    /// Changes rows, and says how many.
    fn execute(&self, change: &impl QueryTrait) -> impl Future<Output = Result<u64, DbErr>> + Send {
        let statement = change.build(self.backend());
        async { Ok(self.run(statement).await?.affected) }
    }

    /// The rows that are found.
    fn all<E>(&self, find: Select<E>) -> impl Future<Output = Result<Vec<E::Model>, DbErr>> + Send
    where
        E: EntityTrait<Model: DeserializeOwned + Send>,
    {
        let statement = find.build(self.backend());
        self.rows(statement)
    }

    /// The row that is found.
    fn one<E>(&self, find: Select<E>) -> impl Future<Output = Result<Option<E::Model>, DbErr>> + Send
    where
        E: EntityTrait<Model: DeserializeOwned + Send>,
    {
        let statement = find.build(self.backend());
        async { Ok(self.rows(statement).await?.into_iter().next()) }
    }

    /// The rows that are found, each with what is joined to it.
    fn pairs<E, F>(&self, find: &SelectTwo<E, F>) -> impl Future<Output = Result<Vec<Pair<E, F>>, DbErr>> + Send
    where
        E: EntityTrait<Model: DeserializeOwned + Send>,
        F: EntityTrait<Model: DeserializeOwned + Send>,
    {
        let statement = find.build(self.backend());
        async {
            let rows = self.run(statement).await?.rows;
            rows.iter().map(|row| Ok((row.part("A_")?, row.joined("B_")?))).collect()
        }
    }

    /// What is made of the rows that are found.
    fn read<M: FromRow>(&self, find: &impl QueryTrait) -> impl Future<Output = Result<Vec<M>, DbErr>> + Send {
        let statement = find.build(self.backend());
        self.rows(statement)
    }

    /// The same of a statement.
    fn rows<M: FromRow>(&self, statement: Statement) -> impl Future<Output = Result<Vec<M>, DbErr>> + Send {
        async { self.run(statement).await?.read() }
    }

    /// The ids that are found, which are the first column.
    fn ids(&self, find: &impl QueryTrait) -> impl Future<Output = Result<Vec<Uuid>, DbErr>> + Send {
        let statement = find.build(self.backend());
        async { self.run(statement).await?.rows.iter().map(|row| row.at(0)).collect() }
    }
}
