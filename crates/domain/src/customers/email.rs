use std::borrow::Cow;
use std::net::Ipv6Addr;
use std::str::FromStr;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

use crate::unicode::composed;
use crate::{Code, Invalid, Rule, Ruled};

/// An email address with the form and lengths of RFC 5321: local part up to 64 octets, whole address up to 254. It may
/// be in any script (RFC 6531), and its domain may be an address literal, such as `[IPv6:2001:db8::1]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The longest address: a path of RFC 5321 §4.5.3.1.3 without its brackets.
    pub const MAX: usize = 254;

    /// Parses an address and composes its characters (NFC). Upper and lower case are kept.
    ///
    /// # Errors
    /// If it is too long, or not of the form `local@domain.tld`. The domain counts in its ASCII form too.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let text = composed(raw).into_owned();
        if text.len() > Self::MAX {
            return Err(Invalid::new(Code::TooLong, format!("must have at most {} bytes", Self::MAX)));
        }
        let mailbox = text.rsplit_once('@').and_then(|(local, domain)| Some((local, ascii_domain(domain)?)));
        let is_well_formed = mailbox.is_some_and(|(local, domain)| {
            let ascii = format!("{}@{domain}", with_letters(local));
            ascii.len() <= Self::MAX && is_ascii_address(&ascii)
        });
        is_well_formed
            .then_some(Self(text))
            .ok_or_else(|| Invalid::new(Code::Format, "must be an email address such as ann@example.com"))
    }

    /// The address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which addresses are compared: the local part in lower case, the domain in ASCII. Addresses with the
    /// same key are one mailbox, such as `ann@bücher.example` and `Ann@xn--bcher-kva.example`.
    pub fn key(&self) -> String {
        let lower = || self.0.to_lowercase();
        let key = self.0.rsplit_once('@').and_then(|(local, domain)| {
            let local = local.to_lowercase();
            Some(format!("{}@{}", composed(&local), ascii_domain(domain)?))
        });
        key.unwrap_or_else(lower)
    }

    /// A stored value, which was parsed before it was stored. It is not checked again.
    pub fn from_trusted(stored: String) -> Self {
        Self(stored)
    }
}

/// The domain in ASCII and lower case, an address literal in its shortest form. `None` if it has no such form.
fn ascii_domain(domain: &str) -> Option<String> {
    let lower = domain.to_ascii_lowercase();
    if let Some(address) = lower.strip_prefix("[ipv6:").and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().ok().map(|address| format!("[ipv6:{address}]"));
    }
    let ascii =
        Uts46::new().to_ascii(domain.as_bytes(), AsciiDenyList::EMPTY, Hyphens::CheckFirstLast, DnsLength::Ignore);
    match ascii {
        // A literal, or a label that only looks like Punycode.
        Err(_) if domain.is_ascii() => Some(lower),
        ascii => ascii.ok().map(Cow::into_owned),
    }
}

/// Writes letters for the characters that RFC 6531 adds to a local part: everything visible beyond ASCII. They take as
/// many bytes.
fn with_letters(local: &str) -> String {
    let letter = |c: char| if is_added(c) { "x".repeat(c.len_utf8()) } else { c.to_string() };
    local.chars().map(letter).collect()
}

fn is_added(c: char) -> bool {
    !c.is_ascii() && !c.is_control() && !c.is_whitespace() && !is_invisible(c)
}

/// Whether a character has no glyph and changes none that has a meaning of its own. The joiners of Indic scripts do.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_ascii_address(address: &str) -> bool {
    let parsed = email_address::EmailAddress::from_str(address).ok();
    parsed.is_some_and(|parsed| {
        let domain = parsed.domain();
        parsed.display_part().is_empty()
            && (domain.contains('.') || domain.starts_with("[ipv6:"))
            && !address.contains(char::is_control)
    })
}

