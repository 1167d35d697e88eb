use domain::{Date, UtcDateTime, Uuid};
use paperclip::actix::Apiv2Schema;
use paperclip::v2::models::{DataType, DataTypeFormat};
use paperclip::v2::schema::TypedData;
use serde::{Serialize, Serializer};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

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
    pub(crate) currency: &'static str,
}

impl From<domain::Money> for Money {
    fn from(money: domain::Money) -> Self {
        Self { amount: money.amount, currency: money.currency.code() }
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

macro_rules! text_of {
    ($($name:ident = $format:ident),*) => {$(
        impl TypedData for $name {
            fn data_type() -> DataType {
                DataType::String
            }

            fn format() -> Option<DataTypeFormat> {
                Some(DataTypeFormat::$format)
            }
        }
    )*};
}

text_of!(Timestamp = DateTime, Day = Date, Id = Uuid);
