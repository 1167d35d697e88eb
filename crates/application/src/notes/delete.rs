use async_trait::async_trait;
use domain::notes::{NoteId, NoteOwner, StaffNote};

use crate::audit_trail::audit;
use crate::{Command, Ctx, Error, Tx};

/// Deletes a note of the actor.
#[derive(Debug, Clone, Copy)]
pub struct DeleteNote {
    /// The order or the customer that it is about. A note of another one is not found.
    pub owner: NoteOwner,
    /// The note. Only its author deletes it.
    pub id: NoteId,
}

#[async_trait]
impl Command for DeleteNote {
    type Output = ();
    const NAME: &'static str = "notes.delete";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<(), Error> {
        let note = tx.notes().get(self.owner, self.id).await?.ok_or(Error::NotFound("note"))?.note;
        if !ctx.actor.is_some_and(|actor| note.is_by(actor.who.id())) {
            return Err(Error::Forbidden);
        }
        if !tx.notes().delete(self.id).await? {
            return Err(Error::NotFound("note"));
        }
        audit(tx, ctx, Self::NAME, Some(&note), None::<&StaffNote>).await
    }
}

#[cfg(test)]
mod tests {
    use domain::accounts::AccountId;
    use domain::customers::CustomerId;
    use domain::keys::Principal;
    use domain::notes::{NoteText, ShownNote};
    use domain::{UtcDateTime, Uuid};

    use super::*;
    use crate::Actor;
    use crate::testing::{Mocks, id, run, run_as};

    fn written_by(author_id: Uuid) -> Mocks {
        let mut tx = Mocks::default();
        tx.notes.expect_get().returning(move |owner, id| {
            let text = NoteText::parse("Call first.").unwrap();
            let note = StaffNote { id, owner, author_id, text, at: UtcDateTime::UNIX_EPOCH };
            Ok(Some(ShownNote { note, author: None }))
        });
        tx
    }

    fn delete() -> DeleteNote {
        DeleteNote { owner: NoteOwner::Customer(CustomerId(Uuid::nil())), id: NoteId(Uuid::nil()) }
    }

    #[tokio::test]
    async fn a_note_is_deleted_by_nobody_but_its_author_r240() {
        let actor = Actor { who: Principal::Account(AccountId(id(5))), request_id: "r".into() };
        let refused = run(&delete(), &mut written_by(id(5))).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
        let refused = run_as(&delete(), &mut written_by(id(6)), &actor).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
        let mut tx = written_by(id(5));
        tx.notes.expect_delete().times(1).returning(|_| Ok(true));
        tx.audit.expect_append().times(1).returning(|_| Ok(()));
        run_as(&delete(), &mut tx, &actor).await.unwrap();
        let mut tx = written_by(id(5));
        tx.notes.expect_delete().times(1).returning(|_| Ok(false));
        let gone = run_as(&delete(), &mut tx, &actor).await;
        assert!(matches!(gone, Err(Error::NotFound("note"))));
    }
}
