use std::sync::Arc;

use infrastructure::db::Database;

use crate::context::{Lifecycle, Ping, Unready};

/// Asks the database whether it is there.
pub(super) fn ping(database: &Database, lifecycle: &Arc<Lifecycle>) -> Ping {
    let (pinged, watched) = (database.clone(), lifecycle.clone());
    Arc::new(move || {
        let (database, lifecycle) = (pinged.clone(), watched.clone());
        Box::pin(async move { ready(&database, &lifecycle).await })
    })
}

/// Whether the database answers, has the schema of this version and, if it had no room, can write again.
async fn ready(database: &Database, lifecycle: &Lifecycle) -> Result<(), Unready> {
    if let Some(difference) = database.schema_difference().await? {
        return Err(Unready::OtherSchema(difference));
    }
    if lifecycle.is_full() {
        database.probe().await?;
        lifecycle.set_writable();
    }
    Ok(())
}
