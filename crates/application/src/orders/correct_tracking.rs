use async_trait::async_trait;
use domain::events::Event;
use domain::orders::{ChangedOrder, NotShipped, Note, Order, OrderId, OrderScope, Shipment, ShipmentChange};
use domain::{Uuid, Version};

use super::advance::lock_order;
use super::text::expect_takes_text;
use crate::audit_trail::{Audited, audit, field, optional};
use crate::events::append_event;
use crate::{Command, Conflict, Ctx, Error, Field, Tx, expect_version};

/// Corrects carrier, tracking number and expected day of an order that is on its way. The history keeps what they were.
#[derive(Debug, Clone)]
pub struct CorrectTracking {
    /// The order. It must be on its way.
    pub id: OrderId,
    /// What changes of carrier, tracking number and expected day.
    pub change: ShipmentChange,
    /// A note for the history.
    pub note: Option<Note>,
    /// The version that the caller expects; `None` for any.
    pub expected: Option<Version>,
}

#[async_trait]
impl Command for CorrectTracking {
    type Output = Version;
    const NAME: &'static str = "orders.correct_tracking";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Version, Error> {
        let before = lock_order(tx, self.id, OrderScope::All).await?;
        expect_version(self.expected, before.version)?;
        let old = tx.orders().shipment(&before).await?;
        let shipment = old.changed(&self.change);
        let corrected = before.corrected(&shipment, old.clone(), ctx.now)?;
        if shipment == old && self.note.is_none() {
            return Ok(before.version);
        }
        let ChangedOrder { order, entry } = corrected.noted(self.note.clone());
        if self.note.is_some() {
            expect_takes_text(tx, &order).await?;
        }
        tx.orders().correct(&order, &shipment, &entry).await?;
        append_event(tx, ctx, Event::order_updated(&order)).await?;
        let (old, new) = (Sent(self.id, old), Sent(self.id, shipment));
        audit(tx, ctx, Self::NAME, Some(&old), Some(&new)).await?;
        Ok(order.version)
    }
}

impl From<NotShipped> for Error {
    fn from(NotShipped { status }: NotShipped) -> Self {
        Conflict::NotShipped(status).into()
    }
}

/// A shipment in the audit log, as part of its order.
struct Sent(OrderId, Shipment);

impl Audited for Sent {
    const RESOURCE: &'static str = Order::RESOURCE;

    fn resource_id(&self) -> Uuid {
        self.0.0
    }

    fn fields(&self) -> Vec<Field> {
        let Shipment { carrier, tracking_number, expected_delivery } = &self.1;
        vec![
            optional("carrier", carrier.as_ref()),
            optional("tracking_number", tracking_number.as_ref()),
            field("expected_delivery", expected_delivery),
        ]
    }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::testing::{Mocks, id, order, run};
    use domain::orders::{Carrier, EditRefused, HistoryEntry, OrderStatus};

    fn correct(carrier: Option<&str>, expected: Option<Version>) -> CorrectTracking {
        let carrier = Some(carrier.map(|carrier| Carrier::parse(carrier).unwrap()));
        let change = ShipmentChange { carrier, ..ShipmentChange::default() };
        CorrectTracking { id: OrderId(id(30)), change, note: None, expected }
    }

    fn order_in(status: OrderStatus) -> Mocks {
        let mut tx = Mocks::default();
        tx.orders.expect_lock().once().returning(move |_, _| Ok(Some(Order { status, ..order() })));
        tx.orders.expect_shipment().returning(|order| {
            let carrier = Carrier::parse("UPS").ok();
            Ok(Shipment { carrier, tracking_number: None, expected_delivery: order.expected_delivery })
        });
        tx
    }

    #[tokio::test]
    async fn a_correction_keeps_in_the_history_what_it_replaces() {
        let mut tx = order_in(OrderStatus::Shipped);
        let keeps = |_: &Order, shipment: &Shipment, entry: &HistoryEntry| {
            let old = entry.replaced.as_ref().unwrap();
            let is = |shipment: &Shipment| shipment.carrier.as_ref().map(ToString::to_string);
            (is(shipment), is(old)) == (Some("DHL".to_owned()), Some("UPS".to_owned()))
        };
        tx.orders.expect_correct().once().withf(keeps).returning(|_, _, _| Ok(()));
        tx.expect_events([EventType::OrderUpdated]);
        assert_eq!(run(&correct(Some("DHL"), Some(Version(1))), &mut tx).await.unwrap(), Version(2));
    }

    #[tokio::test]
    async fn nothing_is_written_when_nothing_changes_or_the_caller_saw_an_older_order() {
        let same = run(&correct(Some("UPS"), None), &mut order_in(OrderStatus::Shipped)).await;
        assert_eq!(same.unwrap(), Version(1));
        let stale = run(&correct(Some("DHL"), Some(Version(9))), &mut order_in(OrderStatus::Shipped)).await;
        assert!(matches!(stale, Err(Error::Stale(Version(1)))));
    }

    #[tokio::test]
    async fn an_order_of_an_erased_customer_is_corrected_and_takes_no_note_r276() {
        let mut tx = order_in(OrderStatus::Shipped);
        tx.orders.expect_correct().once().returning(|_, _, _| Ok(()));
        tx.expect_events([EventType::OrderUpdated]);
        run(&correct(Some("DHL"), None), &mut tx).await.unwrap();
        let mut tx = order_in(OrderStatus::Shipped);
        tx.customers.expect_known().once().returning(|_| Ok(Vec::new()));
        let note = Note::parse("For Ann").ok();
        let refused = run(&CorrectTracking { note, ..correct(Some("DHL"), None) }, &mut tx).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::NotEdited(EditRefused::Erased))), "{refused}");
    }

    #[tokio::test]
    async fn only_an_order_on_its_way_can_be_corrected() {
        for status in [OrderStatus::Placed, OrderStatus::Processing, OrderStatus::Delivered, OrderStatus::Cancelled] {
            let refused = run(&correct(None, None), &mut order_in(status)).await.unwrap_err();
            assert!(matches!(refused, Error::Conflict(Conflict::NotShipped(was)) if was == status));
        }
    }
}
