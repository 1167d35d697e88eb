use async_trait::async_trait;
use domain::Uuid;
use domain::events::{SEQUENCER_LEASE, Sequencer};

use crate::{Command, Ctx, Error, Tx};

/// Gives positions to events that are committed. An event that commits later gets a later position, and nobody has read
/// past it.
#[derive(Debug, Clone, Copy)]
pub struct SequenceEvents {
    /// The id that this server gave itself at its start, under which it holds what it works on.
    pub holder: Uuid,
    /// How many events get their positions at most.
    pub limit: u64,
}

/// The result of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequenced {
    /// Another server holds the lease.
    Elsewhere,
    /// So many events left the outbox.
    Here(u64),
}

#[async_trait]
impl Command for SequenceEvents {
    type Output = Sequenced;
    const NAME: &'static str = "events.sequence";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Sequenced, Error> {
        // Read before the outbox: what is in the outbox after that has no position yet.
        let sequencer = tx.outbox().sequencer().await?;
        if !sequencer.is_free_for(self.holder, ctx.now) {
            return Ok(Sequenced::Elsewhere);
        }
        let turn = Sequencer { holder: Some(self.holder), until: ctx.now + SEQUENCER_LEASE, ..sequencer };
        Ok(Sequenced::Here(tx.outbox().sequence(&turn, self.limit).await?))
    }
}

#[cfg(test)]
mod tests {
    use domain::StoreError;

    use super::*;
    use crate::testing::{Mocks, NOW, Prepared, id, run};

    const SEQUENCE: SequenceEvents = SequenceEvents { holder: Uuid::from_u128(1), limit: 500 };

    fn held_by(holder: Option<Uuid>) -> Mocks {
        let mut tx = Mocks::default();
        let sequencer = Sequencer { next: 7, holder, until: NOW + SEQUENCER_LEASE };
        tx.outbox.expect_sequencer().once().returning(move || Ok(sequencer));
        tx
    }

    #[tokio::test]
    async fn events_get_the_next_positions_and_the_server_goes_on_giving_them_r166() {
        let mut tx = held_by(None);
        let turn = Sequencer { next: 7, holder: Some(id(1)), until: NOW + SEQUENCER_LEASE };
        tx.outbox
            .expect_sequence()
            .once()
            .withf(move |given, limit| (*given, *limit) == (turn, 500))
            .returning(|_, _| Ok(3));
        assert_eq!(run(&SEQUENCE, &mut tx).await.unwrap(), Sequenced::Here(3));
    }

    #[tokio::test]
    async fn nothing_is_written_while_another_server_gives_positions_r166() {
        assert_eq!(run(&SEQUENCE, &mut held_by(Some(id(2)))).await.unwrap(), Sequenced::Elsewhere);
    }

    #[tokio::test]
    async fn a_server_that_was_overtaken_rolls_back_and_looks_again_r166() {
        let mut overtaken = held_by(Some(id(1)));
        overtaken.outbox.expect_sequence().once().returning(|_, _| Err(StoreError::Raced("overtaken".into())));
        let (runner, log) = Prepared::runner([overtaken, held_by(Some(id(2)))]);
        assert_eq!(runner.run(SEQUENCE).await.unwrap(), Sequenced::Elsewhere);
        assert!(log.lock().unwrap().contains(&"rollback"), "{log:?}");
    }
}
