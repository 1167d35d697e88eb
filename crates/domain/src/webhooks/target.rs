use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use super::Networks;
use crate::{Code, Invalid, Rule, Ruled};

/// Where webhooks are sent to: an absolute URL of at most 2,000 characters, without user name and fragment. `Debug` shows
/// only the server, because the rest may hold a secret of the receiver.
#[derive(Clone, PartialEq, Eq)]
pub struct Target(Url);

/// The lowest port above those that the system keeps for services such as mail.
const FIRST_FREE_PORT: u16 = 1024;

impl Target {
    /// The most characters.
    pub const MAX: usize = 2000;

    /// Parses a URL. Hosts are written in one way: `https://0x7f.1` is `https://127.0.0.1/`.
    ///
    /// # Errors
    /// If it is too long, is no URL of HTTP or HTTPS, or has a user name, a password or a fragment.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let refused = |code, why: &str| Err(Invalid::new(code, why.to_owned()));
        if raw.chars().count() > Self::MAX {
            return refused(Code::TooLong, &format!("must have at most {} characters", Self::MAX));
        }
        // What the parser would drop or mend, a reader may have seen otherwise.
        if raw.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return refused(Code::Format, "must be a URL without blanks and backslashes");
        }
        let Ok(url) = Url::parse(raw) else { return refused(Code::Format, "must be a URL") };
        if !matches!(url.scheme(), "https" | "http") || url.host().is_none() {
            return refused(Code::NotAllowed, "must be a URL that begins with https://");
        }
        if !url.username().is_empty()
            || url.password().is_some()
            || raw.split(['/', '?', '#']).nth(2).is_some_and(|host| host.contains('@'))
        {
            return refused(Code::NotAllowed, "must not have a user name or a password");
        }
        if url.fragment().is_some() {
            return refused(Code::NotAllowed, "must not have a fragment");
        }
        if url.as_str().chars().count() > Self::MAX {
            return refused(Code::TooLong, &format!("must have at most {} characters as it is sent", Self::MAX));
        }
        Ok(Self(url))
    }

    /// A stored URL, which was parsed before it was stored.
    ///
    /// # Errors
    /// If it is none any more.
    pub fn from_stored(stored: &str) -> Result<Self, Invalid> {
        Url::parse(stored).map(Self).map_err(|_| Invalid::new(Code::Format, "must be a URL"))
    }

    /// The URL.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Scheme, host and port: what may be shown of it. The rest may hold a secret of the receiver.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The URL in its parts.
    pub const fn as_url(&self) -> &Url {
        &self.0
    }

    /// Whether what is sent there is encrypted.
    pub fn has_tls(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The address, if the host is one and not a name.
    pub fn address(&self) -> Option<IpAddr> {
        match self.0.host()? {
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
            Host::Domain(_) => None,
        }
    }

    /// Checks that webhooks may be sent there, as far as that is known without asking for the addresses of a name.
    ///
    /// # Errors
    /// If it is not encrypted, not public, or a port of another service, and not in one of the `networks`.
    pub fn check(&self, networks: &Networks) -> Result<(), Invalid> {
        let refused = |why: &'static str| Err(Invalid::new(Code::NotAllowed, why));
        let is_allowed = self.address().is_some_and(|address| networks.contain(address));
        if !self.has_tls() && (networks.is_empty() || self.address().is_some() && !is_allowed) {
            return refused("must begin with https://; http:// is only for addresses in webhooks.allow_networks");
        }
        if self.address().is_some_and(|address| !networks.permit(address, self.has_tls())) {
            return refused("must be a public address, or one in webhooks.allow_networks");
        }
        if self.is_local() && networks.is_empty() {
            return refused("must be a public name; localhost is only for webhooks.allow_networks");
        }
        let port = self.0.port_or_known_default().unwrap_or_default();
        // What is not encrypted goes into the networks of the settings, where ports are free.
        let is_free = is_allowed || !self.has_tls() || self.is_local();
        if port == 0 || !is_free && port != 443 && port < FIRST_FREE_PORT {
            return refused("must have the port 443, or one from 1024 on");
        }
        Ok(())
    }

    /// Whether the host is a name of this machine.
    fn is_local(&self) -> bool {
        let Some(Host::Domain(name)) = self.0.host() else { return false };
        let name = name.trim_end_matches('.');
        name == "localhost" || name.ends_with(".localhost")
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({}/…)", self.origin())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Ruled for Target {
    fn rule() -> Rule {
        Rule::Pattern { pattern: r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s\\#@/?]+([/?][^\s\\#]*)?$", min: 8, max: Self::MAX }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, networks: &[&str]) -> Result<(), Code> {
        let networks = Networks::new(networks.iter().map(|network| network.parse().unwrap()).collect());
        Target::parse(raw).and_then(|url| url.check(&networks)).map_err(|refused| refused.code)
    }

    #[test]
    fn an_endpoint_is_a_public_https_url_r168_r172() {
        for raw in [
            "https://shop.example",
            "https://shop.example/hooks?token=s%20x",
            "https://shop.example:8443/",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
            "https://xn--bcher-kva.example/",
            "HTTPS://Shop.Example/",
        ] {
            assert_eq!(check(raw, &[]), Ok(()), "{raw}");
        }
        for (raw, code) in [
            ("", Code::Format),
            ("shop.example", Code::Format),
            ("//shop.example", Code::Format),
            ("https://", Code::Format),
            ("https:// shop.example", Code::Format),
            ("https://shop.example/a b", Code::Format),
            (r"https:\\shop.example", Code::Format),
            ("ftp://shop.example", Code::NotAllowed),
            ("file:///etc/passwd", Code::NotAllowed),
            ("mailto:me@shop.example", Code::NotAllowed),
            ("http://shop.example", Code::NotAllowed),
            ("https://shop.example/#part", Code::NotAllowed),
            ("https://shop.example:22/", Code::NotAllowed),
            ("https://shop.example:0/", Code::NotAllowed),
            ("https://localhost/", Code::NotAllowed),
            ("https://api.localhost./", Code::NotAllowed),
        ] {
            assert_eq!(check(raw, &[]), Err(code), "{raw}");
        }
        let long = format!("https://shop.example/{}", "x".repeat(1980));
        assert_eq!(check(&long, &[]), Err(Code::TooLong));
    }

    #[test]
    fn an_address_is_known_however_it_is_written_r172() {
        for trick in [
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://0x7f.1/",
            "https://0x7f000001/",
            "https://127.1/",
            "https://127.0.0.1./",
            "https://①②⑦.0.0.1/",
            "https://127。0。0。1/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://[2002:a9fe:a9fe::1]/",
            "https://[::]/",
            "https://2852039166/latest/meta-data/",
        ] {
            assert_eq!(check(trick, &[]), Err(Code::NotAllowed), "{trick}");
        }
    }

    #[test]
    fn a_user_name_hides_no_host_r172() {
        for trick in [
            "https://good.example@127.0.0.1/",
            "https://good.example:443@127.0.0.1/",
            "https://good.example%2F@127.0.0.1/",
            "https://@shop.example/",
            "https://:@shop.example/",
        ] {
            assert_eq!(check(trick, &[]), Err(Code::NotAllowed), "{trick}");
        }
        assert_eq!(check("https://shop.example/@me", &[]), Ok(()));
    }

    #[test]
    fn networks_of_the_settings_open_loopback_and_nothing_else_r172() {
        let loopback = ["127.0.0.0/8", "::1/128"];
        for raw in ["http://127.0.0.1:8080/hook", "http://[::1]:80/", "https://127.0.0.1/", "http://localhost:3000/"] {
            assert_eq!(check(raw, &loopback), Ok(()), "{raw}");
        }
        for raw in [
            "https://shop.example:25/",
            "http://10.0.0.1/",
            "https://10.0.0.1/",
            "http://8.8.8.8/",
            "https://169.254.169.254/",
        ] {
            assert_eq!(check(raw, &loopback), Err(Code::NotAllowed), "{raw}");
        }
    }

    #[test]
    fn a_url_is_shown_without_what_may_be_secret_r172() {
        let url = Target::parse("https://shop.example:8443/hooks/s3cret?token=s3cret").unwrap();
        assert_eq!(format!("{url:?}"), "Target(https://shop.example:8443/…)");
        assert_eq!(Target::from_stored(url.as_str()).unwrap(), url);
    }
}
