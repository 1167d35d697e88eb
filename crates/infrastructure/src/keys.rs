//! The secrets of API keys: `stk_`, 8 characters that name the key, `_`, 32 random ones, and 6 of a checksum, so that
//! whoever scans for lost secrets knows a real one without asking.

use application::keys::KeySecrets;
use domain::keys::{KeyClaim, KeyHash, KeyPrefix, KeySecret, NewSecret};
use rand::RngExt as _;
use sha2::{Digest as _, Sha256};

use crate::secrets::os;

/// The digits of base 62.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The characters of the checksum. 62⁶ is more than 2³².
const CHECKSUM: usize = 6;
/// The random characters: 190 bits.
const RANDOM: usize = KeySecret::LENGTH - KeySecret::BEGINNING.len() - KeyPrefix::LENGTH - 1 - CHECKSUM;

/// Secrets from the randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemKeySecrets;

impl KeySecrets for SystemKeySecrets {
    fn fresh(&self) -> NewSecret {
        self.another(&KeyPrefix::from_trusted(random(KeyPrefix::LENGTH)))
    }

    fn another(&self, prefix: &KeyPrefix) -> NewSecret {
        let begun = [KeySecret::BEGINNING, prefix.as_str(), "_", &random(RANDOM)].concat();
        let secret = begun.clone() + &checksum(&begun);
        let claim = KeyClaim { prefix: prefix.clone(), hash: hash(&secret) };
        NewSecret { secret: KeySecret::made(secret), claim }
    }

    fn read(&self, secret: &str) -> Option<KeyClaim> {
        if secret.len() != KeySecret::LENGTH || !secret.is_ascii() {
            return None;
        }
        let (begun, sum) = secret.split_at_checked(KeySecret::LENGTH - CHECKSUM)?;
        let (prefix, _) = begun.strip_prefix(KeySecret::BEGINNING)?.split_at_checked(KeyPrefix::LENGTH)?;
        if sum != checksum(begun) {
            return None;
        }
        Some(KeyClaim { prefix: KeyPrefix::from_trusted(prefix.to_owned()), hash: hash(secret) })
    }
}

fn hash(secret: &str) -> KeyHash {
    KeyHash(Sha256::digest(secret.as_bytes()).into())
}

fn digit(value: u32) -> char {
    let place = usize::try_from(value % 62).unwrap_or_default();
    DIGITS.get(place).copied().map_or('0', char::from)
}

fn random(length: usize) -> String {
    let mut os = os();
    std::iter::repeat_with(|| digit(os.random_range(0..62_u32))).take(length).collect()
}

/// The CRC-32 of a text in base 62, the last digit last.
fn checksum(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes());
    let mut digits: Vec<char> = Vec::with_capacity(CHECKSUM);
    for _ in 0..CHECKSUM {
        digits.push(digit(rest));
        rest /= 62;
    }
    digits.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_its_form_and_names_its_key_r259() {
        let NewSecret { secret, claim } = SystemKeySecrets.fresh();
        let text = secret.expose();
        assert_eq!(text.len(), 51);
        let (name, rest) = text.strip_prefix("stk_").unwrap().split_once('_').unwrap();
        assert_eq!((name, name.len(), rest.len()), (claim.prefix.as_str(), 8, 38));
        assert!(rest.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert_eq!(SystemKeySecrets.read(text), Some(claim.clone()));
        let another = SystemKeySecrets.another(&claim.prefix);
        assert_eq!(another.claim.prefix, claim.prefix);
        assert_ne!(another.claim.hash, claim.hash);
    }

    #[test]
    fn any_wrong_character_is_found_without_a_look_up_r259() {
        let secret = SystemKeySecrets.fresh().secret;
        for place in 0..secret.expose().len() {
            for other in ["0", "a", "Z"] {
                let mut wrong = secret.expose().to_owned();
                if &wrong[place..=place] == other {
                    continue;
                }
                wrong.replace_range(place..=place, other);
                assert_eq!(SystemKeySecrets.read(&wrong), None, "at {place}");
            }
        }
        for bad in ["", "stk_", &secret.expose()[..50], &format!("{}0", secret.expose()), &"é".repeat(26)] {
            assert_eq!(SystemKeySecrets.read(bad), None);
        }
    }

    #[test]
    fn the_checksum_is_that_of_everybody_r259() {
        // The check value of CRC-32 is 0xCBF43926.
        assert_eq!(crc32fast::hash(b"123456789"), 0xCBF4_3926);
        assert_eq!(checksum("123456789"), "3jZRME");
    }
}
