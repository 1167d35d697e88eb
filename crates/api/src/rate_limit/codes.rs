use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use application::Error;
use domain::pricing::Refusal;
use tokio::sync::Notify;

use super::Client;

/// The most unknown codes of promotions that a client may give in a [`PERIOD`].
const MOST: usize = 10;

/// How long an unknown code counts, from the first one on.
const PERIOD: Duration = Duration::from_hours(1);

/// The most clients that are remembered. Beyond it, those whose period is over are forgotten, and at last all.
const CLIENTS: usize = 100_000;

/// Limits how often codes of promotions can be guessed: for each account, and for each address. Counts are in memory, on
/// each server its own.
#[derive(Debug, Default)]
pub struct CodeGuesses {
    seen: Mutex<HashMap<Client, Guesses>>,
    looked_up: Notify,
}

#[derive(Debug, Clone, Copy)]
struct Guesses {
    since: Instant,
    unknown: usize,
    /// The codes that are being looked up.
    open: usize,
}

/// Codes that are being looked up. Until the result is known, all of them may turn out unknown.
#[derive(Debug)]
pub(crate) struct Guess<'a> {
    all: &'a CodeGuesses,
    clients: [Client; 2],
    codes: usize,
    /// The codes that turned out to be unknown.
    unknown: usize,
}

/// Whether codes may be looked up.
enum Admission {
    Now,
    /// Only if codes that are being looked up turn out to be known.
    Later,
    NotFor(Duration),
}

impl CodeGuesses {
    /// Admits codes before they are looked up. While the codes that others at the same address are looking up could reach
    /// the limit, it waits for them: guesses that come at once are not answered beyond the limit, and many buyers with
    /// real codes are not refused.
    ///
    /// # Errors
    /// [`Error::TooMany`] if one of the clients has given too many.
    pub(crate) async fn admit(&self, clients: [Client; 2], codes: usize) -> Result<Guess<'_>, Error> {
        loop {
            // Before the look, so that no end of another is missed.
            let looked_up = self.looked_up.notified();
            match self.try_admit(&clients, codes) {
                Admission::Now => return Ok(Guess { all: self, clients, codes, unknown: 0 }),
                Admission::Later => looked_up.await,
                Admission::NotFor(retry_after) => return Err(Error::TooMany { retry_after }),
            }
        }
    }

    fn try_admit(&self, clients: &[Client; 2], codes: usize) -> Admission {
        if codes == 0 {
            return Admission::Now;
        }
        let now = Instant::now();
        let mut seen = self.seen();
        let counted =
            |client: &Client| seen.get(client).map_or((0, 0, now), |one| (one.unknown_at(now), one.open, one.since));
        let counts = [counted(&clients[0]), counted(&clients[1])];
        let over = counts.iter().filter(|(unknown, _, _)| *unknown >= MOST);
        if let Some(retry_after) = over.map(|(_, _, since)| (*since + PERIOD).saturating_duration_since(now)).max() {
            return Admission::NotFor(retry_after);
        }
        if counts.iter().any(|(unknown, open, _)| unknown + open >= MOST) {
            return Admission::Later;
        }
        make_room(&mut seen, now);
        for client in clients {
            let guesses = seen.entry(client.clone()).or_insert(Guesses { since: now, unknown: 0, open: 0 });
            if guesses.is_over(now) {
                (guesses.since, guesses.unknown) = (now, 0);
            }
            guesses.open += codes;
        }
        Admission::Now
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<Client, Guesses>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guesses {
    fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= PERIOD
    }

    /// The unknown codes that still count.
    fn unknown_at(&self, now: Instant) -> usize {
        if self.is_over(now) { 0 } else { self.unknown }
    }
}

/// Forgets clients if there are too many.
fn make_room(seen: &mut HashMap<Client, Guesses>, now: Instant) {
    if seen.len() >= CLIENTS {
        seen.retain(|_, guesses| guesses.open > 0 || guesses.unknown_at(now) > 0);
    }
    if seen.len() >= CLIENTS {
        seen.clear();
    }
}

