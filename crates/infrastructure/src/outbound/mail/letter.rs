use std::str::FromStr;
use std::time::SystemTime;

use application::mails::Letter;
use domain::customers::EmailAddress;
use lettre::Address;
use lettre::address::AddressError;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};

use super::templates::Written;

/// Who mails are from.
#[derive(Debug, Clone)]
pub struct Sender {
    /// What it is called.
    pub name: Option<String>,
    /// The address without the name.
    pub address: EmailAddress,
}

impl Sender {
    fn mailbox(&self) -> Result<Mailbox, AddressError> {
        Ok(Mailbox::new(self.name.clone(), Address::from_str(self.address.as_str())?))
    }

    /// The domain of the address.
    pub(super) fn domain(&self) -> &str {
        self.address.as_str().rsplit_once('@').map_or("localhost", |(_, domain)| domain)
    }
}

/// A mail in the form in which it is sent. Written again, it has the same `Message-ID`.
///
/// # Errors
/// If an address is one that mails cannot go to.
pub fn message(
    letter: &Letter,
    written: Written,
    from: &Sender,
    reply_to: Option<&Sender>,
) -> Result<Message, lettre::error::Error> {
    let refused = |_| lettre::error::Error::MissingTo;
    let to = Mailbox::new(None, Address::from_str(letter.to.as_str()).map_err(refused)?);
    let id = format!("<{}@{}>", letter.id, from.domain());
    let mut builder = Message::builder()
        .message_id(Some(id))
        .date(SystemTime::from(letter.at))
        .from(from.mailbox().map_err(|_| lettre::error::Error::MissingFrom)?)
        .to(to)
        .subject(written.subject)
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    if let Some(reply_to) = reply_to {
        builder = builder.reply_to(reply_to.mailbox().map_err(|_| lettre::error::Error::MissingFrom)?);
    }
    builder.multipart(MultiPart::alternative_plain_html(written.text, written.html))
}
