//! The office: pages for the people who run a shop, made by the server. It is a second adapter besides the API, on
//! the same use cases, and works without JavaScript. [`pages`] is the table of its pages; whoever serves them finds the
//! page of a request there and gives it an [`Incoming`].

#![allow(clippy::option_option, reason = "refused, empty and typed are three things, and `?` parts them well")]

mod act;
pub mod assets;
mod bodies;
mod customers;
mod figures;
mod first_start;
mod form;
mod groups;
mod home;
mod host;
mod imports;
mod kept;
mod last_calls;
mod layout;
mod lists;
mod mails;
mod named_pages;
mod notes;
mod orders;
mod origin;
mod page;
mod parts;
mod payments;
mod products;
mod promotions;
mod refunds;
mod refusal;
mod reports;
mod request;
mod search;
mod serve;
mod session;
mod settings;
mod stock;
mod table;
mod waiting;
mod words;

pub use figures::Figures;
pub use host::{About, Arrival, Host, Office, OperationRef, Refusal, Said, SentTable, Setting, SettingValue, Table};
pub use kept::{FirstStart, Kept};
pub use last_calls::LastCalls;
pub use page::{Needs, Page, Sends};
pub use refusal::refusal;
pub use request::{Incoming, Sent};
pub use serve::{Admitted, Served};
pub use session::cookie::{name as cookie_name, secret as cookie_secret};
pub use table::pages;

/// The path below which all pages stand.
pub const ROOT: &str = "/office/";
/// The path of the files that pages load, whose names are in [`assets`].
pub const ASSETS_ROUTE: &str = "/office/assets/{name}";
