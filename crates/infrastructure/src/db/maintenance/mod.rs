//! Work on the database outside of requests: migrations, checks, bulk reads and writes, invalidation of caches.

mod backup;
mod bulk;
mod bulk_reads;
mod checkpoint;
mod connections;
mod currency;
mod doctor;
mod integrity;
mod invalidation;
mod migrate;
mod probe;
mod product;
mod schema;
mod servers;

pub use backup::is_in_use;
pub use bulk::{BulkGroup, BulkMember};
pub use connections::Connections;
pub use currency::OtherCurrency;
pub use doctor::Finding;
pub use migrate::{Deleted, MigrateError, MigrationStatus, migration_names};
pub use product::Product;
pub use servers::{Heartbeat, RunningServer};

pub(super) use checkpoint::copy_log;
pub(super) use connections::of as connections_of;
pub(super) use invalidation::{agree_on_time, follow};
pub(super) use migrate::{down, losses, status, up};
pub(super) use probe::probe;
pub(super) use product::product;
pub(super) use schema::check_schema;
