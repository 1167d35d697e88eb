//! Edits: where an order goes and what the buyer wrote, while nothing is shipped. Its lines and its price stay.

use super::{ChangedOrder, Note, Order, OrderStatus, PriceChange};
use crate::UtcDateTime;
use crate::addresses::Address;
use crate::customers::CustomerId;

/// An edit of an order. `None` keeps the value; `Some(None)` removes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderEdit {
    /// Where it goes.
    pub shipping_address: Option<Address>,
    /// What the buyer wrote.
    pub note: Option<Option<Note>>,
}

crate::word::words! {
    /// A part of an order that can be edited.
    EditedPart {
        /// Where it goes.
        ShippingAddress = "shipping_address",
        /// What the buyer wrote.
        Note = "note",
    }
}

/// Why an order is not edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditRefused {
    /// It is shipped or cancelled. Has its status.
    Status(OrderStatus),
    /// Its customer is erased, so that it holds nothing personal.
    Erased,
    /// It would be priced otherwise at the new address.
    Price(Vec<PriceChange>),
}

impl Order {
    /// Whether its status allows edits.
    pub const fn is_editable(&self) -> bool {
        matches!(self.status, OrderStatus::Placed | OrderStatus::Processing)
    }

    /// Refuses what somebody writes about the order, if its customer is not among those that are `known`: it may tell of
    /// the person, and no other erasure comes that would take it away.
    ///
    /// # Errors
    /// [`EditRefused::Erased`].
    pub fn expect_takes_text(&self, known: &[CustomerId]) -> Result<(), EditRefused> {
        if known.contains(&self.customer_id) { Ok(()) } else { Err(EditRefused::Erased) }
    }

    /// The order after an edit; `None` if nothing changes.
    ///
    /// # Errors
    /// If its status does not allow it.
    pub fn edited(&self, edit: &OrderEdit, now: UtcDateTime) -> Result<Option<ChangedOrder>, EditRefused> {
        if !self.is_editable() {
            return Err(EditRefused::Status(self.status));
        }
        let shipping_address = edit.shipping_address.clone().or_else(|| self.shipping_address.clone());
        let note = edit.note.clone().unwrap_or_else(|| self.note.clone());
        let order = Self { shipping_address, note, ..self.touched(now) };
        let edited = order.edited_since(self);
        Ok((!edited.is_empty()).then(|| ChangedOrder::edited(order, edited)))
    }

    /// What differs between an order and the same one before an edit.
    fn edited_since(&self, before: &Self) -> Vec<EditedPart> {
        let differs = |part: &EditedPart| match part {
            EditedPart::ShippingAddress => self.shipping_address != before.shipping_address,
            EditedPart::Note => self.note != before.note,
        };
        EditedPart::ALL.iter().copied().filter(differs).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addresses::{City, CountryCode, PostalCode, Street};
    use crate::orders::{OrderId, Placement};
    use crate::{Code, Currency, Shop, Uuid, Version};

    const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;

    fn order(status: OrderStatus) -> Order {
        let placement = Placement {
            customer_id: CustomerId(Uuid::nil()),
            shipping_address: Some(address("1 Main St")),
            note: Note::parse("Ring twice.").ok(),
        };
        let shop = Shop { currency: Currency::parse("EUR").unwrap(), lead_time_days: 3 };
        let placed = Order::place(OrderId(Uuid::nil()), placement, &[], shop, NOW).unwrap();
        Order { status, ..placed }
    }

    fn address(line1: &str) -> Address {
        Address {
            name: None,
            company: None,
            phone: None,
            line1: Street::parse(line1).unwrap(),
            line2: None,
            city: City::parse("Bonn").unwrap(),
            region: None,
            postal_code: PostalCode::parse("53111").ok(),
            country: CountryCode::parse("DE").unwrap(),
        }
    }

    #[test]
    fn an_order_is_edited_until_it_is_shipped_or_cancelled_r138() {
        let edit = OrderEdit { shipping_address: Some(address("2 Main St")), note: None };
        for status in [OrderStatus::Placed, OrderStatus::Processing] {
            let before = order(status);
            let later = NOW + std::time::Duration::from_secs(9);
            let ChangedOrder { order: edited, entry } = before.edited(&edit, later).unwrap().unwrap();
            assert_eq!((edited.version, edited.updated_at.unix_timestamp()), (Version(2), 9));
            assert_eq!((entry.status, entry.at), (status, later));
            assert_eq!(entry.edited, [EditedPart::ShippingAddress]);
            assert_eq!((&edited.note, edited.status, edited.total), (&before.note, status, before.total));
        }
        for status in [OrderStatus::Shipped, OrderStatus::Delivered, OrderStatus::Cancelled] {
            assert_eq!(order(status).edited(&edit, NOW), Err(EditRefused::Status(status)));
        }
    }

    #[test]
    fn a_note_is_taken_away_and_what_stays_is_no_edit_r138() {
        let before = order(OrderStatus::Placed);
        let without = before.edited(&OrderEdit { note: Some(None), ..OrderEdit::default() }, NOW).unwrap().unwrap();
        assert_eq!((without.order.note, without.entry.edited), (None, vec![EditedPart::Note]));
        let same = OrderEdit { shipping_address: before.shipping_address.clone(), note: Some(before.note.clone()) };
        for edit in [OrderEdit::default(), same] {
            assert_eq!(before.edited(&edit, NOW), Ok(None));
        }
    }

    #[test]
    fn an_order_takes_no_text_once_its_customer_is_erased_r138_r276() {
        let order = order(OrderStatus::Delivered);
        assert_eq!(order.expect_takes_text(&[order.customer_id]), Ok(()));
        for known in [&[][..], &[CustomerId(Uuid::from_u128(9))]] {
            assert_eq!(order.expect_takes_text(known), Err(EditRefused::Erased));
        }
    }

    #[test]
    fn a_part_reads_as_it_is_written_r138() {
        for part in EditedPart::ALL {
            assert_eq!(EditedPart::parse(part.as_str()), Ok(*part));
        }
        assert_eq!(EditedPart::parse("total").unwrap_err().code, Code::NotAllowed);
    }
}
