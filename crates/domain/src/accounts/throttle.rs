use std::fmt;
use std::time::Duration;

use super::{AccountId, LoginName, Network, Username};
use crate::customers::EmailAddress;
use crate::{MailTemplate, UtcDateTime};

/// The key under which failed logins are counted together.
///
/// A network from which an account was used before has its own count. So failed logins by strangers do not lock the
/// owner of the account out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThrottleKey {
    /// Failures with this user name from unknown networks, whether the account exists or not.
    Account(Username),
    /// Failures with an email address that no account has, from unknown networks.
    Email(EmailAddress),
    /// Failures with one account from a network that it knows.
    Known(AccountId, Network),
    /// Failures from one network with any user name.
    Address(Network),
    /// Mails of a kind that somebody asked for, to one address.
    Mail(MailTemplate, EmailAddress),
    /// Mails that were asked for from one network.
    MailsFrom(Network),
    /// One-time tokens that were tried from one network.
    TokensFrom(Network),
}

impl ThrottleKey {
    /// How the keys of an account begin for the networks that it knows.
    pub fn known_prefix(account: AccountId) -> String {
        format!("known:{account}:")
    }
}

impl From<LoginName> for ThrottleKey {
    fn from(name: LoginName) -> Self {
        match name {
            LoginName::Username(username) => Self::Account(username),
            LoginName::Email(email) => Self::Email(email),
        }
    }
}

impl fmt::Display for ThrottleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(username) => write!(f, "account:{}", username.as_str()),
            Self::Email(email) => write!(f, "email:{}", email.key()),
            Self::Known(account, network) => write!(f, "{}{network}", Self::known_prefix(*account)),
            Self::Address(network) => write!(f, "address:{network}"),
            Self::Mail(template, email) => write!(f, "mail:{}:{}", template.as_str(), email.key()),
            Self::MailsFrom(network) => write!(f, "mails-from:{network}"),
            Self::TokensFrom(network) => write!(f, "tokens-from:{network}"),
        }
    }
}

/// The failed logins in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureCount {
    /// How many logins have failed since the beginning of the window.
    pub failures: i64,
    /// Start of the window: time of the first failure.
    pub since: UtcDateTime,
}

/// How many failures are allowed, and how long they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThrottlePolicy {
    /// Failures allowed for one account.
    pub per_account: i64,
    /// Failures allowed from one address.
    pub per_address: i64,
    /// Length of the window from its first failure.
    pub window: Duration,
}

/// By how much the clocks of two servers may differ before the start of a window counts as in the future.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(2);

impl FailureCount {
    /// Whether the window starts in the future: the clock was set back since.
    pub fn is_ahead(&self, now: UtcDateTime) -> bool {
        self.since > now + CLOCK_TOLERANCE
    }

    /// The count in a window that does not start in the future.
    #[must_use]
    pub fn brought_back(self, now: UtcDateTime) -> Self {
        Self { since: self.since.min(now), ..self }
    }

    /// The count after one failure is forgiven; `None` if it was the last one.
    pub fn one_less(self) -> Option<Self> {
        (self.failures > 1).then(|| Self { failures: self.failures - 1, ..self })
    }
}

impl ThrottlePolicy {
    /// The count after one more failure: in the window of before, or the first in a new one if that is over.
    pub fn one_more(&self, before: Option<FailureCount>, now: UtcDateTime) -> FailureCount {
        match before.filter(|count| count.since + self.window > now) {
            Some(count) => FailureCount { failures: count.failures + 1, ..count.brought_back(now) },
            None => FailureCount { failures: 1, since: now },
        }
    }

    /// How long an attempt must wait that is the last of `count`, itself included; `None` if it may go on.
    pub fn wait_with(&self, key: &ThrottleKey, count: FailureCount, now: UtcDateTime) -> Option<Duration> {
        self.wait(key, FailureCount { failures: count.failures - 1, ..count }, now)
    }

