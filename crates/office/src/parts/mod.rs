//! Parts of pages.

mod api_calls;
mod api_queries;
mod badge;
mod chart;
mod chosen;
mod confirm;
mod field;
mod finder;
mod icon;
mod json;
mod moment;
mod money;
mod pager;
mod percent;
mod tabs;
mod time;

pub(crate) use api_calls::{api_calls, note_call, note_call_before};
pub(crate) use badge::badge;
pub(crate) use chart::{Bar, bars};
pub(crate) use chosen::{Chosen, MOST_CHOSEN, Picked};
pub(crate) use confirm::{Dialog, dialog, key};
pub(crate) use field::{Field, alert, problems};
pub(crate) use finder::{did_you_mean, finder, finder_with};
pub(crate) use icon::icon;
pub(crate) use json::said;
pub(crate) use moment::{local, typed_moment};
pub(crate) use money::{amount, grouped, money, number, typed_money};
pub(crate) use pager::{SHIPPED, address, download, pager};
pub(crate) use percent::{percent, typed_percent};
pub(crate) use tabs::status_tabs;
pub(crate) use time::{date, machine, moment, time};
