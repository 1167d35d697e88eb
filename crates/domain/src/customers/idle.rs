use crate::UtcDateTime;
use crate::roles::Role;

/// When a customer last did something, as far as the shop knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastActivity {
    /// When name, address, phone number or exemption changed last.
    pub changed_at: UtcDateTime,
    /// What is known of its account; `None` if it has none.
    pub account: Option<AccountActivity>,
    /// Time of the last change of its cart.
    pub cart_at: Option<UtcDateTime>,
    /// Its orders, by status.
    pub orders: Vec<OrderActivity>,
}

/// The last change of a customer's orders of one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderActivity {
    /// Whether the status is final.
    pub is_final: bool,
    /// Time of the last change of such an order.
    pub changed_at: UtcDateTime,
}

/// When an account was last used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountActivity {
    /// What it may do.
    pub role: Role,
    /// Time of its last change.
    pub changed_at: UtcDateTime,
    /// Time of its last use; see [`Account::SEEN_PRECISION`](crate::accounts::Account::SEEN_PRECISION).
    pub seen_at: UtcDateTime,
    /// When its newest refresh token was made, if it has one.
    pub logged_in_at: Option<UtcDateTime>,
    /// When it was last used from a network that it knows, if there is one.
    pub network_at: Option<UtcDateTime>,
}

impl LastActivity {
    /// Whether the customer did nothing since `before`, and nothing of it is open. Staff are never idle.
    pub fn is_idle(&self, before: UtcDateTime) -> bool {
        let of_account = |account: &AccountActivity| {
            [Some(account.changed_at), Some(account.seen_at), account.logged_in_at, account.network_at]
        };
        let of_account = self.account.as_ref().map(of_account).into_iter().flatten();
        let of_orders = self.orders.iter().map(|orders| Some(orders.changed_at));
        let mut times = of_account.chain(of_orders).chain([Some(self.changed_at), self.cart_at]).flatten();
        let is_staff = self.account.as_ref().is_some_and(|account| account.role.is_staff());
        let is_over = self.orders.iter().all(|orders| orders.is_final);
        !is_staff && is_over && times.all(|at| at < before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: UtcDateTime = UtcDateTime::UNIX_EPOCH;

    fn before() -> UtcDateTime {
        OLD + std::time::Duration::from_secs(9)
    }

    fn idle() -> LastActivity {
        let account = AccountActivity {
            role: Role::Customer,
            changed_at: OLD,
            seen_at: OLD,
            logged_in_at: Some(OLD),
            network_at: Some(OLD),
        };
        let orders = vec![OrderActivity { is_final: true, changed_at: OLD }];
        LastActivity { changed_at: OLD, account: Some(account), cart_at: Some(OLD), orders }
    }

    #[test]
    fn a_customer_is_idle_until_any_part_of_what_it_did_is_too_new_r275() {
        let alone = LastActivity { account: None, cart_at: None, orders: Vec::new(), ..idle() };
        assert!(idle().is_idle(before()) && alone.is_idle(before()) && !alone.is_idle(OLD));
        let of_account = |change: fn(&mut AccountActivity)| {
            let mut activity = idle();
            change(activity.account.as_mut().unwrap());
            activity
        };
        for (part, activity) in [
            ("the customer", LastActivity { changed_at: before(), ..idle() }),
            ("the cart", LastActivity { cart_at: Some(before()), ..idle() }),
            (
                "an order",
                LastActivity { orders: vec![OrderActivity { is_final: true, changed_at: before() }], ..idle() },
            ),
            (
                "an open order",
                LastActivity { orders: vec![OrderActivity { is_final: false, changed_at: OLD }], ..idle() },
            ),
            ("the role", of_account(|account| account.role = Role::Clerk)),
            ("the account", of_account(|account| account.changed_at = before())),
            ("its last use", of_account(|account| account.seen_at = before())),
            ("a login", of_account(|account| account.logged_in_at = Some(before()))),
            ("a network", of_account(|account| account.network_at = Some(before()))),
        ] {
            assert!(!activity.is_idle(before()), "{part}");
        }
    }
}
