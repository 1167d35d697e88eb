use std::borrow::Cow;
use std::sync::Arc;

use application::accounts::{ChangePassword, Login, PasswordHasher};
use application::keys::KeySecrets;
use application::media::Pictures;
use application::payments::Payments;
use application::sessions::Sessions;
use application::{Clock, Error, Fingerprint, Ids, Queries, Runner};
use domain::pricing::Calendar;
use domain::{Cursor, Shop};

use crate::home::Figures;
use crate::kept::Kept;

/// The ports and the settings behind the pages.
pub struct Office {
    /// Writes.
    pub runner: Runner,
    /// Reads.
    pub queries: Queries,
    /// Logs people in.
    pub login: Login,
    /// Changes the passwords of those who know them.
    pub change_password: ChangePassword,
    /// Hashes the passwords that are set for others.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Makes the secrets of API keys.
    pub key_secrets: Arc<dyn KeySecrets>,
    /// Finds sessions.
    pub sessions: Sessions,
    /// Takes pictures.
    pub pictures: Pictures,
    /// Asks payment providers.
    pub payments: Payments,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes the keys of forms.
    pub ids: Arc<dyn Ids>,
    /// Tells days and times where the shop is.
    pub calendar: Arc<dyn Calendar>,
    /// The shop's settings.
    pub shop: Shop,
    /// The name of the shop.
    pub shop_name: String,
    /// What URLs of pictures begin with; empty for paths on this server.
    pub media_base: String,
    /// What the server says of itself.
    pub about: About,
    /// What the first page shows of sales.
    pub figures: Kept<Figures>,
    /// What the server around the office does for it.
    pub host: Arc<dyn Host>,
}

/// What the server says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The version of the program.
    pub version: &'static str,
    /// Keys of the configuration, each with its value; empty if it is not set. None is a secret.
    pub settings: Vec<(&'static str, String)>,
}

/// What the server around the office does for it.
pub trait Host: Send + Sync {
    /// What a use case's refusal means, in the words of the API.
    fn explain(&self, error: Error) -> Refusal;

    /// A keyed hash of the parts of a request.
    fn fingerprint(&self, parts: &[&[u8]]) -> Fingerprint;

    /// The place in a list, as it stands in an address.
    fn cursor(&self, list: &str, cursor: &Cursor) -> String;

    /// The place that [`Host::cursor`] has written for the same list.
    fn read_cursor(&self, list: &str, text: &str) -> Option<Cursor>;

    /// A table as CSV (RFC 4180), without formulas.
    ///
    /// # Errors
    /// [`Error::Internal`] if it cannot be written.
    fn csv(&self, head: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, Error>;

    /// The operation of the API with this id.
    fn operation(&self, id: &str) -> Option<OperationRef>;
}

/// An operation of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationRef {
    /// Its method.
    pub method: &'static str,
    /// Its path, such as `/api/v1/orders/{id}`.
    pub path: &'static str,
}

/// Why something was refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a word or two.
    pub title: Cow<'static, str>,
    /// What happened, for people.
    pub detail: Cow<'static, str>,
    /// Refused fields, each with what is allowed.
    pub fields: Vec<(String, Cow<'static, str>)>,
}
