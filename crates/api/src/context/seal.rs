//! Keyed hashes (HMAC): values that only this server can make and verify.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A key for hashes, derived from the one secret of the configuration.
#[derive(Clone)]
pub(crate) struct Seal([u8; 32]);

impl Seal {
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self(mac(secret, &[b"storekeeper seal 1"]))
    }

    /// The hash of `parts` for one `purpose`. A NUL stands between the parts.
    pub(crate) fn hash(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        mac(&mac(&self.0, &[purpose.as_bytes()]), parts)
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length: the error cannot be.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
        mac.update(&[0]);
    }
    mac.finalize().into_bytes().into()
}
