use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use domain::sessions::SessionId;

/// The request that the latest action of each session would have been, for a while: those of the last so many sessions that
/// acted on this server.
#[derive(Default)]
pub struct LastCalls(Mutex<VecDeque<(SessionId, Call)>>);

/// A request of the API.
#[derive(Clone)]
pub(crate) struct Call {
    /// The id of its operation in the API document.
    pub(crate) operation: &'static str,
    /// Its requests as curl, in their order.
    pub(crate) curls: Vec<String>,
}

impl LastCalls {
    /// The most sessions.
    const SESSIONS: usize = 100;
    /// The most bytes of the requests that are kept.
    const LONGEST: usize = 20_000;

    /// Keeps the API request of the last action of a session.
    pub(crate) fn put(&self, session: SessionId, call: Call) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != session);
        if call.curls.iter().map(String::len).sum::<usize>() <= Self::LONGEST {
            kept.push_back((session, call));
        }
        if kept.len() > Self::SESSIONS {
            kept.pop_front();
        }
    }

    /// Removes the API request of the last action of a session.
    pub(crate) fn forget(&self, session: SessionId) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != session);
    }

    /// Adds a request that a session has made before its last one, for the same action.
    pub(crate) fn put_before(&self, session: SessionId, curl: String) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, call)) = kept.iter_mut().find(|(known, _)| *known == session) {
            call.curls.insert(0, curl);
        }
    }

    /// The API request of the last action of a session.
    pub(crate) fn get(&self, session: SessionId) -> Option<Call> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| *known == session).map(|(_, call)| call.clone())
    }
}

#[cfg(test)]
mod tests {
    use domain::Uuid;

    use super::*;

    #[test]
    fn the_latest_call_of_a_session_is_kept_and_not_of_too_many_r248() {
        let (calls, id) = (LastCalls::default(), |n| SessionId(Uuid::from_u128(n)));
        let call = |curl: &str| Call { operation: "x", curls: vec![curl.to_owned()] };
        let last = |n| calls.get(id(n)).map(|call| call.curls.join(" "));
        calls.put(id(0), call("a"));
        calls.put(id(0), call("b"));
        assert_eq!((last(0).as_deref(), last(1)), (Some("b"), None));
        calls.put_before(id(0), "a".to_owned());
        assert_eq!(last(0).as_deref(), Some("a b"), "two requests of one action");
        calls.put(id(0), call(&"x".repeat(LastCalls::LONGEST + 1)));
        assert_eq!(last(0), None, "neither a long one nor the one before it");
        calls.put(id(0), call("a"));
        calls.forget(id(0));
        assert_eq!(last(0), None);
        for n in 1..=101 {
            calls.put(id(n), call("c"));
        }
        assert!(last(1).is_none() && last(2).is_some() && last(101).is_some());
    }
}
