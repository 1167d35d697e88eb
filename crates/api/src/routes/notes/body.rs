use domain::customers::CustomerId;
use domain::notes::{NoteId, NoteOwner, NoteText, ShownNote, StaffNote};
use domain::orders::OrderId;
use serde::Serialize;

use crate::example;
use crate::respond::{Body, Id, Timestamp};
use crate::schema::{Apiv2Schema, ResponseBody};

/// What somebody of the staff noted.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "Note")]
pub(crate) struct NoteBody {
    id: Id,
    text: String,
    author: AuthorBody,
    at: Timestamp,
    #[serde(skip)]
    about: Option<CustomerId>,
}

/// Who wrote a note.
#[derive(Serialize, Apiv2Schema)]
#[openapi(rename = "NoteAuthor")]
struct AuthorBody {
    /// The id of an account or an API key.
    id: Id,
    /// Its user name, or the name of the key; null if it was deleted.
    name: Option<String>,
}

impl NoteBody {
    /// The body in an answer that is kept, which tells about this customer.
    pub(super) fn about(shown: &ShownNote, customer: CustomerId) -> Self {
        Self { about: Some(customer), ..Self::from(shown) }
    }
}

impl From<&ShownNote> for NoteBody {
    fn from(shown: &ShownNote) -> Self {
        let note = &shown.note;
        Self {
            id: Id(note.id.0),
            text: note.text.as_str().to_owned(),
            author: AuthorBody { id: Id(note.author_id), name: shown.author.clone() },
            at: Timestamp(note.at),
            about: None,
        }
    }
}

impl Body for NoteBody {
    fn version(&self) -> Option<i64> {
        None
    }

    fn personal_to(&self) -> Option<CustomerId> {
        self.about
    }
}

impl ResponseBody for NoteBody {
    fn example() -> Self {
        let note = StaffNote {
            id: NoteId(example::id()),
            owner: NoteOwner::Order(OrderId(example::id())),
            author_id: example::id(),
            text: NoteText::from_trusted("Called about the colour. She takes the blue one.".to_owned()),
            at: example::NOW,
        };
        Self::from(&ShownNote { note, author: Some("clerk".to_owned()) })
    }
}
