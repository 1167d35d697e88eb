use super::{Event, EventType, Fact};
use crate::customers::{Customer, CustomerId};
use crate::orders::{Order, OrderPaymentStatus, OrderStatus};

impl Event {
    /// An order was placed.
    pub fn order_placed(order: &Order) -> Self {
        of_order(EventType::OrderPlaced, order)
    }

    /// An order was cancelled.
    pub fn order_cancelled(order: &Order) -> Self {
        of_order(EventType::OrderCancelled, order)
    }

    /// An order was in the status `from` before.
    pub fn order_status_changed(order: &Order, from: OrderStatus) -> Self {
        let mut event = of_order(EventType::OrderStatusChanged, order);
        event.data.push(("from", Fact::Word(from.as_str())));
        event
    }

    /// Something of an order has changed that is not its status.
    pub fn order_updated(order: &Order) -> Self {
        of_order(EventType::OrderUpdated, order)
    }

    /// A customer was created.
    pub fn customer_created(customer: &Customer) -> Self {
        let data = vec![("customer_id", Fact::Id(customer.id.0)), ("version", Fact::Number(customer.version.0))];
        Self { event_type: EventType::CustomerCreated, stream: customer.id.0, data }
    }

    /// The personal data of a customer was erased.
    pub fn customer_erased(id: CustomerId) -> Self {
        Self { event_type: EventType::CustomerErased, stream: id.0, data: vec![("customer_id", Fact::Id(id.0))] }
    }
}

fn of_order(event_type: EventType, order: &Order) -> Event {
    let payment_status = order.balance.as_ref().map_or(OrderPaymentStatus::NotRequired, |balance| balance.status);
    let mut data = Vec::with_capacity(6);
    data.push(("order_id", Fact::Id(order.id.0)));
    data.push(("version", Fact::Number(order.version.0)));
    data.push(("status", Fact::Word(order.status.as_str())));
    data.push(("payment_status", Fact::Word(payment_status.as_str())));
    data.push(("total", Fact::Money(order.total)));
    Event { event_type, stream: order.id.0, data }
}
