//! The history of an order, and the steps that it tells of.

use super::{EditedPart, Note, Order, OrderStatus, Shipment};
use crate::{Date, UtcDateTime};

/// What happened to an order, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The status from then on. An edit and a correction leave it as it was.
    pub status: OrderStatus,
    /// Time of the change.
    pub at: UtcDateTime,
    /// A note on the change.
    pub note: Option<Note>,
    /// What a correction of the tracking replaced; `None` if it is no correction.
    pub replaced: Option<Shipment>,
    /// What an edit changed; empty if it is no edit.
    pub edited: Vec<EditedPart>,
}

/// A change of an order, with the entry that tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedOrder {
    /// The order after the change.
    pub order: Order,
    /// The entry at the end of its history.
    pub entry: HistoryEntry,
}

/// The status of an order does not allow the change; [`OrderStatus::next`] lists the allowed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepRefused {
    /// The status that does not allow it.
    pub status: OrderStatus,
}

/// The order is not on its way, so that its tracking is not corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotShipped {
    /// The status that the order has instead.
    pub status: OrderStatus,
}

impl HistoryEntry {
    const fn of(status: OrderStatus, at: UtcDateTime) -> Self {
        Self { status, at, note: None, replaced: None, edited: Vec::new() }
    }
}

impl ChangedOrder {
    /// The order as it is now, which has just been changed.
    fn of(order: Order) -> Self {
        let entry = HistoryEntry::of(order.status, order.updated_at);
        Self { order, entry }
    }

    /// The change with this note on its entry; with `None`, without one.
    #[must_use]
    pub fn noted(self, note: Option<Note>) -> Self {
        Self { entry: HistoryEntry { note, ..self.entry }, ..self }
    }

    /// A change that leaves the status as it is, with the parts of the order that it changed.
    pub(super) fn edited(order: Order, edited: Vec<EditedPart>) -> Self {
        let Self { order, entry } = Self::of(order);
        Self { order, entry: HistoryEntry { edited, ..entry } }
    }
}

impl Order {
    /// The entry with which the history of a new order begins.
    pub const fn opening(&self) -> HistoryEntry {
        HistoryEntry::of(self.status, self.placed_at)
    }

    /// The shortest history that leads to its status. The purchase has its time, and all that came after has that of
    /// the last change.
    pub fn shortest_history(&self) -> Vec<HistoryEntry> {
        let at = |status| if status == OrderStatus::Placed { self.placed_at } else { self.updated_at };
        self.status.path_to().into_iter().map(|status| HistoryEntry::of(status, at(status))).collect()
    }

    /// Advances the order to its next status.
    ///
    /// # Errors
    /// If the current status does not allow it, or the new one is `Cancelled`, for which there is [`Order::cancel`].
    pub fn advance(
        &self,
        to: OrderStatus,
        expected_delivery: Option<Date>,
        now: UtcDateTime,
    ) -> Result<ChangedOrder, StepRefused> {
        if to == OrderStatus::Cancelled {
            return Err(self.refuse_step());
        }
        let expected_delivery = expected_delivery.unwrap_or(self.expected_delivery);
        Ok(ChangedOrder::of(Self { expected_delivery, ..self.step(to, now)? }))
    }

    /// Cancels the order. The caller returns its units to stock.
    ///
    /// # Errors
    /// If the status does not allow it.
    pub fn cancel(&self, now: UtcDateTime) -> Result<ChangedOrder, StepRefused> {
        self.step(OrderStatus::Cancelled, now).map(ChangedOrder::of)
    }

    /// The order after a correction of its shipment, which takes the place of `replaced`.
    ///
    /// # Errors
    /// If it is not on its way.
    pub fn corrected(
        &self,
        shipment: &Shipment,
        replaced: Shipment,
        now: UtcDateTime,
    ) -> Result<ChangedOrder, NotShipped> {
        if self.status != OrderStatus::Shipped {
            return Err(NotShipped { status: self.status });
        }
        let expected_delivery = shipment.expected_delivery;
        let ChangedOrder { order, entry } = ChangedOrder::of(Self { expected_delivery, ..self.touched(now) });
        Ok(ChangedOrder { order, entry: HistoryEntry { replaced: Some(replaced), ..entry } })
    }