impl Guess<'_> {
    /// Counts the unknown codes among these refusals.
    pub(crate) fn refused(&mut self, refusals: impl IntoIterator<Item = Refusal>) {
        self.unknown += refusals.into_iter().filter(|refusal| *refusal == Refusal::Unknown).count();
    }
}

/// Only what was unknown counts.
impl Drop for Guess<'_> {
    fn drop(&mut self) {
        if self.codes == 0 {
            return;
        }
        let mut seen = self.all.seen();
        for client in &self.clients {
            if let Some(guesses) = seen.get_mut(client) {
                guesses.open = guesses.open.saturating_sub(self.codes);
                guesses.unknown += self.unknown;
            }
        }
        drop(seen);
        self.all.looked_up.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use domain::Uuid;
    use domain::accounts::AccountId;
    use domain::keys::Principal;

    use super::*;

    fn client(account: u128, address: u8) -> [Client; 2] {
        let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, address));
        [Client::Known(Principal::Account(AccountId(Uuid::from_u128(account)))), Client::of_address(address)]
    }

    /// What there is without waiting; `None` if it waits.
    fn at_once<T>(work: impl Future<Output = T>) -> Option<T> {
        match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }
    }

    /// Gives codes of which this many are unknown.
    fn give(guesses: &CodeGuesses, who: [Client; 2], codes: usize, unknown: usize) -> bool {
        let Ok(mut guess) = at_once(guesses.admit(who, codes)).unwrap() else { return false };
        guess.refused(std::iter::repeat_n(Refusal::Unknown, unknown).chain([Refusal::Ended]));
        true
    }

    #[test]
    fn ten_unknown_codes_are_answered_and_then_none_for_that_account_or_address_r105() {
        let guesses = CodeGuesses::default();
        assert!((0..10).all(|_| give(&guesses, client(1, 1), 1, 1)));
        assert!(!give(&guesses, client(1, 2), 1, 0), "another address");
        assert!(!give(&guesses, client(2, 1), 1, 0), "another account");
        assert!(give(&guesses, client(2, 2), 1, 1));
        assert!(give(&guesses, client(1, 1), 0, 0), "without a code");
    }

    #[test]
    fn codes_that_are_known_do_not_count_r105() {
        let guesses = CodeGuesses::default();
        assert!((0..50).all(|_| give(&guesses, client(1, 1), 5, 0)));
        assert!((0..10).all(|_| give(&guesses, client(1, 1), 5, 1)));
        assert!(!give(&guesses, client(1, 1), 5, 0));
    }

    #[test]
    fn codes_that_come_at_once_wait_for_those_that_may_be_unknown_r105() {
        let guesses = CodeGuesses::default();
        let mut held: Vec<_> = (2..4).map(|n| at_once(guesses.admit(client(n, 1), 5)).unwrap().unwrap()).collect();
        let mut context = Context::from_waker(Waker::noop());
        let mut next = pin!(guesses.admit(client(1, 1), 5));
        assert!(next.as_mut().poll(&mut context).is_pending());
        assert!(give(&guesses, client(1, 2), 5, 0), "at another address");
        assert!(next.as_mut().poll(&mut context).is_pending());
        held.clear();
        let Poll::Ready(Ok(next)) = next.poll(&mut context) else { panic!("the others were right") };
        let mut other = at_once(guesses.admit(client(2, 1), 5)).unwrap().unwrap();
        let mut last = pin!(guesses.admit(client(3, 1), 1));
        assert!(last.as_mut().poll(&mut context).is_pending());
        other.refused([Refusal::Unknown; 5]);
        drop((next, other));
        let Poll::Ready(Ok(mut last)) = last.poll(&mut context) else { panic!("five were wrong") };
        last.refused([Refusal::Unknown]);
        drop(last);
        assert!(give(&guesses, client(4, 1), 4, 4));
        assert!(!give(&guesses, client(5, 1), 1, 0), "ten were wrong");
    }
}
