//! Reports: what the shop sold, and what its stock is worth.

pub(super) mod sales;
mod sales_body;
pub(super) mod stock;
pub(crate) mod stock_file;

use crate::operation::Tag;

pub(super) const TAG: &Tag = &Tag {
    name: "Reports",
    description: "What the shop sold, and what its stock is worth. Amounts are in minor units of the shop's currency.",
};
