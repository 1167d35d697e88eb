use async_trait::async_trait;
use domain::events::Event;
use domain::orders::{
    ChangedOrder, Note, Order, OrderId, OrderScope, OrderStatus, Parcel, PaymentMissing, StepRefused,
};
use domain::{Date, Money};

use super::text::expect_takes_text;
use crate::audit_trail::audit;
use crate::events::append_event;
use crate::{Command, Conflict, Ctx, Error, Tx};

/// Advances an order to its next status.
#[derive(Debug, Clone)]
pub struct AdvanceOrder {
    /// The order whose status changes.
    pub id: OrderId,
    /// The status that is wanted. It must be one that the current one allows.
    pub to: OrderStatus,
    /// Whether an order that is only placed is prepared before. Then it takes both steps, or none.
    pub prepares: bool,
    /// Carrier and tracking number; `None` keeps the value.
    pub parcel: Parcel,
    /// The new expected day of delivery; `None` keeps the value.
    pub expected_delivery: Option<Date>,
    /// A note for the history.
    pub note: Option<Note>,
}

#[async_trait]
impl Command for AdvanceOrder {
    type Output = Order;
    const NAME: &'static str = "orders.advance";

    async fn run(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>) -> Result<Order, Error> {
        let mut order = lock_order(tx, self.id, OrderScope::All).await?;
        if self.prepares && order.status == OrderStatus::Placed {
            order = Self::to(self.id, OrderStatus::Processing).take(tx, ctx, &order).await?;
        }
        self.take(tx, ctx, &order).await
    }
}

impl AdvanceOrder {
    /// The step to a status, of which nothing more is said.
    pub fn to(id: OrderId, to: OrderStatus) -> Self {
        Self { id, to, prepares: false, parcel: Parcel::default(), expected_delivery: None, note: None }
    }

    async fn take(&self, tx: &mut dyn Tx, ctx: &Ctx<'_>, before: &Order) -> Result<Order, Error> {
        let advanced = before.advance(self.to, self.expected_delivery, ctx.now)?;
        let ChangedOrder { order, entry } = advanced.noted(self.note.clone());
        expect_paid(&order)?;
        if self.note.is_some() {
            expect_takes_text(tx, &order).await?;
        }
        tx.orders().advance(&order, &self.parcel, &entry).await?;
        append_event(tx, ctx, Event::order_status_changed(&order, before.status)).await?;
        audit(tx, ctx, Self::NAME, Some(before), Some(&order)).await?;
        Ok(order)
    }
}

/// An order that nobody has to pay has no balance.
fn expect_paid(order: &Order) -> Result<(), Error> {
    let Some(balance) = &order.balance else { return Ok(()) };
    balance.allow(order.status).map_err(|PaymentMissing { status, due }| {
        let due = Money { amount: due, currency: order.total.currency };
        Conflict::PaymentRequired { status, due }.into()
    })
}

/// Locks an order.
///
/// # Errors
/// [`Error::NotFound`] if it does not exist or is not within `scope`.
pub(super) async fn lock_order(tx: &mut dyn Tx, id: OrderId, scope: OrderScope) -> Result<Order, Error> {
    tx.orders().lock(id, scope).await?.ok_or(Error::NotFound("order"))
}

impl From<StepRefused> for Error {
    fn from(StepRefused { status }: StepRefused) -> Self {
        Conflict::OrderStep { status, allowed: status.next() }.into()
    }
}

#[cfg(test)]
mod tests {
    use domain::events::EventType;

    use super::*;
    use crate::testing::{Mocks, id, order, run};
    use domain::orders::{EditRefused, HistoryEntry};

    fn advance(to: OrderStatus) -> AdvanceOrder {
        AdvanceOrder::to(OrderId(id(30)), to)
    }

    fn order_in(status: OrderStatus) -> Mocks {
        let mut tx = Mocks::default();
        tx.orders.expect_lock().once().returning(move |_, _| Ok(Some(Order { status, ..order() })));
        tx
    }

    #[tokio::test]
    async fn advancing_an_order_adds_an_entry_to_its_history_r66() {
        let mut tx = order_in(OrderStatus::Processing);
        let says = |_: &_, _: &_, entry: &HistoryEntry| entry.status == OrderStatus::Shipped;
        tx.orders.expect_advance().once().withf(says).returning(|_, _, _| Ok(()));
        tx.expect_events([EventType::OrderStatusChanged]);
        let shipped = run(&advance(OrderStatus::Shipped), &mut tx).await.unwrap();
        assert_eq!(shipped.version, order().version.next());
    }

