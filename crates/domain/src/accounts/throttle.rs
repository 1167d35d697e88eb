use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use super::Username;
use crate::UtcDateTime;

/// Whose failed logins are counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThrottleKey {
    /// Those that name one account, whether it exists or not.
    Account(Username),
    /// Those that come from one address; of IPv6 the first 64 bits, which is what one customer of a provider holds.
    Address(IpAddr),
}

impl fmt::Display for ThrottleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(username) => write!(f, "account:{}", username.as_str()),
            Self::Address(IpAddr::V4(v4)) => write!(f, "address:{v4}"),
            Self::Address(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
                Some(v4) => write!(f, "address:{v4}"),
                None => write!(f, "address:{:x}/64", v6.to_bits() >> 64),
            },
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
            ThrottleKey::Account(_) => self.per_account,
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
        let address = ThrottleKey::Address("192.0.2.1".parse().unwrap());
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
    fn an_ipv6_network_and_a_mapped_ipv4_address_count_as_one_client_r1() {
        let key = |raw: &str| ThrottleKey::Address(raw.parse().unwrap()).to_string();
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:2"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }
}
