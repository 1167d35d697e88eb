use std::net::IpAddr;
use std::path::PathBuf;

use domain::MailTemplate;
use domain::customers::EmailAddress;
use url::{Host, Url};

use super::Hidden;
use super::parse::domain;
use super::reader::{Origin, Reader, Show};

/// `mail.*`: how the shop sends mails, and which.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// How mails leave the shop.
    pub transport: MailTransport,
    /// Who they are from.
    pub from: MailboxSetting,
    /// The address for replies; `None` if it is that of `from`.
    pub reply_to: Option<MailboxSetting>,
    /// A folder with templates that replace those in the program.
    pub templates: Option<PathBuf>,
    /// Mails that are not sent.
    pub disabled: Vec<MailTemplate>,
    /// Where customers see the shop.
    pub public_url: Url,
    /// The page where a new password is set, below it.
    pub reset_path: String,
    /// The page that proves an address.
    pub verify_path: String,
    /// The page of an order; `{id}` stands for the id.
    pub order_path: String,
    /// `shop.alerts_to`: who hears of what needs people.
    pub alerts_to: Option<EmailAddress>,
}

/// `mail.transport`: where mails go.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// To a mail server.
    Smtp(SmtpSettings),
    /// Into this folder.
    File(PathBuf),
    /// Only into the log.
    Log,
}

/// `mail.smtp.url`
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// The name or address of the mail server.
    pub host: String,
    /// The TCP port, such as 465 or 587.
    pub port: u16,
    /// How the connection is secured.
    pub tls: SmtpTls,
    /// Name and password.
    pub login: Option<(String, Hidden)>,
}

/// How a connection to a mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the beginning.
    Implicit,
    /// After a greeting in the clear.
    StartTls,
    /// Not at all.
    None,
}

/// An address with a name: `Shop <shop@example.com>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxSetting {
    /// What it is called.
    pub name: Option<String>,
    /// The address without the name.
    pub address: EmailAddress,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Smtp,
    File,
    Log,
}

/// The settings of other sections that mail depends on.
pub(super) struct Beside {
    pub public_url: Option<Url>,
    pub alerts_to: Option<EmailAddress>,
}

/// Reads the settings; `Some(None)` if the shop sends no mail.
pub(super) fn mail(reader: &mut Reader, beside: Option<Beside>) -> Option<Option<MailSettings>> {
    let kind = reader.setting("mail.transport", "none", |raw| match raw {
        "none" => Ok(Kind::None),
        "smtp" => Ok(Kind::Smtp),
        "file" => Ok(Kind::File),
        "log" => Ok(Kind::Log),
        _ => Err("must be none, smtp, file or log".to_owned()),
    });
    let smtp = reader.optional("mail.smtp.url", Show::Value, smtp_url);
    reader.show_instead("mail.smtp.url", super::load::without_password);
    let folder = reader.setting("mail.folder", "mails", |raw| Ok(PathBuf::from(raw)));
    let from = reader.optional("mail.from", Show::Value, mailbox);
    let reply_to = reader.optional("mail.reply_to", Show::Value, mailbox);
    let templates = reader.optional("mail.templates", Show::Value, |raw| Ok(PathBuf::from(raw)));
    let disabled = reader.setting("mail.disabled", "", mails);
    let reset_path = reader.setting("mail.reset_path", "/reset-password", path);
    let verify_path = reader.setting("mail.verify_path", "/verify-email", path);
    let order_path = reader.setting("mail.order_path", "/orders/{id}", path);
    let (kind, smtp, folder, from) = (kind?, smtp?, folder?, from?);
    let (reply_to, templates, disabled) = (reply_to?, templates?, disabled?);
    let (reset_path, verify_path, order_path) = (reset_path?, verify_path?, order_path?);
    let Beside { public_url, alerts_to } = beside?;
    if kind == Kind::None {
        return Some(None);
    }
    let mut required = |key: &str, is_there: bool, why: &str| {
        if !is_there {
            reader.refuse(key, format!("is required with mail.transport: {why}"), Origin::Default);
        }
    };
    required("mail.from", from.is_some(), "who mails are from, such as Shop <shop@example.com>");
    required("shop.public_url", public_url.is_some(), "links in mails lead there");
    required("mail.smtp.url", kind != Kind::Smtp || smtp.is_some(), "smtps://user:password@mail.example.com:465");
    let transport = match kind {
        Kind::Smtp => MailTransport::Smtp(smtp?),
        Kind::File => MailTransport::File(folder),
        Kind::None | Kind::Log => MailTransport::Log,
    };
    let (from, public_url) = (from?, public_url?);
    Some(Some(MailSettings {
        transport,
        from,
        reply_to,
        templates,
        disabled,
        public_url,
        reset_path,
        verify_path,
        order_path,
        alerts_to,
    }))
}

