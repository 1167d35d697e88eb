use super::Username;
use crate::customers::EmailAddress;

/// By what somebody logs in. A user name has no `@`, so that one is never taken for the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginName {
    /// The user name of an account.
    Username(Username),
    /// The email address of the customer of an account.
    Email(EmailAddress),
}

impl LoginName {
    /// The name that was sent; `None` if no account can have it.
    pub fn parse(raw: &str) -> Option<Self> {
        if raw.contains('@') {
            EmailAddress::parse(raw).ok().map(Self::Email)
        } else {
            Username::parse(raw).ok().map(Self::Username)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_name_is_a_user_name_or_an_email_address() {
        assert!(matches!(LoginName::parse("Ann.O_1"), Some(LoginName::Username(name)) if name.as_str() == "ann.o_1"));
        assert!(matches!(LoginName::parse("Ann@Bücher.example"), Some(LoginName::Email(_))));
        for nobody in ["", "ab", "ann o", "ann@", "@example.com", "ann@example"] {
            assert_eq!(LoginName::parse(nobody), None, "{nobody}");
        }
    }
}
