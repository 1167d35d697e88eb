use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use domain::mails::MessageId;
use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

use super::Mails;
use crate::Error;

/// How many mails are under way from a server at once.
const AT_ONCE: usize = 4;

/// How many are looked up at once.
const DUE: u64 = 100;

/// How long the mails of one query are sent in its order. After that the query is repeated, so that mails that somebody
/// asked for meanwhile come first.
const LOOK_LASTS: Duration = Duration::from_secs(1);

/// The mails that a server sends: some are under way, and others wait for their turn. What is under way is given up when
/// this is dropped, and sent again when its lease is over.
pub struct Sending {
    mails: Mails,
    waiting: VecDeque<MessageId>,
    looked: Option<Instant>,
    tries: JoinSet<Result<(), Error>>,
    under_way: HashMap<Id, MessageId>,
}

impl Sending {
    pub(super) fn new(mails: Mails) -> Self {
        let (waiting, tries, under_way) = (VecDeque::new(), JoinSet::new(), HashMap::new());
        Self { mails, waiting, looked: None, tries, under_way }
    }

    /// Begins to send what is due, as long as few mails are under way. It waits for none of them.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn send(&mut self) -> Result<(), Error> {
        while self.tries.len() < AT_ONCE {
            if self.waiting.is_empty() || self.looked.is_none_or(|at| at.elapsed() >= LOOK_LASTS) {
                self.look().await?;
            }
            let Some(id) = self.waiting.pop_front() else { return Ok(()) };
            let mails = self.mails.clone();
            let begun = self.tries.spawn(async move { mails.send(id).await });
            self.under_way.insert(begun.id(), id);
        }
        Ok(())
    }

    async fn look(&mut self) -> Result<(), Error> {
        let due = self.mails.due(DUE).await?;
        let is_under_way = |id: &MessageId| self.under_way.values().any(|other| other == id);
        self.waiting = due.into_iter().filter(|id| !is_under_way(id)).collect();
        self.looked = Some(Instant::now());
        Ok(())
    }

    /// Waits until a mail that is under way is done. If none is, it waits for ever.
    ///
    /// # Errors
    /// If the database did not take what came of it, or a defect: it is due again at once.
    pub async fn ended(&mut self) -> Result<(), Error> {
        let Some(sent) = self.tries.join_next_with_id().await else { return std::future::pending().await };
        let (id, sent) = match sent {
            Ok((id, sent)) => (id, sent),
            Err(panicked) => (panicked.id(), Err(Error::Internal(panicked.into()))),
        };
        self.under_way.remove(&id);
        sent
    }
}
