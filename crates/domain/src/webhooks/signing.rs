use std::time::Duration;

use super::Endpoint;
use crate::{UtcDateTime, Uuid};

/// How long the secret before still signs after a rotation.
pub const BOTH_SIGN_FOR: Duration = Duration::from_hours(24);

/// What is signed, as Standard Webhooks 1.0.0 says: the event's id, the time of the try in seconds since 1970, and the body,
/// with a dot between them.
pub fn signed_text(event: Uuid, at: UtcDateTime, body: &str) -> String {
    format!("{}.{}.{body}", event.as_hyphenated(), at.unix_timestamp())
}

impl Endpoint {
    /// The generations of the secrets that sign now, newest first.
    pub fn signing(&self, now: UtcDateTime) -> Vec<i64> {
        let both = self.generation > 1 && self.rotated_at.is_some_and(|at| now < at + BOTH_SIGN_FOR);
        if both { vec![self.generation, self.generation - 1] } else { vec![self.generation] }
    }
}

#[cfg(test)]
mod tests {
    use super::super::endpoint::tests::{NOW, endpoint};
    use super::*;

    #[test]
    fn two_secrets_sign_for_a_day_after_a_rotation_r169() {
        let first = endpoint();
        assert_eq!(first.signing(NOW), [1]);
        let rotated = first.rotated(NOW);
        assert_eq!(rotated.signing(NOW), [2, 1]);
        assert_eq!(rotated.signing(NOW + BOTH_SIGN_FOR - Duration::from_secs(1)), [2, 1]);
        assert_eq!(rotated.signing(NOW + BOTH_SIGN_FOR), [2]);
        assert_eq!(rotated.rotated(NOW).signing(NOW), [3, 2], "the one before the last signs no more");
    }

    #[test]
    fn id_time_and_body_are_signed_together_r169() {
        let text = signed_text(Uuid::from_u128(7), NOW + Duration::from_millis(1_999), "{}");
        assert_eq!(text, "00000000-0000-0000-0000-000000000007.1.{}");
    }
}
