use std::time::Duration;

use crate::accounts::ThrottlePolicy;

/// How many mails of a kind an address gets, and how many a client may have sent, in an hour.
pub const MAIL_THROTTLE: ThrottlePolicy =
    ThrottlePolicy { per_account: 3, per_address: 20, window: Duration::from_hours(1) };

/// How many one-time tokens a client may try in an hour.
pub const TOKEN_THROTTLE: ThrottlePolicy =
    ThrottlePolicy { per_account: 10, per_address: 10, window: Duration::from_hours(1) };
