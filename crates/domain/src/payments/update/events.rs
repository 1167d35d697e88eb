use crate::orders::OrderPaymentStatus;
use crate::payments::{DisputeStatus, OrderPayments, Payment, PaymentEvent, PaymentStatus, RefundStatus};

impl OrderPayments {
    /// What happened since `before`, for others to know.
    pub(super) fn events_since(&self, before: &Self) -> Vec<PaymentEvent> {
        let mut events: Vec<_> =
            self.payments.iter().flat_map(|one| one.events_since(before.payment(one.id))).collect();
        for refund in &self.refunds {
            let former = before.refund(refund.id);
            events.extend(former.is_none().then_some(PaymentEvent::RefundCreated(refund.id)));
            let was = former.map_or(RefundStatus::Pending, |former| former.status);
            match refund.status {
                status if status == was => {}
                RefundStatus::Pending => {}
                RefundStatus::Succeeded => events.push(PaymentEvent::RefundSucceeded(refund.id)),
                RefundStatus::Failed => events.push(PaymentEvent::RefundFailed(refund.id)),
            }
        }
        for dispute in &self.disputes {
            let former = before.disputes.iter().find(|one| one.id == dispute.id);
            events.extend(former.is_none().then_some(PaymentEvent::DisputeOpened(dispute.id)));
            let was = former.map_or(DisputeStatus::Open, |former| former.status);
            events.extend((dispute.status != was).then_some(PaymentEvent::DisputeClosed(dispute.id)));
        }
        events.extend(self.event_of_order(before));
        events
    }

    fn event_of_order(&self, before: &Self) -> Option<PaymentEvent> {
        let id = self.balance.order_id;
        match self.balance.status {
            status if status == before.balance.status => None,
            // Neither a refund nor money for a cancelled order makes an order paid.
            OrderPaymentStatus::Paid
                if self.balance.captured > before.balance.captured && self.balance.payable() > 0 =>
            {
                Some(PaymentEvent::OrderPaid(id))
            }
            OrderPaymentStatus::Pending => Some(PaymentEvent::OrderPending(id)),
            _ => None,
        }
    }
}

impl Payment {
    fn events_since(&self, before: Option<&Self>) -> Vec<PaymentEvent> {
        let status = before.map_or(PaymentStatus::Pending, |before| before.status);
        let became = |wanted| self.status == wanted && status != wanted;
        let failed_before = before.and_then(|before| before.last_error.as_ref());
        let is_declined = self.status == PaymentStatus::RequiresAction
            && self.last_error.is_some()
            && self.last_error.as_ref() != failed_before;
        let captured = before.map_or(0, |before| before.captured);
        let finding = before.and_then(|before| before.finding);
        let all = [
            (became(PaymentStatus::Authorised), PaymentEvent::Authorised(self.id)),
            (self.captured > captured, PaymentEvent::Captured(self.id)),
            (became(PaymentStatus::Voided), PaymentEvent::Voided(self.id)),
            (became(PaymentStatus::Failed) || is_declined, PaymentEvent::OrderPaymentFailed(self.order_id)),
            (self.finding.is_some() && self.finding != finding, PaymentEvent::Finding(self.id)),
        ];
        all.into_iter().filter_map(|(happened, event)| happened.then_some(event)).collect()
    }
}
