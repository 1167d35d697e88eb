use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::webhooks::{EndpointId, EndpointSecret, EndpointSecrets};
use hkdf::Hkdf;
use sha2::Sha256;

/// The bytes of a secret.
const LENGTH: usize = 32;

/// Secrets that follow from one key. `Debug` does not show it.
#[derive(Clone)]
pub struct DerivedSecrets(Hkdf<Sha256>);

impl DerivedSecrets {
    /// Secrets that follow from this key.
    pub fn new(key: &[u8]) -> Self {
        Self(Hkdf::new(None, key))
    }

    /// The bytes behind a secret, with which webhooks are signed.
    pub(super) fn bytes(&self, id: EndpointId, generation: i64) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        let of = format!("webhook:{id}:{generation}");
        // HKDF refuses only more than 8,160 bytes.
        let _ = self.0.expand(of.as_bytes(), &mut bytes);
        bytes
    }
}

impl EndpointSecrets for DerivedSecrets {
    fn secret(&self, id: EndpointId, generation: i64) -> EndpointSecret {
        EndpointSecret::new(format!("whsec_{}", STANDARD.encode(self.bytes(id, generation))))
    }
}

impl fmt::Debug for DerivedSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DerivedSecrets(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::Uuid;

    use super::*;

    const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

    fn secret(key: &[u8], id: u128, generation: i64) -> String {
        DerivedSecrets::new(key).secret(EndpointId(Uuid::from_u128(id)), generation).expose().to_owned()
    }

    #[test]
    fn a_secret_follows_from_key_endpoint_and_generation_r168() {
        // Computed with Python: hmac(hmac(32 zeros, key), info + b"\x01").
        assert_eq!(secret(KEY, 1, 1), "whsec_KvTNbXi2Aoxfp94dMxjZxV6jwfiunZHtpLrWStt3p60=");
        let all =
            [secret(KEY, 1, 1), secret(KEY, 1, 2), secret(KEY, 2, 1), secret(b"another", 1, 1), secret(KEY, 1, 11)];
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn neither_key_nor_secret_is_shown_r168() {
        let secrets = DerivedSecrets::new(KEY);
        let shown = format!("{secrets:?} {:?}", secrets.secret(EndpointId(Uuid::nil()), 1));
        assert_eq!(shown, "DerivedSecrets(…) EndpointSecret(…)");
    }
}
