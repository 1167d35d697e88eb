//! What handlers get: parsed, checked, and refused before the handler runs.

mod body;
mod client_address;
pub(crate) mod cursor;
mod fields;
mod identity;
mod if_match;
mod json;
mod once;
mod path;
mod query;
mod question;
pub(crate) mod read;

pub(crate) use body::Body;
pub(crate) use client_address::ClientAddress;
pub(crate) use fields::{Fields, FromFields, Nothing, Report};
pub(crate) use identity::{Admin, Caller, Identity, OpenRegistration, Reader, Shopper, access};
pub(crate) use if_match::IfMatch;
pub(crate) use json::Strict;
pub(crate) use once::Once;
pub(crate) use path::Path;
pub(crate) use query::{
    FromQuery, Params, Query, boolean, id as id_parameter, number as number_parameter, time as time_parameter,
};
pub(crate) use question::Question;
