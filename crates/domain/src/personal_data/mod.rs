//! The map of personal data: every column that holds some, how it is exported, and how it is erased. Export and erasure
//! are made from it. A contract test fails for a column with text that is not here and not known to hold none.

mod map;
mod ports;

pub use map::PERSONAL_DATA;
pub use ports::*;

use crate::accounts::Account;
use crate::customers::CustomerId;
use crate::{UtcDateTime, Uuid};

/// Somebody of whom data is kept: a customer, an account, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The customer; `None` for staff without one.
    pub customer_id: Option<CustomerId>,
    /// The account; `None` for a customer without one.
    pub account: Option<Account>,
}

/// A table with rows about persons.
#[derive(Debug, Clone, Copy)]
pub struct PersonalTable {
    /// Its name.
    pub table: &'static str,
    /// By which of its columns the rows of a person are found.
    pub owner: Owner,
    /// The name of its part in an export; `None` if nothing of it is exported, because another part says the same.
    pub export: Option<&'static str>,
    /// Its columns with personal data, and those that an export needs beside them.
    pub columns: &'static [PersonalColumn],
    /// What happens to its rows when the person is erased.
    pub erasure: Erasure,
}

/// A column of such a table.
#[derive(Debug, Clone, Copy)]
pub struct PersonalColumn {
    /// The name of the column in the database.
    pub name: &'static str,
    /// What it holds, if it is exported.
    pub export: Option<Form>,
    /// What it holds after an erasure that keeps its row.
    pub erased: Erased,
}

/// By which column the rows of a person are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The id of the customer.
    Customer(&'static str),
    /// The id of the account.
    Account(&'static str),
    /// The id of an order of the customer.
    Order(&'static str),
    /// The id of a payment of the customer.
    Payment(&'static str),
    /// The id of the customer or of the account; and of the customer alone where its account is gone.
    Either {
        /// The id of one of them.
        id: &'static str,
        /// The id of the customer, in rows about an account that was deleted.
        customer: &'static str,
    },
    /// The key of the email address of the customer.
    Mailbox(&'static str),
    /// The key under which failed logins with the account are counted.
    ThrottleKey,
}

/// What an erasure does to the rows of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// They are deleted.
    Rows,
    /// They stay, and their personal columns are emptied. What else changes in them is named.
    Columns(&'static [(&'static str, Touch)]),
    /// They stay as they are: they tell what was sold, and of nobody.
    Nothing,
}

/// A change of a column beside those that are erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// To this number.
    Set(i64),
    /// To one more than it was, as a version is raised.
    OneMore,
    /// To the time of the erasure.
    Now,
}

/// What a column holds after an erasure that keeps its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// Left as it is: it is not personal.
    Kept,
    /// Nothing.
    Null,
    /// This text in place of the personal one.
    Text(&'static str),
}

/// The kind of an exported value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text.
    Text,
    /// A number.
    Number,
    /// True or false.
    Flag,
    /// An id.
    Id,
    /// A point in time.
    Time,
    /// A text in JSON.
    Json,
}

/// A value in an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exported {
    /// There is none.
    Nothing,
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
    /// True or false.
    Flag(bool),
    /// An id.
    Id(Uuid),
    /// A point in time.
    Time(UtcDateTime),
    /// A text in JSON.
    Json(String),
}

/// A row in an export: values by the names of their columns.
pub type ExportedRow = Vec<(&'static str, Exported)>;

/// All that is kept of a person: parts by name, each with its rows.
pub type PersonalData = Vec<(&'static str, Vec<ExportedRow>)>;
