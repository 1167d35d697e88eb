//! Work on the database outside of requests: migrations, checks, bulk reads and writes, invalidation of caches.

mod bulk;
mod bulk_reads;
mod connections;
mod doctor;
mod invalidation;
mod migrate;

pub use connections::Connections;
pub use doctor::Finding;
pub use migrate::{MigrateError, MigrationStatus, migration_names};

pub(super) use connections::of as connections_of;
pub(super) use invalidation::follow;
pub(super) use migrate::{down, status, up};
