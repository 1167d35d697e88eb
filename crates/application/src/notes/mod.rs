//! Notes of staff on orders and customers.

mod audit;
mod create;
mod delete;

pub use create::{CreateNote, NewNote};
pub use delete::DeleteNote;
