//! Which statements a pool ran, for tests that look at their plans.

use std::cell::RefCell;

use super::super::Statement;

tokio::task_local! {
    static NOTED: RefCell<Vec<Statement>>;
}

/// What some work gives, and the statements that it ran on pools, in order.
pub(in crate::db) async fn noting<T>(work: impl Future<Output = T>) -> (T, Vec<Statement>) {
    NOTED.scope(RefCell::default(), async { (work.await, NOTED.with(RefCell::take)) }).await
}

/// Notes a statement if somebody wants to know.
pub(in crate::db) fn note(statement: &Statement) {
    NOTED.try_with(|noted| noted.borrow_mut().push(statement.clone())).ok();
}
