use std::time::Duration;

use super::CaptureMode;
use crate::word::words;

words! {
    /// What happens to money above what an order owes, such as money for a cancelled order.
    LatePolicy {
        /// It goes back by itself, if a provider moves it.
        Refund = "refund",
        /// The staff decide.
        Manual = "manual",
    }
}

/// How the shop is paid: what must be paid, until when, and when the money is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether orders have to be paid before they are prepared.
    pub is_required: bool,
    /// How long an unpaid order waits for its payment.
    pub hold: Duration,
    /// How long after its placement online payments can keep an order waiting at most.
    pub max_hold: Duration,
    /// The most unpaid orders of a customer; 0 for any number.
    pub max_unpaid: u32,
    /// When the money of an authorised payment is taken.
    pub capture: CaptureMode,
    /// What happens to money above what an order owes.
    pub late: LatePolicy,
    /// How long a request waits for a provider before it answers without the result.
    pub inline_timeout: Duration,
}

impl Settings {
    /// Whether it matters how many unpaid orders a buyer has: there is a limit, and it is not staff who order.
    pub const fn limits_unpaid(&self, by_staff: bool) -> bool {
        self.max_unpaid > 0 && !by_staff
    }

    /// Whether a buyer who has so many unpaid orders, and for whom the limit holds, may place another one.
    pub fn allows_another(&self, unpaid: u64) -> bool {
        unpaid < u64::from(self.max_unpaid)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            is_required: false,
            hold: Duration::from_mins(30),
            max_hold: Duration::from_hours(2),
            max_unpaid: 3,
            capture: CaptureMode::Automatic,
            late: LatePolicy::Refund,
            inline_timeout: Duration::from_secs(8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buyer_has_no_more_unpaid_orders_than_the_limit_and_staff_any_number_r80() {
        let limited = Settings { max_unpaid: 3, ..Settings::default() };
        assert!(limited.limits_unpaid(false) && !limited.limits_unpaid(true));
        assert_eq!([0, 2, 3, 4].map(|unpaid| limited.allows_another(unpaid)), [true, true, false, false]);
        let any = Settings { max_unpaid: 0, ..Settings::default() };
        assert!(!any.limits_unpaid(false) && !any.limits_unpaid(true));
    }
}
