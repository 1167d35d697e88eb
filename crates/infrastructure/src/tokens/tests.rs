use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use time::macros::utc_datetime;

use super::*;

const NOW: UtcDateTime = utc_datetime!(2024-05-06 07:08:09);

fn key(byte: u8) -> SigningKey {
    SigningKey::new(vec![byte; SigningKey::MIN]).unwrap()
}

fn signer() -> JwtSigner {
    JwtSigner::new(&key(1), "storekeeper", "storekeeper")
}

fn claims() -> AccessClaims {
    let account_id = AccountId(Uuid::from_u128(7));
    let login = Some(FamilyId(Uuid::from_u128(8)));
    AccessClaims { account_id, login, role: Role::Customer, token_epoch: 3, expires_at: NOW + Duration::from_mins(15) }
}

/// What is signed, with changes made by `change`.
fn payload(change: impl FnOnce(&mut Value)) -> Value {
    let token = signer().sign(&claims(), NOW).unwrap();
    let part = token.split('.').nth(1).unwrap();
    let mut payload = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    change(&mut payload);
    payload
}

fn signed(algorithm: Algorithm, key: &SigningKey, payload: &Value) -> String {
    encode(&Header::new(algorithm), payload, &EncodingKey::from_secret(&key.0)).unwrap()
}

fn is_refused(token: &str, now: UtcDateTime) -> bool {
    matches!(signer().verify(token, now), Err(Error::Unauthenticated("the access token is not valid")))
}

#[test]
fn a_token_names_account_and_role_and_is_valid_until_it_expires_r2() {
    let token = signer().sign(&claims(), NOW).unwrap();
    assert_eq!(signer().verify(&token, NOW).unwrap(), claims());
    let last = claims().expires_at - Duration::from_secs(1);
    assert_eq!(signer().verify(&token, last).unwrap(), claims());
    assert!(is_refused(&token, claims().expires_at));
}

#[test]
fn a_cached_token_expires_on_time_and_matches_no_other_token_r2() {
    let signer = signer();
    let token = signer.sign(&claims(), NOW).unwrap();
    for _ in 0..3 {
        assert_eq!(signer.verify(&token, NOW).unwrap(), claims());
    }
    assert!(signer.verify(&token, claims().expires_at).is_err());
    assert!(signer.verify(&format!("{token}x"), NOW).is_err());
    assert!(signer.verify(&token[..token.len() - 1], NOW).is_err());
}

#[test]
fn a_token_from_a_clock_that_is_slightly_ahead_is_valid_r2() {
    let token = signer().sign(&claims(), NOW).unwrap();
    assert!(signer().verify(&token, NOW - Duration::from_secs(5)).is_ok());
    assert!(is_refused(&token, NOW - Duration::from_secs(6)));
}

#[test]
fn a_token_without_signature_or_with_another_algorithm_is_refused_r2() {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let payload = payload(|_| {});
    for algorithm in ["none", "None", "NONE", "HS256"] {
        let token = format!("{}.{}.", encode(&json!({"alg": algorithm, "typ": "JWT"})), encode(&payload));
        assert!(is_refused(&token, NOW), "{algorithm}");
    }
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        assert!(is_refused(&signed(algorithm, &key(1), &payload), NOW), "{algorithm:?}");
    }
    assert!(!is_refused(&signed(Algorithm::HS256, &key(1), &payload), NOW));
}

#[test]
fn a_token_that_was_changed_or_signed_with_another_key_is_refused_r2() {
    assert!(is_refused(&signed(Algorithm::HS256, &key(2), &payload(|_| {})), NOW));
    let token = signer().sign(&claims(), NOW).unwrap();
    let (signed_part, signature) = token.rsplit_once('.').unwrap();
    let admin = URL_SAFE_NO_PAD.encode(payload(|payload| payload["role"] = json!("admin")).to_string());
    let header = signed_part.split('.').next().unwrap();
    assert!(is_refused(&format!("{header}.{admin}.{signature}"), NOW));
    for garbage in ["", ".", "..", "a.b.c", "ä", signed_part, &token[1..], &format!("{token}.x")] {
        assert!(is_refused(garbage, NOW), "{garbage}");
    }
}

#[test]
fn a_token_with_a_missing_or_wrong_claim_is_refused_r2() {
    for claim in ["sub", "role", "epoch", "iat", "nbf", "exp", "iss", "aud"] {
        let without = payload(|payload| drop(payload.as_object_mut().unwrap().remove(claim)));
        assert!(is_refused(&signed(Algorithm::HS256, &key(1), &without), NOW), "without {claim}");
        let broken = payload(|payload| payload[claim] = json!("?"));
        assert!(is_refused(&signed(Algorithm::HS256, &key(1), &broken), NOW), "with a broken {claim}");
    }
    let other_issuer = JwtSigner::new(&key(1), "another", "storekeeper").sign(&claims(), NOW).unwrap();
    let other_audience = JwtSigner::new(&key(1), "storekeeper", "another").sign(&claims(), NOW).unwrap();
    assert!(is_refused(&other_issuer, NOW) && is_refused(&other_audience, NOW));
    for number in [i64::MIN, -1, i64::MAX] {
        let odd = payload(|payload| payload["exp"] = json!(number));
        assert!(is_refused(&signed(Algorithm::HS256, &key(1), &odd), NOW), "exp {number}");
    }
}

#[test]
fn a_key_has_32_bytes_and_does_not_show_r73() {
    assert_eq!(SigningKey::new(vec![b'k'; 31]).unwrap_err(), ShortKey);
    assert_eq!(ShortKey.to_string(), "must have at least 32 bytes");
    let key = SigningKey::new(vec![b'k'; 32]).unwrap();
    assert_eq!(format!("{key:?}"), "SigningKey(…)");
    assert_eq!(format!("{:?}", JwtSigner::new(&key, "a", "b")), "JwtSigner(a for b)");
}

#[test]
fn a_token_that_names_no_login_is_valid_as_before() {
    let before = payload(|payload| {
        payload.as_object_mut().unwrap().remove("sid").unwrap();
    });
    let token = signed(Algorithm::HS256, &key(1), &before);
    assert_eq!(signer().verify(&token, NOW).unwrap(), AccessClaims { login: None, ..claims() });
}
