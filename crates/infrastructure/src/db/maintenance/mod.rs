//! Work on the database outside of requests: migrations, checks, bulk reads and writes, invalidation of caches.

mod bulk;
mod bulk_reads;
mod connections;
mod doctor;
mod invalidation;
mod migrate;
mod probe;
mod product;
mod schema;
mod servers;

pub use connections::Connections;
pub use doctor::Finding;
pub use migrate::{Deleted, MigrateError, MigrationStatus, migration_names};
pub use product::Product;
pub use servers::{RunningServer, SignOfLife};

pub(super) use connections::of as connections_of;
pub(super) use invalidation::follow;
pub(super) use migrate::{down, losses, status, up};
pub(super) use probe::probe;
pub(super) use product::product;
pub(super) use schema::check_schema;
pub(super) use servers::probe;
