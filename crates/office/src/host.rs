use std::borrow::Cow;
use std::fs::File;
use std::sync::Arc;

use actix_web::HttpResponse;
use application::accounts::{ChangePassword, Login, PasswordHasher};
use application::attributes::Taxonomies;
use application::checkout::PriceBooks;
use application::customers::ExportPerson;
use application::imports::BulkUpdate;
use application::keys::KeySecrets;
use application::media::Pictures;
use application::payments::Payments;
use application::sessions::Sessions;
use application::{Clock, Error, Fingerprint, Ids, Queries, Runner};
use domain::catalogue::CatalogueCounts;
use domain::customers::CustomerFilter;
use domain::imports::{BulkChange, ImportId};
use domain::mails::MailSwitches;
use domain::orders::OrderFilter;
use domain::personal_data::PersonalData;
use domain::pricing::Calendar;
use domain::products::{ProductFilter, ProductSort};
use domain::reports::ToDo;
use domain::stock::StockFilter;
use domain::webhooks::{EndpointSecrets, Networks};
use domain::{Cursor, Shop};
use futures_util::future::LocalBoxFuture;

use crate::figures::Figures;
use crate::kept::{FirstStart, Kept};
use crate::last_calls::LastCalls;

/// The ports and the settings behind the pages.
pub struct Office {
    /// Writes.
    pub runner: Runner,
    /// Reads.
    pub queries: Queries,
    /// Says what may have been searched for.
    pub counts: Arc<dyn CatalogueCounts>,
    /// Logs people in.
    pub login: Login,
    /// Changes the passwords of those who know them.
    pub change_password: ChangePassword,
    /// Reads all that is kept of a person.
    pub export_person: ExportPerson,
    /// Hashes the passwords that are set for others.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Makes the secrets of API keys.
    pub key_secrets: Arc<dyn KeySecrets>,
    /// Makes the secrets of webhook endpoints; `None` if the settings have no key for it.
    pub endpoint_secrets: Option<Arc<dyn EndpointSecrets>>,
    /// Networks that webhooks may reach although they are not public.
    pub webhook_networks: Networks,
    /// Finds sessions.
    pub sessions: Sessions,
    /// Takes pictures.
    pub pictures: Pictures,
    /// Asks payment providers.
    pub payments: Payments,
    /// Gives the price book.
    pub books: Arc<dyn PriceBooks>,
    /// Knows the attributes and the categories.
    pub taxonomies: Arc<dyn Taxonomies>,
    /// Which mails the shop sends.
    pub mails: MailSwitches,
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
    /// What waits to be done.
    pub waiting: Kept<ToDo>,
    /// What a new shop still needs.
    pub first_start: FirstStart,
    /// What the latest actions are in the API.
    pub last_calls: LastCalls,
    /// What the server around the office does for it.
    pub host: Arc<dyn Host>,
}

impl Office {
    /// What waits: what is kept, or else what is counted now.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(crate) async fn waits(&self) -> Result<Arc<ToDo>, Error> {
        let count = async { Ok(self.queries.reports.to_do(ToDo::MOST).await?) };
        self.waiting.get(self.clock.now(), count).await
    }
}

/// What the server says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The version of the program.
    pub version: &'static str,
    /// The keys of the configuration, section by section. None of it is a secret.
    pub settings: Vec<Setting>,
    /// Whether a database server keeps the data, and no file of this server.
    pub has_database_server: bool,
    /// The most bytes of a file that is imported.
    pub most_import_bytes: u64,
}

/// A key of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The key, such as `shop.name`.
    pub key: &'static str,
    /// What is shown of its value.
    pub value: SettingValue,
    /// Where the value comes from, such as `default`.
    pub source: String,
    /// What the key means and what is allowed. Code stands in backticks.
    pub meaning: &'static str,
}

/// What is shown of the value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingValue {
    /// The value.
    Text(String),
    /// That there is one.
    Secret,
    /// That there is none.
    Missing,
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

    /// All that is kept of a person, as the file that the API gives.
    ///
    /// # Errors
    /// [`Error::Internal`] if it cannot be written.
    fn personal_file(&self, data: PersonalData) -> Result<Vec<u8>, Error>;

    /// Opens a table that was sent.
    ///
    /// # Errors
    /// If it is no table.
    fn open_table(&self, table: SentTable) -> LocalBoxFuture<'_, Result<Arrival, Error>>;

    /// A table that may be large, sent as it is read.
    ///
    /// # Errors
    /// If there is nothing to be written in it, or the database does not answer.
    fn table(&self, table: Table) -> LocalBoxFuture<'_, Result<HttpResponse, Error>>;

    /// The body of a request of the API with these members.
    fn body(&self, members: &[(String, Said)]) -> String;

    /// A change of many products that is the body of a request with these members, and what it means.
    ///
    /// # Errors
    /// If the API would refuse it.
    fn bulk_change(&self, members: &[(String, Said)]) -> Result<(BulkChange, BulkUpdate), Error>;

    /// Why the server is not ready, in words; `None` if it is.
    fn unready(&self) -> LocalBoxFuture<'_, Option<String>>;

    /// The database with its version, such as `SQLite 3.50.4`; `None` if it does not answer.
    fn database(&self) -> LocalBoxFuture<'_, Option<String>>;

    /// The operation of the API with this id.
    fn operation(&self, id: &str) -> Option<OperationRef>;
}

/// A table that was sent.
pub struct SentTable {
    /// Where it is, and ends with this.
    pub file: File,
    /// Bytes.
    pub length: u64,
}

/// A table that was sent for an import, opened.
pub struct Arrival {
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Stores its rows for an import, while nobody waits for it.
    pub receive: Box<dyn FnOnce(ImportId)>,
}

/// A table that may be large.
#[derive(Debug, Clone)]
pub enum Table {
    /// Orders, with a row for each line.
    Orders(Box<OrderFilter>),
    /// Products, with the columns that an import reads.
    Products(Box<ProductFilter>, ProductSort),
    /// Customers, with a row for each.
    Customers(CustomerFilter),
    /// What is low, each with its open restock.
    LowStock(StockFilter),
    /// What the units on hand are worth.
    StockValues,
    /// The refused rows of an import.
    FailedRows(ImportId),
    /// What an import has changed, as it was.
    RowsBefore(ImportId),
}

/// The value of a member of a body, whose name has a dot where it stands in an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// Yes or no.
    Flag(bool),
    /// null, which takes a value away.
    Nothing,
}

/// An operation of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationRef {
    /// The method of HTTP, in capitals.
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
