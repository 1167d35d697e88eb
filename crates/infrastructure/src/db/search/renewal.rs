use std::sync::atomic::{AtomicBool, Ordering};

use crate::db::engine::{Error, Executor as _, Pool};

/// Whether every row of a table has folded words and a key of its name. Once it has, it is not asked again: a row that is
/// written has them.
#[derive(Debug)]
pub(in crate::db) struct Renewal {
    /// Finds a row that has none.
    find: &'static str,
    is_done: AtomicBool,
}

impl Renewal {
    pub const fn new(find: &'static str) -> Self {
        Self { find, is_done: AtomicBool::new(false) }
    }

    pub async fn is_done(&self, read: &Pool) -> Result<bool, Error> {
        if self.is_done.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let is_done = read.run(self.find).await?.rows.is_empty();
        self.is_done.store(is_done, Ordering::Relaxed);
        Ok(is_done)
    }
}
