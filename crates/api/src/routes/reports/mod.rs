//! Reports: what the shop sold, what its stock is worth, and what waits to be done.

pub(super) mod sales;
mod sales_body;
pub(super) mod stock;
pub(crate) mod stock_file;
pub(super) mod to_do;

use crate::operation::Tag;

pub(super) const TAG: &Tag = &Tag {
    name: "Reports",
    description: "What the shop sold, what its stock is worth, and what waits to be done. Amounts are in minor units of the \
                  shop's currency.",
};