    /// How long `key` must wait after `count` failures; `None` if it may try.
    pub fn wait(&self, key: &ThrottleKey, count: FailureCount, now: UtcDateTime) -> Option<Duration> {
        let borne = match key {
            ThrottleKey::Account(_) | ThrottleKey::Email(_) | ThrottleKey::Known(..) | ThrottleKey::Mail(..) => {
                self.per_account
            }
            ThrottleKey::Address(_) | ThrottleKey::MailsFrom(_) | ThrottleKey::TokensFrom(_) => self.per_address,
        };
        // A clock that was set back must not make a lockout longer than it is.
        let end = count.since.min(now) + self.window;
        (count.failures >= borne && end > now).then(|| (end - now).unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_count_until_the_window_that_the_first_opened_has_passed_r1() {
        let policy = ThrottlePolicy { per_account: 3, per_address: 5, window: Duration::from_mins(1) };
        let account = ThrottleKey::Account(Username::parse("ann").unwrap());
        let address = ThrottleKey::Address(Network::of("192.0.2.1".parse().unwrap()));
        let since = UtcDateTime::UNIX_EPOCH;
        let count = |failures| FailureCount { failures, since };
        let at = |secs| since + Duration::from_secs(secs);
        assert_eq!(policy.wait(&account, count(2), at(1)), None);
        assert_eq!(policy.wait(&account, count(3), at(1)), Some(Duration::from_secs(59)));
        assert_eq!(policy.wait(&account, count(99), at(60)), None);
        assert_eq!(policy.wait(&address, count(4), at(1)), None);
        assert!(policy.wait(&address, count(5), at(1)).is_some());
    }

    #[test]
    fn a_lockout_is_never_longer_than_its_window_when_the_clock_is_set_back() {
        let policy = ThrottlePolicy { per_account: 3, per_address: 5, window: Duration::from_mins(15) };
        let key = ThrottleKey::Account(Username::parse("ann").unwrap());
        let now = UtcDateTime::UNIX_EPOCH;
        let count = FailureCount { failures: 3, since: now + Duration::from_hours(1) };
        assert_eq!(policy.wait(&key, count, now), Some(policy.window));
        assert!(count.is_ahead(now) && !FailureCount { since: now, ..count }.is_ahead(now));
    }

    #[test]
    fn a_failure_counts_in_the_open_window_or_opens_a_new_one_r1() {
        let policy = ThrottlePolicy { per_account: 3, per_address: 5, window: Duration::from_mins(1) };
        let now = UtcDateTime::UNIX_EPOCH;
        let count = |failures, since| FailureCount { failures, since };
        let at = |secs| now + Duration::from_secs(secs);
        assert_eq!(policy.one_more(None, now), count(1, now));
        assert_eq!(policy.one_more(Some(count(2, now)), at(59)), count(3, now));
        assert_eq!(policy.one_more(Some(count(2, now)), at(60)), count(1, at(60)));
        assert_eq!(policy.one_more(Some(count(2, at(90))), at(1)), count(3, at(1)), "the clock was set back");
        assert_eq!((count(2, now).one_less(), count(1, now).one_less()), (Some(count(1, now)), None));
        assert_eq!(
            (count(2, at(9)).brought_back(at(1)), count(2, now).brought_back(at(1))),
            (count(2, at(1)), count(2, now))
        );
    }

    #[test]
    fn an_attempt_that_is_counted_before_it_is_checked_is_one_of_those_allowed() {
        let policy = ThrottlePolicy { per_account: 3, per_address: 5, window: Duration::from_mins(15) };
        let key = ThrottleKey::Account(Username::parse("ann").unwrap());
        let now = UtcDateTime::UNIX_EPOCH;
        assert_eq!(policy.wait_with(&key, FailureCount { failures: 3, since: now }, now), None);
        assert!(policy.wait_with(&key, FailureCount { failures: 4, since: now }, now).is_some());
    }
}
