use std::marker::PhantomData;

use domain::{Currency, Date, Ruled, UtcDateTime, Uuid};
use serde::{Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use crate::schema::{self, Apiv2Schema, DefaultSchemaRaw};

/// A point in time, in RFC 3339 and UTC.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timestamp(pub(crate) UtcDateTime);

/// A day, as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day(pub(crate) Date);

/// An id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Id(pub(crate) Uuid);

/// An amount of money in the minor unit of its currency.
#[derive(Debug, Clone, Copy, Serialize, Apiv2Schema)]
pub(crate) struct Money {
    /// Minor units: cents for USD, yen for JPY.
    pub(crate) amount: i64,
    /// The ISO 4217 code.
    pub(crate) currency: Word<Currency>,
}

/// A word that means one of the values of `T`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word<T>(&'static str, PhantomData<T>);

impl<T> From<&'static str> for Word<T> {
    fn from(word: &'static str) -> Self {
        Self(word, PhantomData)
    }
}

impl<T> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<T: Ruled> Apiv2Schema for Word<T> {
    fn raw_schema() -> DefaultSchemaRaw {
        schema::with_schema(schema::of(&T::rule()))
    }
}

/// A value that is a text in JSON, as that text.
pub(crate) fn text_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

impl From<domain::Money> for Money {
    fn from(money: domain::Money) -> Self {
        Self { amount: money.amount, currency: money.currency.code().into() }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.format(&Rfc3339).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.format(format_description!("[year]-[month]-[day]")).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.as_hyphenated())
    }
}

schema::text_format!(Timestamp = DateTime, Day = Date, Id = Uuid);
