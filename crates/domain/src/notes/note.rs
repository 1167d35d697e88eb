use crate::customers::CustomerId;
use crate::orders::OrderId;
use crate::{UtcDateTime, Uuid};

crate::id::id! {
    /// The id of a staff note.
    NoteId
}

crate::text::text! {
    /// The text of a staff note: 1 to 2,000 characters.
    NoteText, 1, 2_000, Many
}

/// What a staff note is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteOwner {
    /// It is about an order.
    Order(OrderId),
    /// It is about a customer.
    Customer(CustomerId),
}

impl NoteOwner {
    /// The kind of owner, as it is stored.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Order(_) => "order",
            Self::Customer(_) => "customer",
        }
    }

    /// The id of the order or the customer.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Order(id) => id.0,
            Self::Customer(id) => id.0,
        }
    }
}

/// A note of somebody of the staff, or of a program with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffNote {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: NoteId,
    /// The order or the customer that it is about.
    pub owner: NoteOwner,
    /// The account or key that has written it. It may have been deleted since.
    pub author_id: Uuid,
    /// What it says.
    pub text: NoteText,
    /// When it was written.
    pub at: UtcDateTime,
}

impl StaffNote {
    /// Whether the account or key with this id has written it.
    pub fn is_by(&self, id: Uuid) -> bool {
        self.author_id == id
    }
}

/// A note with the name of its author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownNote {
    /// What was written, when, and about what.
    pub note: StaffNote,
    /// The user name of its author, or the name of the key; `None` if that was deleted.
    pub author: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_staff_note_has_up_to_2000_characters_and_several_lines_r240() {
        assert!(NoteText::parse(&"🦊".repeat(2_000)).is_ok());
        assert!(NoteText::parse("Called.\nWill call again.").is_ok());
        for bad in ["", " \n ", &"x".repeat(2_001)] {
            assert!(NoteText::parse(bad).is_err());
        }
    }
}
