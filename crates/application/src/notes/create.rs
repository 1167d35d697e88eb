use async_trait::async_trait;
use domain::customers::CustomerId;
use domain::notes::{NoteId, NoteOwner, NoteText, ShownNote, StaffNote};
use domain::orders::OrderScope;

use crate::audit_trail::audit;
use crate::orders::expect_takes_text;
use crate::{Command, Ctx, Error, Tx};

/// Writes a note on an order or a customer.
#[derive(Debug, Clone)]
pub struct CreateNote {
    /// The order or the customer that it is about.
    pub owner: NoteOwner,
    /// What it says.
    pub text: NoteText,
}

/// A note that was written, and the customer whom it tells about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// The note with the name of its author.
    pub shown: ShownNote,
    /// The owner, or the buyer.
    pub customer_id: CustomerId,
}

#[async_trait]
impl Command for CreateNote {
    type Output = NewNote;
    const NAME: &'static str = "notes.create";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<NewNote, Error> {
        let author = ctx.actor.ok_or(Error::Forbidden)?.who;
        let customer_id = locked_subject(tx, self.owner).await?;
        let id = NoteId(ctx.ids.next());
        let note = StaffNote { id, owner: self.owner, author_id: author.id(), text: self.text.clone(), at: ctx.now };
        tx.notes().insert(&note).await?;
        audit(tx, ctx, Self::NAME, None, Some(&note)).await?;
        let shown = tx.notes().get(self.owner, id).await?.ok_or(Error::NotFound("note"))?;
        Ok(NewNote { shown, customer_id })
    }
}

/// Locks what a note is on, so that nobody erases the customer meanwhile, and says whom the note tells about.
async fn locked_subject(tx: &mut dyn Tx, owner: NoteOwner) -> Result<CustomerId, Error> {
    match owner {
        NoteOwner::Order(id) => {
            let order = tx.orders().lock(id, OrderScope::All).await?.ok_or(Error::NotFound("order"))?;
            expect_takes_text(tx, &order).await?;
            Ok(order.customer_id)
        }
        NoteOwner::Customer(id) => {
            tx.customers().lock(id).await?.ok_or(Error::NotFound("customer"))?;
            Ok(id)
        }
    }
}
