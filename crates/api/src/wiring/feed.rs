use std::sync::Arc;

use domain::events::EventQueries;
use infrastructure::db::Database;

use crate::context::LiveOrders;
use crate::housekeeping::Feed;

/// The feed of events in a database.
pub(super) fn feed(database: &Database, queries: Arc<dyn EventQueries>) -> Feed {
    let changes = database.changes();
    let committed = Arc::new(move || {
        let changes = changes.clone();
        Box::pin(async move { changes.events().notified().await }) as _
    });
    Feed { queries, tail: Arc::default(), committed, live: LiveOrders::default() }
}
