use std::str::FromStr;

use crate::unicode::composed;
use crate::{Code, Invalid, Rule, Ruled};

/// An email address with the form and lengths of RFC 5321: local part up to 64 octets, whole address up to 254.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The longest address: a path of RFC 5321 §4.5.3.1.3 without its brackets.
    pub const MAX: usize = 254;

    /// Parses an address and puts it into Unicode NFC. Upper and lower case are kept.
    ///
    /// # Errors
    /// If it is too long, or not of the form `local@domain.tld`.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let raw = composed(raw);
        if raw.len() > Self::MAX {
            return Err(Invalid::new(Code::TooLong, format!("must have at most {} bytes", Self::MAX)));
        }
        let parsed = email_address::EmailAddress::from_str(&raw)
            .ok()
            .filter(|address| address.display_part().is_empty() && address.domain().contains('.'))
            .filter(|address| !address.as_str().contains(char::is_control));
        parsed
            .map(|address| Self(address.as_str().to_owned()))
            .ok_or_else(|| Invalid::new(Code::Format, "must be an email address such as ann@example.com"))
    }

    /// The address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address in lower case. Addresses with the same key count as the same.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

impl Ruled for EmailAddress {
    fn rule() -> Rule {
        Rule::Email { max: Self::MAX }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_has_the_form_and_length_of_rfc_5321_r14() {
        let longest_local = format!("{}@example.com", "a".repeat(64));
        for good in ["ann@example.com", "Ann.O'Neil+x@mail.example.co.uk", "jürgen@example.com", &longest_local] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        let local_too_long = format!("{}@example.com", "a".repeat(65));
        let too_long = format!("a@{}.com", "b.".repeat(130));
        let bad = [
            "",
            "ann",
            "ann@",
            "@example.com",
            "a b@example.com",
            "ann@example",
            " ann@example.com",
            "a\0@example.com",
        ];
        for bad in bad.into_iter().chain(["Ann <ann@example.com>", "ann@exa mple.com", &local_too_long, &too_long]) {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_email_address_in_two_spellings_is_one_f3() {
        let spellings = ["ju\u{308}rgen@example.com", "j\u{fc}rgen@example.com"].map(EmailAddress::parse);
        assert_eq!(spellings[0], spellings[1]);
    }

    #[test]
    fn an_email_address_keeps_its_case_and_has_a_lower_case_key() {
        let email = EmailAddress::parse("Ann@Example.COM").unwrap();
        assert_eq!((email.as_str(), email.key().as_str()), ("Ann@Example.COM", "ann@example.com"));
    }
}
