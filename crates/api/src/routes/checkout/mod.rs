//! Checkout: what a purchase costs.

mod amounts;
mod body;
mod item;
mod purchase;
pub(super) mod quote;

pub(crate) use amounts::{AdjustmentBody, TaxBody, TotalsBody};
pub(crate) use item::ItemBody;
pub(crate) use purchase::{PurchaseFields, clients};

use crate::operation::Tag;

pub(super) const TAG: &Tag = &Tag { name: "Checkout", description: "What a purchase costs, and how it is shipped." };
