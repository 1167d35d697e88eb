use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::webhooks::{WebhookCall, signed_text};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::secrets::DerivedSecrets;

/// The header with the event's id.
pub(super) const ID: &str = "webhook-id";
/// The header with the time of the try, in seconds since 1970.
pub(super) const TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signatures.
pub(super) const SIGNATURE: &str = "webhook-signature";

/// The headers by which a receiver knows that a webhook is the shop's, as Standard Webhooks 1.0.0 says.
pub(super) fn headers(call: &WebhookCall, body: &str, secrets: &DerivedSecrets) -> [(&'static str, String); 3] {
    let text = signed_text(call.event.id, call.at, body);
    let signatures: Vec<_> = call
        .generations
        .iter()
        .map(|generation| signature(&secrets.bytes(call.endpoint_id, *generation), text.as_bytes()))
        .collect();
    [
        (ID, call.event.id.as_hyphenated().to_string()),
        (TIMESTAMP, call.at.unix_timestamp().to_string()),
        (SIGNATURE, signatures.join(" ")),
    ]
}

fn signature(secret: &[u8], text: &[u8]) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(text);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use domain::events::PublishedEvent;
    use domain::webhooks::{EndpointId, EndpointSecrets as _, Target};
    use domain::{UtcDateTime, Uuid};
    use standardwebhooks::Webhook;

    use super::*;

    #[test]
    fn w2_webhook_signature_out_r169() {
        let secret: Vec<u8> = (0..32).collect();
        let signed = signature(&secret, br#"evt_01.1700000000.{"type":"webhook.test"}"#);
        assert_eq!(signed, "v1,E56K7T92kEinjOm83lB3k5Pp8wdd0pleV4AW/fUDRZw=");
    }

    #[test]
    fn the_vector_of_the_specification_r169() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signature(&secret, br#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    fn call(generations: Vec<i64>) -> WebhookCall {
        #[expect(clippy::disallowed_methods, reason = "the verifier compares with the clock")]
        let at = UtcDateTime::now();
        let event = PublishedEvent {
            position: 7,
            id: Uuid::from_u128(3),
            event_type: "order.placed".to_owned(),
            stream: Uuid::from_u128(5),
            data: "{}".to_owned(),
            at,
        };
        let target = Target::parse("https://receiver.example/").unwrap();
        WebhookCall { endpoint_id: EndpointId(Uuid::from_u128(1)), target, generations, event, at }
    }

    fn verifies(secret: &str, body: &str, headers: &[(&'static str, String); 3]) -> bool {
        let headers = headers.iter().map(|(name, value)| {
            (reqwest::header::HeaderName::from_static(name), reqwest::header::HeaderValue::from_str(value).unwrap())
        });
        let headers: reqwest::header::HeaderMap = headers.collect();
        Webhook::new(secret).unwrap().verify(body.as_bytes(), &headers).is_ok()
    }

    #[test]
    fn an_independent_verifier_takes_our_signatures_and_no_others_r169() {
        let (secrets, body) = (DerivedSecrets::new(&[7; 32]), r#"{"type":"order.placed"}"#);
        let secret = |generation| secrets.secret(EndpointId(Uuid::from_u128(1)), generation).expose().to_owned();
        let once = headers(&call(vec![2]), body, &secrets);
        assert!(verifies(&secret(2), body, &once) && !verifies(&secret(1), body, &once));
        assert!(!verifies(&secret(2), r#"{"type":"order.paid"}"#, &once));
        let mut late = headers(&call(vec![2]), body, &secrets);
        late[1].1 = (late[1].1.parse::<i64>().unwrap() + 1).to_string();
        assert!(!verifies(&secret(2), body, &late), "another time");
    }

    #[test]
    fn after_a_rotation_both_secrets_verify_r169() {
        let (secrets, body) = (DerivedSecrets::new(&[7; 32]), "{}");
        let both = headers(&call(vec![2, 1]), body, &secrets);
        for (generation, good) in [(1, true), (2, true), (3, false)] {
            let secret = secrets.secret(EndpointId(Uuid::from_u128(1)), generation);
            assert_eq!(verifies(secret.expose(), body, &both), good, "{generation}");
        }
    }
}
