//! Random values that nobody can guess.

use application::Secrets;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::accounts::{Password, TokenHash, TokenSecret};
use rand::RngExt as _;
use rand::rand_core::UnwrapErr;
#[expect(clippy::disallowed_types, reason = "this is where secrets are made")]
use rand::rngs::SysRng;
use rand::seq::IndexedRandom as _;
use sha2::{Digest as _, Sha256};

/// Letters and digits without those that look alike: 0 O, 1 I l.
const UNAMBIGUOUS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// 24 of 57 characters: 139 bits.
const PASSWORD_LENGTH: usize = 24;

/// Secrets from the randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemSecrets;

impl Secrets for SystemSecrets {
    fn token(&self) -> TokenSecret {
        let bytes: [u8; 32] = os().random();
        TokenSecret(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn hash(&self, token: &TokenSecret) -> TokenHash {
        TokenHash(Sha256::digest(token.0.as_bytes()).into())
    }

    fn password(&self) -> Password {
        let mut random = os();
        let characters = std::iter::repeat_with(|| UNAMBIGUOUS.choose(&mut random).copied().unwrap_or(b'x'));
        Password::claimed(characters.take(PASSWORD_LENGTH).map(char::from).collect())
    }
}

/// The system's random numbers. A system that has none cannot go on.
#[expect(clippy::disallowed_types, reason = "this is where secrets are made")]
pub(crate) fn os() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_has_32_random_bytes_and_its_hash_does_not_show_it_r3() {
        let (first, second) = (SystemSecrets.token(), SystemSecrets.token());
        assert_ne!(first, second);
        assert_eq!(URL_SAFE_NO_PAD.decode(&first.0).unwrap().len(), 32);
        assert_eq!(SystemSecrets.hash(&first), SystemSecrets.hash(&first));
        assert_ne!(SystemSecrets.hash(&first), SystemSecrets.hash(&second));
        let abc = SystemSecrets.hash(&TokenSecret("abc".into()));
        assert_eq!(abc.0[..4], [0xba, 0x78, 0x16, 0xbf]);
    }

    #[test]
    fn a_generated_password_is_valid_for_an_account_r7() {
        let (first, second) = (SystemSecrets.password(), SystemSecrets.password());
        assert_ne!(first, second);
        assert_eq!(Password::parse(first.reveal()).unwrap(), first);
        assert!(first.reveal().bytes().all(|byte| UNAMBIGUOUS.contains(&byte)));
    }
}
