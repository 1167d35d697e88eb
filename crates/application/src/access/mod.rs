//! What whoever acts may do, within a transaction: nobody grants what they have not.

mod names;
mod own;
mod refused;

pub use names::names;
pub use own::{expect_grantable, expect_grantable_role, scopes_of};
pub use refused::{Attempted, RecordRefusedGrant, note_refusal};
