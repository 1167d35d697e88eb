//! Sessions of the office: logins of people in browsers.

mod ports;

use std::time::Duration;

#[cfg(all(feature = "mock", not(test)))]
pub use ports::{MockSessionQueries, MockSessionRepository};
pub use ports::{SessionQueries, SessionRepository};

use crate::UtcDateTime;
use crate::accounts::{Access, Account, AccountId, TokenHash};

crate::id::id! {
    /// The id of a session.
    SessionId
}

/// What a browser says that it is, cut to what is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent(String);

impl Agent {
    /// The most characters that are kept.
    pub const MAX: usize = 200;

    /// What a header says, without control characters, and cut.
    pub fn of(header: &str) -> Self {
        Self(header.chars().filter(|c| !c.is_control()).take(Self::MAX).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A login of a person in a browser. The browser keeps its secret in a cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// A `UUIDv7`: sorts by time of the login.
    pub id: SessionId,
    /// Who has logged in.
    pub account_id: AccountId,
    /// The token epoch of the account at the login. Another one ends the session.
    pub token_epoch: i64,
    /// The hash of its secret, unique.
    pub hash: TokenHash,
    /// Time of the login.
    pub created_at: UtcDateTime,
    /// When it was last used, to [`Session::PRECISION`].
    pub seen_at: UtcDateTime,
    /// When it ends, unless it is used before.
    pub expires_at: UtcDateTime,
    /// What the browser says that it is.
    pub agent: Agent,
    /// The network of the browser at the login, as text.
    pub network: String,
}

impl Session {
    /// How long a session lasts that nobody uses.
    pub const IDLE: Duration = Duration::from_hours(12);
    /// How long a session lasts at most.
    pub const LONGEST: Duration = Duration::from_hours(7 * 24);
    /// How exactly its last use is known.
    pub const PRECISION: Duration = Duration::from_mins(5);

    /// A session that begins now.
    pub fn begin(
        id: SessionId,
        account: &Account,
        hash: TokenHash,
        agent: Agent,
        network: String,
        now: UtcDateTime,
    ) -> Self {
        Self {
            id,
            account_id: account.id,
            token_epoch: account.token_epoch,
            hash,
            created_at: now,
            seen_at: now,
            expires_at: now + Self::IDLE,
            agent,
            network,
        }
    }

    /// Whether it is good at `now` for an account with these rights.
    pub fn is_good(&self, access: &Access, now: UtcDateTime) -> bool {
        self.expires_at > now
            && access.active
            && access.account_id == self.account_id
            && access.token_epoch == self.token_epoch
    }

    /// The session after its use at `now`; `None` if that was recorded a moment ago.
    #[must_use]
    pub fn used(&self, now: UtcDateTime) -> Option<Self> {
        let is_news = now - self.seen_at >= Self::PRECISION;
        let expires_at = (now + Self::IDLE).min(self.created_at + Self::LONGEST);
        is_news.then(|| Self { seen_at: now, expires_at, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uuid;
    use crate::access::Scopes;
    use crate::roles::Role;

    fn at(hours: u64) -> UtcDateTime {
        UtcDateTime::UNIX_EPOCH + Duration::from_hours(hours)
    }

    fn session() -> Session {
        Session {
            id: SessionId(Uuid::from_u128(1)),
            account_id: AccountId(Uuid::from_u128(2)),
            token_epoch: 3,
            hash: TokenHash([0; 32]),
            created_at: at(0),
            seen_at: at(0),
            expires_at: at(12),
            agent: Agent::of("a browser"),
            network: "192.0.2.1".to_owned(),
        }
    }

    const ACCESS: Access = Access {
        account_id: AccountId(Uuid::from_u128(2)),
        customer_id: None,
        role: Role::Admin,
        scopes: Scopes::EVERYTHING,
        active: true,
        token_epoch: 3,
    };

    #[test]
    fn a_session_ends_12_hours_after_its_last_use_and_7_days_after_the_login_r236() {
        assert!(session().is_good(&ACCESS, at(11)) && !session().is_good(&ACCESS, at(12)));
        let mut session = session();
        for hour in (8..200).step_by(8) {
            session = session.used(at(hour)).unwrap();
        }
        assert_eq!(session.expires_at, at(7 * 24));
        assert!(session.is_good(&ACCESS, at(7 * 24 - 1)) && !session.is_good(&ACCESS, at(7 * 24)));
    }

    #[test]
    fn a_use_is_recorded_every_five_minutes_at_most_r236() {
        let minutes = |minutes| at(0) + Duration::from_mins(minutes);
        assert_eq!(session().used(minutes(4)), None);
        assert_eq!(session().used(minutes(5)).unwrap().expires_at, minutes(12 * 60 + 5));
    }

    #[test]
    fn ending_tokens_ends_sessions_r2_r236() {
        let good = |access: Access| session().is_good(&access, at(1));
        assert!(good(ACCESS));
        assert!(!good(Access { active: false, ..ACCESS }), "deactivated");
        assert!(!good(Access { token_epoch: 4, ..ACCESS }), "another password or role");
        assert!(!good(Access { account_id: AccountId(Uuid::from_u128(9)), ..ACCESS }), "somebody else");
    }

    #[test]
    fn of_what_a_browser_says_200_characters_are_kept_r236() {
        assert_eq!(Agent::of("a\tb\u{1b}c").as_str(), "abc");
        assert_eq!(Agent::of(&"é".repeat(300)).as_str().chars().count(), 200);
    }
}
