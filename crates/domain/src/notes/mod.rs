//! Notes that staff write on orders and customers, for staff. No customer sees them, except in the file of all that is kept
//! of a person, to which the law entitles it.

mod note;
mod ports;

pub use note::{NoteId, NoteOwner, NoteText, ShownNote, StaffNote};
pub use ports::*;
