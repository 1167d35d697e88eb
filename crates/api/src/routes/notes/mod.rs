//! Notes of staff on orders and customers.

mod body;
pub(super) mod customers;
pub(super) mod orders;

use std::sync::Arc;

use application::Error;
use application::notes::{CreateNote, DeleteNote, NewNote};
use domain::PageRequest;
use domain::notes::{NoteId, NoteOwner, NoteText, ShownNote};
use domain::orders::OrderScope;
use serde_json::{Value, json};

use self::body::NoteBody;
use crate::context::State;
use crate::extract::read::text;
use crate::extract::{Fields, FromFields, FromQuery, IdempotentBody, Params, Staff};
use crate::operation::Tag;
use crate::problem::Problem;
use crate::respond::{Created, Idempotent, List, NoContent, Resource};

pub(super) const TAG: &Tag =
    &Tag { name: "Notes", description: "What staff note on orders and customers. Customers do not see it." };

/// What a note says.
pub(crate) struct Request(NoteText);

impl FromFields for Request {
    const NAME: &'static str = "NewNote";

    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        fields.required("text", &text(NoteText::parse)).map(Self)
    }

    fn example() -> Value {
        json!({ "text": "Called about the colour. She takes the blue one." })
    }
}

const LIST: &str = "notes";

/// A page of notes.
pub(crate) struct Paged(PageRequest);

impl FromQuery for Paged {
    fn from_query(params: &mut Params<'_>) -> Option<Self> {
        params.page(LIST).map(Self)
    }
}

async fn list(state: &Arc<State>, owner: NoteOwner, page: &Paged) -> Result<List<NoteBody>, Problem> {
    let notes = state.queries.notes.list(owner, &page.0).await?;
    if notes.items.is_empty() {
        expect(state, owner).await?;
    }
    Ok(List::new(LIST, notes, |note: ShownNote| NoteBody::from(&note)))
}

/// Refuses an owner that is not there.
async fn expect(state: &Arc<State>, owner: NoteOwner) -> Result<(), Error> {
    match owner {
        NoteOwner::Order(id) => {
            let order = state.queries.orders.get(id, OrderScope::All).await?;
            order.map(drop).ok_or(Error::NotFound("order"))
        }
        NoteOwner::Customer(id) => {
            let customer = state.queries.customers.get(id).await?;
            customer.map(drop).ok_or(Error::NotFound("customer"))
        }
    }
}

async fn show(state: &Arc<State>, owner: NoteOwner, id: NoteId) -> Result<Resource<NoteBody>, Problem> {
    let note = state.queries.notes.get(owner, id).await?.ok_or(Error::NotFound("note"))?;
    Ok(Resource(NoteBody::from(&note)))
}

async fn create(
    staff: &Staff,
    state: &Arc<State>,
    owner: NoteOwner,
    request: IdempotentBody<Request>,
) -> Result<Idempotent<Created<NoteBody>>, Problem> {
    let create = CreateNote { owner, text: request.body.0 };
    let present = |made: &NewNote| Created::at(location(&made.shown), &NoteBody::about(&made.shown, made.customer_id));
    Ok(staff.runner(state).run_once(request.claim, create, present).await?.try_into()?)
}

async fn delete(staff: &Staff, state: &Arc<State>, owner: NoteOwner, id: NoteId) -> Result<NoContent, Problem> {
    staff.runner(state).run(DeleteNote { owner, id }).await?;
    Ok(NoContent)
}

fn location(shown: &ShownNote) -> String {
    let (owner, id) = (shown.note.owner, shown.note.id);
    let owners = match owner {
        NoteOwner::Order(_) => "orders",
        NoteOwner::Customer(_) => "customers",
    };
    format!("/api/v1/{owners}/{}/notes/{id}", owner.id().as_hyphenated())
}