    #[tokio::test]
    async fn a_step_of_an_order_of_an_erased_customer_takes_no_note_r66_r276() {
        for (is_known, known) in [(true, vec![order().customer_id]), (false, vec![])] {
            let mut tx = order_in(OrderStatus::Processing);
            tx.customers.expect_known().once().return_once(|_| Ok(known));
            tx.orders.expect_advance().times(usize::from(is_known)).returning(|_, _, _| Ok(()));
            tx.expect_events(is_known.then_some(EventType::OrderStatusChanged));
            let note = Note::parse("For Ann").ok();
            match run(&AdvanceOrder { note, ..advance(OrderStatus::Shipped) }, &mut tx).await {
                Ok(_) => assert!(is_known),
                Err(Error::Conflict(Conflict::NotEdited(EditRefused::Erased))) => assert!(!is_known),
                Err(other) => panic!("{other}"),
            }
        }
    }

    #[tokio::test]
    async fn an_order_that_is_prepared_on_the_way_takes_both_steps_at_once_r66_r240() {
        let mut tx = order_in(OrderStatus::Placed);
        let mut steps = vec![OrderStatus::Shipped, OrderStatus::Processing];
        tx.orders.expect_advance().times(2).returning(move |order, _, entry| {
            assert_eq!((Some(order.status), entry.status), (steps.pop(), order.status));
            Ok(())
        });
        tx.expect_events([EventType::OrderStatusChanged, EventType::OrderStatusChanged]);
        let ship = AdvanceOrder { prepares: true, ..advance(OrderStatus::Shipped) };
        let shipped = run(&ship, &mut tx).await.unwrap();
        assert_eq!((shipped.status, shipped.version), (OrderStatus::Shipped, order().version.next().next()));
        let mut tx = order_in(OrderStatus::Processing);
        tx.orders.expect_advance().once().returning(|_, _, _| Ok(()));
        tx.expect_events([EventType::OrderStatusChanged]);
        run(&ship, &mut tx).await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_written_when_the_step_is_not_allowed_and_the_allowed_ones_are_named_r66() {
        let refused = run(&advance(OrderStatus::Delivered), &mut order_in(OrderStatus::Placed)).await.unwrap_err();
        let Error::Conflict(Conflict::OrderStep { status, allowed }) = refused else { panic!("not a conflict") };
        assert_eq!((status, allowed), (OrderStatus::Placed, OrderStatus::Placed.next()));
    }

    #[tokio::test]
    async fn advancing_an_order_cannot_cancel_it_r66() {
        let refused = run(&advance(OrderStatus::Cancelled), &mut order_in(OrderStatus::Placed)).await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(Conflict::OrderStep { .. })));
    }

    #[tokio::test]
    async fn an_order_is_not_prepared_before_it_is_paid_r80() {
        use domain::orders::{OrderBalance, OrderPaymentStatus};
        use domain::payments::Settings;
        let unpaid = || Order { balance: Some(OrderBalance::prepaid(&order(), &Settings::default())), ..order() };
        let mut tx = Mocks::default();
        tx.orders.expect_lock().once().returning(move |_, _| Ok(Some(unpaid())));
        let refused = run(&advance(OrderStatus::Processing), &mut tx).await.unwrap_err();
        let Error::Conflict(Conflict::PaymentRequired { status, due }) = refused else { panic!("{refused}") };
        assert_eq!((status, due), (OrderPaymentStatus::Unpaid, order().total));
        let paid = move || {
            let balance = OrderBalance { status: OrderPaymentStatus::Paid, ..unpaid().balance.unwrap() };
            Order { balance: Some(balance), ..order() }
        };
        let mut tx = Mocks::default();
        tx.orders.expect_lock().once().returning(move |_, _| Ok(Some(paid())));
        tx.orders.expect_advance().once().returning(|_, _, _| Ok(()));
        tx.expect_events([EventType::OrderStatusChanged]);
        run(&advance(OrderStatus::Processing), &mut tx).await.unwrap();
    }
}
