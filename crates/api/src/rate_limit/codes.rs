use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use application::Error;
use domain::pricing::Refusal;

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
pub struct CodeGuesses(Mutex<HashMap<Client, Guesses>>);

#[derive(Debug, Clone, Copy)]
struct Guesses {
    since: Instant,
    unknown: usize,
}

/// Codes that are looked up. They count as unknown until it is known how many are.
#[derive(Debug)]
pub(crate) struct Guess<'a> {
    all: &'a CodeGuesses,
    clients: [Client; 2],
    /// The codes that turned out not to be unknown.
    known: usize,
}

impl CodeGuesses {
    /// Counts codes as unknown before they are looked up, so that guesses that come at once are not answered beyond the
    /// limit.
    ///
    /// # Errors
    /// [`Error::TooMany`] if one of the clients has given too many.
    pub(crate) fn admit(&self, clients: [Client; 2], codes: usize) -> Result<Guess<'_>, Error> {
        let now = Instant::now();
        let mut seen = self.seen();
        if codes > 0 {
            let left = |client: &Client| {
                let guesses = seen.get(client).filter(|guesses| guesses.unknown >= MOST)?;
                Some((guesses.since + PERIOD).saturating_duration_since(now)).filter(|left| !left.is_zero())
            };
            if let Some(retry_after) = clients.iter().filter_map(left).max() {
                return Err(Error::TooMany { retry_after });
            }
            make_room(&mut seen, now);
            for client in &clients {
                let guesses = seen.entry(client.clone()).or_insert(Guesses { since: now, unknown: 0 });
                if now.saturating_duration_since(guesses.since) >= PERIOD {
                    *guesses = Guesses { since: now, unknown: 0 };
                }
                guesses.unknown += codes;
            }
        }
        drop(seen);
        Ok(Guess { all: self, clients, known: codes })
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<Client, Guesses>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets clients if there are too many.
fn make_room(seen: &mut HashMap<Client, Guesses>, now: Instant) {
    if seen.len() >= CLIENTS {
        seen.retain(|_, guesses| guesses.unknown > 0 && now.saturating_duration_since(guesses.since) < PERIOD);
    }
    if seen.len() >= CLIENTS {
        seen.clear();
    }
}

impl Guess<'_> {
    /// Says why codes do not apply.
    pub(crate) fn refused(&mut self, refusals: impl IntoIterator<Item = Refusal>) {
        let unknown = refusals.into_iter().filter(|refusal| *refusal == Refusal::Unknown).count();
        self.known = self.known.saturating_sub(unknown);
    }
}

/// What was not unknown does not count.
impl Drop for Guess<'_> {
    fn drop(&mut self) {
        if self.known > 0 {
            let mut seen = self.all.seen();
            for client in &self.clients {
                if let Some(guesses) = seen.get_mut(client) {
                    guesses.unknown = guesses.unknown.saturating_sub(self.known);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use domain::Uuid;
    use domain::accounts::AccountId;

    use super::*;

    fn client(account: u128, address: u8) -> [Client; 2] {
        let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, address));
        [Client::Account(AccountId(Uuid::from_u128(account))), Client::of_address(address)]
    }

    /// Gives codes of which this many are unknown.
    fn give(guesses: &CodeGuesses, who: [Client; 2], codes: usize, unknown: usize) -> bool {
        let Ok(mut guess) = guesses.admit(who, codes) else { return false };
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
    fn guesses_that_come_at_once_are_counted_before_they_are_answered_r105() {
        let guesses = CodeGuesses::default();
        let held: Vec<_> = (0..5).filter_map(|_| guesses.admit(client(1, 1), 5).ok()).collect();
        assert_eq!(held.len(), 2);
        drop(held);
        assert!(give(&guesses, client(1, 1), 5, 0), "they turned out to be right");
    }
}
