use std::time::Duration;

use super::CaptureMode;
use crate::word::words;

words! {
    /// What happens to money above what an order owes, such as money for a cancelled order.
    LatePolicy {
        /// It goes back by itself, if a provider moves it.
        Refund = "refund",
        /// An administrator decides.
        Manual = "manual",
    }
}

/// The settings of payments.
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
