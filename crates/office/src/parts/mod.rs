//! Parts of pages.

mod api_calls;
mod badge;
mod chart;
mod confirm;
mod field;
mod finder;
mod icon;
mod money;
mod pager;
mod time;

pub(crate) use api_calls::api_calls;
pub(crate) use badge::badge;
pub(crate) use chart::{Bar, bars};
pub(crate) use confirm::{Dialog, dialog, key};
pub(crate) use field::{Field, problems};
pub(crate) use finder::finder;
pub(crate) use icon::icon;
pub(crate) use money::{amount, money, number, typed_money};
pub(crate) use pager::{address, pager};
pub(crate) use time::{date, time};
