//! Work on the database outside of requests: migrations, checks, bulk reads and writes, invalidation of caches.

mod backup;
mod bulk;
mod bulk_reads;
mod connections;
mod doctor;
mod integrity;
mod invalidation;
mod migrate;

pub use backup::is_in_use;
pub use connections::Connections;
pub use doctor::Finding;
pub use migrate::{MigrateError, MigrationStatus};

pub(super) use connections::of as connections_of;
pub(super) use invalidation::follow;
pub(super) use migrate::{down, status, up};
