use std::fmt;
use std::time::Duration;

use super::{AccountId, Network, Username};
use crate::UtcDateTime;

/// Whose failed logins are counted together.
///
/// A network from which an account was used before has a count of its own, so that strangers who fail on purpose lock
/// out strangers, and not the account's owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThrottleKey {
    /// Those of strangers who name one account, whether it exists or not.
    Account(Username),
    /// Those of one account from a network that it knows.
    Known(AccountId, Network),
    /// Those from one network, whatever account they name.
    Address(Network),
}

impl fmt::Display for ThrottleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(username) => write!(f, "account:{}", username.as_str()),
            Self::Known(account, network) => write!(f, "known:{account}:{network}"),
            Self::Address(network) => write!(f, "address:{network}"),
        }
    }
}

/// How many logins failed since a window opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureCount {
    /// The failures.
    pub failures: i64,
    /// When the first of them was.
    pub since: UtcDateTime,
}

/// How many failures are borne, and for how long they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThrottlePolicy {
    /// Failures against one account.
    pub per_account: i64,
    /// Failures from one address.
    pub per_address: i64,
    /// The window, from the first failure on.
    pub window: Duration,
}

impl ThrottlePolicy {
    /// How long `key` must wait after `count` failures; `None` if it may try.
    pub fn wait(&self, key: &ThrottleKey, count: FailureCount, now: UtcDateTime) -> Option<Duration> {
        let borne = match key {
            ThrottleKey::Account(_) | ThrottleKey::Known(..) => self.per_account,
            ThrottleKey::Address(_) => self.per_address,
        };
        let end = count.since + self.window;
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
}