impl Ruled for EmailAddress {
    fn rule() -> Rule {
        Rule::Email { max: Self::MAX }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(raw: &str) -> Result<EmailAddress, Invalid> {
        EmailAddress::parse(raw)
    }

    fn key(raw: &str) -> String {
        parsed(raw).unwrap_or_else(|_| panic!("{raw}")).key()
    }

    #[test]
    fn an_email_address_has_the_form_and_length_of_rfc_5321_r14() {
        let longest_local = format!("{}@example.com", "a".repeat(64));
        for good in ["ann@example.com", "Ann.O'Neil+x@mail.example.co.uk", "jürgen@example.com", &longest_local] {
            assert!(parsed(good).is_ok(), "{good}");
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
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_email_address_in_two_spellings_is_one() {
        let spellings = ["ju\u{308}rgen@example.com", "j\u{fc}rgen@example.com"].map(EmailAddress::parse);
        assert_eq!(spellings[0], spellings[1]);
    }

    #[test]
    fn an_email_address_keeps_its_case_and_has_a_lower_case_key() {
        let email = parsed("Ann@Example.COM").unwrap();
        assert_eq!((email.as_str(), email.key().as_str()), ("Ann@Example.COM", "ann@example.com"));
    }

    #[test]
    fn an_email_address_may_be_in_any_script() {
        let good = [
            "संपर्क@डाटामेल.भारत",
            "用户@例子.广告",
            "ไทย@ไทย.ไทย",
            "σωκράτης@παράδειγμα.ελ",
            "коля@пример.рф",
            "دعم@مثال.السعودية",
            "क्‍ष@example.com",
            "ann@bu\u{308}cher.example",
            "ann@例子。广告",
            "\"jürgen müller\"@example.com",
        ];
        for good in good {
            assert!(parsed(good).is_ok(), "{good}");
        }
        let long_local = format!("{}@example.com", "क".repeat(22));
        let long_label = format!("ann@{}.example", "ü".repeat(70));
        for bad in [
            "ann\u{200b}@example.com",
            "ann\u{a0}b@example.com",
            "ann\u{202e}@example.com",
            "ann@exam\u{2028}ple.com",
            "ann@-ü-.example",
            "संपर्क@भारत",
            "संपर्क@",
            &long_local,
            &long_label,
        ] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn two_spellings_of_a_domain_are_one_mailbox() {
        for (one, other) in [
            ("ann@bücher.example", "Ann@xn--bcher-kva.example"),
            ("ann@BÜCHER.example", "ann@XN--BCHER-KVA.Example"),
            ("ann@bu\u{308}cher.example", "ann@b\u{fc}cher.example"),
            ("mu\u{308}ller@example.com", "M\u{dc}LLER@example.com"),
            ("संपर्क@डाटामेल.भारत", "संपर्क@xn--c2bd4bq1db8d.xn--h2brj9c"),
            ("ann@例子。广告", "ann@例子.广告"),
            ("u@[IPv6:2001:DB8:0:0::1]", "u@[ipv6:2001:db8::1]"),
        ] {
            assert_eq!(key(one), key(other));
        }
        assert_eq!(key("ann@bücher.example"), "ann@xn--bcher-kva.example");
        assert_ne!(key("ann@bücher.example"), key("ann@bucher.example"));
        assert_eq!(parsed("ann@bu\u{308}cher.example").unwrap().as_str(), "ann@bücher.example", "kept as NFC");
    }

    #[test]
    fn a_domain_may_be_an_address_literal() {
        for good in ["u@[192.0.2.1]", "u@[IPv6:2001:db8::1]", "u@[IPv6:::1]", "u@[ipv6:::ffff:192.0.2.1]"] {
            assert!(parsed(good).is_ok(), "{good}");
        }
        for bad in ["u@[IPv6:2001:db8::1", "u@[IPv6:]", "u@[IPv6:nonsense]", "u@[2001:db8::1]", "u@[IPv6:1::2::3]"] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_that_only_looks_like_punycode_is_compared_as_written() {
        assert_eq!(key("ann@xn--a.Example"), "ann@xn--a.example");
    }
}