    fn step(&self, to: OrderStatus, now: UtcDateTime) -> Result<Self, StepRefused> {
        if !self.status.next().contains(&to) {
            return Err(self.refuse_step());
        }
        Ok(Self { status: to, ..self.touched(now) })
    }

    pub(super) fn touched(&self, now: UtcDateTime) -> Self {
        Self { updated_at: now, version: self.version.next(), ..self.clone() }
    }

    const fn refuse_step(&self) -> StepRefused {
        StepRefused { status: self.status }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::CustomerId;
    use crate::orders::{Carrier, OrderId, Placement};
    use crate::{Currency, Shop, Uuid, Version};

    const NOW: UtcDateTime = UtcDateTime::UNIX_EPOCH;

    fn later() -> UtcDateTime {
        NOW + std::time::Duration::from_secs(9)
    }

    fn placed() -> Order {
        let customer_id = CustomerId(Uuid::nil());
        let shop = Shop { currency: Currency::parse("EUR").unwrap(), lead_time_days: 3 };
        let placement = Placement { customer_id, shipping_address: None, note: None };
        Order::place(OrderId(Uuid::nil()), placement, &[], shop, NOW).unwrap()
    }

    fn entry(status: OrderStatus, at: UtcDateTime) -> HistoryEntry {
        HistoryEntry { status, at, note: None, replaced: None, edited: Vec::new() }
    }

    #[test]
    fn each_step_of_an_order_comes_with_the_entry_that_tells_of_it_r64_r66() {
        assert_eq!(placed().opening(), entry(OrderStatus::Placed, NOW));
        let note = Note::parse("Packed").ok();
        let advanced = placed().advance(OrderStatus::Processing, None, later()).unwrap();
        assert_eq!(advanced.entry, entry(OrderStatus::Processing, later()));
        let advanced = advanced.noted(note.clone());
        assert_eq!(advanced.entry, HistoryEntry { note, ..entry(OrderStatus::Processing, later()) });
        let ChangedOrder { order, .. } = advanced;
        assert_eq!((order.status, order.updated_at, order.version), (OrderStatus::Processing, later(), Version(2)));
        assert_eq!(order.cancel(later()).unwrap().entry, entry(OrderStatus::Cancelled, later()));
    }

    #[test]
    fn a_correction_tells_what_it_replaced_and_only_of_an_order_on_its_way_r64() {
        let order = Order { status: OrderStatus::Shipped, ..placed() };
        let expected_delivery = order.expected_delivery;
        let old = Shipment { carrier: None, tracking_number: None, expected_delivery };
        let new = Shipment { carrier: Carrier::parse("DHL").ok(), ..old.clone() };
        let corrected = order.corrected(&new, old.clone(), later()).unwrap();
        let expected = HistoryEntry { replaced: Some(old.clone()), ..entry(OrderStatus::Shipped, later()) };
        assert_eq!((corrected.entry, corrected.order.version), (expected, Version(2)));
        let status = OrderStatus::Placed;
        assert_eq!(placed().corrected(&new, old, later()), Err(NotShipped { status }));
    }

    #[test]
    fn the_shortest_history_has_the_times_of_the_purchase_and_of_the_last_change_r64() {
        assert_eq!(placed().shortest_history(), [placed().opening()]);
        let order = Order { status: OrderStatus::Shipped, updated_at: later(), ..placed() };
        let steps: Vec<_> = order.shortest_history().into_iter().map(|entry| (entry.status, entry.at)).collect();
        let expected =
            [(OrderStatus::Placed, NOW), (OrderStatus::Processing, later()), (OrderStatus::Shipped, later())];
        assert_eq!(steps, expected);
    }
}
