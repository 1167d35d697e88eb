use domain::Price;
use domain::products::{Barcode, Particulars, ParticularsChange};

use crate::extract::Fields;
use crate::extract::read::{moment, object, text};

/// Reads what a new product may have besides its texts and its price.
pub(crate) fn particulars(fields: &mut Fields<'_>) -> Option<Particulars> {
    let barcode = fields.optional("barcode", &text(Barcode::parse));
    let compare_at_price = fields.optional("compare_at_price", &object::<Price>());
    let available_from = fields.optional("available_from", &moment());
    let available_until = fields.optional("available_until", &moment());
    Some(Particulars {
        barcode: barcode?,
        compare_at_price: compare_at_price?,
        available_from: available_from?,
        available_until: available_until?,
    })
}

/// Reads changes of the same; null takes away.
pub(super) fn particulars_change(fields: &mut Fields<'_>) -> Option<ParticularsChange> {
    let barcode = fields.change_or_clear("barcode", &text(Barcode::parse));
    let compare_at_price = fields.change_or_clear("compare_at_price", &object::<Price>());
    let available_from = fields.change_or_clear("available_from", &moment());
    let available_until = fields.change_or_clear("available_until", &moment());
    Some(ParticularsChange {
        barcode: barcode?,
        compare_at_price: compare_at_price?,
        available_from: available_from?,
        available_until: available_until?,
    })
}