impl MailSettings {
    /// The address of a page of the shop.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}

/// `smtps://user:password@host:465`, or `smtp://` with STARTTLS. Without TLS only to this machine.
fn smtp_url(raw: &str) -> Result<SmtpSettings, String> {
    let form = "must be a URL such as smtps://user:password@mail.example.com:465, or smtp:// with STARTTLS";
    let url = Url::parse(raw).map_err(|_| form.to_owned())?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(form)?.trim_matches(['[', ']']).to_owned();
    if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        return Err(format!("{form}; it has no path"));
    }
    let (tls, port) = match (url.scheme(), url.query()) {
        ("smtps", None) => (SmtpTls::Implicit, 465),
        ("smtp", None) => (SmtpTls::StartTls, 587),
        ("smtp", Some("tls=none")) if is_loopback(&host) => (SmtpTls::None, 25),
        ("smtp", Some("tls=none")) => return Err("must not have ?tls=none but for localhost".to_owned()),
        (_, Some(_)) => return Err(format!("{form}; after the ? only tls=none is allowed, and only with smtp://")),
        _ => return Err(form.to_owned()),
    };
    let decoded = |text: &str| {
        let text = percent_encoding::percent_decode_str(text).decode_utf8();
        text.map(String::from).map_err(|_| "must have a user and password in UTF-8".to_owned())
    };
    let login = match (url.username(), url.password()) {
        ("", None) => None,
        (user, Some(password)) if !user.is_empty() => Some((decoded(user)?, Hidden(decoded(password)?))),
        _ => return Err("must have both user and password, or none".to_owned()),
    };
    Ok(SmtpSettings { host, port: url.port().unwrap_or(port), tls, login })
}

fn is_loopback(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    match Host::parse(&host) {
        Ok(Host::Domain(name)) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|one| one.is_loopback()),
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Err(_) => host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
    }
}

fn mailbox(raw: &str) -> Result<MailboxSetting, String> {
    let form = "must be an email address such as shop@example.com, or Shop <shop@example.com>";
    let (name, address) = match raw.trim().strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((name, address)) => (name.trim().trim_matches('"'), address),
        None => ("", raw.trim()),
    };
    if name.contains(char::is_control) || name.contains(['<', '>']) {
        return Err(form.to_owned());
    }
    let address = EmailAddress::parse(address).map_err(|_| form.to_owned())?;
    Ok(MailboxSetting { name: (!name.is_empty()).then(|| name.to_owned()), address })
}

/// Names of mails, separated by commas.
fn mails(raw: &str) -> Result<Vec<MailTemplate>, String> {
    let items = raw.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(domain(MailTemplate::parse)).collect()
}

fn path(raw: &str) -> Result<String, String> {
    let good = raw.starts_with('/') && !raw.contains(['#', ' ']) && !raw.contains(char::is_control);
    good.then(|| raw.to_owned()).ok_or_else(|| "must be a path such as /reset-password, without a #".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_of_a_mail_server_says_how_it_is_secured_r150() {
        let tls = |raw: &str| smtp_url(raw).map(|smtp| (smtp.host, smtp.port, smtp.tls));
        assert_eq!(tls("smtps://u:p@mail.example.com"), Ok(("mail.example.com".into(), 465, SmtpTls::Implicit)));
        assert_eq!(tls("smtp://mail.example.com:2525"), Ok(("mail.example.com".into(), 2525, SmtpTls::StartTls)));
        for loopback in ["localhost", "127.0.0.1", "[::1]"] {
            let plain = tls(&format!("smtp://{loopback}:25?tls=none")).unwrap();
            assert_eq!((plain.1, plain.2), (25, SmtpTls::None), "{loopback}");
        }
        let login = smtp_url("smtps://a%40b.example:p%2Fq@mail.example.com").unwrap().login.unwrap();
        assert_eq!((login.0.as_str(), login.1.0.as_str()), ("a@b.example", "p/q"));
    }

    #[test]
    fn a_mail_server_elsewhere_is_never_reached_in_the_clear_r150() {
        for raw in [
            "smtp://mail.example.com?tls=none",
            "smtp://10.0.0.1?tls=none",
            "smtps://localhost?tls=none",
            "smtp://localhost?tls=off",
            "http://localhost",
            "mail.example.com:25",
            "smtps://user@mail.example.com",
            "smtps://mail.example.com/inbox",
            "smtps://",
        ] {
            assert!(smtp_url(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn a_mailbox_may_have_a_name_r150() {
        let named = mailbox("\"My Shop\" <shop@example.com>").unwrap();
        assert_eq!((named.name.as_deref(), named.address.as_str()), (Some("My Shop"), "shop@example.com"));
        assert_eq!(mailbox("shop@example.com").unwrap().name, None);
        for raw in ["", "Shop", "Shop <shop>", "a <b <c@example.com>", "a\nBcc: x <c@example.com>"] {
            assert!(mailbox(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn unknown_mails_cannot_be_switched_off_r153() {
        assert_eq!(mails("refund_made, email_verify").unwrap().len(), 2);
        assert!(mails("refund").unwrap_err().contains("order_received"));
    }
}
