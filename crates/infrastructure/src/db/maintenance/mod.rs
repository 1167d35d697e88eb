//! What keeps the database in order, beside the requests.

mod bulk;
mod bulk_reads;
mod connections;
mod doctor;
mod invalidation;
mod migrate;

pub use connections::Connections;
pub use doctor::Finding;
pub use migrate::{MigrateError, MigrationStatus};

pub(super) use connections::of as connections_of;
pub(super) use invalidation::follow;
pub(super) use migrate::{down, status, up};
