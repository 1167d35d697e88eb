//! The signature of Stripe's notices: `Stripe-Signature: t=1700000000,v1=…[,v1=…]`, where each `v1` is the HMAC-SHA-256
//! of `t`, a dot and the body.

use std::time::Duration;

use domain::UtcDateTime;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq as _};

/// By how much the time of a signature may differ from ours.
const TOLERANCE: Duration = Duration::from_mins(5);

/// Whether one of the secrets signed this body, at most five minutes from `now`.
pub(super) fn is_signed(secrets: &[SecretString], header: &str, body: &[u8], now: UtcDateTime) -> bool {
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let Some((_, at)) = parts().find(|(name, _)| *name == "t") else { return false };
    let Ok(seconds) = at.parse::<i64>() else { return false };
    if now.unix_timestamp().abs_diff(seconds) > TOLERANCE.as_secs() {
        return false;
    }
    // Every pair is compared, so that the time does not say which one fits.
    let mut fits = Choice::from(0);
    for secret in secrets {
        let expected = signature(secret, at, body);
        for (_, given) in parts().filter(|(name, _)| *name == "v1") {
            fits |= expected.as_bytes().ct_eq(given.as_bytes());
        }
    }
    fits.into()
}

/// The signature in lower-case hexadecimal digits.
fn signature(secret: &SecretString, at: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else { return String::new() };
    mac.update(at.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;
    const V1: &str = "c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925";

    fn at(seconds: i64) -> UtcDateTime {
        UtcDateTime::from_unix_timestamp(1_700_000_000 + seconds).unwrap()
    }

    fn check(secrets: &[&str], header: &str, body: &[u8], late: i64) -> bool {
        let secrets: Vec<_> = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
        is_signed(&secrets, header, body, at(late))
    }

    #[test]
    fn w1_webhook_signature_in_r88_r95() {
        let header = format!("t=1700000000,v1={V1}");
        for (late, good) in [(0, true), (300, true), (-300, true), (301, false), (-301, false)] {
            assert_eq!(check(&["whsec_test"], &header, BODY, late), good, "{late}");
        }
    }

    #[test]
    fn w1_one_of_several_secrets_or_signatures_is_enough_r95() {
        let other = "0".repeat(64);
        assert!(check(&["whsec_new", "whsec_test"], &format!("t=1700000000,v1={V1}"), BODY, 0));
        assert!(check(&["whsec_test"], &format!("t=1700000000,v1={other},v1={V1},v0=x"), BODY, 0));
        assert!(check(&["whsec_test"], &format!("v1={V1}, t=1700000000"), BODY, 0));
        assert!(!check(&[], &format!("t=1700000000,v1={V1}"), BODY, 0));
        assert!(!check(&["whsec_new"], &format!("t=1700000000,v1={V1}"), BODY, 0));
    }

    #[test]
    fn w1_what_differs_by_one_byte_is_not_signed_r95() {
        let header = format!("t=1700000000,v1={V1}");
        for at in 0..BODY.len() {
            let mut body = BODY.to_vec();
            body[at] ^= 1;
            assert!(!check(&["whsec_test"], &header, &body, 0), "{at}");
        }
        assert!(!check(&["whsec_test"], &header, &[BODY, b"\n"].concat(), 0));
        assert!(!check(&["whsec_test"], &format!("t=1700000001,v1={V1}"), BODY, 0));
    }

    #[test]
    fn w1_a_header_without_a_known_signature_is_refused_r95() {
        for header in [
            String::new(),
            format!("t=1700000000,v0={V1}"),
            format!("v1={V1}"),
            format!("t=,v1={V1}"),
            format!("t=1700000000.0,v1={V1}"),
            format!("t=9223372036854775807,v1={V1}"),
            format!("t=1700000000,v1={}", &V1[..63]),
            format!("t=1700000000,v1={}", V1.to_uppercase()),
            "t=1700000000,v1=".to_owned(),
            "t=1700000000".to_owned(),
        ] {
            assert!(!check(&["whsec_test"], &header, BODY, 0), "{header}");
        }
    }
}
