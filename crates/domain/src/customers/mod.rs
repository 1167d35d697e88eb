//! Customers: the people who buy.

mod email;
mod exemption;
mod filter;
mod idle;
mod phone;
mod ports;

pub use email::EmailAddress;
pub use exemption::Exemption;
pub use filter::{CustomerFilter, CustomerSort};
pub use idle::{AccountActivity, LastActivity, OrderActivity};
pub use phone::PhoneNumber;
pub use ports::*;

use crate::{UniqueKey, UtcDateTime, Version};

crate::id::id! {
    /// The id of a customer.
    CustomerId
}

crate::text::text! {
    /// A customer's name: 1 to 200 characters.
    CustomerName, 1, 200, One
}

/// A person who buys. Personal data is stored here and in addresses and notes of orders, nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// A `UUIDv7`: sorts by time of creation.
    pub id: CustomerId,
    /// What the customer is called: 1 to 200 characters.
    pub name: CustomerName,
    /// The email address, unique regardless of case.
    pub email: EmailAddress,
    /// In E.164: a plus and 7 to 15 digits.
    pub phone: PhoneNumber,
    /// Why the customer owes no tax, if it owes none. Only staff set it.
    pub tax_exempt: Option<Exemption>,
    /// Time of creation.
    pub created_at: UtcDateTime,
    /// Time of the last change.
    pub updated_at: UtcDateTime,
    /// 1 when created, one more with each change.
    pub version: Version,
}

/// What a list says of a customer that its items name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerSummary {
    /// By which the items of the list name the customer.
    pub id: CustomerId,
    /// What the customer is called: 1 to 200 characters.
    pub name: CustomerName,
    /// The email address, unique regardless of case.
    pub email: EmailAddress,
}

/// The input for a new customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerDetails {
    /// What the customer is called: 1 to 200 characters.
    pub name: CustomerName,
    /// The email address. It must not belong to another customer, regardless of case.
    pub email: EmailAddress,
    /// In E.164: a plus and 7 to 15 digits.
    pub phone: PhoneNumber,
}

impl Customer {
    /// The email address, regardless of case.
    pub const UNIQUE_EMAIL: UniqueKey = UniqueKey { field: "email", taken: "belongs to another customer" };

    /// A new customer, at its first version, created at `now`.
    pub fn new(id: CustomerId, details: CustomerDetails, now: UtcDateTime) -> Self {
        let CustomerDetails { name, email, phone } = details;
        Self { id, name, email, phone, tax_exempt: None, created_at: now, updated_at: now, version: Version::FIRST }
    }

    /// What a list says of the customer.
    pub fn summary(self) -> CustomerSummary {
        CustomerSummary { id: self.id, name: self.name, email: self.email }
    }

    /// The customer after a change, unchanged if the change has no effect.
    #[must_use]
    pub fn changed(&self, change: &CustomerChange, now: UtcDateTime) -> Self {
        let CustomerChange { name, email, phone, tax_exempt } = change.clone();
        let after = Self {
            name: name.unwrap_or_else(|| self.name.clone()),
            email: email.unwrap_or_else(|| self.email.clone()),
            phone: phone.unwrap_or_else(|| self.phone.clone()),
            tax_exempt: tax_exempt.unwrap_or(self.tax_exempt),
            ..self.clone()
        };
        if after == *self { after } else { Self { updated_at: now, version: self.version.next(), ..after } }
    }
}

impl Customer {
    /// The customer with name and address as they are parsed today; what is refused today stays as it is.
    #[must_use]
    pub fn renewed(self) -> Self {
        Self {
            name: CustomerName::parse(self.name.as_str()).unwrap_or(self.name),
            email: EmailAddress::parse(self.email.as_str()).unwrap_or(self.email),
            ..self
        }
    }
}

/// A change of a customer. `None` keeps the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerChange {
    /// The new name; `None` keeps it.
    pub name: Option<CustomerName>,
    /// The new email address; `None` keeps it.
    pub email: Option<EmailAddress>,
    /// The new phone number; `None` keeps it.
    pub phone: Option<PhoneNumber>,
    /// Why the customer owes no tax; `Some(None)` if it owes it.
    pub tax_exempt: Option<Option<Exemption>>,
}
